#include "core/sizing/updated_forward_model.h"

#include <algorithm>
#include <cmath>

namespace headroom::sizing {

std::vector<OutputLimit> outputLimits(const ForwardModel& model, const Specification& specification,
                                      double tolerance, double supplyVoltage) {
    std::vector<OutputLimit> limits;
    if (const auto saturation = model.saturation()) {
        const double least = model.normaliser(*saturation).normalise(model.saturationLimit());
        limits.push_back({*saturation, 1.0, least});
    }
    const auto& known = model.performances();
    for (std::size_t p = 0; p < known.size(); ++p) {
        const auto asked =
            std::find(specification.performances.begin(), specification.performances.end(), known[p]);
        if (asked == specification.performances.end()) continue;
        const double target =
            specification.targets[static_cast<std::size_t>(asked - specification.performances.begin())];
        const double least = valueAtShortfall(known[p], target, tolerance, supplyVoltage);
        limits.push_back({p, simulation::info(known[p]).biggerIsBetter ? 1.0 : -1.0,
                          model.normaliser(p).normalise(least)});
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
        if (found == evaluation.performances.end() || !std::isfinite(found->second)) continue;
        m_processes[p].add(inputs, m_model->normaliser(p).normalise(found->second));
    }
}

} // namespace headroom::sizing
