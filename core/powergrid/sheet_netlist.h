#pragma once

#include "core/powergrid/grid_netlist.h"
#include "core/powergrid/sheet_solver.h"

namespace headroom::powergrid {

/// The sheet as a netlist of the contest's dialect: a node in the middle of each cell with metal, named by
/// its place (n1_m1_<x>_<y>, 2000 units a micrometre), a resistor for each edge between two of them, a
/// current source where current is drawn, and a voltage source at each ideal pad; one behind a conductance
/// gets a node of its own on layer 2. @param cellUm side of a cell
GridNetlist sheetNetlist(const Sheet& sheet, double cellUm);

} // namespace headroom::powergrid
