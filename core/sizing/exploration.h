#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/sizing/candidate_search.h"
#include "core/sizing/sizing_model.h"

namespace headroom::sizing {

/// One proposed sizing and what the simulator says of it.
struct Candidate {
    std::vector<double> values; ///< by DesignSpace variable, SI units, snapped to the grid
    /// Of the space that it was simulated in, see DesignSpace::withUnitTransistors(), where it was kept from
    /// an exploration of another one; absent: that of the exploration.
    std::optional<std::size_t> mirrorUnits = {};
    /// What the forward model expects, by the specification's requirements, SI units; empty where none was
    /// asked.
    std::vector<double> predicted;
    /// That all targets are met with every MOSFET saturated, by the forward model; NaN where none was asked.
    double probability = std::numeric_limits<double>::quiet_NaN();
    simulation::Evaluation evaluation;
    /// Worst shortfall over all requirements, relative; NaN where the simulation failed.
    double shortfall = std::numeric_limits<double>::quiet_NaN();
    /// The same with each requirement's shortfall multiplied by its weight; NaN also where nobody judged it.
    double weightedShortfall = std::numeric_limits<double>::quiet_NaN();

    /// Sets the shortfalls by what was simulated.
    void judge(const Specification& specification, double supplyVoltage);
    /// Takes the result of a simulation and judges it.
    void take(const simulation::Evaluation& result, const Specification& specification, double supplyVoltage);
};

/// A specification, the candidates proposed for it, and the truth where the specification was taken
/// from a simulated sizing.
struct Exploration {
    Specification specification;
    std::vector<Candidate> candidates;
    std::optional<DataRow> groundTruth;
    double samplingSeconds = 0;
    double rankingSeconds = 0;
    double simulationSeconds = 0;
    std::uint64_t seed = 0;
};

/// Index of the candidate with the least weighted shortfall; absent where none simulated.
std::optional<std::size_t> bestCandidate(const std::vector<Candidate>& candidates);
std::optional<std::size_t> bestCandidate(const Exploration& exploration);

/// Adds the candidates of another exploration of the same specification that were simulated and whose sizes
/// are not there yet, in their order, and its times. @return how many
std::size_t append(Exploration& all, const Exploration& more);

/// Called from a worker thread as each candidate has been simulated, one call at a time.
using OnCandidate = std::function<void(std::size_t index, const Candidate& candidate)>;

/// Called from a worker thread with all that there is so far as a candidate has been simulated.
using OnExploration = std::function<void(const Exploration& exploration)>;

/// Samples candidates for one specification and snaps them to the grid; none is simulated yet.
Result<Exploration> propose(SizingModel& model, const DesignSpace& space, const Specification& specification,
                            const SizingSampling& settings, JobContext& context);

/// Simulates the first @p count candidates.
Result<void> simulateCandidates(Exploration& exploration, const DesignSpace& space,
                                simulation::EvaluationPool& pool, std::size_t count, double supplyVoltage,
                                JobContext& context, const OnCandidate& onCandidate = {});

/// propose() and simulateCandidates() of all.
Result<Exploration> explore(SizingModel& model, const DesignSpace& space, simulation::EvaluationPool& pool,
                            const Specification& specification, const SizingSampling& settings,
                            double supplyVoltage, JobContext& context, const OnCandidate& onCandidate = {});

/// How candidates are chosen before they are simulated.
struct RankedSettings {
    SizingSampling sampling;                   ///< count: candidates in the end
    std::size_t candidates = rankedCandidates; ///< samples to choose from; at least as many as in the end
    std::size_t chosen = 8;                    ///< by rank, improved, simulated
    bool simulatesRest = false;                ///< whether the other candidates are simulated too
    SearchSettings search;
};

/// Samples, and simulates those which are likeliest to meet the specification by the forward model, few at a
/// time, so that it learns from each simulation (see CandidateSearch). They come first in the result, in the
/// order in which they were simulated; behind them other samples: the likeliest first, or, where these are
/// simulated too, as they were drawn, so that their spread is the model's.
Result<Exploration> exploreRanked(SizingModel& model, const std::shared_ptr<const ForwardModel>& forwardModel,
                                  const DesignSpace& space, simulation::EvaluationPool* pool,
                                  const Specification& specification, const RankedSettings& settings,
                                  double supplyVoltage, JobContext& context,
                                  const OnExploration& onCandidate = {});

} // namespace headroom::sizing
