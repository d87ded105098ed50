#include "core/base/statistics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace headroom {
namespace {

TEST(WilsonInterval, AgreesWithPublishedValues) {
    // Newcombe, Statistics in Medicine 17:857, 1998, table I: the score method without continuity correction.
    const struct {
        std::size_t successes, trials;
        double low, high;
    } cases[] = {
        {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0, 0.1611}, {1, 29, 0.0061, 0.1718}};
    for (const auto& each : cases) {
        const ShareInterval interval = wilsonInterval(each.successes, each.trials);
        EXPECT_NEAR(interval.low, each.low, 5e-5) << each.successes << " of " << each.trials;
        EXPECT_NEAR(interval.high, each.high, 5e-5) << each.successes << " of " << each.trials;
        // What fails is the complement of what succeeds.
        const ShareInterval rest = wilsonInterval(each.trials - each.successes, each.trials);
        EXPECT_NEAR(rest.low, 1 - each.high, 5e-5);
        EXPECT_NEAR(rest.high, 1 - each.low, 5e-5);
    }
}

TEST(WilsonInterval, OfNothingIsEverything) {
    EXPECT_EQ(wilsonInterval(0, 0).low, 0);
    EXPECT_EQ(wilsonInterval(0, 0).high, 1);
    EXPECT_EQ(wilsonInterval(7, 7).high, 1);
    EXPECT_EQ(wilsonInterval(0, 7).low, 0);
}

TEST(Summary, HasPercentilesBetweenOrderStatistics) {
    const Summary summary = summarise({40, 10, std::nan(""), 30, 20, 50});
    EXPECT_EQ(summary.count, 5U);
    EXPECT_DOUBLE_EQ(summary.fifth, 12);
    EXPECT_DOUBLE_EQ(summary.median, 30);
    EXPECT_DOUBLE_EQ(summary.ninetyFifth, 48);
    EXPECT_TRUE(std::isnan(summarise({}).ninetyFifth));
}

TEST(ProcessCapability, IsTheDistanceToTheNearerLimit) {
    Summary summary;
    summary.mean = 10;
    summary.deviation = 2;
    EXPECT_DOUBLE_EQ(processCapability(summary, 4, 22), 1);
    EXPECT_DOUBLE_EQ(processCapability(summary, std::nullopt, 22), 2);
    EXPECT_DOUBLE_EQ(processCapability(summary, 13, std::nullopt), -0.5);
    EXPECT_TRUE(std::isnan(processCapability(summary, std::nullopt, std::nullopt)));
    summary.deviation = 0;
    EXPECT_TRUE(std::isnan(processCapability(summary, 4, 22)));
}

} // namespace
} // namespace headroom
