#pragma once

#include "core/netlist/netlist.h"
#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// The drawing that the author made: symbols, wires and labels where the sheet has them, scaled to grid
/// units. Names and sizes stand where there is room beside their symbols. Devices of the circuit that the
/// sheet shows only as part of a subcircuit are not drawn.
Drawing authorDrawing(const netlist::Sheet& sheet, const netlist::Circuit& circuit);

} // namespace headroom::schematic
