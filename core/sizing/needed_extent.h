#pragma once

#include <optional>
#include <vector>

#include "core/simulation/simulator.h"

namespace headroom::sizing {

/// What to ask a pool for so that an evaluation has all @p needed performances: nothing in particular where
/// its settings ask for them anyway, else those of its settings and the others.
std::optional<simulation::Extent> neededExtent(const simulation::EvaluationPool& pool,
                                               const std::vector<simulation::Performance>& needed);

} // namespace headroom::sizing
