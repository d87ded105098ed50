#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/sizing/sizing_model.h"

namespace headroom::sizing {

/// One proposed sizing and what the simulator says of it.
struct Candidate {
    std::vector<double> values; ///< by DesignSpace variable, SI units, snapped to the grid
    simulation::Evaluation evaluation;
    /// Worst shortfall over all performances, relative (see relativeShortfall); NaN where the simulation
    /// failed.
    double shortfall = std::numeric_limits<double>::quiet_NaN();
};

/// A specification, the candidates proposed for it, and the truth where the specification was taken
/// from a simulated sizing.
struct Exploration {
    Specification specification;
    std::vector<Candidate> candidates;
    std::optional<DataRow> groundTruth;
    double samplingSeconds = 0;
    double simulationSeconds = 0;
    std::uint64_t seed = 0;
};

/// How far a value lies from its target: (value - target) / scale, where scale is |target|, for voltages at
/// least a tenth of the supply (they may be zero).
double relativeDifference(Performance performance, double value, double target, double supplyVoltage);

/// The part of relativeDifference that is worse than asked for; 0 where the value is as good or better.
double relativeShortfall(Performance performance, double value, double target, double supplyVoltage);

/// The worst shortfall over all performances of a specification; NaN where one is missing.
double worstShortfall(const Specification& specification, const simulation::Evaluation& evaluation,
                      double supplyVoltage);

/// Index of the candidate with the least shortfall; absent where none simulated.
std::optional<std::size_t> bestCandidate(const Exploration& exploration);

/// Called from a worker thread as each candidate has been simulated, one call at a time.
using OnCandidate = std::function<void(std::size_t index, const Candidate& candidate)>;

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

} // namespace headroom::sizing
