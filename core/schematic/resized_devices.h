#pragma once

#include "core/netlist/sizing_export.h"
#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// The drawing with the sizes of another sizing written beside its devices; places and wires stay. Devices
/// that the sizing does not name keep their sizes. @param circuit that was drawn
Drawing withSizes(Drawing drawing, const netlist::Circuit& circuit, const netlist::Sizing& sizing);

} // namespace headroom::schematic
