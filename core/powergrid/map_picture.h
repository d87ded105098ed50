#pragma once

#include <cstdint>
#include <string>

#include "core/base/error.h"
#include "core/powergrid/map.h"

namespace headroom::powergrid {

/// A colour, red above green above blue, 8 bits each.
using Colour = std::uint32_t;

/// The colour of a value between 0 and 1: from dark violet over red to pale yellow, in steps that look even,
/// with a lightness that grows all the way, so that it reads the same to colour-blind eyes and in print.
Colour heatColour(double part);

struct PictureSettings {
    std::string title = "IR drop";
    std::string unit = "V";
    double from = 0, to = 0; ///< range of the colours; equal: the map's own
    bool hasLegend = true;
    int largest = 1000; ///< pixels along the longer side of the map; smaller maps grow by whole factors
};

/// A PNG: x to the right, y upwards, with a bar that says what the colours mean. Without a legend and not
/// larger than `largest`, every pixel is one of the map's. Errors: BadInput (an empty map), Internal.
Result<std::string> writeMapPng(const Map& map, const PictureSettings& settings);

} // namespace headroom::powergrid
