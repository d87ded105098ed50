#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/simulation/bench.h"
#include "core/simulation/worker_process.h"

namespace headroom::simulation {

/// The operating point in the vectors that Bench::operatingPointVectors() names, at point @p index of them.
OperatingPoint readOperatingPoint(const Bench& bench, const std::vector<Vector>& vectors,
                                  std::size_t index = 0);

/// V_DS - V_DS,sat of MOSFET number @p mosfet at every point of a sweep, which has the vectors of
/// Bench::sweepVectors(); drain and source stay what they
/// are at the sweep's first point.
std::vector<double> saturationMargins(const Bench& bench, const std::vector<Vector>& vectors,
                                      std::size_t mosfet);

/// The voltage of a net at every point of such a sweep.
std::vector<double> netVoltages(const Bench& bench, const std::vector<Vector>& vectors, netlist::NetId net);

/// "M3 is off, M5 is in its triode region": the MOSFETs that are not saturated though they can be, the first
/// few of them.
std::string describeUnsaturated(const Bench& bench, const OperatingPoint& point);

} // namespace headroom::simulation
