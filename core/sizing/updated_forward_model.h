#pragma once

#include <memory>
#include <vector>

#include "core/sizing/forward_model.h"
#include "core/sizing/specification.h"

namespace headroom::sizing {

/// What a specification asks of one output of a forward model.
struct OutputLimit {
    std::size_t output = 0; ///< of the forward model
    double sign = 1;        ///< 1: more is better
    double value = 0;       ///< normalised: the least (or, for sign -1, the most) that counts as met
    double weight = 1;      ///< of the requirement

    /// How far an expectation is ahead of the limit, normalised; negative where it misses it.
    double lead(double mean) const { return sign * (mean - value); }
};

/// The saturation margin's limit, where there is one, and those of all requirements whose performances the
/// model knows: up to two for each.
/// @param tolerance how much worse than its target a performance may be, relative
std::vector<OutputLimit> outputLimits(const ForwardModel& model, const Specification& specification,
                                      double tolerance, double supplyVoltage);

/// A forward model and what simulations have added to it. Not thread-safe; many may share one forward model.
class UpdatedForwardModel {
public:
    explicit UpdatedForwardModel(std::shared_ptr<const ForwardModel> model);

    const ForwardModel& model() const { return *m_model; }
    const std::vector<regression::UpdatedProcess>& processes() const { return m_processes; } ///< by output

    /// Takes the result of a simulation into account. @param values by variable, SI units
    void learn(const std::vector<double>& values, const simulation::Evaluation& evaluation);

private:
    std::shared_ptr<const ForwardModel> m_model;
    std::vector<regression::UpdatedProcess> m_processes;
};

} // namespace headroom::sizing
