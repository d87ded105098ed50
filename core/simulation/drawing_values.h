#pragma once

#include "core/schematic/annotation.h"
#include "core/simulation/simulator.h"

namespace headroom::simulation {

/// An operating point as it is written on a drawing: current, transconductance, overdrive and region of each
/// MOSFET, the voltage of each net. What the circuit does not know is left out.
schematic::Annotation drawingValues(const OperatingPoint& point, const netlist::Circuit& circuit);

} // namespace headroom::simulation
