#pragma once

#include <vector>

#include "core/netlist/netlist.h"
#include "core/simulation/simulator.h"

namespace headroom::simulation {

/// What somebody who simulates a netlist should know about it, each with its place: model cards of its own
/// that give way to the technology's, files that it includes and that are not there, inputs whose names
/// contradict the signal's path. The reader's own findings are not repeated.
std::vector<netlist::Diagnostic> sourceFindings(const AmplifierUnderTest& amplifier);

} // namespace headroom::simulation
