#include "core/regression/normaliser.h"

#include <gtest/gtest.h>

namespace headroom::regression {
namespace {

TEST(Normaliser, RestoresWhatItNormalised) {
    const Normaliser logarithmic = Normaliser::fit({1e6, 1e7, 1e8}, true);
    EXPECT_NEAR(logarithmic.normalise(1e7), 0, 1e-12);
    EXPECT_NEAR(logarithmic.restore(logarithmic.normalise(3.3e7)) / 3.3e7, 1, 1e-12);
    const Normaliser constant = Normaliser::fit({2, 2, 2}, false);
    EXPECT_EQ(constant.deviation, 1);
    EXPECT_EQ(constant.normalise(2), 0);
}

TEST(Normaliser, KeepsTinyRangesAndFindsConstantsBesideRounding) {
    const Normaliser lengths = Normaliser::fit({1.0e-8, 1.1e-8, 1.2e-8}, false);
    EXPECT_NEAR(lengths.normalise(1.2e-8), 1.2247, 1e-3);
    const Normaliser tenths = Normaliser::fit({0.1 + 0.2, 0.3, 0.3}, false);
    EXPECT_EQ(tenths.deviation, 1);
}

} // namespace
} // namespace headroom::regression
