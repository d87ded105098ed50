#pragma once

#include "core/netlist/circuit.h"
#include "core/schematic/placement.h"

namespace headroom::schematic {

/// Gives each group of wired terminals that carries a label or flag a free place for it, beside one of
/// its wires.
/// @return groups that found no free place and cover something else
std::vector<int> placeMarks(const netlist::Circuit& circuit, const structure::Structure& structure,
                            Placement& placement);

} // namespace headroom::schematic
