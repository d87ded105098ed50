#include "core/sizing/unit_transistors.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headroom::sizing {
namespace {

constexpr UnitRules kRules{.grid = 5e-9, .leastWidth = 100e-9, .mostUnits = 20, .tolerance = 0.025};

std::vector<MirrorWidth> mirror(const std::vector<double>& widths) {
    std::vector<MirrorWidth> result;
    for (const double width : widths)
        result.push_back({width, 100e-9, 100e-6, false});
    return result;
}

TEST(UnitTransistors, WholeRatiosNeedTheFewestUnits) {
    const auto units = unitTransistors(mirror({3e-6, 1e-6, 12e-6}), kRules);
    ASSERT_TRUE(units);
    EXPECT_EQ(units->counts, (std::vector<std::size_t>{3, 1, 12}));
    EXPECT_NEAR(units->width, 1e-6, 1e-15);
    EXPECT_EQ(unitTransistors(mirror({4e-6, 10e-6}), kRules)->counts, (std::vector<std::size_t>{2, 5}));
    EXPECT_EQ(unitTransistors(mirror({4e-6, 4e-6}), kRules)->counts, (std::vector<std::size_t>{1, 1}));
}

TEST(UnitTransistors, SmallDeviationsAreNotWorthMoreUnits) {
    const auto units = unitTransistors(mirror({1e-6, 3.06e-6}), kRules);
    ASSERT_TRUE(units);
    EXPECT_EQ(units->counts, (std::vector<std::size_t>{1, 3}));
    // Between both widths: each gives way by half of the 2 %.
    EXPECT_NEAR(units->width, 1.01e-6, 5e-9);
    EXPECT_EQ(unitTransistors(mirror({1e-6, 3.5e-6}), kRules)->counts, (std::vector<std::size_t>{2, 7}));
}

TEST(UnitTransistors, AreOnTheGridAndLegalAndKeepWhatIsMadeOfUnitsAlready) {
    RandomEngine engine(11);
    for (int trial = 0; trial < 500; ++trial) {
        std::vector<double> widths;
        for (int i = 0; i < 4; ++i)
            widths.push_back(0.3e-6 * std::exp(4.6 * uniform(engine)));
        const auto units = unitTransistors(mirror(widths), kRules);
        ASSERT_TRUE(units);
        EXPECT_NEAR(units->width / 5e-9, std::round(units->width / 5e-9), 1e-6);
        EXPECT_GE(units->width, 100e-9 * (1 - 1e-9));
        std::vector<double> made;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            made.push_back(static_cast<double>(units->counts[i]) * units->width);
            EXPECT_LE(made.back(), 100e-6 * (1 + 1e-9));
        }
        const auto again = unitTransistors(mirror(made), kRules);
        ASSERT_TRUE(again);
        for (std::size_t i = 0; i < widths.size(); ++i)
            EXPECT_NEAR(static_cast<double>(again->counts[i]) * again->width / made[i], 1, 1e-9);
    }
}

TEST(UnitTransistors, MoreUnitsComeNearer) {
    const std::vector<double> widths{8e-6, 10.96e-6, 45.68e-6};
    const auto error = [&](std::size_t mostUnits) {
        UnitRules rules = kRules;
        rules.mostUnits = mostUnits;
        rules.tolerance = 0;
        const auto units = unitTransistors(mirror(widths), rules);
        double worst = 0;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            EXPECT_LE(units->counts[i], mostUnits);
            const double made = static_cast<double>(units->counts[i]) * units->width;
            worst = std::max(worst, std::abs(made / widths[i] - 1));
        }
        return worst;
    };
    EXPECT_GT(error(6), error(20));
    EXPECT_GT(error(20), error(60));
    EXPECT_LT(error(60), 0.015);
}

TEST(UnitTransistors, AWiderRatioThanAllowedTakesTheNarrowestAsTheUnit) {
    const auto units = unitTransistors(mirror({1e-6, 50e-6}), kRules);
    ASSERT_TRUE(units);
    EXPECT_EQ(units->counts, (std::vector<std::size_t>{1, 50}));
}

TEST(UnitTransistors, AUnitIsNotNarrowerThanATransistorMayBe) {
    const auto units = unitTransistors(mirror({100e-9, 150e-9}), kRules);
    ASSERT_TRUE(units);
    EXPECT_EQ(units->counts.front(), 1U);
    EXPECT_GE(units->width, 100e-9);
}

TEST(UnitTransistors, TransistorsAreNotDividedIntoNarrowOnes) {
    for (const double width : {0.15e-6, 0.5e-6, 1e-6, 3e-6}) {
        const auto units = unitTransistors(mirror({width, 1.41 * width}), kRules);
        ASSERT_TRUE(units);
        EXPECT_TRUE(units->counts.front() == 1 || units->width >= 400e-9 * (1 - 1e-9)) << width;
    }
    EXPECT_GT(unitTransistors(mirror({3e-6, 4.23e-6}), kRules)->counts.front(), 1U);
}

TEST(UnitTransistors, AnyNumberOfUnitsMayBeAllowed) {
    UnitRules rules = kRules;
    rules.mostUnits = std::numeric_limits<std::size_t>::max();
    const auto units = unitTransistors(mirror({1.37e-6, 2.9e-6, 7.77e-6}), rules);
    ASSERT_TRUE(units);
    EXPECT_LE(*std::max_element(units->counts.begin(), units->counts.end()), 78U); // no narrower than allowed
}

TEST(UnitTransistors, CopiesCountAmongTheUnits) {
    auto widths = mirror({1e-6, 3.5e-6});
    EXPECT_EQ(unitTransistors(widths, kRules)->counts, (std::vector<std::size_t>{2, 7}));
    widths[1].copies = 4; // 28 units are more than 20
    EXPECT_EQ(unitTransistors(widths, kRules)->counts.front(), 1U);
}

TEST(UnitTransistors, TheOthersFollowAHeldWidth) {
    auto widths = mirror({30e-6, 11e-6, 52e-6});
    widths[0].isHeld = true;
    UnitRules rules = kRules;
    rules.mostUnits = 60;
    const auto units = unitTransistors(widths, rules);
    ASSERT_TRUE(units);
    EXPECT_NEAR(static_cast<double>(units->counts[0]) * units->width, 30e-6, 1e-14);
    EXPECT_NEAR(static_cast<double>(units->counts[1]) * units->width, 11e-6, 0.3e-6);
    EXPECT_NEAR(static_cast<double>(units->counts[2]) * units->width, 52e-6, 1.3e-6);
}

TEST(UnitTransistors, HeldWidthsWithoutACommonMeasureHaveNone) {
    auto widths = mirror({3e-6, 1.115e-6, 7.7e-6});
    widths[0].isHeld = widths[1].isHeld = true;
    EXPECT_FALSE(unitTransistors(widths, kRules));
    EXPECT_FALSE(unitTransistors({}, kRules));
}

} // namespace
} // namespace headroom::sizing
