#include "core/delay/cell_labels.h"

#include <atomic>
#include <cmath>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/delay/table_import.h"

namespace headroom::delay {
namespace {

namespace fs = std::filesystem;

/// Stops a job after some simulations.
class StopsAfter final : public JobContext {
public:
    explicit StopsAfter(int reports)
        : m_left(reports) {}
    bool cancelled() const override { return m_left <= 0; }
    void progress(double, std::string_view) override { --m_left; }

private:
    std::atomic<int> m_left;
};

class CellLabelsTest : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::temp_directory_path() / fmt::format("headroom_labels_{}", ::getpid());
        fs::create_directories(m_folder);
        m_settings.samples = 6;
        m_settings.ranges.loadFarads = {1e-15, 8e-15};
        m_settings.threads = 2;
    }
    void TearDown() override { fs::remove_all(m_folder); }

    std::string cache() const { return (m_folder / "cache.sqlite").string(); }

    CellSamples characterised(const CharacterisationSettings& settings) {
        SilentContext context;
        const auto samples =
            characterise(*loadCell("nand2"), *technology::loadTechnology("freepdk45"), settings, context);
        EXPECT_TRUE(samples) << (samples ? "" : samples.error().describe());
        return samples ? *samples : CellSamples();
    }

    CellRecord record() const {
        const auto made = makeCellRecord("nand2", "freepdk45", "", m_settings.ranges);
        EXPECT_TRUE(made);
        return made ? *made : CellRecord();
    }

    CellLabels labels(const std::string& cacheFile = {}) const {
        auto made = CellLabels::create(record(), {2, 20, cacheFile});
        EXPECT_TRUE(made);
        return std::move(*made);
    }

    static Table tableOf(const std::string& csv) { return parseTable(csv, "nand2.csv", {})->table; }

    fs::path m_folder;
    CharacterisationSettings m_settings;
    SilentContext m_context;
};

TEST_F(CellLabelsTest, RealRowsGetTheTargetsThatTheyHave) {
    m_settings.cacheFile = cache();
    const CellSamples samples = characterised(m_settings);
    const Table table = tableOf(delayCsv(samples));
    CellLabels known = labels(cache()), fresh = labels();
    const auto recalled = known.label(table, "delay", m_context),
               simulated = fresh.label(table, "delay", m_context);
    ASSERT_TRUE(recalled) << recalled.error().describe();
    ASSERT_TRUE(simulated) << simulated.error().describe();
    EXPECT_EQ(recalled->cached, 6U);
    EXPECT_EQ(recalled->simulated, 0U);
    EXPECT_EQ(simulated->simulated, 6U);
    EXPECT_EQ(recalled->values, table.columns.back().values);
    for (std::size_t row = 0; row < 6; ++row)
        EXPECT_NEAR(simulated->values[row], recalled->values[row], 1e-6 * recalled->values[row]);
    // Any arc's figure, and conditions in other units.
    Table arcs = tableOf(arcCsv(samples));
    Column& load = arcs.columns[*arcs.column("load")];
    load.unit = "fF";
    for (double& value : load.values)
        value *= 1e15;
    const auto slew = known.label(arcs, "slew_b_y_fall", m_context);
    ASSERT_TRUE(slew) << slew.error().describe();
    const auto& truth = arcs.columns[*arcs.column("slew_b_y_fall")].values;
    for (std::size_t row = 0; row < 6; ++row)
        EXPECT_NEAR(slew->values[row], truth[row], 1e-4 * truth[row]);
}

TEST_F(CellLabelsTest, RowsThatCannotBeSimulatedSayWhy) {
    Table table = tableOf(delayCsv(characterised(m_settings)));
    table.columns[*table.column("vdd")].values[1] = -0.3;
    table.columns[*table.column("n_toxe")].values[2] *= -1;
    CellLabels simulator = labels();
    const auto answer = simulator.label(table, "delay", m_context);
    ASSERT_TRUE(answer) << answer.error().describe();
    EXPECT_EQ(answer->failed(), 2U);
    EXPECT_TRUE(std::isnan(answer->values[1]) && std::isnan(answer->values[2]));
    EXPECT_GT(answer->values[3], 1e-12);
    EXPECT_EQ(answer->errors[1]->message, "A row with a supply of -0.3 cannot be simulated.");
    EXPECT_NE(answer->errors[2]->message.find("n_toxe"), std::string::npos);
    EXPECT_EQ(simulator.label(table, "energy", m_context).error().code, ErrorCode::NotFound);
    Table lacking = table;
    lacking.columns.erase(lacking.columns.begin() + static_cast<std::ptrdiff_t>(*table.column("load")));
    const auto refused = simulator.label(lacking, "delay", m_context);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("no column \"load\""), std::string::npos);
    table.columns[*table.column("load")].unit = "Ohm";
    EXPECT_EQ(simulator.label(table, "delay", m_context).error().code, ErrorCode::BadInput);
    StopsAfter stopped(0);
    table.columns[*table.column("load")].unit = "F";
    EXPECT_EQ(simulator.label(table, "delay", stopped).error().code, ErrorCode::Cancelled);
}

TEST_F(CellLabelsTest, NothingIsSimulatedTwice) {
    const std::string whole = arcCsv(characterised(m_settings));
    m_settings.cacheFile = cache();
    m_settings.samples = 4;
    m_settings.threads = 1;
    // Killed on the way: what was done by then is kept.
    StopsAfter stopped(3);
    const auto cut =
        characterise(*loadCell("nand2"), *technology::loadTechnology("freepdk45"), m_settings, stopped);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, ErrorCode::Cancelled);
    const CellSamples four = characterised(m_settings);
    EXPECT_GE(four.cached, 1U);
    EXPECT_LT(four.cached, 4U);
    m_settings.samples = 6;
    const CellSamples more = characterised(m_settings);
    EXPECT_EQ(more.cached, 4U);
    EXPECT_EQ(more.transients, 2U * 4U); // two rows of two inputs' two edges
    EXPECT_EQ(arcCsv(more), whole);
    EXPECT_EQ(characterised(m_settings).transients, 0U);
    // Other windows of time, other figures: a wider range of loads shares nothing.
    m_settings.ranges.loadFarads = {1e-15, 16e-15};
    EXPECT_EQ(characterised(m_settings).cached, 0U);
}

TEST_F(CellLabelsTest, RecordsAreReadAsTheyWereWritten) {
    const fs::path table = m_folder / "nand2.csv";
    EXPECT_FALSE(*readCellRecord(table));
    CellRecord written = record();
    ASSERT_TRUE(writeCellRecord(table, written));
    const auto read = readCellRecord(table);
    ASSERT_TRUE(read && *read) << read.error().describe();
    EXPECT_EQ((*read)->cell, "nand2");
    EXPECT_EQ((*read)->technology, "freepdk45");
    EXPECT_EQ((*read)->ranges.loadFarads.high, 8e-15);
    EXPECT_EQ((*read)->ranges.supplyVolts.low, written.ranges.supplyVolts.low);
    EXPECT_EQ((*read)->deck, written.deck);
    written.cell = "nor2"; // and the deck of the other
    const auto other = CellLabels::create(written, {});
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("has changed since the table was simulated"), std::string::npos);
    ASSERT_TRUE(writeFileAtomically(cellRecordFile(table), "format_version: 1\nkind: cell_table\n"));
    const auto damaged = readCellRecord(table);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, ErrorCode::Corrupt);
    EXPECT_EQ(damaged.error().file, cellRecordFile(table).string());
    EXPECT_EQ(makeCellRecord("nand9", "freepdk45", "", {}).error().code, ErrorCode::NotFound);
}

} // namespace
} // namespace headroom::delay
