#include "core/powergrid/map_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace headroom::powergrid {

Result<MapComparison> compareMaps(const Map& map, const Map& golden, double hotSpot) {
    if (map.rows != golden.rows || map.columns != golden.columns)
        return fail(ErrorCode::BadInput, fmt::format("The maps differ in size: {} x {} and {} x {} pixels.",
                                                     map.rows, map.columns, golden.rows, golden.columns));
    if (golden.empty()) return fail(ErrorCode::BadInput, "The maps are empty.");
    const double peak = golden.maximum(), threshold = hotSpot * peak;
    MapComparison result;
    double squares = 0;
    std::size_t hits = 0, found = 0, wanted = 0;
    for (std::size_t i = 0; i < map.values.size(); ++i) {
        const double error = std::abs(map.values[i] - golden.values[i]);
        result.meanAbsoluteError += error;
        result.largestError = std::max(result.largestError, error);
        squares += error * error;
        const bool isFound = map.values[i] >= threshold, isWanted = golden.values[i] >= threshold;
        found += isFound ? 1 : 0;
        wanted += isWanted ? 1 : 0;
        hits += isFound && isWanted ? 1 : 0;
    }
    const auto part = [](std::size_t of, std::size_t all) {
        return all == 0 ? 0.0 : static_cast<double>(of) / static_cast<double>(all);
    };
    const auto count = static_cast<double>(map.values.size());
    result.meanAbsoluteError /= count;
    result.precision = part(hits, found);
    result.recall = part(hits, wanted);
    result.f1 = part(2 * hits, found + wanted);
    result.psnr = squares > 0 ? 10 * std::log10(peak * peak * count / squares)
                              : std::numeric_limits<double>::infinity();
    return result;
}

} // namespace headroom::powergrid
