// Ranking and search on a data set whose performances are known functions of the sizes.

#include "core/sizing/candidate_search.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tests/core/sizing/known_functions.h"

namespace headroom::sizing {
namespace {

class CandidateSearchTest : public KnownFunctions {
protected:
    /// The most gain and the least power among the samples, which no single one of them has.
    Specification bestOfEach(const std::vector<std::vector<double>>& samples) const {
        Specification specification = specificationAt(samples.front());
        double& gain = specification.requirements[0].minimum;
        double& power = specification.requirements[1].maximum;
        for (const std::vector<double>& values : samples) {
            gain = std::max(gain, performancesOf(values)[0]);
            power = std::min(power, performancesOf(values)[1]);
        }
        return specification;
    }

    CandidateSearch searchFor(const Specification& specification, std::size_t polished) const {
        SearchSettings settings;
        settings.tolerance = 0.02;
        settings.polished = polished;
        return CandidateSearch(m_model, m_space, specification, 1.1, settings);
    }
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

TEST_F(CandidateSearchTest, KeepsWithinRangesAndLeavesPinnedSizesAlone) {
    ASSERT_TRUE(m_model);
    const auto samples = draw(60, 9);
    Specification specification;
    const double gain = performancesOf(samples.front())[0];
    specification.requirements = {{Performance::GainDb, gain - 0.2, gain + 0.2, 1}};
    specification.pinned = {{2, 7e-6}};
    CandidateSearch search = searchFor(specification, 4);
    search.offer(samples);
    const auto chosen = search.next(6, m_context);
    ASSERT_TRUE(chosen);
    ASSERT_EQ(chosen->size(), 6U);
    int inside = 0;
    for (const RankedSizing& sizing : *chosen) {
        EXPECT_EQ(sizing.values[2], m_space.snapForExport(std::vector<double>(m_space.size(), 7e-6))[2]);
        inside += std::abs(performancesOf(sizing.values)[0] - gain) < 0.02 * gain + 0.2 ? 1 : 0;
    }
    EXPECT_EQ(inside, 6);
    // Another aim, the same pinned size: much more gain than the range allowed.
    search.aimAt(Specification::reaching({Performance::GainDb}, {gain + 4}));
    const auto more = search.next(1, m_context);
    ASSERT_TRUE(more && !more->empty());
    EXPECT_GT(performancesOf(more->front().values)[0], gain + 2);
    EXPECT_EQ(more->front().values[2], chosen->front().values[2]);
}

TEST_F(CandidateSearchTest, PolishingMeetsWhatNoSampleMeets) {
    const auto samples = draw(30, 13);
    const Specification specification = bestOfEach(samples);
    const auto shortfallWith = [&](std::size_t polished) {
        CandidateSearch search = searchFor(specification, polished);
        search.offer(samples);
        const auto chosen = search.next(1, m_context);
        EXPECT_TRUE(chosen);
        return shortfallOf(specification, simulate(chosen->front().values), 1.1).worst;
    };
    EXPECT_GT(shortfallWith(0), 0.1);
    EXPECT_LT(shortfallWith(4), 0.05);
}

TEST_F(CandidateSearchTest, PolishingMakesUpForMirrorsOfUnitTransistors) {
    const auto samples = draw(30, 13);
    const DesignSpace units = m_space.withUnitTransistors(4);
    const Specification specification = bestOfEach(samples);
    const auto shortfallWith = [&](std::size_t polished) {
        CandidateSearch search(m_model, units, specification, 1.1, {.polished = polished});
        search.offer(samples);
        const auto chosen = search.next(1, m_context);
        EXPECT_TRUE(chosen);
        const std::vector<double>& values = chosen->front().values;
        EXPECT_EQ(values, units.snapForExport(values));
        for (const auto& bank : units.mirrorBanks())
            EXPECT_TRUE(units.unitsOf(bank, values));
        return shortfallOf(specification, simulate(values), 1.1).worst;
    };
    EXPECT_GT(shortfallWith(0), 0.1);
    EXPECT_LT(shortfallWith(4), 0.05);
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

TEST_F(CandidateSearchTest, AnAmplifierThatOscillatesTeachesThatThereIsNoPhaseMargin) {
    const auto margin = [](const std::vector<double>& values) {
        return 60 + 10 * std::sin(3 * std::log(values[0] / 1e-6)) * std::cos(3 * std::log(values[2] / 1e-6));
    };
    Dataset dataset = m_dataset;
    dataset.performances = {Performance::PhaseMargin, Performance::Power};
    for (DataRow& row : dataset.rows)
        row.performances[0] = margin(row.values);
    const std::vector<std::size_t> rows = dataset.trainingRows();
    const auto model = ForwardModel::fit(m_amplifier, m_space, dataset, rows,
                                         Normalisation::fit(dataset, rows), {260, 50}, m_context);
    ASSERT_TRUE(model) << model.error().describe();
    const std::vector<std::vector<double>> sample = draw(1, 5);
    const auto expectedMargin = [&](bool oscillates) {
        UpdatedForwardModel expected(*model);
        simulation::Evaluation evaluation = simulate(sample.front());
        if (!oscillates) evaluation.performances[Performance::PhaseMargin] = margin(sample.front());
        expected.learn(sample.front(), evaluation);
        return (*model)->normaliser(0).restore(expected.processes()[0].mean((*model)->inputsOf(sample))[0]);
    };
    EXPECT_LT(expectedMargin(true), expectedMargin(false) - 10);
}

TEST_F(CandidateSearchTest, CancellationStopsTheSearch) {
    CandidateSearch search = searchFor(specificationAt(draw(1, 2).front()), 4);
    search.offer(draw(30, 31));
    m_context.cancel();
    EXPECT_EQ(search.next(1, m_context).error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::sizing
