#pragma once

#include <memory>
#include <vector>

#include "core/sizing/exploration.h"
#include "core/sizing/slack.h"

namespace headroom::sizing {

struct ReachSettings {
    SearchSettings search{.resumed = 4};
    std::size_t simulations = 96; ///< at most, in all
    std::size_t perRound = 8;     ///< that are chosen together
    int patience = 3;             ///< rounds without progress before a search ends
};

/// A requirement that stands in the way of others.
struct Blocker {
    std::size_t requirement = 0; ///< of the specification
    /// The best value of its performance at which a simulation found all other requirements to hold, SI
    /// units, and how much it misses the requirement, relative; NaN where the others never held together.
    double reached = 0;
    double shortfall = 0;
};

/// How near the circuit comes to a specification.
struct Reach {
    bool isReached = false;        ///< a simulation holds everything
    Candidate nearest;             ///< the sizing with the least weighted shortfall
    std::vector<Blocker> blockers; ///< those that block most come first; none where everything is reached
    std::vector<Candidate> tried;  ///< everything that was simulated, in that order
};

/// Looks for sizings that hold a specification, and where none is found for the one that misses it least: a
/// goal-attainment search (Gembicki and Haimes 1975) that asks the forward model for all, and in vain for
/// what lies half way between that and the best so far, simulates what it finds likely, and learns from that.
/// Then each requirement that was missed is given up in turn, to see how near it comes while the others hold.
/// Answers are simulated; that nothing better exists is not proven. Errors: BadInput, Cancelled, those of the
/// simulator; Infeasible where nothing could be simulated.
/// @param samples to begin with, by variable, SI units
Result<Reach> findReach(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                        const SimulateSizings& simulate, const std::vector<std::vector<double>>& samples,
                        const Specification& specification, double supplyVoltage,
                        const ReachSettings& settings, JobContext& context);

/// One sentence for each blocker and one for the whole: "The nearest sizing misses the specification by 12 %:
/// transit frequency 8.8 MHz instead of 10 MHz."
std::vector<std::string> sentencesOf(const Reach& reach, const Specification& specification,
                                     double supplyVoltage);

} // namespace headroom::sizing
