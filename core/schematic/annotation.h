#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// The region that a transistor works in, for its colour.
enum class Region { Unknown, Off, Triode, Saturation, Subthreshold };

/// How far one of a device's sizes may move, as multiples of what it is.
struct ToleranceBar {
    std::string label;                        ///< "W"
    double low = 1, high = 1;                 ///< alone
    double togetherLow = 1, togetherHigh = 1; ///< with the others following
    std::string text;                         ///< in full, for tool tips
};
/// A tolerance bar shows multiples from 1 / toleranceReach to toleranceReach, logarithmically.
inline constexpr double toleranceReach = 4;

/// What is written beside a device: "12 uA", "gm 140 uS", ...
struct DeviceAnnotation {
    std::vector<std::string> lines;
    Region region = Region::Unknown;
    std::vector<ToleranceBar> bars = {};
};

/// Values of an operating point and tolerances of sizes, as an optional layer of a drawing.
struct Annotation {
    std::map<DeviceId, DeviceAnnotation> devices;
    std::map<NetId, std::string> nets; ///< "0.55 V"

    bool empty() const { return devices.empty() && nets.empty(); }
};

/// A tolerance bar in its place: from the least multiple to the largest.
struct PlacedBar {
    ToleranceBar bar;
    Point from;
    double length = 0;

    Point at(double multiple) const; ///< clamped to what the bar shows
};

/// A line of the layer in its place, or the label of a bar.
struct PlacedAnnotation {
    Text text;
    DeviceId device = -1; ///< -1: a net's
    Region region = Region::Unknown;
    std::optional<PlacedBar> bar = {};
};

/// Finds places for the values: a net's above one of its wires, a device's beside or below its texts.
/// Values that find no free place are left out of the drawing (they remain in the tool tips), so that the
/// layer never covers what is below it.
std::vector<PlacedAnnotation> placeAnnotation(const Drawing& drawing, const Annotation& annotation);

} // namespace headroom::schematic
