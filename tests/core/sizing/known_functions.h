#pragma once

#include <cmath>

#include "core/base/random.h"
#include "core/sizing/candidate_search.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {

/// The Miller amplifier with performances that are known functions of its sizes, and a forward model of them.
class KnownFunctions : public testing::Test {
protected:
    KnownFunctions() {
        m_dataset.performances = {Performance::GainDb, Performance::Power};
        for (const Variable& variable : m_space.variables())
            m_dataset.variableNames.push_back(variable.name);
        m_dataset.saturationMargin = 0.02;
        for (const std::vector<double>& values : draw(260, 3)) {
            m_dataset.rows.push_back({values, performancesOf(values)});
            m_dataset.saturation.push_back({values, marginOf(values)});
        }
        std::vector<std::size_t> rows(m_dataset.rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] = i;
        m_normalisation = Normalisation::fit(m_dataset, rows);
        const auto fitted =
            ForwardModel::fit(m_amplifier, m_space, m_dataset, rows, m_normalisation, {260, 50}, m_context);
        EXPECT_TRUE(fitted) << (fitted ? "" : fitted.error().describe());
        if (fitted) m_model = *fitted;
    }

    std::vector<std::vector<double>> draw(std::size_t count, std::uint64_t seed) const {
        RandomEngine engine(seed);
        std::vector<std::vector<double>> drawn;
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<double> values;
            for (const Variable& variable : m_space.variables()) {
                const double middle = variable.parameter == "w"   ? 5e-6
                                      : variable.parameter == "l" ? 2e-7
                                                                  : std::sqrt(variable.low * variable.high);
                values.push_back(middle * std::exp(0.4 * normal(engine)));
            }
            drawn.push_back(m_space.snap(values));
        }
        return drawn;
    }

    /// Gain and power; every width and length matters a little, some more.
    static std::vector<double> performancesOf(const std::vector<double>& values) {
        double gain = 60, power = std::log(1e-4);
        for (std::size_t v = 0; v < values.size(); ++v) {
            const double size = std::log(values[v] / 1e-6);
            gain += v % 2 == 0 ? 0.4 * size : 1.2 * size;
            power += v % 3 == 0 ? 0.4 * size : 0.05 * size;
        }
        return {gain, std::exp(power)};
    }

    /// Saturated as long as the first width stays below about 5 um.
    static double marginOf(const std::vector<double>& values) {
        return 0.02 - 0.1 * std::log(values.front() / 5e-6);
    }

    simulation::Evaluation simulate(const std::vector<double>& values) const {
        simulation::Evaluation evaluation;
        const auto performances = performancesOf(values);
        evaluation.performances = {{Performance::GainDb, performances[0]},
                                   {Performance::Power, performances[1]}};
        evaluation.operatingPoint.devices["M1"] = {};
        evaluation.operatingPoint.worstSaturationMargin = marginOf(values);
        return evaluation;
    }

    /// What one sizing achieves.
    Specification specificationAt(const std::vector<double>& values) const {
        return Specification::reaching(m_dataset.performances, performancesOf(values));
    }

    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier = exampleAmplifier("miller");
    DesignSpace m_space = spaceOf(*m_amplifier);
    Dataset m_dataset;
    Normalisation m_normalisation;
    std::shared_ptr<const ForwardModel> m_model;
    SilentContext m_context;
};

} // namespace headroom::sizing
