#include "core/base/random.h"

#include <set>

#include <gtest/gtest.h>

namespace headroom {
namespace {

TEST(Random, DerivedSeedsDiffer) {
    std::set<std::uint64_t> seeds;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (std::uint64_t stream = 0; stream < 20; ++stream)
            seeds.insert(deriveSeed(seed, stream));
    }
    EXPECT_EQ(seeds.size(), 400U);
}

TEST(Random, NormalHasZeroMeanAndUnitVariance) {
    RandomEngine engine(3);
    double sum = 0;
    double squares = 0;
    constexpr int kCount = 100000;
    for (int i = 0; i < kCount; ++i) {
        const double x = normal(engine);
        sum += x;
        squares += x * x;
    }
    EXPECT_NEAR(sum / kCount, 0.0, 0.015);
    EXPECT_NEAR(squares / kCount, 1.0, 0.02);
}

TEST(Random, LogUniformStaysInBounds) {
    RandomEngine engine(4);
    for (int i = 0; i < 1000; ++i) {
        const double x = logUniform(engine, 1e-9, 1e-3);
        EXPECT_GE(x, 1e-9);
        EXPECT_LE(x, 1e-3);
    }
}

} // namespace
} // namespace headroom
