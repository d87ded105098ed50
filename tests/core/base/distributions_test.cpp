#include "core/base/distributions.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headroom {
namespace {

TEST(NormalDistribution, AgreesWithTabulatedValues) {
    EXPECT_NEAR(normalProbability(1), 0.841344746068543, 1e-14);
    EXPECT_NEAR(normalQuantile(0.975), 1.959963984540054, 1e-13);
    EXPECT_NEAR(normalQuantile(0.5), 0, 1e-15);
    for (const double z : {-8.0, -5.0, -2.5, -0.1, 0.3, 1.0, 4.0})
        EXPECT_NEAR(normalQuantile(normalProbability(z)), z, z > 2 ? 1e-10 : 1e-12) << z;
}

TEST(StudentDistribution, AgreesWithTabulatedValues) {
    // Quantiles at 97.5 % as every table has them.
    const struct {
        int degrees;
        double quantile;
    } cases[] = {{1, 12.7062}, {2, 4.30265}, {3, 3.18245}, {4, 2.77645}, {9, 2.26216}, {30, 2.04227}};
    for (const auto& each : cases) {
        EXPECT_NEAR(studentQuantile(0.975, each.degrees), each.quantile, 5e-5) << each.degrees;
        EXPECT_NEAR(studentQuantile(0.025, each.degrees), -each.quantile, 5e-5);
        EXPECT_NEAR(studentProbability(each.quantile, each.degrees), 0.975, 1e-6);
    }
    EXPECT_NEAR(studentQuantile(0.9, 100000), normalQuantile(0.9), 1e-4);
}

TEST(MeanInterval, CoversTheMeanAsOftenAsItSays) {
    RandomEngine engine(3);
    int covered = 0;
    constexpr int kTrials = 2000;
    for (int trial = 0; trial < kTrials; ++trial) {
        const MeanInterval interval = meanInterval({normal(engine), normal(engine), normal(engine)});
        covered += interval.low <= 0 && interval.high >= 0 ? 1 : 0;
    }
    EXPECT_NEAR(covered / static_cast<double>(kTrials), 0.95, 0.02);
}

TEST(MeanInterval, OfFewValuesPromisesNothing) {
    const MeanInterval one = meanInterval({4});
    EXPECT_EQ(one.mean, 4);
    EXPECT_TRUE(std::isnan(one.low));
    EXPECT_TRUE(std::isnan(meanInterval({}).mean));
    const MeanInterval same = meanInterval({2, 2, 2});
    EXPECT_EQ(same.low, 2);
    EXPECT_EQ(same.high, 2);
}

TEST(SampleDistance, IsThatOfTheDistributionFunctions) {
    const SampleDistance shifted = sampleDistance({1, 2, 3, 4}, {4, 3, 5, 2});
    EXPECT_NEAR(shifted.wasserstein, 1, 1e-12); // every value moved by 1
    EXPECT_NEAR(shifted.kolmogorovSmirnov, 0.25, 1e-12);
    const SampleDistance apart = sampleDistance({0, 1}, {10, 11, 12});
    EXPECT_NEAR(apart.kolmogorovSmirnov, 1, 1e-12);
    EXPECT_NEAR(apart.wasserstein, 10.5, 1e-12); // means 0.5 and 11, no overlap
    const SampleDistance none = sampleDistance({3, 1, 2, 2}, {1, 2, 3, 2});
    EXPECT_EQ(none.kolmogorovSmirnov, 0);
    EXPECT_EQ(none.wasserstein, 0);
    // Of unequal sizes: half of the mass of {0} against {0, 1} moves by one.
    EXPECT_NEAR(sampleDistance({0}, {0, 1}).wasserstein, 0.5, 1e-12);
}

} // namespace
} // namespace headroom
