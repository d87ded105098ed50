#include "core/sizing/needed_extent.h"

#include <algorithm>

namespace headroom::sizing {

std::optional<simulation::Extent> neededExtent(const simulation::EvaluationPool& pool,
                                               const std::vector<simulation::Performance>& needed) {
    const std::vector<simulation::Performance>& asked = pool.settings().performances;
    simulation::Extent extent{asked, pool.settings().keepCurves};
    for (const simulation::Performance performance : needed) {
        if (std::count(asked.begin(), asked.end(), performance) == 0)
            extent.performances.push_back(performance);
    }
    if (extent.performances.size() == asked.size()) return std::nullopt;
    return extent;
}

} // namespace headroom::sizing
