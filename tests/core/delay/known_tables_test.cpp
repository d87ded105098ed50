#include "core/delay/known_tables.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "core/base/statistics.h"

namespace headroom::delay {
namespace {

using std::numbers::pi;

/// The published formulas, written out once more.
double friedman(const std::string& name, const Table& table, std::size_t row) {
    const auto x = [&](std::size_t input) { return table.columns[input - 1].values[row]; };
    if (name == "friedman1")
        return 10 * std::sin(pi * x(1) * x(2)) + 20 * (x(3) - 0.5) * (x(3) - 0.5) + 10 * x(4) + 5 * x(5);
    const double z = x(2) * x(3) - 1 / (x(2) * x(4));
    return name == "friedman2" ? std::sqrt(x(1) * x(1) + z * z) : std::atan(z / x(1));
}

TEST(KnownTables, FollowTheirFormulasWithTheirNoise) {
    const struct {
        const char* name;
        std::size_t columns;
        double noise;
    } cases[] = {{"friedman1", 11, 1}, {"friedman2", 5, 125}, {"friedman3", 5, 0.1}};
    ASSERT_EQ(knownTables().size(), 3U);
    for (const auto& each : cases) {
        const auto table = drawKnownTable(each.name, 4000, 3);
        ASSERT_TRUE(table);
        ASSERT_EQ(table->columns.size(), each.columns);
        std::vector<double> noise;
        for (std::size_t row = 0; row < table->rows(); ++row)
            noise.push_back(table->columns.back().values[row] - friedman(each.name, *table, row));
        const Summary summary = summarise(noise);
        EXPECT_NEAR(summary.mean, 0, 0.06 * each.noise) << each.name;
        EXPECT_NEAR(summary.deviation, each.noise, 0.05 * each.noise) << each.name;
        const Table fewer = *drawKnownTable(each.name, 5, 3), others = *drawKnownTable(each.name, 5, 4);
        for (std::size_t row = 0; row < 5; ++row)
            EXPECT_EQ(fewer.columns.back().values[row], table->columns.back().values[row]);
        EXPECT_NE(fewer.columns[0].values, others.columns[0].values);
    }
    const auto unknown = drawKnownTable("boston", 10, 1);
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("friedman2"), std::string::npos);
}

} // namespace
} // namespace headroom::delay
