#pragma once

#include "core/base/error.h"
#include "core/powergrid/map.h"

namespace headroom::powergrid {

/// How near a map comes to a golden one.
struct MapComparison {
    double meanAbsoluteError = 0; ///< unit of the maps
    double largestError = 0;      ///< absolute
    /// Of the hot spots, which in both maps are the pixels at or above a part of the golden map's maximum.
    double f1 = 0, precision = 0, recall = 0;
    double psnr = 0; ///< dB, 10 log10(golden maximum^2 / mean squared error); infinite for equal maps
};

inline constexpr double kHotSpot = 0.9;

/// Errors: BadInput (maps of different sizes, empty ones).
Result<MapComparison> compareMaps(const Map& map, const Map& golden, double hotSpot = kHotSpot);

} // namespace headroom::powergrid
