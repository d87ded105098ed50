#pragma once

#include <vector>

#include "core/structure/wiring.h"

namespace headroom::structure {

/// Which nets are one for the amplifier: the two sides of an ammeter (a plain 0 V source) and of a switch
/// that is on while it works.
/// @param switches by DeviceId, or empty
/// @return by NetId: the net that stands for it; a named rail stands for others, then a port
std::vector<NetId> joinNets(const netlist::Circuit& circuit, const std::vector<SwitchState>& switches);

} // namespace headroom::structure
