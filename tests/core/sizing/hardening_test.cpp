// A sizing that holds at all corners, where performances and what corners do to them are known functions.

#include "core/sizing/hardening.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/sizing/known_functions.h"

namespace headroom::sizing {
namespace {

/// At corner ss gain falls by 4 dB, at ff power rises by half.
class HardeningTest : public KnownFunctions {
protected:
    HardeningTest() {
        const auto samples = draw(40, 5);
        const auto performances = performancesOf(samples.front());
        // A good sizing's, and room for what the corners take.
        m_specification.requirements = {Requirement::reaching(Performance::GainDb, performances[0] - 1),
                                        Requirement::reaching(Performance::Power, 1.3 * performances[1])};
        m_settings.places = everyPlace({"nom", "ss", "ff"}, {}, {});
    }

    Result<Hardening> find() {
        const SimulateSizings simulateAll =
            [this](const std::vector<std::vector<double>>& sizings,
                   JobContext& context) -> Result<std::vector<simulation::Evaluation>> {
            if (context.cancelled()) return failCancelled();
            std::vector<simulation::Evaluation> evaluations;
            for (const std::vector<double>& values : sizings)
                evaluations.push_back(m_breaks ? broken() : simulate(values));
            return evaluations;
        };
        const SimulateRequests simulateAt =
            [this](const std::vector<simulation::EvaluationRequest>& requests,
                   JobContext&) -> Result<std::vector<simulation::Evaluation>> {
            std::vector<simulation::Evaluation> evaluations;
            for (const simulation::EvaluationRequest& request : requests) {
                simulation::Evaluation evaluation =
                    simulate(*m_space.collapse(m_amplifier->netlist, request.sizing));
                if (request.variation.corner == "ss") evaluation.performances.at(Performance::GainDb) -= 4;
                if (request.variation.corner == "ff") evaluation.performances.at(Performance::Power) *= 1.5;
                evaluations.push_back(std::move(evaluation));
                ++m_placed;
            }
            return evaluations;
        };
        return harden(m_model, m_space, simulateAll, simulateAt, draw(40, 8), m_specification, 1.1,
                      m_settings, m_context);
    }

    static simulation::Evaluation broken() {
        simulation::Evaluation evaluation;
        evaluation.error = Error{ErrorCode::Convergence, "No operating point was found."};
        return evaluation;
    }

    std::vector<std::string> sentences(const Hardening& hardening) const {
        return sentencesOf(hardening, m_specification, 1.1,
                           [](const simulation::Variation& place) { return *place.corner; });
    }

    Specification m_specification;
    HardeningSettings m_settings;
    std::size_t m_placed = 0;
    bool m_breaks = false;
};

TEST_F(HardeningTest, FindsASizingThatHoldsAtAllCorners) {
    ASSERT_TRUE(m_model);
    const auto hardening = find();
    ASSERT_TRUE(hardening) << hardening.error().describe();
    ASSERT_TRUE(hardening->isReached());
    const PlacedCandidate& best = hardening->placed.front();
    const auto performances = performancesOf(best.candidate.values);
    EXPECT_GE(performances[0], m_specification.requirements[0].minimum + 4);
    EXPECT_LE(performances[1], m_specification.requirements[1].maximum / 1.5);
    EXPECT_EQ(best.shortfall.worst, 0);
    // The first that is looked at holds at the pool's conditions, and not at the corners.
    EXPECT_GT(hardening->placed.size(), 1U);
    EXPECT_EQ(hardening->placed.back().candidate.shortfall, 0);
    EXPECT_GT(hardening->placed.back().shortfall.worst, 0);
    EXPECT_EQ(hardening->simulations, m_placed + hardening->placed.size() + hardening->others.size());
    EXPECT_TRUE(sentences(*hardening).front().starts_with("A sizing that holds at all 3 corners"));
}

TEST_F(HardeningTest, SaysByHowMuchAndWhereTheNearestMisses) {
    ASSERT_TRUE(m_model);
    m_specification.requirements[0].minimum += 60;
    const auto hardening = find();
    ASSERT_TRUE(hardening) << hardening.error().describe();
    EXPECT_FALSE(hardening->isReached());
    for (std::size_t i = 1; i < hardening->placed.size(); ++i)
        EXPECT_GE(hardening->placed[i].shortfall.weighted, hardening->placed[i - 1].shortfall.weighted);
    const auto said = sentences(*hardening);
    ASSERT_GT(said.size(), 1U);
    EXPECT_TRUE(said[0].starts_with("No sizing that holds at all 3 corners was found")) << said[0];
    EXPECT_NE(said[1].find("Gain comes to"), std::string::npos) << said[1];
    EXPECT_NE(said[1].find(" at ss, "), std::string::npos) << said[1];
}

TEST_F(HardeningTest, ARequirementIsHeldAtItsOwnCornersAlone) {
    ASSERT_TRUE(m_model);
    // More power at ff than any sizing with such a gain could make up for.
    m_specification.requirements[1].maximum /= 1.3;
    m_specification.requirements[1].corners = {"nom", "ss"};
    const auto hardening = find();
    ASSERT_TRUE(hardening) << hardening.error().describe();
    ASSERT_TRUE(hardening->isReached());
    const auto performances = performancesOf(hardening->placed.front().candidate.values);
    EXPECT_GE(performances[0], m_specification.requirements[0].minimum + 4);
    EXPECT_LE(performances[1], m_specification.requirements[1].maximum);
}

TEST_F(HardeningTest, BadInputAndFailuresAreSaid) {
    ASSERT_TRUE(m_model);
    m_breaks = true;
    auto hardening = find();
    ASSERT_FALSE(hardening);
    EXPECT_EQ(hardening.error().code, ErrorCode::Infeasible);
    EXPECT_EQ(hardening.error().detail, "No operating point was found.");
    m_breaks = false;
    m_settings.places.clear();
    hardening = find();
    ASSERT_FALSE(hardening);
    EXPECT_EQ(hardening.error().code, ErrorCode::BadInput);
    m_settings.places = everyPlace({"nom"}, {}, {});
    m_context.cancel();
    hardening = find();
    ASSERT_FALSE(hardening);
    EXPECT_EQ(hardening.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::sizing
