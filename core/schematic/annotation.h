#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// The region that a transistor works in, for its colour.
enum class Region { Unknown, Off, Triode, Saturation, Subthreshold };

/// What is written beside a device: "12 uA", "gm 140 uS", ...
struct DeviceAnnotation {
    std::vector<std::string> lines;
    Region region = Region::Unknown;
};

/// Values of an operating point, as an optional layer of a drawing.
struct Annotation {
    std::map<DeviceId, DeviceAnnotation> devices;
    std::map<NetId, std::string> nets; ///< "0.55 V"

    bool empty() const { return devices.empty() && nets.empty(); }
};

/// A line of the layer in its place.
struct PlacedAnnotation {
    Text text;
    DeviceId device = -1; ///< -1: a net's
    Region region = Region::Unknown;
};

/// Finds places for the values: a net's above one of its wires, a device's beside or below its texts.
/// Values that find no free place are left out of the drawing (they remain in the tool tips), so that the
/// layer never covers what is below it.
std::vector<PlacedAnnotation> placeAnnotation(const Drawing& drawing, const Annotation& annotation);

} // namespace headroom::schematic
