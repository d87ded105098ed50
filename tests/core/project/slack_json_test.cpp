#include "core/project/slack_json.h"

#include <limits>

#include <gtest/gtest.h>

namespace headroom::project {
namespace {

sizing::Slack someSlack() {
    sizing::Slack slack;
    slack.centre = {1e-6 / 3, 5e-324};
    slack.variables = {{1e-7, 2e-6, {true, false}, 3e-7, 1e-6, 4e-7, 0.1},
                       {0.1 + 0.2, 1, {false, true}, 0.5, 0.6, 0.55, 1.0 / 7}};
    slack.covariance = Eigen::MatrixXd(2, 2);
    slack.covariance << 0.1, 1.0 / 3, -2e-9, 4;
    slack.directions = {{2, {0.6, 0.8}}, {1.0 / 3, {0.8, -0.6}}};
    slack.samples = {{1e-6, 2e-7}, {3e-6, 1.0 / 9}};
    slack.simulated = {{{1e-6, 2e-7}, 0.01}, {{3e-6, 1e-7}, std::numeric_limits<double>::quiet_NaN()}};
    simulation::Evaluation evaluation;
    evaluation.performances = {{simulation::Performance::GainDb, 60.1}};
    evaluation.operatingPoint.worstSaturationMargin = 0.03;
    evaluation.operatingPoint.worstDevice = "M1";
    evaluation.operatingPoint.devices["M1"] = {};
    slack.learned = {{{1e-6, 2e-7}, evaluation}};
    slack.confirmed = 1;
    slack.simulations = 17;
    return slack;
}

TEST(SlackJson, GivesBackEveryNumberBitForBit) {
    const sizing::Slack slack = someSlack();
    const sizing::Slack read = slackFromJson(nlohmann::json::parse(toJson(slack).dump()));
    EXPECT_EQ(read.centre, slack.centre);
    ASSERT_EQ(read.variables.size(), 2U);
    for (std::size_t v = 0; v < 2; ++v) {
        const sizing::VariableSlack &a = read.variables[v], &b = slack.variables[v];
        EXPECT_EQ(a.low, b.low);
        EXPECT_EQ(a.high, b.high);
        EXPECT_EQ(a.endsAtLimit, b.endsAtLimit);
        EXPECT_EQ(a.togetherLow, b.togetherLow);
        EXPECT_EQ(a.togetherHigh, b.togetherHigh);
        EXPECT_EQ(a.mean, b.mean);
        EXPECT_EQ(a.deviation, b.deviation);
    }
    EXPECT_EQ(read.covariance, slack.covariance);
    ASSERT_EQ(read.directions.size(), 2U);
    EXPECT_EQ(read.directions[1].deviation, slack.directions[1].deviation);
    EXPECT_EQ(read.directions[1].components, slack.directions[1].components);
    EXPECT_EQ(read.samples, slack.samples);
    ASSERT_EQ(read.simulated.size(), 2U);
    EXPECT_EQ(read.simulated[0].values, slack.simulated[0].values);
    EXPECT_EQ(read.simulated[0].shortfall, slack.simulated[0].shortfall);
    EXPECT_TRUE(std::isnan(read.simulated[1].shortfall));
    ASSERT_EQ(read.learned.size(), 1U);
    EXPECT_EQ(read.learned[0].values, slack.learned[0].values);
    EXPECT_EQ(read.learned[0].evaluation.performances, slack.learned[0].evaluation.performances);
    EXPECT_EQ(read.learned[0].evaluation.operatingPoint.worstSaturationMargin, 0.03);
    EXPECT_EQ(read.learned[0].evaluation.operatingPoint.devices.size(), 1U);
    EXPECT_EQ(read.confirmed, 1U);
    EXPECT_EQ(read.simulations, 17U);
}

TEST(SlackJson, RefusesPartsOfAnotherNumberOfSizes) {
    for (const char* part : {"variables", "covariance"}) {
        nlohmann::json json = toJson(someSlack());
        json[part].erase(0);
        EXPECT_THROW(slackFromJson(json), std::out_of_range) << part;
    }
    nlohmann::json json = toJson(someSlack());
    json["samples"][1].push_back(1.0);
    EXPECT_THROW(slackFromJson(json), std::out_of_range);
    json.erase("samples");
    EXPECT_THROW(slackFromJson(json), nlohmann::json::exception);
}

} // namespace
} // namespace headroom::project
