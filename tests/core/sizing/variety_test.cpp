#include "core/sizing/variety.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/csv.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

TEST(Variety, IsTheSpreadOfEveryMosfetsWidth) {
    const auto amplifier = exampleAmplifier("miller");
    const DesignSpace space = spaceOf(*amplifier);
    Exploration exploration;
    for (const double factor : {1.0, 2.0, 3.0}) {
        Candidate candidate;
        for (std::size_t v = 0; v < space.size(); ++v)
            candidate.values.push_back(1e-6 * factor);
        candidate.shortfall = factor / 100;
        exploration.candidates.push_back(candidate);
    }
    exploration.candidates[1].shortfall = std::numeric_limits<double>::quiet_NaN();
    const VarietyScore score = scoreVariety("blocks", 1, exploration, space);
    ASSERT_EQ(score.widths.size(), 8U);
    EXPECT_EQ(score.widths[3].device, "M4");
    EXPECT_NEAR(score.widths[3].mean, 2e-6, 1e-15);
    EXPECT_NEAR(score.widths[3].deviation, 1e-6, 1e-15);
    EXPECT_NEAR(score.variety, 0.5, 1e-9);
    EXPECT_EQ(score.failed, 1U);
    EXPECT_EQ(score.accuracy, 0.03); // the one that failed is the worst
    const auto table = parseCsv(varietyCsv({score, score}));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->columns.size(), 5U);
    EXPECT_EQ(table->rows.size(), 8U);
}

TEST(Variety, IsComparedAtEqualAccuracy) {
    const std::vector<VarietyScore> scores{
        {"joint", 0.5, 0.01, 0, {}, 0.1}, {"joint", 0.8, 0.02, 0, {}, 0.2}, {"joint", 1.0, 0.05, 0, {}, 0.3}};
    EXPECT_EQ(mostVaried(scores, 0.03)->temperature, 0.8);
    EXPECT_EQ(mostVaried(scores, 0.05)->temperature, 1.0);
    EXPECT_EQ(mostVaried(scores, 0.001), nullptr);
}

} // namespace
} // namespace headroom::sizing
