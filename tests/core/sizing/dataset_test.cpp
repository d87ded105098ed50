#include "core/sizing/dataset.h"

#include <gtest/gtest.h>

#include "core/sizing/normalisation.h"

namespace headroom::sizing {
namespace {

const std::vector<Performance> kGainAndPower{Performance::GainDb, Performance::Power};

Dataset smallDataset(std::size_t rows) {
    Dataset dataset;
    dataset.variableNames = {"M1,M2 w", "CC value"};
    dataset.performances = kGainAndPower;
    for (std::size_t i = 0; i < rows; ++i) {
        const double x = static_cast<double>(i);
        dataset.rows.push_back({{1e-6 * (1 + x / 3), 1e-12 / (1 + x)}, {40 + x / 7, 1e-4 * (1 + x)}});
    }
    return dataset;
}

TEST(Dataset, CsvKeepsEveryDigit) {
    const Dataset dataset = smallDataset(20);
    const auto read = readDatasetCsv(writeDatasetCsv(dataset), "d.csv");
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->variableNames, dataset.variableNames);
    EXPECT_EQ(read->performances, dataset.performances);
    ASSERT_EQ(read->rows.size(), dataset.rows.size());
    for (std::size_t i = 0; i < dataset.rows.size(); ++i) {
        EXPECT_EQ(read->rows[i].values, dataset.rows[i].values);
        EXPECT_EQ(read->rows[i].performances, dataset.rows[i].performances);
    }
}

TEST(Dataset, CsvErrorsNameTheLine) {
    const auto bad = readDatasetCsv("a w,gain_db\n1e-6,40\n1e-6,high\n", "d.csv");
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().line, 3);
    EXPECT_FALSE(readDatasetCsv("a w,b w\n1,2\n", "d.csv"));
    EXPECT_FALSE(readDatasetCsv("a w,gain_db,b w\n1,2,3\n", "d.csv"));
}

TEST(Dataset, SaturationRowsKeepEveryDigitAndErrorsNameTheLine) {
    Dataset dataset = smallDataset(3);
    dataset.saturation = {{{1.0 / 3e6, 2e-12}, 0.1 / 3}, {{2e-6, 3e-12}, -0.05}};
    const auto read = readSaturationCsv(writeSaturationCsv(dataset), "s.csv");
    ASSERT_TRUE(read) << read.error().describe();
    ASSERT_EQ(read->size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ((*read)[i].values, dataset.saturation[i].values);
        EXPECT_EQ((*read)[i].margin, dataset.saturation[i].margin);
    }
    EXPECT_FALSE(readSaturationCsv("a w,gain_db\n1e-6,40\n", "s.csv"));
    EXPECT_EQ(readSaturationCsv("a w,saturation_margin\n1e-6,low\n", "s.csv").error().line, 2);
}

TEST(Dataset, HeldOutRowsAreNeverTrainedOn) {
    const Dataset dataset = smallDataset(1000);
    std::vector<std::size_t> all = dataset.trainingRows();
    const auto heldOut = dataset.heldOutRows();
    EXPECT_EQ(heldOut.size(), 111U);
    EXPECT_EQ(all.size() + heldOut.size(), 1000U);
    for (const std::size_t row : heldOut)
        EXPECT_EQ(std::count(all.begin(), all.end(), row), 0);
}

TEST(Dataset, TheCentralHeldOutRowIsHeldOutAndOrdinary) {
    const Dataset dataset = smallDataset(90);
    const std::size_t row = dataset.centralHeldOutRow();
    EXPECT_EQ(row % Dataset::heldOutEvery, Dataset::heldOutEvery - 1);
    EXPECT_GT(row, 20U);
    EXPECT_LT(row, 70U);
}

TEST(NonDominated, KeepsWhatNothingBeatsInEveryPerformance) {
    // Gain: more is better; power: less is better.
    const std::vector<DataRow> rows{
        {{}, {60, 1e-3}},  // best gain
        {{}, {50, 2e-3}},  // beaten by the first in both
        {{}, {40, 1e-4}},  // least power
        {{}, {60, 2e-3}}}; // as good in gain as the first: not beaten in every one
    EXPECT_EQ(nonDominatedRows(rows, kGainAndPower), (std::vector<std::size_t>{0, 2, 3}));
}

TEST(NonDominated, PrefersRowsFarFromBeingBeaten) {
    const std::vector<DataRow> rows{
        {{}, {60, 1e-3}}, {{}, {59.9, 0.99e-3}}, {{}, {40, 1e-5}}, {{}, {30, 1e-2}}};
    EXPECT_EQ(leastBeatenRows(rows, {0, 1, 2}, kGainAndPower, 2), (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(leastBeatenRows(rows, {2}, kGainAndPower, 5), (std::vector<std::size_t>{2}));
}

TEST(Normalisation, IsFittedOnTheGivenRowsOnly) {
    Dataset dataset = smallDataset(18);
    const auto before = Normalisation::fit(dataset, dataset.trainingRows());
    for (const std::size_t row : dataset.heldOutRows())
        dataset.rows[row].performances = {1e3, 1e3};
    const auto after = Normalisation::fit(dataset, dataset.trainingRows());
    EXPECT_EQ(before.performances[0].mean, after.performances[0].mean);
    EXPECT_EQ(before.performances[1].deviation, after.performances[1].deviation);
}

} // namespace
} // namespace headroom::sizing
