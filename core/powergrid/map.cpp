#include "core/powergrid/map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"
#include "core/powergrid/map_picture.h"

namespace headroom::powergrid {
namespace {

template <class Better>
double best(const Map& map, Better better) {
    double found = std::numeric_limits<double>::quiet_NaN();
    for (const double each : map.values)
        if (std::isfinite(each) && (std::isnan(found) || better(each, found))) found = each;
    return found;
}

} // namespace

double Map::maximum() const {
    return best(*this, std::greater<>());
}

double Map::minimum() const {
    return best(*this, std::less<>());
}

std::uint64_t mapBytes(std::uint64_t rows, std::uint64_t columns) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    if (rows == 0 || columns == 0) return 0;
    if (rows > kMost / sizeof(double) / columns) return kMost;
    return rows * columns * sizeof(double);
}

Result<void> checkMapBytes(const MapSize& size, std::uint64_t memoryLimit) {
    const std::uint64_t bytes = mapBytes(size.rows, size.columns);
    if (bytes <= memoryLimit) return {};
    return fail(ErrorCode::Unsupported,
                fmt::format("A map of {} x {} pixels takes {} of memory; the limit is {}.", size.rows,
                            size.columns, formatQuantity(static_cast<double>(bytes), "B", 3),
                            formatQuantity(static_cast<double>(memoryLimit), "B", 3)));
}

Result<Map> makeMap(std::uint64_t rows, std::uint64_t columns, std::uint64_t memoryLimit) {
    if (const auto small = checkMapBytes({rows, columns}, memoryLimit); !small) return forward(small);
    return Map{rows, columns, std::vector<double>(rows * columns, 0.0)};
}

Result<Map> readMap(const std::filesystem::path& path) {
    std::error_code code;
    // Files below this cannot hold too large a map, but for pictures of one colour and arrays that are cut
    // off; those are refused by their headers.
    if (std::filesystem::file_size(path, code) > kMapMemoryLimit / 8 && !code) {
        const auto size = mapFileSize(path);
        if (!size) return forward(size);
        if (const auto small = checkMapBytes(*size); !small)
            return failAt(small.error().code, path.string(), 0, small.error().message);
    }
    const auto bytes = readFile(path);
    if (!bytes) return forward(bytes);
    if (bytes->starts_with("\x93NUMPY")) return parseMapNpy(*bytes, path.string());
    if (bytes->starts_with("\x89PNG")) return parseMapPng(*bytes, path.string());
    const std::string suffix = netlist::lowerCase(path.extension().string());
    if (suffix == ".npy" || suffix == ".png")
        return failAt(ErrorCode::BadInput, path.string(), 0,
                      suffix == ".npy" ? "The file is no NumPy array." : "The file is no PNG picture.");
    return parseMapCsv(*bytes, path.string());
}

Result<void> checkMapValues(const Map& map, const std::filesystem::path& file) {
    const auto odd = std::find_if(map.values.begin(), map.values.end(),
                                  [](double value) { return !std::isfinite(value) || value < 0; });
    if (odd == map.values.end()) return {};
    const auto cell = static_cast<std::size_t>(odd - map.values.begin());
    return failAt(ErrorCode::BadInput, file.string(), 0,
                  fmt::format("The value in row {}, column {} is {}; it should be 0 or more.",
                              cell / map.columns + 1, cell % map.columns + 1, *odd));
}

Result<void> writeMap(const Map& map, const std::filesystem::path& path) {
    const std::string suffix = netlist::lowerCase(path.extension().string());
    if (suffix == ".png") {
        const auto png = writeMapPng(map, {});
        if (!png) return forward(png);
        return writeFileAtomically(path, *png);
    }
    return writeFileAtomically(path, suffix == ".npy" ? writeMapNpy(map) : writeMapCsv(map));
}

} // namespace headroom::powergrid
