#include "core/sizing/training_data.h"

#include <gtest/gtest.h>

namespace headroom::sizing {
namespace {

Dataset rowsOf(std::size_t count) {
    Dataset dataset;
    dataset.variableNames = {"M1 w", "M2 w"};
    dataset.performances = {Performance::GainDb, Performance::Offset, Performance::Power};
    for (std::size_t i = 0; i < count; ++i) {
        const double x = static_cast<double>(i);
        dataset.rows.push_back({{1e-6 + x * 1e-8, 2e-6}, {50 + x, 1e-3, 1e-4 * (1 + x)}});
    }
    return dataset;
}

TEST(TrainingData, TooFewRowsAreRefusedWithHowManyMoreAndWhy) {
    const auto refused = prepareTraining(rowsOf(5), 0.1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::BadInput);
    EXPECT_NE(refused.error().message.find("has 5 rows to train on and needs 8"), std::string::npos);
    EXPECT_NE(refused.error().message.find("3 more rows"), std::string::npos);
    // One of nine rows is held out: eight rows are eight to train on, nine are no more.
    EXPECT_TRUE(prepareTraining(rowsOf(8), 0.1));
    EXPECT_NE(prepareTraining(rowsOf(7), 0.1).error().message.find("1 more row;"), std::string::npos);
}

TEST(TrainingData, RemarksSayWhatFewRowsGoWithout) {
    const auto few = prepareTraining(rowsOf(20), 0.1);
    ASSERT_TRUE(few);
    // 80 rows to train on, of which a tenth is eight, are 89 with those held out.
    const auto mentions = [&](const std::string& text) {
        return std::any_of(few->remarks.begin(), few->remarks.end(),
                           [&](const std::string& remark) { return remark.find(text) != std::string::npos; });
    };
    EXPECT_TRUE(mentions("69 more rows"));
    EXPECT_EQ(prepareTraining(rowsOf(89), 0.1)->remarks.size(), 1U); // of the constant performance alone
    EXPECT_EQ(prepareTraining(rowsOf(88), 0.1)->remarks.size(), 2U);
}

TEST(TrainingData, PerformancesThatDoNotVaryAreNamedAndLeftOut) {
    const auto data = prepareTraining(rowsOf(100), 0.1);
    ASSERT_TRUE(data) << data.error().describe();
    EXPECT_EQ(data->leftOut, std::vector<Performance>{Performance::Offset});
    EXPECT_EQ(data->dataset.performances,
              (std::vector<Performance>{Performance::GainDb, Performance::Power}));
    EXPECT_EQ(data->dataset.rows[3].performances, (std::vector<double>{53, 4e-4}));
    ASSERT_EQ(data->remarks.size(), 1U);
    EXPECT_NE(data->remarks.front().find("offset"), std::string::npos);
}

TEST(TrainingData, OnlyTrainingRowsSayWhetherAPerformanceVaries) {
    Dataset dataset = rowsOf(100);
    dataset.rows[8].performances[1] = 5; // held out
    EXPECT_EQ(constantPerformances(dataset), std::vector<Performance>{Performance::Offset});
    dataset.rows[7].performances[1] = 5;
    EXPECT_TRUE(constantPerformances(dataset).empty());
}

TEST(TrainingData, NothingToLearnIsRefusedByName) {
    const auto constant = *withPerformances(rowsOf(100), {Performance::Offset});
    const auto refused = prepareTraining(constant, 0.1);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("(offset)"), std::string::npos);
    EXPECT_EQ(withPerformances(constant, {Performance::Power}).error().code, ErrorCode::BadInput);
}

} // namespace
} // namespace headroom::sizing
