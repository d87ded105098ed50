// Slack where the performances are known functions of the sizes: every end can be worked out by hand.

#include "core/sizing/slack.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/sizing/slack_path.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

/// Gain and the logarithm of power are linear in the logarithms of the sizes, and so is what the first width
/// takes from the saturation margin.
class SlackTest : public testing::Test {
protected:
    static constexpr double tolerance = 0.02, margin = 0.02;

    SlackTest() {
        m_dataset.performances = {Performance::GainDb, Performance::Power};
        m_dataset.saturationMargin = margin;
        for (const Variable& variable : m_space.variables()) {
            m_dataset.variableNames.push_back(variable.name);
            m_centre.push_back(variable.parameter == "w" ? 4e-6 : variable.parameter == "l" ? 2e-7 : 1e-12);
        }
        m_centre = m_space.snapForExport(m_centre);
        RandomEngine engine(3);
        for (int row = 0; row < 260; ++row) {
            std::vector<double> values = m_centre;
            for (double& value : values)
                value *= std::exp(0.4 * normal(engine));
            values = m_space.snap(values);
            m_dataset.rows.push_back({values, {gainOf(values), powerOf(values)}});
            m_dataset.saturation.push_back({values, marginOf(values)});
        }
        std::vector<std::size_t> rows(m_dataset.rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] = i;
        const auto normalisation = Normalisation::fit(m_dataset, rows);
        const auto fitted =
            ForwardModel::fit(m_amplifier, m_space, m_dataset, rows, normalisation, {260, 50}, m_context);
        EXPECT_TRUE(fitted) << (fitted ? "" : fitted.error().describe());
        if (fitted) m_model = *fitted;
    }

    static double gainSlope(std::size_t variable) { return variable % 2 == 0 ? 4.0 : 12.0; }
    static double powerSlope(std::size_t variable) { return variable % 3 == 0 ? 0.4 : 0.05; }
    double gainOf(const std::vector<double>& values) const {
        double gain = 60;
        for (std::size_t v = 0; v < values.size(); ++v)
            gain += gainSlope(v) * std::log(values[v] / m_centre[v]) / 10;
        return gain;
    }
    double powerOf(const std::vector<double>& values) const {
        double power = std::log(1e-4);
        for (std::size_t v = 0; v < values.size(); ++v)
            power += powerSlope(v) * std::log(values[v] / m_centre[v]);
        return std::exp(power);
    }
    double marginOf(const std::vector<double>& values) const {
        return 0.05 - 0.1 * std::log(values.front() / m_centre.front());
    }

    SimulateSizings simulator() {
        return [this](const std::vector<std::vector<double>>& sizings, JobContext&) {
            std::vector<simulation::Evaluation> evaluations;
            for (const std::vector<double>& values : sizings) {
                simulation::Evaluation evaluation;
                evaluation.operatingPoint.devices["M1"] = {};
                evaluation.operatingPoint.worstSaturationMargin = marginOf(values);
                if (marginOf(values) < margin)
                    evaluation.error = Error{ErrorCode::Infeasible, "Device M1 is not saturated.", {}};
                else
                    evaluation.performances = {{Performance::GainDb, gainOf(values)},
                                               {Performance::Power, powerOf(values)}};
                evaluations.push_back(std::move(evaluation));
                ++m_simulations;
            }
            return Result<std::vector<simulation::Evaluation>>(std::move(evaluations));
        };
    }

    /// What the centre achieves.
    Specification specification() const {
        return Specification::reaching(m_dataset.performances, {gainOf(m_centre), powerOf(m_centre)});
    }

    bool holds(const std::vector<double>& values) const {
        return gainOf(values) >= (1 - tolerance) * gainOf(m_centre) &&
               powerOf(values) <= (1 + tolerance) * powerOf(m_centre) && marginOf(values) >= margin;
    }

    Result<Slack> find(std::uint64_t seed = 1, const Specification* other = nullptr) {
        SlackSettings settings;
        settings.tolerance = tolerance;
        settings.seed = seed;
        settings.chains = 32;
        settings.simulated = 24;
        return findSlack(m_model, m_space, simulator(), m_centre, other != nullptr ? *other : specification(),
                         1.1, settings, m_context);
    }

    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier = exampleAmplifier("miller");
    DesignSpace m_space = spaceOf(*m_amplifier);
    std::vector<double> m_centre;
    Dataset m_dataset;
    std::shared_ptr<const ForwardModel> m_model;
    std::size_t m_simulations = 0;
    SilentContext m_context;
};

TEST_F(SlackTest, EndsOfEachVariableAreWhereOneLimitIsReached) {
    ASSERT_TRUE(m_model);
    const auto slack = find();
    ASSERT_TRUE(slack) << slack.error().describe();
    EXPECT_EQ(slack->simulations, m_simulations);
    for (std::size_t v = 0; v < m_space.size(); ++v) {
        const Variable& variable = m_space.variables()[v];
        const VariableSlack& found = slack->variables[v];
        for (const bool high : {false, true}) {
            std::vector<double> values = m_centre;
            values[v] = high ? found.high : found.low;
            EXPECT_TRUE(holds(values)) << variable.name;
        }
        EXPECT_LE(found.low, m_centre[v]);
        EXPECT_GE(found.high, m_centre[v]);
        // Gain falls with each size, power rises with it.
        double lowest = m_centre[v] * std::exp(-tolerance * gainOf(m_centre) * 10 / gainSlope(v));
        double highest = m_centre[v] * std::exp(std::log1p(tolerance) / powerSlope(v));
        if (v == 0) highest = std::min(highest, m_centre[v] * std::exp(0.3));
        EXPECT_EQ(found.endsAtLimit[0], lowest < variable.low) << variable.name;
        EXPECT_EQ(found.endsAtLimit[1], highest > variable.high) << variable.name;
        lowest = std::max(lowest, variable.low);
        highest = std::min(highest, variable.high);
        EXPECT_NEAR(std::log(found.low / lowest), 0, 0.15) << variable.name;
        EXPECT_NEAR(std::log(found.high / highest), 0, 0.15) << variable.name;
    }
}

TEST_F(SlackTest, SamplesFillTheRoomAndMostlyHold) {
    ASSERT_TRUE(m_model);
    const auto slack = find();
    ASSERT_TRUE(slack) << slack.error().describe();
    ASSERT_EQ(slack->samples.size(), 32U * 20);
    std::size_t held = 0;
    for (const auto& sample : slack->samples)
        if (holds(sample)) ++held;
    EXPECT_GT(static_cast<double>(held), 0.85 * static_cast<double>(slack->samples.size()));
    EXPECT_GT(slack->confirmed, slack->simulated.size() * 3 / 4);
    for (const SimulatedSample& sample : slack->simulated)
        EXPECT_EQ(holds(sample.values), sample.shortfall <= tolerance);
    // Together the others make up for what one takes: more room than alone.
    std::size_t wider = 0;
    for (const VariableSlack& variable : slack->variables)
        if (variable.togetherHigh / variable.togetherLow > variable.high / variable.low) ++wider;
    EXPECT_GT(wider, m_space.size() / 2);
}

TEST_F(SlackTest, DirectionsArePrincipalAndTheWidestCostNothing) {
    ASSERT_TRUE(m_model);
    const auto slack = find();
    ASSERT_TRUE(slack) << slack.error().describe();
    const auto size = static_cast<Eigen::Index>(m_space.size());
    Eigen::MatrixXd rebuilt = Eigen::MatrixXd::Zero(size, size);
    double before = std::numeric_limits<double>::infinity();
    for (const SlackDirection& direction : slack->directions) {
        const Eigen::Map<const Eigen::VectorXd> unit(direction.components.data(), size);
        EXPECT_NEAR(unit.norm(), 1, 1e-9);
        EXPECT_LE(direction.deviation, before);
        before = direction.deviation;
        rebuilt += direction.deviation * direction.deviation * unit * unit.transpose();
    }
    EXPECT_TRUE(rebuilt.isApprox(slack->covariance, 1e-6));
    // Along the narrowest direction power changes much more per step than along the widest.
    const auto change = [&](const SlackDirection& direction) {
        double sum = 0;
        for (std::size_t v = 0; v < m_space.size(); ++v)
            sum += direction.components[v] * powerSlope(v);
        return std::abs(sum);
    };
    EXPECT_GT(change(slack->directions.back()), 2 * change(slack->directions.front()));
}

TEST_F(SlackTest, OthersFollowAVariableThroughTheRoom) {
    ASSERT_TRUE(m_model);
    auto found = find();
    ASSERT_TRUE(found) << found.error().describe();
    const auto slack = std::make_shared<const Slack>(std::move(*found));
    const SlackPath path(slack, m_space);
    std::size_t asked = 0, held = 0;
    for (std::size_t v = 0; v < m_space.size(); ++v) {
        // The way leads through the sizing itself.
        EXPECT_EQ(path.at(v, m_centre[v]).values, m_centre) << m_space.variables()[v].name;
        const auto [low, high] = path.rangeOf(v);
        EXPECT_LE(low, slack->variables[v].low);
        EXPECT_GE(high, slack->variables[v].high);
        for (const double share : {0.1, 0.3, 0.7, 0.9}) {
            const double value = low * std::pow(high / low, share);
            const FollowedSizing followed = path.at(v, value);
            EXPECT_EQ(followed.values, m_space.snapForExport(followed.values));
            std::vector<double> wanted = m_centre;
            wanted[v] = value;
            EXPECT_EQ(followed.values[v], m_space.snapForExport(wanted)[v]);
            ASSERT_EQ(followed.predicted.size(), 2U);
            EXPECT_NEAR(followed.predicted[0], gainOf(followed.values), 0.5);
            ++asked;
            if (followed.isExpectedToHold && holds(followed.values)) ++held;
        }
    }
    EXPECT_GT(held, asked * 8 / 10) << "of " << asked;
    // Where one takes from power, the others together give: alone the end of the second width is nearer.
    const std::size_t costly = 3; // its power slope is the largest
    const auto& slackOf = slack->variables[costly];
    const FollowedSizing beyond = path.at(costly, std::sqrt(slackOf.high * path.rangeOf(costly).second));
    double others = 0;
    for (std::size_t v = 0; v < m_space.size(); ++v)
        if (v != costly) others += powerSlope(v) * std::log(beyond.values[v] / m_centre[v]);
    EXPECT_LT(others, 0);
}

TEST_F(SlackTest, EqualSeedsGiveEqualSlack) {
    ASSERT_TRUE(m_model);
    const auto first = find(4);
    const auto second = find(4);
    const auto other = find(5);
    ASSERT_TRUE(first && second && other);
    EXPECT_EQ(first->samples, second->samples);
    EXPECT_NE(first->samples, other->samples);
}

TEST_F(SlackTest, ASizingThatMissesTheSpecificationHasNone) {
    ASSERT_TRUE(m_model);
    Specification impossible = specification();
    impossible.requirements[0].minimum *= 1.5;
    const auto slack = find(1, &impossible);
    ASSERT_FALSE(slack);
    EXPECT_EQ(slack.error().code, ErrorCode::BadInput);
    EXPECT_EQ(slack.error().message, "The sizing does not hold the specification (Gain 60 dB instead of 90 "
                                     "dB); there is slack only around "
                                     "one that does.");
    m_context.cancel();
    EXPECT_EQ(find().error().code, ErrorCode::Cancelled);
}

TEST_F(SlackTest, WhatWasLearnedRestoresTheExpectation) {
    ASSERT_TRUE(m_model);
    const auto slack = find();
    ASSERT_TRUE(slack) << slack.error().describe();
    EXPECT_EQ(slack->learned.size(), slack->simulations);
    Slack kept = *slack;
    kept.expected.reset();
    kept.limits.clear();
    restoreExpectation(kept, m_model, specification(), 1.1, tolerance);
    EXPECT_EQ(kept.limits.size(), slack->limits.size());
    const SlackPath before(std::make_shared<const Slack>(*slack), m_space);
    const SlackPath after(std::make_shared<const Slack>(std::move(kept)), m_space);
    const auto [low, high] = before.rangeOf(1);
    for (const double value : {low, std::sqrt(low * high), high}) {
        EXPECT_EQ(after.at(1, value).values, before.at(1, value).values);
        EXPECT_EQ(after.at(1, value).predicted, before.at(1, value).predicted);
        EXPECT_EQ(after.at(1, value).isExpectedToHold, before.at(1, value).isExpectedToHold);
    }
}

} // namespace
} // namespace headroom::sizing
