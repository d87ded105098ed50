// How near known functions come to what is asked, where the nearest can be worked out by hand.

#include "core/sizing/reachability.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/sizing/known_functions.h"

namespace headroom::sizing {
namespace {

/// Every size is pinned but one, a width, in whose logarithm s gain rises by 0.4 dB and the logarithm of
/// power by 0.4.
class ReachabilityTest : public KnownFunctions {
protected:
    static constexpr std::size_t free = 6;

    ReachabilityTest() {
        m_centre = draw(1, 5).front();
        m_centre.front() = 3e-6; // well saturated
        m_centre = m_space.snapForExport(m_centre);
        m_specification.requirements = {
            Requirement::reaching(Performance::GainDb, performancesOf(m_centre)[0] + 0.4), // s = 1
            Requirement::reaching(Performance::Power, performancesOf(m_centre)[1])};       // s = 0
        for (std::size_t v = 0; v < m_centre.size(); ++v) {
            if (v != free) m_specification.pinned.push_back({v, m_centre[v]});
        }
    }

    Result<Reach> find() {
        const SimulateSizings simulateAll =
            [this](const std::vector<std::vector<double>>& sizings,
                   JobContext&) -> Result<std::vector<simulation::Evaluation>> {
            std::vector<simulation::Evaluation> evaluations;
            for (const std::vector<double>& values : sizings)
                evaluations.push_back(simulate(values));
            return evaluations;
        };
        return findReach(m_model, m_space, simulateAll, draw(30, 8), m_specification, 1.1, m_settings,
                         m_context);
    }

    double gainShortfall(double s) const {
        const double asked = m_specification.requirements[0].minimum;
        return 0.4 * (1 - s) / asked;
    }

    std::vector<double> m_centre;
    Specification m_specification;
    ReachSettings m_settings;
};

TEST_F(ReachabilityTest, WhatIsWithinReachIsReached) {
    ASSERT_TRUE(m_model);
    m_specification.requirements[1].maximum *= std::exp(0.5); // s up to 1.25
    const auto reach = find();
    ASSERT_TRUE(reach) << reach.error().describe();
    EXPECT_TRUE(reach->isReached);
    EXPECT_TRUE(reach->blockers.empty());
    EXPECT_LT(reach->tried.size(), 40U);
    EXPECT_EQ(sentencesOf(*reach, m_specification, 1.1).front(),
              "The specification is within reach: a simulated sizing holds all of it.");
}

TEST_F(ReachabilityTest, TheNearestMissesBothByTheSameWeightedAndEachBlocksTheOther) {
    ASSERT_TRUE(m_model);
    m_specification.requirements[0].weight = 30;
    const auto reach = find();
    ASSERT_TRUE(reach) << reach.error().describe();
    EXPECT_FALSE(reach->isReached);
    EXPECT_LE(reach->tried.size(), m_settings.simulations);
    // The least worst shortfall: where that of gain, falling in s, crosses that of power, rising in s.
    double s = 0;
    while (30 * gainShortfall(s) > std::exp(0.4 * s) - 1)
        s += 1e-4;
    const double least = 30 * gainShortfall(s);
    EXPECT_NEAR(reach->nearest.weightedShortfall, least, 0.25 * least);
    EXPECT_GE(reach->nearest.weightedShortfall, 0.98 * least);
    for (std::size_t v = 0; v < m_centre.size(); ++v) {
        if (v == free) continue;
        EXPECT_EQ(reach->nearest.values[v], m_centre[v]);
    }
    ASSERT_EQ(reach->blockers.size(), 2U);
    // The one that is farther from its limit comes first: power, e^0.4 times what is asked where gain holds.
    const double power = performancesOf(m_centre)[1];
    EXPECT_EQ(reach->blockers[0].requirement, 1U);
    EXPECT_NEAR(reach->blockers[0].reached, power * std::exp(0.4), 0.05 * power);
    EXPECT_EQ(reach->blockers[1].requirement, 0U);
    EXPECT_NEAR(reach->blockers[1].reached, performancesOf(m_centre)[0], 0.1);
    EXPECT_EQ(sentencesOf(*reach, m_specification, 1.1).size(), 3U);
}

TEST_F(ReachabilityTest, WhatWeighsLessIsMissedInsteadOfTheOther) {
    ASSERT_TRUE(m_model);
    m_specification.requirements[0].weight = 0.1;
    const auto reach = find();
    ASSERT_TRUE(reach) << reach.error().describe();
    // Hardly any power is spent on gain that does not count.
    EXPECT_LT(reach->nearest.evaluation.performances.at(Performance::Power),
              1.005 * m_specification.requirements[1].maximum);
}

TEST_F(ReachabilityTest, ContradictionsAndCancellationAreErrors) {
    ASSERT_TRUE(m_model);
    m_context.cancel();
    EXPECT_EQ(find().error().code, ErrorCode::Cancelled);
    m_specification.requirements[0].maximum = 1;
    EXPECT_EQ(find().error().code, ErrorCode::BadInput);
}

} // namespace
} // namespace headroom::sizing
