// Ranking and search on a data set whose performances are known functions of the sizes.

#include "core/sizing/candidate_search.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

class CandidateSearchTest : public testing::Test {
protected:
    CandidateSearchTest() {
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
        return {m_dataset.performances, performancesOf(values)};
    }

    CandidateSearch searchFor(const Specification& specification, std::size_t polished) const {
        SearchSettings settings;
        settings.tolerance = 0.02;
        settings.polished = polished;
        return CandidateSearch(m_model, m_space, specification, 1.1, settings);
    }

    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier = exampleAmplifier("miller");
    DesignSpace m_space = spaceOf(*m_amplifier);
    Dataset m_dataset;
    Normalisation m_normalisation;
    std::shared_ptr<const ForwardModel> m_model;
    SilentContext m_context;
};

TEST_F(CandidateSearchTest, ForwardModelPredictsAndSurvivesItsFile) {
    ASSERT_TRUE(m_model);
    const auto fresh = draw(50, 77);
    const PerformancePrediction prediction = m_model->predict(fresh);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        EXPECT_NEAR(m_model->normaliser(0).restore(prediction.mean(row, 0)), performancesOf(fresh[i])[0],
                    0.3);
        EXPECT_NEAR(m_model->normaliser(2).restore(prediction.mean(row, 2)), marginOf(fresh[i]), 0.01);
    }
    const auto again = ForwardModel::fromWeights(m_model->weights(), m_amplifier, m_space,
                                                 m_dataset.performances, m_normalisation);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_TRUE((*again)->predict(fresh).mean.isApprox(prediction.mean, 1e-3));
    EXPECT_EQ((*again)->saturation(), m_model->saturation());

    auto broken = m_model->weights();
    broken.tensors.erase("covariances");
    EXPECT_EQ(ForwardModel::fromWeights(broken, m_amplifier, m_space, m_dataset.performances, m_normalisation)
                  .error()
                  .code,
              ErrorCode::Corrupt);
    auto cut = m_model->weights();
    cut.tensors["saturation_margins"] = {{1, 1}, {0.1F}};
    EXPECT_EQ(ForwardModel::fromWeights(cut, m_amplifier, m_space, m_dataset.performances, m_normalisation)
                  .error()
                  .code,
              ErrorCode::Corrupt);
}

TEST_F(CandidateSearchTest, ChoosesWhatMeetsTheSpecificationAmongManyThatDoNot) {
    auto samples = draw(120, 9);
    std::vector<double> good = samples.back();
    good.front() = 2e-6; // saturated
    samples[60] = m_space.snap(good);
    CandidateSearch search = searchFor(specificationAt(samples[60]), 0);
    search.offer(samples);
    const auto chosen = search.next(1, m_context);
    ASSERT_TRUE(chosen);
    ASSERT_EQ(chosen->size(), 1U);
    const auto simulated = performancesOf(chosen->front().values);
    EXPECT_GT(simulated[0], 0.98 * performancesOf(samples[60])[0]);
    EXPECT_LT(simulated[1], 1.02 * performancesOf(samples[60])[1]);
    EXPECT_GT(marginOf(chosen->front().values), 0.02);
}

TEST_F(CandidateSearchTest, PolishingMeetsWhatNoSampleMeets) {
    // The most gain and the least power among the samples, which no single one of them has.
    const auto samples = draw(30, 13);
    Specification specification{m_dataset.performances, performancesOf(samples.front())};
    for (const std::vector<double>& values : samples) {
        specification.targets[0] = std::max(specification.targets[0], performancesOf(values)[0]);
        specification.targets[1] = std::min(specification.targets[1], performancesOf(values)[1]);
    }
    const auto shortfallOf = [&](std::size_t polished) {
        CandidateSearch search = searchFor(specification, polished);
        search.offer(samples);
        const auto chosen = search.next(1, m_context);
        EXPECT_TRUE(chosen);
        return worstShortfall(specification, simulate(chosen->front().values), 1.1);
    };
    EXPECT_GT(shortfallOf(0), 0.1);
    EXPECT_LT(shortfallOf(4), 0.05);
}

TEST_F(CandidateSearchTest, NeverOffersASizingTwiceAndLearnsFromSimulations) {
    const auto samples = draw(40, 21);
    const Specification specification = specificationAt(samples[0]);
    CandidateSearch search = searchFor(specification, 2);
    search.offer(samples);
    search.offer(samples); // once more: all known
    std::set<std::vector<double>> seen;
    std::size_t count = 0;
    for (int round = 0; round < 4; ++round) {
        const auto chosen = search.next(5, m_context);
        ASSERT_TRUE(chosen);
        for (const RankedSizing& sizing : *chosen) {
            EXPECT_TRUE(seen.insert(sizing.values).second);
            EXPECT_EQ(sizing.values, m_space.snapForExport(sizing.values));
            search.learn(sizing.values, simulate(sizing.values));
            ++count;
        }
    }
    EXPECT_EQ(count, 20U);

    // A simulation that contradicts the forward model draws it towards itself where it was made.
    CandidateSearch corrected = searchFor(specification, 0);
    corrected.offer(samples);
    const double before = corrected.ranking().front().predicted[0];
    auto surprise = simulate(corrected.ranking().front().values);
    surprise.performances[Performance::GainDb] -= 20;
    const auto values = corrected.ranking().front().values;
    corrected.learn(values, surprise);
    for (const RankedSizing& sizing : corrected.ranking()) {
        if (sizing.values == values) {
            EXPECT_LT(sizing.predicted[0], before - 0.5);
        }
    }
}

TEST_F(CandidateSearchTest, CancellationStopsTheSearch) {
    CandidateSearch search = searchFor(specificationAt(draw(1, 2).front()), 4);
    search.offer(draw(30, 31));
    m_context.cancel();
    EXPECT_EQ(search.next(1, m_context).error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::sizing
