#pragma once

#include <string>

#include "core/base/error.h"
#include "core/netlist/sizing_export.h"
#include "core/simulation/simulator.h"
#include "core/sizing/design_space.h"
#include "core/sizing/exploration.h"

namespace headroom::cli {

/// A sizing from a file: device,parameter,value as CSV or JSON, or row @p row (from 1) of a table of samples.
Result<netlist::Sizing> readSizingFile(const std::string& path, std::size_t row,
                                       const sizing::DesignSpace& space);

/// Every W and L on the technology's grid and within its limits.
netlist::Sizing snapSizing(const netlist::Sizing& sizing, const simulation::AmplifierUnderTest& amplifier);

/// One row per candidate: variables, then predicted_ and simulated_ columns by performance, all SI. What is
/// predicted is the specification that the networks were given.
std::string writeSamplesCsv(const sizing::DesignSpace& space, const sizing::Exploration& exploration);

} // namespace headroom::cli
