#pragma once

#include <limits>

#include "core/simulation/simulator.h"

namespace headroom::sizing {

/// What a simulation gives for a performance, SI units; NaN where it gives nothing.
inline double valueOf(const simulation::Evaluation& evaluation, simulation::Performance performance) {
    const auto found = evaluation.performances.find(performance);
    return found == evaluation.performances.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

} // namespace headroom::sizing
