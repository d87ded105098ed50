#include "core/delay/regressor.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

const std::size_t kTarget = KnownDelays::target();

double percentage(Regressor& regressor, const Table& rows, const Table& test) {
    SilentContext context;
    const auto score = fitAndScore(regressor, rows, test, kTarget, context);
    EXPECT_TRUE(score) << score.error().describe();
    return score ? score->meanAbsolutePercentage : std::nan("");
}

TEST(RegressionScore, IsThatOfTheTextbooks) {
    const RegressionScore score = scorePredictions({1, 2, 3, 5}, {1, 2, 4, 4});
    EXPECT_EQ(score.rows, 4U);
    EXPECT_DOUBLE_EQ(score.meanSquaredError, 0.5);
    EXPECT_DOUBLE_EQ(score.rootMeanSquaredError, std::sqrt(0.5));
    EXPECT_DOUBLE_EQ(score.meanAbsoluteError, 0.5);
    EXPECT_DOUBLE_EQ(score.meanAbsolutePercentage, 12.5);
    EXPECT_DOUBLE_EQ(score.r2, 1 - 0.5 / (0.25 * (1.75 * 1.75 + 0.75 * 0.75 + 2 * 1.25 * 1.25)));
    EXPECT_TRUE(std::isnan(scorePredictions({1, 2}, {0, 2}).meanAbsolutePercentage));
    EXPECT_TRUE(std::isnan(scorePredictions({1, 2}, {-0.01, 2}).meanAbsolutePercentage));
    EXPECT_DOUBLE_EQ(scorePredictions({-1, -3}, {-2, -4}).meanAbsolutePercentage, 37.5);
    EXPECT_TRUE(std::isnan(scorePredictions({1, 2}, {2, 2}).r2));
}

TEST(Regressors, RankOnASmoothDelayAsTheyAreKnownTo) {
    const Table rows = KnownDelays::draw(300, 1), test = KnownDelays::draw(500, 2);
    const double few = percentage(*makeBoosting({}), rows, test);
    const double many = percentage(*makeBoosting({500, 3, 0.1}), rows, test);
    const double linear = percentage(*makeLinearRegressor(), rows, test);
    const double process = percentage(*makeProcessRegressor(), rows, test);
    EXPECT_LT(many, few);
    EXPECT_LT(process, 0.2 * many);
    EXPECT_LT(process, 0.5 * linear);
    EXPECT_LT(few, 8);
    EXPECT_GT(process, 0); // nothing is known of rows held out
}

TEST(Regressors, SeeLengthsInMetres) {
    // Nothing but a length, whose range trees overlook unscaled, says anything of the target.
    Table rows = KnownDelays::draw(300, 1), test = KnownDelays::draw(300, 2);
    for (Table* table : {&rows, &test}) {
        for (std::size_t row = 0; row < 300; ++row)
            table->columns[kTarget].values[row] = std::exp(table->columns[3].values[row] / 1e-9);
    }
    EXPECT_LT(percentage(*makeBoosting({}), rows, test), 10);
}

TEST(Regressors, LearnFromCategoriesAndLookAtNoTargetOfTheRowsTheyPredict) {
    Table rows = KnownDelays::draw(300, 1), test = KnownDelays::draw(300, 2);
    for (Table* table : {&rows, &test}) {
        Column kind{"corner", "", ColumnKind::Category, {}, {"tt", "ff"}};
        for (std::size_t row = 0; row < 300; ++row) {
            kind.values.push_back(static_cast<double>(row % 2));
            if (row % 2 == 1) table->columns[kTarget].values[row] *= 3;
        }
        table->columns.push_back(kind);
    }
    SilentContext context;
    for (const auto& regressor : {makeBoosting({}), makeProcessRegressor(), makeLinearRegressor()}) {
        ASSERT_TRUE(regressor->fit(rows, kTarget, context));
        const auto predicted = regressor->predict(test);
        ASSERT_TRUE(predicted);
        EXPECT_LT(scorePredictions(*predicted, test.columns[kTarget].values).meanAbsolutePercentage, 25)
            << regressor->name();
        Table blind = test;
        for (double& value : blind.columns[kTarget].values)
            value = 1e3;
        EXPECT_EQ(*regressor->predict(blind), *predicted) << regressor->name();
        // One row at a time: what is predicted of a row does not depend on the others.
        EXPECT_NEAR(regressor->predict(test.pick({7}))->front() / (*predicted)[7], 1, 1e-9)
            << regressor->name();
    }
}

TEST(Regressors, RefuseAndStopByTheRules) {
    SilentContext context;
    EXPECT_EQ(makeLinearRegressor()->predict(KnownDelays::draw(40, 1)).error().code, ErrorCode::BadInput);
    EXPECT_EQ(makeBoosting({})->fit(KnownDelays::draw(20, 1), kTarget, context).error().code,
              ErrorCode::BadInput);
    EXPECT_EQ(makeBoosting({0, 3, 0.1})->fit(KnownDelays::draw(40, 1), kTarget, context).error().code,
              ErrorCode::BadInput);
    context.cancel();
    EXPECT_EQ(makeBoosting({})->fit(KnownDelays::draw(40, 1), kTarget, context).error().code,
              ErrorCode::Cancelled);
    EXPECT_EQ(makeProcessRegressor()->fit(KnownDelays::draw(40, 1), kTarget, context).error().code,
              ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::delay
