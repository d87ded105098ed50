#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/sizing/candidate_search.h"
#include "core/sizing/exploration.h"
#include "core/sizing/targets.h"

namespace headroom::sizing {

struct Quartiles {
    double lower = 0, median = 0, upper = 0;
    double lowWhisker = 0, highWhisker = 0; ///< most extreme values within 1.5 box heights of the box
};

/// Quartiles of unsorted numbers (linear interpolation between order statistics).
Quartiles quartiles(std::vector<double> values);

/// One way of answering specifications, judged on the held-out targets.
struct MethodScore {
    std::string name; ///< "blocks", "blocks_ranked", "nearest"
    /// By performance, first answer per target, where the target asks for the performance.
    std::vector<Quartiles> relativeDifferences;
    /// Share of targets with an answer no worse than the target by more than 5 % / 10 % in any
    /// performance, among the first k answers.
    std::map<int, double> metAt5, metAt10; ///< by k
    /// The same for answers in which every MOSFET has the saturation margin of the data set.
    std::map<int, double> saturatedMetAt5, saturatedMetAt10;
    /// The same with no performance further from its target than that, to either side.
    std::map<int, double> nearAt5, nearAt10;
    double saturated = 0;        ///< share of all answers in which it has
    std::size_t simulations = 0; ///< that it took
    std::size_t failed = 0;      ///< answers that did not simulate
    double seconds = 0;
};

struct EvaluationReport {
    std::vector<Performance> performances;
    std::size_t targets = 0;
    std::vector<MethodScore> methods;
};

/// Sizings to choose from, by target.
using SizingsByTarget = std::vector<std::vector<std::vector<double>>>;

/// @p count samples of a model for each target, with its pinned sizes.
Result<SizingsByTarget> sampleTargets(SizingModel& model, const Targets& targets, std::size_t count,
                                      const diffusion::SamplingConfig& sampling, JobContext& context);

/// The @p count training rows nearest to each target in standardised performances, nearest first, with the
/// target's pinned sizes.
SizingsByTarget nearestSizings(const Dataset& dataset, const DesignSpace& space, const Targets& targets,
                               std::size_t count);

/// What there is to choose from without a diffusion model: for each target the training rows nearest to it in
/// standardised performances, a quarter of @p count, and random steps away from them, all with its pinned
/// sizes.
SizingsByTarget drawTargets(const Dataset& dataset, const DesignSpace& space, const Targets& targets,
                            std::size_t count, std::uint64_t seed);

/// What a search is after.
enum class Aim {
    Better,   ///< as good as the target or better: what a designer wants
    AtTarget, ///< no further from it than the tolerance, to either side: what the paper's samples are after
};

/// How methods are judged.
struct Judgement {
    /// Simulations per target at most: none follow once an answer is met within 5 % with every MOSFET
    /// saturated (where the target itself is the aim: near within 5 %), which more answers could not better.
    int answers = 8;
    double supplyVoltage = 0;
    SearchSettings search{.tolerance = 0.05};
    Aim aim = Aim::Better;
};

/// Judges sizings in the order given, the first Judgement::answers of each target.
Result<MethodScore> scoreSamples(const std::string& name, const SizingsByTarget& samples,
                                 const DesignSpace& space, const Targets& targets,
                                 simulation::EvaluationPool& pool, const Judgement& judgement,
                                 JobContext& context);

/// Judges what a CandidateSearch makes of the samples: it chooses one, then two, then five, then eight at a
/// time, and learns from their simulation.
Result<MethodScore> scoreRanked(const std::string& name, const SizingsByTarget& samples,
                                const std::shared_ptr<const ForwardModel>& forwardModel,
                                const DesignSpace& space, const Targets& targets,
                                simulation::EvaluationPool& pool, const Judgement& judgement,
                                JobContext& context);

/// Differential evolution (Storn and Price 1997, DE/best/1/bin) of the eight training rows nearest to each
/// target, with as many simulations as the other methods have; it minimises the worst shortfall. Where the
/// target pins sizes, these rows with its sizes are what it simulates first.
Result<MethodScore> scoreDifferentialEvolution(const Dataset& dataset, const DesignSpace& space,
                                               const Targets& targets, simulation::EvaluationPool& pool,
                                               const Judgement& judgement, std::uint64_t seed,
                                               JobContext& context);

/// The honest baseline: the training rows nearest to the target in standardised performances. Their
/// performances are known, so nothing is simulated. For targets that pin nothing; of others, score
/// nearestSizings() as samples.
MethodScore scoreNearestNeighbour(const Dataset& dataset, const Targets& targets, int answersPerTarget,
                                  double supplyVoltage);

} // namespace headroom::sizing
