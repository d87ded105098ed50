#include "core/sizing/dataset_summary.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

/// Every variable goes from the geometric middle of its range to its upper end; gain follows the first one's
/// logarithm and power runs against it.
Dataset upperHalves(const DesignSpace& space, std::size_t rows) {
    Dataset dataset;
    dataset.performances = {Performance::GainDb, Performance::Power, Performance::Offset};
    for (const Variable& variable : space.variables())
        dataset.variableNames.push_back(variable.name);
    for (std::size_t i = 0; i < rows; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(rows - 1);
        DataRow row;
        for (const Variable& variable : space.variables())
            row.values.push_back(variable.high * std::pow(variable.low / variable.high, 0.5 * (1 - share)));
        row.performances = {40 + 20 * share, 1e-4 * std::exp(share), 0.001};
        dataset.rows.push_back(std::move(row));
    }
    return dataset;
}

TEST(DatasetSummary, SaysRangesCoverageAndCorrelations) {
    const auto amplifier = exampleAmplifier("miller");
    const DesignSpace space = spaceOf(*amplifier);
    const Dataset dataset = upperHalves(space, 101);
    const DatasetSummary summary = summariseDataset(dataset, space);
    EXPECT_EQ(summary.rows, 101U);
    EXPECT_EQ(summary.heldOutRows, 11U);
    EXPECT_EQ(summary.performances[0].minimum, 40);
    EXPECT_NEAR(summary.performances[0].quantile5, 41, 1e-9);
    EXPECT_NEAR(summary.performances[0].median, 50, 1e-9);
    EXPECT_EQ(summary.performances[0].unit, std::string("dB"));
    for (const RangeCoverage& coverage : summary.coverage) {
        EXPECT_NEAR(coverage.span, 0.5, 1e-9);
        EXPECT_NEAR(coverage.occupied, 0.5, 0.051);
    }
    const auto gain = static_cast<Eigen::Index>(space.size());
    ASSERT_EQ(summary.correlation.rows(), gain + 3);
    EXPECT_NEAR(summary.correlation(0, gain), 1, 1e-6);
    EXPECT_NEAR(summary.correlation(gain, gain + 1), 1, 1e-6);
    EXPECT_NEAR(summary.correlation(gain + 2, gain), 0, 1e-9); // does not vary
    EXPECT_EQ(summary.constant, std::vector<Performance>{Performance::Offset});
    EXPECT_EQ(summary.repeated, 0U);
}

TEST(DatasetSummary, CountsBeatenAndRepeatedRows) {
    const auto amplifier = exampleAmplifier("miller");
    const DesignSpace space = spaceOf(*amplifier);
    Dataset dataset = upperHalves(space, 20);
    dataset.rows.push_back(dataset.rows[3]);
    dataset.rows.back().performances = {10, 1, 0.5}; // worse than all others in everything
    const DatasetSummary summary = summariseDataset(dataset, space);
    EXPECT_EQ(summary.beaten, 1U);
    EXPECT_EQ(summary.repeated, 1U);
}

} // namespace
} // namespace headroom::sizing
