#pragma once

#include <vector>

#include "widgets/powergrid/colour_scale.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

/// What looking at all cells of a large map tells: worked out by whoever made the map, on a thread of its
/// own, so that showing it costs no more than its pixels. Immutable.
struct MapDigest {
    ValueRange range;
    /// The map with 2 x 2, 4 x 4, ... cells as one, which has the largest of their values: what is worst is
    /// seen from afar too. Cells at the upper ends may stand for fewer.
    std::vector<HeatMapData> coarser;
    std::vector<WorstPlace> worst;     ///< hotSpotsOf(), in cells
    HeatMapData reference, difference; ///< the map less the reference; absent where there is none
};

/// Maps with fewer cells are not worth a digest.
inline constexpr std::size_t kDigestedCells = std::size_t{1} << 19U;

/// The map, with a digest where it is large. @param reference what a difference is wanted to; may be absent
HeatMapData digested(HeatMapData map, const HeatMapData& reference = {});

/// Cell by cell; absent where one of the maps is, or sizes differ.
HeatMapData differenceOf(const HeatMapData& map, const HeatMapData& reference);

/// The highest local maxima, in cells: apart from each other, and none far below @p highest.
std::vector<WorstPlace> hotSpotsOf(const HeatMapData& map, double highest);

} // namespace headroom::widgets
