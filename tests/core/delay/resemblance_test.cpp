#include "core/delay/resemblance.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

const std::size_t kTarget = KnownDelays::target();

Resemblance compared(const Table& real, const Table& synthetic, const Labeller& labeller = nullptr) {
    SilentContext context;
    const auto result = compareRows(real, synthetic, {nullptr, kTarget, labeller}, {}, context);
    EXPECT_TRUE(result) << result.error().describe();
    return result ? *result : Resemblance{};
}

double area(const std::vector<double>& at, const std::vector<double>& density) {
    double sum = 0;
    for (std::size_t i = 1; i < at.size(); ++i)
        sum += 0.5 * (density[i] + density[i - 1]) * (at[i] - at[i - 1]);
    return sum;
}

TEST(Resemblance, OfFreshRowsOfTheSameKindIsAllButPerfect) {
    const Resemblance fresh = compared(KnownDelays::draw(600, 1), KnownDelays::draw(600, 2));
    ASSERT_EQ(fresh.columns.size(), kTarget + 1);
    for (const ColumnResemblance& column : fresh.columns) {
        EXPECT_LT(column.kolmogorovSmirnov, 0.12) << column.name; // 1.95 sqrt(2 / 600) at 0.1 %
        EXPECT_LT(column.wasserstein, 0.2) << column.name;
        EXPECT_NEAR(area(column.density.at, column.density.real), 1, 0.02) << column.name;
        EXPECT_NEAR(area(column.density.at, column.density.synthetic), 1, 0.02) << column.name;
    }
    EXPECT_LT(fresh.largestCorrelationDifference, 0.25);
    EXPECT_LT(fresh.meanCorrelationDifference, 0.06);
    EXPECT_NEAR(fresh.classifierAccuracy, 0.5, 0.06);
    EXPECT_LT(fresh.classifierLow, 0.5);
    EXPECT_NEAR(fresh.nearest.syntheticToReal / fresh.nearest.realToReal, 1, 0.05);
    EXPECT_NEAR(fresh.nearest.memorised, 0.05, 0.04);
    EXPECT_FALSE(fresh.labelPercentage);
}

TEST(Resemblance, SeesAShiftedColumnByItsSize) {
    const Table real = KnownDelays::draw(600, 1);
    Table shifted = KnownDelays::draw(600, 2);
    for (double& value : shifted.columns[0].values)
        value += 0.46 * 0.05; // one deviation
    const Resemblance seen = compared(real, shifted);
    EXPECT_NEAR(seen.columns[0].wasserstein, 1, 0.15);
    EXPECT_NEAR(seen.columns[0].kolmogorovSmirnov, 0.383, 0.06); // 2 Phi(1/2) - 1
    EXPECT_GT(seen.classifierLow, 0.55);
}

TEST(Resemblance, SeesTornCorrelationsThatNoColumnShows) {
    const Table real = KnownDelays::draw(800, 1);
    Table torn = KnownDelays::draw(800, 2);
    const std::vector<double> delays = torn.columns[kTarget].values;
    for (std::size_t row = 0; row < 800; ++row)
        torn.columns[kTarget].values[row] = delays[(row + 1) % 800];
    const Resemblance seen = compared(real, torn);
    EXPECT_LT(seen.columns[kTarget].kolmogorovSmirnov, 0.1);
    EXPECT_GT(seen.largestCorrelationDifference, 0.3);
    EXPECT_GT(seen.classifierLow, 0.5);
}

TEST(Resemblance, SeesMemorisation) {
    const Table real = KnownDelays::draw(400, 1);
    Table copies = real;
    for (double& value : copies.columns[0].values)
        value *= 1.0001;
    const Resemblance seen = compared(real, copies);
    EXPECT_EQ(seen.nearest.memorised, 1);
    EXPECT_LT(seen.nearest.syntheticToReal, 0.01 * seen.nearest.realToReal);
}

TEST(Resemblance, OfACopulaIsJudgedFairlyBesideFreshRowsOnly) {
    SilentContext context;
    Table real = KnownDelays::draw(400, 1), fresh = KnownDelays::draw(400, 2);
    for (Table* table : {&real, &fresh})
        table->columns.pop_back(); // whose curves a copula does not know
    const auto generator = makeCopulaGenerator();
    ASSERT_TRUE(generator->fit(real, 1, context));
    const Table made = *generator->sample(400, 1, context);
    const auto beside = compareRows(real, made, {&fresh, {}, nullptr}, {}, context);
    ASSERT_TRUE(beside) << beside.error().describe();
    EXPECT_GT(beside->classifierHigh, 0.5);
    EXPECT_LT(beside->classifierAccuracy,
              0.65); // what is left is the chance in 400 rows, which a copula repeats
    EXPECT_LT(beside->nearest.memorised, 0.12);
    // Beside that sample itself it misleads the classifier.
    EXPECT_LT(compareRows(real, made, {}, {}, context)->classifierHigh, 0.5);
    // Copies are found out beside fresh rows as well.
    EXPECT_EQ(compareRows(real, real, {&fresh, {}, nullptr}, {}, context)->nearest.memorised, 1);
}

TEST(Resemblance, ComparesCategoriesByTheirShares) {
    Table real = KnownDelays::draw(400, 1), made = KnownDelays::draw(400, 2);
    Column kind{"corner", "", ColumnKind::Category, {}, {"tt", "ff"}};
    for (std::size_t row = 0; row < 400; ++row)
        kind.values.push_back(row % 4 == 0 ? 1 : 0);
    real.columns.push_back(kind);
    for (std::size_t row = 0; row < 400; ++row)
        kind.values[row] = row % 2 == 0 ? 1 : 0;
    made.columns.push_back(kind);
    const Resemblance seen = compared(real, made);
    EXPECT_NEAR(seen.columns.back().kolmogorovSmirnov, 0.25, 1e-12);
    EXPECT_EQ(seen.columns.back().density.synthetic, (std::vector<double>{0.5, 0.5}));
}

TEST(Resemblance, MeasuresSyntheticTargetsAgainstTheRightOnes) {
    const Table real = KnownDelays::draw(100, 1);
    Table made = KnownDelays::draw(100, 2);
    for (std::size_t row = 0; row < 100; ++row)
        made.columns[kTarget].values[row] *= row % 2 == 0 ? 1.03 : 0.99;
    const Resemblance seen = compared(real, made, [](const Table& rows, JobContext&) {
        std::vector<double> delays;
        for (std::size_t row = 0; row < rows.rows(); ++row)
            delays.push_back(KnownDelays::delayOf(rows, row));
        // Two rows have no right target.
        delays[0] = delays[1] = std::nan("");
        return Result<std::vector<double>>(delays);
    });
    ASSERT_TRUE(seen.labelPercentage);
    EXPECT_NEAR(*seen.labelPercentage, 2, 1e-9);
    EXPECT_EQ(seen.labelled, 98U);
    EXPECT_EQ(seen.unlabelled, 2U);
}

TEST(Resemblance, RefusesWhatDoesNotFitAndStops) {
    SilentContext context;
    const Table real = KnownDelays::draw(100, 1);
    EXPECT_EQ(compareRows(real, KnownDelays::draw(20, 2), {}, {}, context).error().code, ErrorCode::BadInput);
    Table fewer = real;
    fewer.columns.pop_back();
    EXPECT_EQ(compareRows(real, fewer, {}, {}, context).error().code, ErrorCode::BadInput);
    context.cancel();
    EXPECT_EQ(compareRows(real, real, {}, {}, context).error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::delay
