#include "core/sizing/updated_forward_model.h"

#include <algorithm>
#include <cmath>

namespace headroom::sizing {
namespace {

/// Degrees: what stands for the phase margin of an amplifier that has none, since it oscillates.
constexpr double marginOfOscillation = 0;

} // namespace

std::vector<OutputLimit> outputLimits(const ForwardModel& model, const Specification& specification,
                                      double tolerance, double supplyVoltage) {
    std::vector<OutputLimit> limits;
    if (const auto saturation = model.saturation()) {
        const double least = model.normaliser(*saturation).normalise(model.saturationLimit());
        limits.push_back({*saturation, 1.0, least, 1.0});
    }
    const auto& known = model.performances();
    for (std::size_t p = 0; p < known.size(); ++p) {
        const Requirement* asked = specification.find(known[p]);
        if (asked == nullptr) continue;
        const Requirement requirement = loosened(*asked, tolerance, supplyVoltage);
        const regression::Normaliser& normaliser = model.normaliser(p);
        // Every value of a logarithmic performance is above a limit that is not positive.
        const bool isAlwaysAbove = normaliser.logarithmic && requirement.minimum <= 0;
        if (requirement.hasMinimum() && !isAlwaysAbove)
            limits.push_back({p, 1.0, normaliser.normalise(requirement.minimum), requirement.weight});
        if (requirement.hasMaximum())
            limits.push_back({p, -1.0, normaliser.normalise(requirement.maximum), requirement.weight});
    }
    return limits;
}

UpdatedForwardModel::UpdatedForwardModel(std::shared_ptr<const ForwardModel> model)
    : m_model(std::move(model)) {
    for (std::size_t output = 0; output < m_model->outputs(); ++output)
        m_processes.emplace_back(m_model->process(output));
}

void UpdatedForwardModel::learn(const std::vector<double>& values, const simulation::Evaluation& evaluation) {
    const Eigen::VectorXd inputs = m_model->inputsOf(std::span<const double>(values));
    // A sizing that does not bias up has no performances, but it has a saturation margin.
    if (const auto saturation = m_model->saturation();
        saturation && !evaluation.operatingPoint.devices.empty()) {
        // As far from saturation as the forward model's rows are.
        const double margin = std::max(evaluation.operatingPoint.worstSaturationMargin, farFromSaturation);
        m_processes[*saturation].add(inputs, m_model->normaliser(*saturation).normalise(margin));
    }
    if (!evaluation.ok()) return;
    for (std::size_t p = 0; p < m_model->performances().size(); ++p) {
        const auto found = evaluation.performances.find(m_model->performances()[p]);
        const bool isThere = found != evaluation.performances.end() && std::isfinite(found->second);
        if (isThere)
            m_processes[p].add(inputs, m_model->normaliser(p).normalise(found->second));
        else if (m_model->performances()[p] == Performance::PhaseMargin)
            m_processes[p].add(inputs, m_model->normaliser(p).normalise(marginOfOscillation));
    }
}

} // namespace headroom::sizing
