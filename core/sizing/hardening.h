#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/sizing/exploration.h"
#include "core/sizing/robustness.h"
#include "core/sizing/slack.h"

namespace headroom::sizing {

struct HardeningSettings {
    std::vector<simulation::Variation> places; ///< where everything is to hold; not empty
    std::string ownCorner = {};                ///< see RobustnessSettings
    SearchSettings search{.resumed = 4};
    int rounds = 12;                ///< at most
    std::size_t perRound = 6;       ///< sizings that are simulated at the pool's own conditions
    std::size_t placedPerRound = 2; ///< of them, those that are simulated at all places
    int patience = 4;               ///< rounds without progress before the search ends
    bool asksForMore =
        true; ///< than the specification says, by what corners take; false: the plain alternative
};

/// A sizing that was simulated at all places.
struct PlacedCandidate {
    Candidate candidate;   ///< with what it gives at the pool's own conditions
    Robustness robustness; ///< at the places
    Shortfall shortfall;   ///< of the worst values; infinite where a place has none
};

struct Hardening {
    std::vector<PlacedCandidate> placed; ///< those that miss least come first, by weighted shortfall
    std::vector<Candidate> others;       ///< simulated at the pool's own conditions only
    std::size_t simulations = 0;         ///< in all

    bool isReached() const { return placed.front().robustness.holdsEverywhere(); }
};

/// Looks for a sizing that holds a specification at all corners, supplies and temperatures that it is about,
/// and where none is found for the one that misses it least. The forward model knows one condition only. So
/// it is asked for more there than the specification says: by what the best sizing so far loses from there to
/// its worst place, for each performance of its own. That is the worst-case distance put to use as a margin
/// (after Antreich, Graeb and Wieser 1994, who take it from sensitivities). Answers are simulated; that
/// nothing better exists is not proven. Errors: BadInput, Cancelled, those of the simulators; Infeasible
/// where nothing could be simulated.
/// @param simulate at the pool's own conditions
/// @param simulateAt at places, the same sizings as @p space expands them
/// @param samples to begin with, by variable, SI units
Result<Hardening> harden(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                         const SimulateSizings& simulate, const SimulateRequests& simulateAt,
                         const std::vector<std::vector<double>>& samples, const Specification& specification,
                         double supplyVoltage, const HardeningSettings& settings, JobContext& context);

/// What became of it: "The sizing holds at all 27 corners." or by how much and where the nearest one misses
/// what.
/// @param nameOf a place for people
std::vector<std::string> sentencesOf(const Hardening& hardening, const Specification& specification,
                                     double supplyVoltage,
                                     const std::function<std::string(const simulation::Variation&)>& nameOf);

} // namespace headroom::sizing
