// Robustness where performances are known functions of corner, supply and mismatch.

#include "core/sizing/robustness.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/simulation/mismatch.h"
#include "core/sizing/variance_shares.h"

namespace headroom::sizing {
namespace {

using simulation::Evaluation;
using simulation::EvaluationRequest;

TEST(VarianceShares, OfALinearFunctionAreItsSquaredCoefficients) {
    // 3 a + 4 b + 0 c with two inputs a device: shares 9/25 (a), 16/25 (b and its second input), 0.
    RandomEngine engine(1);
    Eigen::MatrixXd inputs(400, 6);
    std::vector<double> output;
    for (Eigen::Index row = 0; row < inputs.rows(); ++row) {
        for (Eigen::Index column = 0; column < inputs.cols(); ++column)
            inputs(row, column) = normal(engine);
        output.push_back(1e-6 *
                         (7 + 3 * inputs(row, 0) + std::sqrt(8.0) * (inputs(row, 2) - inputs(row, 3))));
    }
    const auto shares = varianceShares(inputs, output, 2);
    ASSERT_TRUE(shares);
    ASSERT_EQ(shares->shares.size(), 3U);
    EXPECT_NEAR(shares->shares[0], 9.0 / 25, 1e-9);
    EXPECT_NEAR(shares->shares[1], 16.0 / 25, 1e-9);
    EXPECT_NEAR(shares->shares[2], 0, 1e-9);
    EXPECT_NEAR(shares->explained, 1, 1e-9);
}

TEST(VarianceShares, NoiseIsNobodysShare) {
    RandomEngine engine(2);
    Eigen::MatrixXd inputs(60, 20);
    for (double& value : inputs.reshaped())
        value = normal(engine);
    double sum = 0, explained = 0;
    for (int trial = 0; trial < 50; ++trial) {
        std::vector<double> output;
        for (Eigen::Index row = 0; row < inputs.rows(); ++row)
            output.push_back(normal(engine));
        const auto shares = varianceShares(inputs, output, 2);
        ASSERT_TRUE(shares);
        for (const double share : shares->shares)
            sum += share / 50;
        explained += shares->explained / 50;
    }
    // Without the correction for the coefficients' scatter the shares would add up to some 0.5.
    EXPECT_LT(sum, 0.25);
    EXPECT_LT(explained, 0.1);
}

TEST(VarianceShares, TooFewSamplesAndConstantsAreNoShares) {
    Eigen::MatrixXd inputs = Eigen::MatrixXd::Random(13, 6);
    EXPECT_EQ(fewestForShares(6), 14U);
    EXPECT_FALSE(varianceShares(inputs, std::vector<double>(13, 1.0), 2));
    inputs = Eigen::MatrixXd::Random(14, 6);
    std::vector<double> output(14, 5.0);
    const auto shares = varianceShares(inputs, output, 2);
    ASSERT_TRUE(shares);
    EXPECT_EQ(shares->shares, std::vector<double>(3, 0.0));
    output[3] = NAN; // a draw that failed leaves one too few
    EXPECT_FALSE(varianceShares(inputs, output, 2));
}

TEST(PerformanceLimits, FollowTheSpecificationAndTheTolerance) {
    Specification specification =
        Specification::reaching({Performance::GainDb, Performance::Power}, {60, 1e-4});
    specification.requirements.push_back(Requirement::free(Performance::CmrrDb));
    const auto limits = performanceLimits(specification, 0.05, 1.1);
    ASSERT_EQ(limits.size(), 3U);
    EXPECT_TRUE(limits[2].holds(NAN)); // only observed
    EXPECT_DOUBLE_EQ(limits[0].minimum, 57);
    EXPECT_FALSE(limits[0].hasMaximum());
    EXPECT_DOUBLE_EQ(limits[1].maximum, 1.05e-4);
    EXPECT_TRUE(limits[0].holds(57));
    EXPECT_FALSE(limits[0].holds(56.9));
    EXPECT_FALSE(limits[0].holds(NAN));
    EXPECT_NEAR(marginOf(limits[0], 62.7, 1.1), 0.1, 1e-12);
    EXPECT_NEAR(marginOf(limits[1], 2.1e-4, 1.1), -1, 1e-12);
    const Requirement both{Performance::Offset, -5e-3, 5e-3, 1};
    EXPECT_TRUE(both.holds(0));
    EXPECT_NEAR(marginOf(both, 4e-3, 1.1), 1e-3 / 0.11, 1e-12);
}

TEST(Places, AreEveryCombination) {
    const auto places = everyPlace({"nom", "ss"}, {1.0, 1.1, 1.2}, {});
    ASSERT_EQ(places.size(), 6U);
    EXPECT_EQ(places[4].corner, "ss");
    EXPECT_EQ(places[4].supplyVoltage, 1.1);
    EXPECT_FALSE(places[4].temperature);
    EXPECT_EQ(everyPlace({}, {}, {}).size(), 1U);
}

/// Gain falls at corner ss and with the supply; the offset is 3 mV of M1 less 4 mV of M2.
class RobustnessTest : public testing::Test {
protected:
    static double offsetOf(const simulation::MismatchDraw& draw) {
        return 3e-3 * mismatchDeviates(draw, "M1").threshold - 4e-3 * mismatchDeviates(draw, "M2").threshold;
    }

    SimulateRequests simulator() {
        return [this](const std::vector<EvaluationRequest>& requests, JobContext&) {
            std::vector<Evaluation> evaluations;
            for (const EvaluationRequest& request : requests) {
                Evaluation evaluation;
                const auto& variation = request.variation;
                const double supply = variation.supplyVoltage.value_or(1.1);
                if (supply < 0.5)
                    evaluation.error = Error{ErrorCode::Convergence, "No operating point was found."};
                else
                    evaluation.performances = {
                        {Performance::GainDb, 60 - (variation.corner == "ss" ? 4 : 0) + 10 * (supply - 1.1)},
                        {Performance::Offset, variation.mismatch ? offsetOf(*variation.mismatch) : 0.0}};
                evaluations.push_back(std::move(evaluation));
            }
            m_simulations += requests.size();
            return Result<std::vector<Evaluation>>(std::move(evaluations));
        };
    }

    Result<Robustness> assess(const RobustnessSettings& settings) {
        return assessRobustness(simulator(), {"M1", "M2", "M3"}, {}, m_limits, settings, m_context,
                                [this](const Robustness&) { ++m_partial; });
    }

    std::vector<Requirement> m_limits{Requirement::reaching(Performance::GainDb, 57),
                                      Requirement::free(Performance::Offset)};
    std::size_t m_simulations = 0, m_partial = 0;
    SilentContext m_context;
};

TEST_F(RobustnessTest, FindsTheWorstPlaceOfEachPerformance) {
    const auto robustness =
        assess({.places = everyPlace({"nom", "ss"}, {1.0, 1.2}, {}), .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness) << robustness.error().describe();
    EXPECT_EQ(robustness->simulations, 4U);
    ASSERT_EQ(robustness->worst.size(), 2U);
    EXPECT_EQ(robustness->worst[0].place, 2U); // ss at 1 V
    EXPECT_NEAR(robustness->worst[0].value, 55, 1e-9);
    EXPECT_FALSE(robustness->worst[0].holds);
    EXPECT_TRUE(robustness->worst[1].holds); // only observed
    EXPECT_EQ(robustness->worstPlace, 2U);
    EXPECT_TRUE(robustness->places[0].holds);
    EXPECT_FALSE(robustness->holdsEverywhere());
    EXPECT_NEAR(robustness->places[0].margin, 2.0 / 57, 1e-9);
    EXPECT_TRUE(robustness->mismatch.empty());
}

TEST_F(RobustnessTest, ARequirementHoldsAtItsOwnCornersAlone) {
    m_limits[0].corners = {"nom"};
    const RobustnessSettings settings{.places = everyPlace({"nom", "ss"}, {1.0, 1.2}, {}),
                                      .supplyVoltage = 1.1};
    auto robustness = assess(settings);
    ASSERT_TRUE(robustness) << robustness.error().describe();
    EXPECT_EQ(robustness->worst[0].place, 0U); // nom at 1 V, and not ss, where it would fail
    EXPECT_NEAR(robustness->worst[0].value, 59, 1e-9);
    EXPECT_TRUE(robustness->worst[0].holds);
    EXPECT_TRUE(robustness->holdsEverywhere());
    EXPECT_EQ(robustness->worstPlace, 0U);
    // Nothing is said of corners that were not simulated.
    m_limits[0].corners = {"ff"};
    robustness = assess(settings);
    ASSERT_TRUE(robustness) << robustness.error().describe();
    EXPECT_FALSE(robustness->worst[0].place);
    EXPECT_EQ(robustness->worst[0].missing, 0U);
    // Mismatch at a corner that the requirement is not about cannot fail it.
    m_limits[0].corners = {"nom"};
    m_limits.push_back(Requirement::reaching(Performance::Power, 1)); // that no simulation has: worst at ss
    m_limits.back().corners = {"ss"};
    robustness = assess({.places = everyPlace({"nom", "ss"}, {1.1}, {}),
                         .draws = 8,
                         .atWorstPlace = true,
                         .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness) << robustness.error().describe();
    ASSERT_EQ(robustness->mismatch.size(), 2U);
    EXPECT_EQ(robustness->mismatch[1].place.corner, "ss");
    EXPECT_EQ(robustness->mismatch[1].performances[0].passed, 0U); // 56 of 57 dB
    m_limits.pop_back();
    m_limits[0].corners = {"ss"};
    robustness = assess({.places = everyPlace({"nom", "ss"}, {1.1}, {}),
                         .draws = 8,
                         .atWorstPlace = true,
                         .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness) << robustness.error().describe();
    EXPECT_EQ(robustness->mismatch[1].passed, 0U);
}

TEST_F(RobustnessTest, ThePoolsOwnConditionsAreAtACornerToo) {
    m_limits[0] = Requirement::reaching(Performance::GainDb, 500); // which nothing reaches
    m_limits[0].corners = {"ss"};
    RobustnessSettings settings{.places = everyPlace({}, {1.1}, {}), .draws = 8, .supplyVoltage = 1.1};
    auto robustness = assess(settings);
    ASSERT_TRUE(robustness) << robustness.error().describe();
    EXPECT_FALSE(robustness->places[0].holds); // which corner that is nobody said
    EXPECT_EQ(robustness->mismatch[0].passed, 0U);
    settings.ownCorner = "nom";
    robustness = assess(settings);
    EXPECT_TRUE(robustness->places[0].holds);
    EXPECT_EQ(robustness->mismatch[0].passed, 8U);
    settings.ownCorner = "ss";
    robustness = assess(settings);
    EXPECT_FALSE(robustness->places[0].holds);
    EXPECT_EQ(robustness->mismatch[0].passed, 0U);
}

TEST(Robustness, CornersOfAnotherTechnologyAreForgotten) {
    auto requirement = Requirement::reaching(Performance::GainDb, 60);
    requirement.corners = {"nom", "ss"};
    EXPECT_EQ(atKnownCorners(requirement, {"typical", "ss"}).corners, std::vector<std::string>{"ss"});
    EXPECT_TRUE(atKnownCorners(requirement, {"typical"}).corners.empty());
    EXPECT_EQ(atKnownCorners(requirement, {"nom", "ss", "ff"}), requirement);
}

TEST_F(RobustnessTest, APlaceThatDoesNotSimulateDoesNotHold) {
    auto robustness = assess({.places = everyPlace({}, {1.1, 0.3}, {}), .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness) << robustness.error().describe();
    EXPECT_FALSE(robustness->places[1].holds);
    EXPECT_EQ(robustness->worstPlace, 1U);
    EXPECT_EQ(robustness->worst[0].missing, 1U);
    EXPECT_FALSE(robustness->worst[0].holds);
    EXPECT_EQ(robustness->worst[0].place, 0U);
    // Mismatch at the worst place that has figures.
    robustness = assess({.places = everyPlace({}, {1.1, 1.0, 0.3}, {}),
                         .draws = 8,
                         .atWorstPlace = true,
                         .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness) << robustness.error().describe();
    ASSERT_EQ(robustness->mismatch.size(), 2U);
    EXPECT_EQ(robustness->mismatch[1].place.supplyVoltage, 1.0);
    // Nothing simulates: its reason.
    robustness = assess({.places = everyPlace({}, {0.3}, {}), .supplyVoltage = 1.1});
    ASSERT_FALSE(robustness);
    EXPECT_EQ(robustness.error().message, "No operating point was found.");
}

TEST_F(RobustnessTest, YieldCountsTheDrawsThatHold) {
    m_limits[1].maximum = 5e-3; // one sigma: 84.1 %
    m_limits[1].minimum = -1;
    const auto robustness = assess({.draws = 1000, .seed = 3, .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness) << robustness.error().describe();
    const MismatchOutcome& mismatch = robustness->mismatch.at(0);
    EXPECT_EQ(mismatch.draws, 1000U);
    std::size_t held = 0;
    for (int draw = 0; draw < 1000; ++draw)
        held += offsetOf({3, draw}) <= 5e-3 ? 1 : 0;
    EXPECT_EQ(mismatch.passed, held);
    EXPECT_LT(mismatch.yield.low, 0.8413);
    EXPECT_GT(mismatch.yield.high, 0.8413);
    EXPECT_EQ(mismatch.performances[0].passed, 1000U);
    EXPECT_EQ(mismatch.performances[1].passed, held);
    EXPECT_NEAR(mismatch.performances[1].summary.deviation, 5e-3, 4e-4);
    EXPECT_NEAR(mismatch.performances[1].capability, 1.0 / 3, 0.05);
    // Which device to enlarge.
    const auto& shares = mismatch.performances[1].shares;
    ASSERT_EQ(shares.size(), 3U);
    EXPECT_EQ(shares[0].device, "M2");
    EXPECT_NEAR(shares[0].share, 16.0 / 25, 1e-6);
    EXPECT_EQ(shares[1].device, "M1");
    EXPECT_NEAR(shares[1].share, 9.0 / 25, 1e-6);
    EXPECT_NEAR(shares[2].share, 0, 1e-6);
    EXPECT_NEAR(mismatch.performances[1].explained, 1, 1e-9);
    EXPECT_GT(m_partial, 30U);
}

TEST_F(RobustnessTest, StopsWhenTheIntervalIsNarrowEnough) {
    // All pass: the interval's width after n draws is z^2 / (n + z^2).
    const auto robustness = assess({.draws = 5000, .intervalWidth = 0.02, .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness) << robustness.error().describe();
    const MismatchOutcome& mismatch = robustness->mismatch.at(0);
    EXPECT_EQ(mismatch.draws, 192U); // the first multiple of 32 that is 188.2 or more
    EXPECT_TRUE(mismatch.isNarrowEnough);
    EXPECT_EQ(m_simulations, 192U);
    const auto capped = assess({.draws = 40, .intervalWidth = 0.02, .supplyVoltage = 1.1});
    ASSERT_TRUE(capped);
    EXPECT_EQ(capped->mismatch.at(0).draws, 40U);
    EXPECT_FALSE(capped->mismatch.at(0).isNarrowEnough);
}

TEST_F(RobustnessTest, TooFewDrawsTellNoSharesButHowManyItTakes) {
    const auto robustness = assess({.draws = 13, .supplyVoltage = 1.1});
    ASSERT_TRUE(robustness);
    EXPECT_TRUE(robustness->mismatch.at(0).performances[1].shares.empty());
    EXPECT_EQ(robustness->mismatch.at(0).drawsForShares, 14U);
}

TEST_F(RobustnessTest, IsCancelledAndRefusesNothing) {
    m_limits.clear();
    EXPECT_EQ(assess({.draws = 4}).error().code, ErrorCode::BadInput);
    m_limits.push_back(Requirement::reaching(Performance::GainDb, 50));
    m_context.cancel();
    EXPECT_EQ(assess({.draws = 4}).error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::sizing
