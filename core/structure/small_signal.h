#pragma once

#include <optional>
#include <vector>

#include "core/structure/pairs.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// Low-frequency voltage of each net for a unit rise at one input and a unit fall at the other, with
/// every transistor at the same nominal transconductance and output conductance. The figures are not
/// gains; their signs and their order of size tell the polarity of the paths and the output. By
/// canonical NetId; 0 on rails and on nets that the inputs do not reach. Empty where more nets take part
/// than a direct solution is meant for.
std::vector<double> nominalGains(const Wiring& wiring, NetId risingInput, NetId fallingInput);

} // namespace headroom::structure
