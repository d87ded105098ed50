#include "core/base/statistics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace headroom {
namespace {

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
