#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/sizing/exploration.h"

namespace headroom::sizing {

struct Quartiles {
    double lower = 0, median = 0, upper = 0;
    double lowWhisker = 0, highWhisker = 0; ///< most extreme values within 1.5 box heights of the box
};

/// Quartiles of unsorted numbers (linear interpolation between order statistics).
Quartiles quartiles(std::vector<double> values);

/// One way of answering specifications, judged on the held-out targets.
struct MethodScore {
    std::string name;                           ///< "blocks", "joint", "nearest"
    std::vector<Quartiles> relativeDifferences; ///< by performance, first answer per target
    /// Share of targets with an answer no worse than the target by more than 5 % / 10 % in any
    /// performance, among the first k answers.
    std::map<int, double> metAt5, metAt10; ///< by k
    std::size_t simulations = 0;
    std::size_t failed = 0; ///< answers that did not simulate
    double seconds = 0;
};

struct EvaluationReport {
    std::vector<Performance> performances;
    std::size_t targets = 0;
    std::vector<MethodScore> methods;
};

/// What methods are asked to reach: rows of performances, in the order of the data set's.
struct Targets {
    std::vector<Performance> performances;
    std::vector<std::vector<double>> rows;
};

/// The performances of the data set's held-out rows.
Targets heldOutTargets(const Dataset& dataset);

/// The rows of another data set, its performances brought into the order of @p performances. Error NotFound
/// where one is missing.
Result<Targets> targetsOf(const Dataset& dataset, const std::vector<Performance>& performances);

/// Judges a model by simulating @p answersPerTarget proposals for each target.
Result<MethodScore> scoreModel(const std::string& name, SizingModel& model, const DesignSpace& space,
                               const Targets& targets, simulation::EvaluationPool& pool, int answersPerTarget,
                               const diffusion::SamplingConfig& sampling, double supplyVoltage,
                               JobContext& context);

/// The honest baseline: the training rows nearest to the target in standardised performances. Their
/// performances are known, so nothing is simulated.
MethodScore scoreNearestNeighbour(const Dataset& dataset, const Targets& targets, int answersPerTarget,
                                  double supplyVoltage);

} // namespace headroom::sizing
