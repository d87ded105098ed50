#include "widgets/powergrid/map_digest.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/powergrid/contour.h"

namespace headroom::widgets {
namespace {

/// A picture of fewer cells is coloured at once.
constexpr int kCoarsestSide = 256;

constexpr std::size_t kHotSpots = 20;
constexpr double kLeastShare = 0.25; // of the highest: hills in the lowlands are no hot spots
constexpr double kApart = 0.05;      // of the sheet's side: places nearer to each other are one

HeatMapData halved(const HeatMapData& map) {
    const int width = (map.width + 1) / 2, height = (map.height + 1) / 2;
    auto values = std::make_shared<std::vector<float>>();
    values->reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    // Comparisons with NaN are false: a cell has no value only where none of its cells has one.
    const auto larger = [](float a, float b) { return b > a || a != a ? b : a; };
    for (int x = 0; x < width; ++x) {
        const float* left = map.values->data() + map.indexOf(2 * x, 0);
        const float* right = 2 * x + 1 < map.width ? left + map.height : left;
        for (int y = 0; y < height; ++y) {
            const int low = 2 * y, high = std::min(low + 1, map.height - 1);
            values->push_back(larger(larger(left[low], left[high]), larger(right[low], right[high])));
        }
    }
    return {std::move(values), width, height, map.unit};
}

} // namespace

HeatMapData differenceOf(const HeatMapData& map, const HeatMapData& reference) {
    if (!map.isPresent() || !reference.isPresent() || map.cells() != reference.cells()) return {};
    auto values = std::make_shared<std::vector<float>>(map.values->size());
    std::transform(map.values->begin(), map.values->end(), reference.values->begin(), values->begin(),
                   std::minus<>());
    return {std::move(values), map.width, map.height, map.unit};
}

std::vector<WorstPlace> hotSpotsOf(const HeatMapData& map, double highest) {
    return highestPlaces(map, kHotSpots, std::max(3.0, kApart * std::max(map.width, map.height)),
                         kLeastShare * highest);
}

HeatMapData digested(HeatMapData map, const HeatMapData& reference) {
    if (!map.isPresent() || map.values->size() < kDigestedCells) return map;
    auto digest = std::make_shared<MapDigest>();
    digest->range = rangeOf(map);
    for (const HeatMapData* finer = &map; std::max(finer->width, finer->height) > kCoarsestSide;
         finer = &digest->coarser.back())
        digest->coarser.push_back(halved(*finer));
    digest->worst = hotSpotsOf(map, digest->range.high);
    digest->reference = reference;
    digest->difference = digested(differenceOf(map, reference));
    map.digest = std::move(digest);
    return map;
}

} // namespace headroom::widgets
