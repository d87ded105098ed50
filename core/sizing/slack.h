#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <Eigen/Core>

#include "core/sizing/updated_forward_model.h"

namespace headroom::sizing {

struct SlackSettings {
    /// The specification counts as held where no performance is worse by more than this, relative.
    double tolerance = 0.05;
    int rounds = 2;             ///< of wandering and simulating; the forward model learns from each
    std::size_t chains = 64;    ///< that wander through the feasible set together
    std::size_t steps = 40;     ///< of every chain in every round, of which the first half is forgotten
    std::size_t simulated = 32; ///< samples that are simulated in every round
    int refinements = 5;        ///< simulations for either end of a device's own interval
    std::uint64_t seed = 1;
};

/// How far one variable moves while the specification holds. SI units.
struct VariableSlack {
    /// Alone, all others staying: the farthest values at which a simulation found it to hold on the way.
    double low = 0, high = 0;
    std::array<bool, 2> endsAtLimit{}; ///< low, high: the legal range ends there and not the specification
    /// Together, the others following: what 95 % of the samples lie between.
    double togetherLow = 0, togetherHigh = 0;
    double mean = 0, deviation = 0; ///< of the samples
};

/// A way in which all sizes move together.
struct SlackDirection {
    double deviation = 0;           ///< standard, of the logarithm of the sizes along it
    std::vector<double> components; ///< by variable; a unit vector
};

/// A sizing of the feasible set that was simulated.
struct SimulatedSample {
    std::vector<double> values; ///< by variable, SI units, snapped
    double shortfall = 0;       ///< worst, relative; NaN where the simulation failed
};

/// What the forward model learned from one simulation.
struct LearnedSimulation {
    std::vector<double> values; ///< by variable, SI units, snapped
    /// Its performances, worst saturation margin and error; of the operating point the worst device alone.
    simulation::Evaluation evaluation;
};

/// The room around a sizing in which a specification holds.
struct Slack {
    std::vector<double> centre;             ///< by variable, SI units
    std::vector<VariableSlack> variables;   ///< by variable
    Eigen::MatrixXd covariance;             ///< of natural logarithms of the sizes, from the samples
    std::vector<SlackDirection> directions; ///< principal ones, the widest first
    /// Sizings that the forward model, corrected by the simulations, expects to hold the specification.
    std::vector<std::vector<double>> samples;
    std::vector<SimulatedSample> simulated; ///< of the last round: how far the samples can be trusted
    std::size_t confirmed = 0;              ///< of these, those that hold it
    std::size_t simulations = 0;            ///< in all
    std::vector<LearnedSimulation> learned; ///< all simulations, in their order
    /// The forward model with all that the simulations added to it, and what the specification asks of it.
    std::shared_ptr<const UpdatedForwardModel> expected;
    std::vector<OutputLimit> limits;
};

/// What simulates sizings, each by variable, SI units, snapped; results in the same order. An evaluation with
/// an error counts as one that does not hold the specification.
using SimulateSizings = std::function<Result<std::vector<simulation::Evaluation>>(
    const std::vector<std::vector<double>>& sizings, JobContext& context)>;

/// By a pool, whose required saturation margin is then part of the specification. Both must outlive the
/// result.
SimulateSizings simulatorOf(simulation::EvaluationPool& pool, const DesignSpace& space);

/// Gives a slack that was kept its expected and limits again, from its learned simulations: the same as
/// findSlack() gave it with these.
void restoreExpectation(Slack& slack, const std::shared_ptr<const ForwardModel>& model,
                        const Specification& specification, double supplyVoltage, double tolerance);

/// Explores the room around a sizing. Each variable's own interval is found by simulation, from where the
/// forward model expects its ends. The room as a whole is sampled uniformly, in logarithms of sizes, by hit
/// and run (Smith 1984) with a shrinking bracket (Neal 2003), on the forward model as corrected by
/// simulations of earlier samples; how many of the last samples a simulation confirms is part of the answer.
/// Sizes that the specification pins stay where they are.
/// Errors: BadInput (the sizing itself does not hold the specification: the message says why), Cancelled.
/// @param centre by variable, SI units
Result<Slack> findSlack(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                        const SimulateSizings& simulate, const std::vector<double>& centre,
                        const Specification& specification, double supplyVoltage,
                        const SlackSettings& settings, JobContext& context);

} // namespace headroom::sizing
