#pragma once

#include <string>
#include <vector>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// Where the user put a device: the place of its symbol's origin, in grid units.
struct MovedDevice {
    std::string device; ///< name as in the source
    Point at;
};

/// The drawing with these devices where they were put, one after the other. What hangs on a device alone
/// (rail signs, labels) moves along; wires to others are routed anew around everything else, and become
/// names where there is no way. Unknown devices and places that are no finite numbers are ignored; places
/// snap to the grid.
Drawing withMovedDevices(Drawing drawing, const std::vector<MovedDevice>& moves);

} // namespace headroom::schematic
