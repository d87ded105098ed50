#include "core/sizing/dataset_import.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

class ImportTest : public testing::Test {
protected:
    /// A table with a column per variable in micrometres and picofarads, and two performances.
    std::string table(std::size_t rows) const {
        std::string text;
        for (const Variable& variable : m_space.variables())
            text += '"' + variable.name + (variable.unit == "m" ? " [um]\"," : " [pF]\",");
        text += "gain_db,power [mW]\n";
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t v = 0; v < m_space.size(); ++v)
                text += std::to_string(1 + static_cast<double>(row + v) / 256) + ',';
            text += std::to_string(60 + row) + ",0.5\n";
        }
        return text;
    }
    /// Replaces the first @p from.
    static std::string with(std::string text, const std::string& from, const std::string& to) {
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return at == std::string::npos ? text : text.replace(at, from.size(), to);
    }
    void expectRefused(const std::string& text, int line, const std::string& what) const {
        const auto read = importDataset(text, "t.csv", m_space);
        ASSERT_FALSE(read) << what;
        EXPECT_EQ(read.error().code, ErrorCode::BadInput);
        EXPECT_EQ(read.error().file, "t.csv");
        EXPECT_EQ(read.error().line, line) << read.error().message;
        EXPECT_NE(read.error().message.find(what), std::string::npos) << read.error().message;
    }

    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier = exampleAmplifier("miller");
    DesignSpace m_space = spaceOf(*m_amplifier);
};

TEST_F(ImportTest, UnitsStandInTheHeadingOrInTheCells) {
    const auto read = importDataset(table(3), "t.csv", m_space);
    ASSERT_TRUE(read) << read.error().describe();
    ASSERT_EQ(read->rows.size(), 3U);
    EXPECT_EQ(read->performances, (std::vector<Performance>{Performance::GainDb, Performance::Power}));
    EXPECT_NEAR(read->rows[2].values[0], 1.0078125e-6, 1e-12);
    EXPECT_NEAR(read->rows[0].performances[1], 0.5e-3, 1e-12);
    std::string cells = with(table(1), "power [mW]", "power");
    cells = with(cells, ",0.5", ",0.5 mW");
    const auto inCells = importDataset(cells, "t.csv", m_space);
    ASSERT_TRUE(inCells) << inCells.error().describe();
    EXPECT_NEAR(inCells->rows[0].performances[1], 0.5e-3, 1e-12);
}

TEST_F(ImportTest, WhatWasExportedIsReadBackTheSame) {
    const auto dataset = importDataset(table(30), "t.csv", m_space);
    ASSERT_TRUE(dataset) << dataset.error().describe();
    const auto again = importDataset(writeDatasetCsv(*dataset), "t.csv", m_space);
    ASSERT_TRUE(again) << again.error().describe();
    for (std::size_t row = 0; row < dataset->rows.size(); ++row) {
        EXPECT_EQ(again->rows[row].values, dataset->rows[row].values);
        EXPECT_EQ(again->rows[row].performances, dataset->rows[row].performances);
    }
}

TEST_F(ImportTest, ColumnsMayBeCalledByDevices) {
    EXPECT_TRUE(importDataset(with(table(2), "\"M1,M2 w [um]\"", "m1.W [um]"), "t.csv", m_space));
    EXPECT_TRUE(importDataset(with(table(2), "\"CC value [pF]\"", "CC [pF]"), "t.csv", m_space));
    // Both of a matched pair, which must agree.
    const std::string both =
        "M2 w [um]," + with(with(table(2), "\n1.", "\n1.0,1."), "\n1.003906", "\n1.003906,1.003906");
    EXPECT_TRUE(importDataset(both, "t.csv", m_space));
    expectRefused(with(both, "\n1.003906,", "\n1.07,"), 3, "are matched, but have");
}

TEST_F(ImportTest, EveryMistakeIsOneSentenceWithItsLine) {
    const std::string good = table(3);
    expectRefused("", 1, "empty");
    expectRefused(table(0), 1, "no rows");
    expectRefused(with(good, "gain_db", "gain"), 1, "\"gain\" is neither");
    expectRefused(with(good, "power [mW]", "gain_db"), 1, "two columns \"gain_db\"");
    expectRefused(with(good, "power [mW]", "power [mV]"), 1, "unit of the column \"power [mV]\"");
    expectRefused("gain_db\n60\n", 1, "no column for \"M1,M2 w\"");
    expectRefused(with(with(good, "gain_db,power [mW]", "M1 l [um]"), "60,0.5", "1.003906"), 3, "cells");
    expectRefused(good + "1,2\n", 5, "2 cells");
    expectRefused(with(good, ",61,", ",high,"), 3, "\"high\" in the column \"gain_db\"");
    expectRefused(with(good, ",61,", ",nan,"), 3, "not finite");
    expectRefused(with(good, ",62,", ",-inf,"), 4, "not finite");
    expectRefused(with(good, ",62,", ",1e999,"), 4, "1e999");
    expectRefused(with(good, ",62,", ",,"), 4, "empty");
    expectRefused(with(good, "61,0.5", "61,-0.5"), 3, "must be positive");
    expectRefused(with(good, "\n1.003906", "\n1e9"), 3, "outside of");
    expectRefused(with(good, "\n1.003906", "\n3 um"), 3, "no plain number");
    expectRefused(good + good.substr(good.find('\n') + 1), 5, "that of line 2 again");
    expectRefused("\"M1,M2 w", 1, "quotation mark");
}

/// Whatever stands in the file: rows that are all sound, or one sentence with a line.
TEST_F(ImportTest, MutatedTablesAreReadOrRefused) {
    const std::string good = table(6);
    const std::string pieces = "\",\n\r[];e-+.0123456789 umMpFWinfa\0\xff";
    RandomEngine engine(7);
    std::size_t read = 0, refused = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string text = good;
        const auto changes = 1 + engine() % 4;
        for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
            const std::size_t at = engine() % text.size();
            const char piece = pieces[engine() % pieces.size()];
            switch (engine() % 5) {
            case 0:
                text[at] = piece;
                break;
            case 1:
                text.insert(at, 1, piece);
                break;
            case 2:
                text.erase(at, 1 + engine() % 12);
                break;
            case 3:
                text.insert(at, text.substr(engine() % text.size(), engine() % 60));
                break;
            default:
                text.resize(at);
            }
        }
        const auto dataset = importDataset(text, "t.csv", m_space);
        if (!dataset) {
            ++refused;
            EXPECT_GE(dataset.error().line, 1) << dataset.error().message;
            EXPECT_FALSE(dataset.error().message.empty());
            continue;
        }
        ++read;
        for (const DataRow& row : dataset->rows) {
            ASSERT_EQ(row.values.size(), m_space.size());
            ASSERT_EQ(row.performances.size(), dataset->performances.size());
            for (std::size_t v = 0; v < row.values.size(); ++v)
                ASSERT_TRUE(row.values[v] > 0.99 * m_space.variables()[v].low &&
                            row.values[v] < 1.01 * m_space.variables()[v].high);
            ASSERT_TRUE(std::all_of(row.performances.begin(), row.performances.end(),
                                    [](double value) { return std::isfinite(value); }));
        }
    }
    EXPECT_GT(read, 100U);
    EXPECT_GT(refused, 100U);
}

} // namespace
} // namespace headroom::sizing
