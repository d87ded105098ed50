#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::simulation {

/// Writes one CBOR item (RFC 8949) after the other; lengths are always definite.
class CborWriter {
public:
    /// The items of an array follow it.
    void array(std::size_t count) { head(4, count); }
    void integer(std::uint64_t value) { head(0, value); }
    void text(std::string_view value);
    void bytes(std::string_view value);
    /// A typed array of binary64, little endian (RFC 8746): every bit is kept.
    void doubles(const std::vector<double>& values);
    void null() { m_bytes += '\xf6'; }

    std::string take() { return std::move(m_bytes); }

private:
    void head(unsigned major, std::uint64_t argument);

    std::string m_bytes;
};

/// Reads back what CborWriter writes, item by item, without recursion. Whatever the bytes are, it stays
/// inside of them: at the first item that is not what was asked for it fails, and gives empty values from
/// then on. Text refers to the bytes.
class CborReader {
public:
    explicit CborReader(std::string_view bytes)
        : m_rest(bytes) {}

    /// The number of items that follow, at most as many as there are bytes.
    std::size_t array();
    std::uint64_t integer() { return argumentOf(0); }
    std::string_view text() { return content(3); }
    std::string_view bytes() { return content(2); }
    std::vector<double> doubles();
    /// Takes a null if one comes next.
    bool takeNull();

    void fail();
    bool failed() const { return m_failed; }
    /// Everything was read, and as it was asked for.
    bool finished() const { return !m_failed && m_rest.empty(); }

private:
    std::uint64_t argumentOf(unsigned major);
    std::string_view content(unsigned major);

    std::string_view m_rest;
    bool m_failed = false;
};

} // namespace headroom::simulation
