#pragma once

#include <string>

#include "core/netlist/circuit.h"

namespace headroom::structure {

/// Why a large netlist is logic and no analog block: one sentence; empty where it may be one. Logic shows by
/// its transistors: most hang on gate nets with as many of the one polarity as of the other. Linear, without search.
std::string digitalProblem(const netlist::Circuit& circuit);

} // namespace headroom::structure
