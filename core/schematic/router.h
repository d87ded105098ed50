#pragma once

#include <vector>

#include "core/schematic/placement.h"

namespace headroom::schematic {

/// Wires the placement's connections on the grid: short paths with few bends and few crossings, never
/// through a symbol, a text or along a wire of another net (A* with these costs). Adds wires and junctions to
/// the drawing.
/// @param improvementSteps how much search to spend on better ways once all connections have one
/// @return indices of connections without a path, or whose path would be worse than a name at both ends
std::vector<int> routeConnections(Placement& placement, long improvementSteps);

/// Joins wires of a net that lie on one line and puts dots where three or more meet.
void mergeWires(Drawing& drawing);

} // namespace headroom::schematic
