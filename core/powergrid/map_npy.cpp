#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "core/powergrid/map.h"

namespace headroom::powergrid {
namespace {

static_assert(std::endian::native == std::endian::little);

struct Header {
    char order = '<';
    char kind = 'f'; ///< f, i, u or b
    std::size_t size = 8;
    bool isFortran = false;
    std::uint64_t rows = 0, columns = 0;
};

/// What stands behind a key of the header's dictionary, from its first character on.
std::optional<std::string_view> valueOf(std::string_view header, std::string_view key) {
    for (const char quote : {'\'', '"'}) {
        const auto at = header.find(fmt::format("{0}{1}{0}", quote, key));
        if (at == std::string_view::npos) continue;
        header.remove_prefix(at + key.size() + 2);
        const auto colon = header.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        header.remove_prefix(colon + 1);
        header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
        return header;
    }
    return std::nullopt;
}

bool readShape(std::string_view text, Header& header) {
    std::uint64_t* const sizes[] = {&header.rows, &header.columns};
    if (!text.starts_with('(')) return false;
    text.remove_prefix(1);
    for (std::uint64_t* size : sizes) {
        text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), *size);
        if (problem != std::errc()) return false;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
    return text.starts_with(')');
}

bool readType(std::string_view text, Header& header) {
    if (text.size() < 5 || (text[0] != '\'' && text[0] != '"')) return false;
    header.order = text[1];
    header.kind = text[2];
    header.size = static_cast<std::size_t>(text[3] - '0');
    if (text[4] != text[0] || std::string_view("<>|=").find(header.order) == std::string_view::npos)
        return false;
    const std::string_view sizes = header.kind == 'f'                         ? "48"
                                   : header.kind == 'b'                       ? "1"
                                   : header.kind == 'i' || header.kind == 'u' ? "1248"
                                                                              : "";
    return sizes.find(text[3]) != std::string_view::npos;
}

template <class Number>
double numberFrom(const char* bytes) {
    Number value;
    std::memcpy(&value, bytes, sizeof value);
    return static_cast<double>(value);
}

double numberAt(const char* bytes, const Header& header) {
    char turned[8] = {};
    if (header.order == '>') {
        for (std::size_t i = 0; i < header.size && i < sizeof turned; ++i)
            turned[i] = bytes[header.size - 1 - i];
        bytes = turned;
    }
    if (header.kind == 'f') return header.size == 8 ? numberFrom<double>(bytes) : numberFrom<float>(bytes);
    const bool isSigned = header.kind == 'i';
    switch (header.size) {
    case 1:
        return isSigned ? numberFrom<std::int8_t>(bytes) : numberFrom<std::uint8_t>(bytes);
    case 2:
        return isSigned ? numberFrom<std::int16_t>(bytes) : numberFrom<std::uint16_t>(bytes);
    case 4:
        return isSigned ? numberFrom<std::int32_t>(bytes) : numberFrom<std::uint32_t>(bytes);
    default:
        return isSigned ? numberFrom<std::int64_t>(bytes) : numberFrom<std::uint64_t>(bytes);
    }
}

/// The header, and where the values begin.
Result<std::pair<Header, std::size_t>> readHeader(std::string_view bytes, const std::string& fileName) {
    const auto bad = [&](ErrorCode code, std::string message) {
        return failAt(code, fileName, 0, std::move(message));
    };
    if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY"))
        return bad(ErrorCode::BadInput, "The file is no NumPy array, or it is cut off.");
    const int version = bytes[6];
    if (version < 1 || version > 3)
        return bad(ErrorCode::Unsupported, "The NumPy file has an unknown version.");
    const std::size_t lengthBytes = version == 1 ? 2 : 4, start = 8 + lengthBytes;
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + 8, lengthBytes);
    if (length > bytes.size() - start)
        return bad(ErrorCode::BadInput, "The NumPy file is cut off in its header.");
    const std::string_view text = bytes.substr(start, length);
    const auto type = valueOf(text, "descr"), order = valueOf(text, "fortran_order"),
               shape = valueOf(text, "shape");
    Header header;
    if (!type || !order || !shape) return bad(ErrorCode::BadInput, "The NumPy file's header cannot be read.");
    if (!readType(*type, header))
        return bad(ErrorCode::Unsupported,
                   "The NumPy array is of another type than floats, integers and booleans.");
    if (!readShape(*shape, header))
        return bad(ErrorCode::Unsupported, "The NumPy array does not have two dimensions, as a map has.");
    header.isFortran = order->starts_with("True");
    return std::pair{header, start + length};
}

} // namespace

Result<MapSize> npyMapSize(std::string_view beginning, const std::string& fileName) {
    const auto header = readHeader(beginning, fileName);
    if (!header) return forward(header);
    return MapSize{header->first.rows, header->first.columns};
}

Result<Map> parseMapNpy(std::string_view bytes, const std::string& fileName) {
    const auto bad = [&](ErrorCode code, std::string message) {
        return failAt(code, fileName, 0, std::move(message));
    };
    const auto read = readHeader(bytes, fileName);
    if (!read) return forward(read);
    const auto& [header, start] = *read;
    auto map = makeMap(header.rows, header.columns);
    if (!map) return bad(map.error().code, map.error().message);
    if (map->empty()) return bad(ErrorCode::BadInput, "The map is empty.");
    const std::string_view data = bytes.substr(start);
    if (data.size() < map->values.size() * header.size)
        return bad(ErrorCode::BadInput, "The NumPy file is cut off.");
    for (std::size_t row = 0; row < map->rows; ++row)
        for (std::size_t column = 0; column < map->columns; ++column) {
            const std::size_t place =
                header.isFortran ? column * map->rows + row : row * map->columns + column;
            const double value = numberAt(data.data() + place * header.size, header);
            if (!std::isfinite(value))
                return bad(ErrorCode::BadInput,
                           fmt::format("The map has a value that is not finite, at row {}, column {}.",
                                       row + 1, column + 1));
            (*map)(row, column) = value;
        }
    return map;
}

std::string writeMapNpy(const Map& map) {
    std::string header =
        fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}", map.rows, map.columns);
    constexpr std::size_t kPreamble = 10, kAlignment = 64;
    header.resize((kPreamble + header.size() + 1 + kAlignment - 1) / kAlignment * kAlignment - kPreamble - 1,
                  ' ');
    header += '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() & 0xffU);
    bytes += static_cast<char>(header.size() >> 8U);
    bytes += header;
    bytes.append(reinterpret_cast<const char*>(map.values.data()), map.values.size() * sizeof(double));
    return bytes;
}

} // namespace headroom::powergrid
