#include "core/simulation/cbor.h"

#include <bit>
#include <cstring>

namespace headroom::simulation {
namespace {

static_assert(std::endian::native == std::endian::little, "doubles are copied as they lie in memory");

constexpr std::string_view kDoublesTag = "\xd8\x56"; // tag 86

} // namespace

void CborWriter::head(unsigned major, std::uint64_t argument) {
    const auto type = static_cast<unsigned char>(major << 5U);
    if (argument < 24) {
        m_bytes += static_cast<char>(type | argument);
        return;
    }
    unsigned exponent = 0; // of the argument's size in bytes
    while (exponent < 3 && (argument >> (8U << exponent)) != 0)
        ++exponent;
    m_bytes += static_cast<char>(type | (24 + exponent));
    for (unsigned shift = 8U << exponent; shift > 0; shift -= 8)
        m_bytes += static_cast<char>((argument >> (shift - 8)) & 0xffU);
}

void CborWriter::text(std::string_view value) {
    head(3, value.size());
    m_bytes += value;
}

void CborWriter::bytes(std::string_view value) {
    head(2, value.size());
    m_bytes += value;
}

void CborWriter::doubles(const std::vector<double>& values) {
    m_bytes += kDoublesTag;
    bytes({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)});
}

void CborReader::fail() {
    m_failed = true;
    m_rest = {};
}

std::uint64_t CborReader::argumentOf(unsigned major) {
    if (m_rest.empty() || static_cast<unsigned char>(m_rest.front()) >> 5U != major) {
        fail();
        return 0;
    }
    const unsigned low = static_cast<unsigned char>(m_rest.front()) & 0x1fU;
    m_rest.remove_prefix(1);
    if (low < 24) return low;
    const std::size_t size = std::size_t{1} << (low - 24);
    if (low > 27 || m_rest.size() < size) {
        fail();
        return 0;
    }
    std::uint64_t argument = 0;
    for (const char byte : m_rest.substr(0, size))
        argument = argument << 8U | static_cast<unsigned char>(byte);
    m_rest.remove_prefix(size);
    return argument;
}

std::string_view CborReader::content(unsigned major) {
    const std::uint64_t size = argumentOf(major);
    if (size > m_rest.size()) fail();
    if (m_failed) return {};
    const std::string_view found = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return found;
}

std::size_t CborReader::array() {
    const std::uint64_t count = argumentOf(4);
    if (count > m_rest.size()) fail();
    return m_failed ? 0 : static_cast<std::size_t>(count);
}

std::vector<double> CborReader::doubles() {
    if (!m_rest.starts_with(kDoublesTag)) {
        fail();
        return {};
    }
    m_rest.remove_prefix(kDoublesTag.size());
    const std::string_view raw = bytes();
    if (raw.size() % sizeof(double) != 0) {
        fail();
        return {};
    }
    std::vector<double> values(raw.size() / sizeof(double));
    if (!values.empty()) std::memcpy(values.data(), raw.data(), raw.size());
    return values;
}

bool CborReader::takeNull() {
    if (!m_rest.starts_with('\xf6')) return false;
    m_rest.remove_prefix(1);
    return true;
}

} // namespace headroom::simulation
