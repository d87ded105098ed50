#include "core/delay/kept_table.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/delay/cell_labels.h"
#include "core/delay/kept_study.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

namespace fs = std::filesystem;

class KeptTable : public testing::Test {
protected:
    KeptTable()
        : m_folder(fs::temp_directory_path() / ("headroom_table_" + std::to_string(::getpid()))) {}
    ~KeptTable() override { fs::remove_all(m_folder); }

    fs::path m_folder;
};

TableDocument someDocument() {
    TableDocument document;
    document.name = "inv";
    document.table = KnownDelays::draw(40, 3);
    document.table.columns.insert(document.table.columns.begin(),
                                  {"lot", "", ColumnKind::Category, std::vector<double>(40, 0), {"17", "4"}});
    document.table.columns[0].values[1] = 1;
    document.table.provenance.assign(40, realRows);
    document.table.provenance[39] = "smote, seed 3";
    document.target = "delay";
    document.heldOutShare = 0.25;
    document.splitSeed = 7;
    document.origin = CellRecord{"/cells.sp:nand4", "freepdk45", "ss", {}, "abc"};
    document.origin->ranges.supplyVolts = {0.9, 1.1};
    document.origin->ranges.loadFarads = {1e-15, 2.3e-14};
    return document;
}

TEST_F(KeptTable, ComesBackAsItWas) {
    const TableDocument document = someDocument();
    const auto number = keepTable(m_folder, document);
    ASSERT_TRUE(number) << number.error().describe();
    const auto read = readKeptTable(m_folder, *number);
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(writeCsv(toCsv(read->table)), writeCsv(toCsv(document.table)));
    EXPECT_EQ(read->table.columns[0].kind, ColumnKind::Category) << "numbers that are names of lots";
    EXPECT_EQ(read->name, document.name);
    EXPECT_EQ(read->target, document.target);
    EXPECT_EQ(read->heldOutShare, document.heldOutShare);
    EXPECT_EQ(read->splitSeed, document.splitSeed);
    ASSERT_TRUE(read->origin);
    EXPECT_EQ(writeCellRecordYaml(*read->origin), writeCellRecordYaml(*document.origin));
}

TEST_F(KeptTable, HeldOutRowsAreThoseOfTheSplit) {
    const TableDocument document = someDocument();
    const auto [known, heldOut] = document.split();
    EXPECT_EQ(known.rows(), 29U);
    EXPECT_EQ(heldOut.rows(), 10U);
    const std::vector<bool> mask = document.heldOut();
    ASSERT_EQ(mask.size(), 39U);
    double sum = 0, expected = 0;
    const std::size_t target = document.targetColumn();
    for (std::size_t row = 0; row < mask.size(); ++row)
        sum += mask[row] ? document.table.columns[target].values[row] : 0;
    for (const double value : heldOut.columns[target].values)
        expected += value;
    EXPECT_NEAR(sum, expected, 1e-9 * expected);
    EXPECT_EQ(document.syntheticRows().rows(), 1U);
}

TEST_F(KeptTable, EqualRowsAreWrittenOnceAndPruningKeepsWhatIsNeeded) {
    TableDocument document = someDocument();
    const auto first = keepTable(m_folder, document);
    document.target = "vdd";
    const auto second = keepTable(m_folder, document);
    document.table = KnownDelays::draw(40, 4);
    const auto third = keepTable(m_folder, document);
    ASSERT_TRUE(first && second && third);
    const auto files = [&] {
        const fs::directory_iterator entries(m_folder / "rows");
        return std::distance(begin(entries), end(entries));
    };
    EXPECT_EQ(files(), 2);
    pruneTables(m_folder, *third);
    EXPECT_EQ(files(), 1);
    EXPECT_FALSE(readKeptTable(m_folder, *first));
    EXPECT_TRUE(readKeptTable(m_folder, *third));
    pruneTables(m_folder, "");
    EXPECT_EQ(files(), 0);
}

/// A moved project simulates its cell without the user's file.
TEST_F(KeptTable, ACellOfTheUsersOwnMovesWithTheTable) {
    const auto source = m_folder / "source";
    const std::string body = "mp y a vdd vdd pmos w=1u l=50n\nmn y a vss vss nmos w=1u l=50n\n";
    ASSERT_TRUE(writeFileAtomically(
        source / "cells.sp", ".include \"more/body.inc\"\n.subckt other a y vdd vss\n" + body + ".ends\n"));
    ASSERT_TRUE(
        writeFileAtomically(source / "more/body.inc", ".subckt mine a y vdd vss\n" + body + ".ends\n"));
    const auto record = makeCellRecord((source / "cells.sp").string() + ":mine", "freepdk45", "", {});
    ASSERT_TRUE(record) << record.error().describe();
    TableDocument document = someDocument();
    document.origin = *record;
    const auto number = keepTable(m_folder / "old", document);
    ASSERT_TRUE(number) << number.error().describe();
    document.origin.reset();
    const auto imported = keepTable(m_folder / "old", document);
    ASSERT_TRUE(imported);
    fs::remove_all(source);
    fs::rename(m_folder / "old", m_folder / "new");

    pruneTables(m_folder / "new", *number);
    const auto read = readKeptTable(m_folder / "new", *number);
    ASSERT_TRUE(read) << read.error().describe();
    ASSERT_TRUE(read->origin);
    const auto labels = CellLabels::create(*read->origin, {});
    EXPECT_TRUE(labels) << labels.error().describe();
    // Kept again it is the same copy; where nobody needs it, it goes.
    ASSERT_TRUE(keepTable(m_folder / "new", *read));
    const auto cells = [&] {
        const fs::directory_iterator entries(m_folder / "new/cells");
        return std::distance(begin(entries), end(entries));
    };
    EXPECT_EQ(cells(), 1);
    const auto other = keepTable(m_folder / "new", document);
    ASSERT_TRUE(other);
    pruneTables(m_folder / "new", *other);
    EXPECT_EQ(cells(), 0);
}

TEST_F(KeptTable, AStudyStaysWithItsTable) {
    TableDocument document = someDocument();
    const auto number = keepTable(m_folder, document);
    ASSERT_TRUE(number);
    EXPECT_FALSE(readKeptTable(m_folder, *number)->study);
    Study study{"delay", 10, {}};
    RegressionScore score{10, 0.5, 1e-24, 1e-12, 0.7e-12, std::nan("")};
    study.results.push_back({28, "copula", "boosting_100", {score, {}}, {1.5, std::nan(""), 2.5}});
    study.validation.push_back({28, realOnly, "linear", {score}});
    study.labels.push_back({28, "copula", {{1.25, 9, 1}}});
    ASSERT_TRUE(keepStudy(m_folder, *number, study));
    const auto read = readKeptTable(m_folder, *number);
    ASSERT_TRUE(read && read->study);
    const Study& same = *read->study;
    EXPECT_EQ(same.target, "delay");
    EXPECT_EQ(same.heldOut, 10U);
    ASSERT_EQ(same.results.size(), 1U);
    EXPECT_EQ(same.results[0].rows, "copula");
    EXPECT_EQ(same.results[0].scores[0].meanSquaredError, 1e-24);
    EXPECT_EQ(same.results[0].scores.size(), 2U);
    EXPECT_TRUE(std::isnan(same.results[0].scores[0].meanAbsolutePercentage));
    EXPECT_EQ(same.results[0].errors[2], 2.5);
    EXPECT_TRUE(std::isnan(same.results[0].errors[1]));
    EXPECT_EQ(same.findValidation(28, realOnly, "linear")->scores[0].rows, 10U);
    EXPECT_EQ(same.labels.at(0).scores.at(0).labelled, 9U);

    // It is about this table alone.
    document.heldOutShare = 0.5;
    const auto other = keepTable(m_folder, document);
    ASSERT_TRUE(other);
    EXPECT_FALSE(readKeptTable(m_folder, *other)->study);
    fs::copy_file(m_folder / *number / "study.json", m_folder / *other / "study.json");
    EXPECT_FALSE(readKeptTable(m_folder, *other)->study);
    // What is damaged is gone, and the table is there.
    for (const char* damage : {"", "{", "[]", "{\"kind\": \"delay_study\", \"format_version\": 1}"}) {
        ASSERT_TRUE(writeFileAtomically(m_folder / *number / "study.json", damage));
        const auto without = readKeptTable(m_folder, *number);
        ASSERT_TRUE(without);
        EXPECT_FALSE(without->study) << damage;
    }
    EXPECT_EQ(keepStudy(m_folder, "99", study).error().code, ErrorCode::NotFound);
}

TEST_F(KeptTable, DamageIsToldWithFileAndLine) {
    const auto number = keepTable(m_folder, someDocument());
    ASSERT_TRUE(number);
    const auto file = m_folder / *number / "table.yaml";
    const std::string yaml = *readFile(file);
    const auto refused = [&](const std::string& text) {
        EXPECT_TRUE(writeFileAtomically(file, text));
        const auto read = readKeptTable(m_folder, *number);
        EXPECT_FALSE(read) << text;
        return read ? Error{} : read.error();
    };
    EXPECT_EQ(refused("format_version: 1\nkind: a sheet\n").code, ErrorCode::Corrupt);
    EXPECT_EQ(refused("kind: delay_table\nformat_version: 99\n").code, ErrorCode::Unsupported);
    const Error damaged = refused(yaml.substr(0, yaml.find("held_out")) + "held_out: [\n");
    EXPECT_EQ(damaged.code, ErrorCode::Corrupt);
    EXPECT_GT(damaged.line, 4);
    std::string other = yaml;
    other.replace(other.find("target: delay"), 13, "target: speed");
    EXPECT_EQ(refused(other).message, "The kept table has no column \"speed\".");
    ASSERT_TRUE(writeFileAtomically(file, yaml));
    const auto rows = fs::directory_iterator(m_folder / "rows")->path();
    ASSERT_TRUE(writeFileAtomically(rows, "a,b\n1,2\n"));
    EXPECT_EQ(readKeptTable(m_folder, *number).error().message,
              "The table inv was changed outside of Headroom since it was kept.");
}

} // namespace
} // namespace headroom::delay
