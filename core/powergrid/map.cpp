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

Result<Map> makeMap(std::uint64_t rows, std::uint64_t columns, std::uint64_t memoryLimit) {
    const std::uint64_t bytes = mapBytes(rows, columns);
    if (bytes > memoryLimit)
        return fail(ErrorCode::Unsupported,
                    fmt::format("A map of {} x {} pixels takes {} of memory; the limit is {}.", rows, columns,
                                formatQuantity(static_cast<double>(bytes), "B", 3),
                                formatQuantity(static_cast<double>(memoryLimit), "B", 3)));
    return Map{rows, columns, std::vector<double>(rows * columns, 0.0)};
}

bool isMapFile(const std::filesystem::path& path) {
    const std::string suffix = netlist::lowerCase(path.extension().string());
    return suffix == ".csv" || suffix == ".npy" || suffix == ".png" || suffix == ".txt";
}

Result<Map> readMap(const std::filesystem::path& path) {
    const auto bytes = readFile(path);
    if (!bytes) return forward(bytes);
    if (bytes->starts_with("\x93NUMPY")) return parseMapNpy(*bytes, path.string());
    if (bytes->starts_with("\x89PNG")) return parseMapPng(*bytes, path.string());
    return parseMapCsv(*bytes, path.string());
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
