#include "core/delay/table.h"

#include <gtest/gtest.h>

#include "core/delay/table_import.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

Error refused(const std::string& text, const TableImport& settings = {}) {
    const auto read = parseTable(text, "cells.csv", settings);
    EXPECT_FALSE(read) << text;
    return read ? Error{} : read.error();
}

/// A target, made of a table's inputs by a rule.
template <class Rule>
Table derived(std::size_t rows, Rule rule) {
    Table table = KnownDelays::draw(rows, 1);
    for (std::size_t row = 0; row < rows; ++row)
        table.columns.back().values[row] = rule(table, row);
    return table;
}

TEST(TableImport, ReadsNumbersUnitsAndCategories) {
    const auto read =
        parseTable("vth [V],corner,delay [ps]\n0.4, tt ,12.5\n+0.41,ff,1e1\n0.39,tt,15\n", "cells.csv", {});
    ASSERT_TRUE(read) << read.error().describe();
    const Table& table = read->table;
    ASSERT_EQ(table.columns.size(), 3U);
    EXPECT_EQ(table.rows(), 3U);
    EXPECT_EQ(table.columns[0].name, "vth");
    EXPECT_EQ(table.columns[0].unit, "V");
    EXPECT_EQ(table.columns[0].values, (std::vector<double>{0.4, 0.41, 0.39}));
    EXPECT_EQ(table.columns[1].kind, ColumnKind::Category);
    EXPECT_EQ(table.columns[1].categories, (std::vector<std::string>{"tt", "ff"}));
    EXPECT_EQ(table.columns[1].values, (std::vector<double>{0, 1, 0}));
    EXPECT_EQ(*table.column("delay [ps]"), 2U);
    EXPECT_EQ(*table.column("delay"), 2U);
    EXPECT_NE(table.findColumn("slew").error().message.find("\"vth\", \"corner\", \"delay\""),
              std::string::npos);
    EXPECT_TRUE(read->report.notes.empty());
}

TEST(TableImport, ExportReadsBackBitForBitWithItsOrigins) {
    Table table = KnownDelays::draw(40, 3);
    table.provenance.assign(40, realRows);
    table.provenance[7] = "smote, seed 3";
    const auto read = parseTable(writeCsv(toCsv(table)), "again.csv", {});
    ASSERT_TRUE(read) << read.error().describe();
    ASSERT_EQ(read->table.columns.size(), table.columns.size());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        EXPECT_EQ(read->table.columns[c].values, table.columns[c].values);
        EXPECT_EQ(read->table.columns[c].unit, table.columns[c].unit);
    }
    EXPECT_EQ(read->table.provenance, table.provenance);
    EXPECT_EQ(rowsOfOrigin(read->table, false), std::vector<std::size_t>{7});
    EXPECT_EQ(rowsOfOrigin(read->table, true).size(), 39U);
}

TEST(TableImport, RefusesWhatItCannotUseByFileAndLine) {
    const struct {
        const char* text;
        int line;
        const char* says;
    } cases[] = {
        {"0.4,1.1,3e-12\n0.41,1.0,3.1e-12\n", 1, "The first line holds numbers"},
        {"a,b\n1,2\n1,2,3\n", 3, "The row has 3 cells, the heading has 2."},
        {"a,b\n1,2\n3,4\n5,slow\n", 4, "\"slow\" in the column \"b\" is no number."},
        {"a,b\n1,2\n3,inf\n", 3, "\"inf\" in the column \"b\" is not finite."},
        {"a,b\n1,2\n-1e999,4\n", 3, "\"-1e999\" in the column \"a\" is not finite."},
        {"a,b\n1,2\n3,\n,NA\n", 3,
         "3 cells in 2 of 3 rows are missing, the first of them in the column \"b\""},
        {"a,a\n1,2\n", 1, "Two columns are called \"a\"."},
        {"a,\n1,2\n", 1, "Column 2 has no name."},
        {"a,b\n", 1, "no rows"},
        {"", 1, "The table is empty."},
        {"a,b\n1,\"2\n", 2, "never closed"},
        {"a;b\n1;2\n3,1,4;2\n", 3, "\"3,1,4\" in the column \"a\" is no number."},
    };
    for (const auto& each : cases) {
        const Error error = refused(each.text);
        EXPECT_EQ(error.code, ErrorCode::BadInput);
        EXPECT_EQ(error.file, "cells.csv");
        EXPECT_EQ(error.line, each.line) << each.text;
        EXPECT_NE(error.message.find(each.says), std::string::npos) << error.message;
    }
    std::string names = "name,b\n";
    for (int i = 0; i < 300; ++i)
        names += "row" + std::to_string(i) + "x,1\n";
    EXPECT_NE(refused(names).message.find("\"name\" holds more than 200 different words"), std::string::npos);
    EXPECT_EQ(refused(names).line, 202);
    TableImport dropping;
    dropping.missing = MissingValues::DropRows;
    EXPECT_NE(refused("a,b\n1,\n,2\n", dropping).message.find("No row of the table is complete"),
              std::string::npos);
    TableImport filling;
    filling.missing = MissingValues::Median;
    EXPECT_NE(refused("a,b\n1,\n2,\n", filling).message.find("\"b\" has no values"), std::string::npos);
}

TEST(TableImport, RefusesWhatIsNoText) {
    using namespace std::string_literals;
    for (const std::string& text : {"a\0,\0b\0\n\0"s, "a,b\n1,2\n\0\1,3\n"s}) {
        const Error error = refused(text);
        EXPECT_EQ(error.code, ErrorCode::BadInput);
        EXPECT_NE(error.message.find("no table of plain text"), std::string::npos) << error.message;
        EXPECT_EQ(error.message.find('\0'), std::string::npos);
    }
    EXPECT_EQ(refused("a,b\n1,2\n\0\1,3\n"s).line, 3);
}

TEST(TableImport, ReadsSemicolonsWithDecimalCommasAndTabs) {
    const auto read = parseTable("a [V];kind;b\n1,5;x;-2,5e-3\n2;y,z;+1\n", "cells.csv", {});
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->table.columns[0].values, (std::vector<double>{1.5, 2}));
    EXPECT_EQ(read->table.columns[1].categories, (std::vector<std::string>{"x", "y,z"}));
    EXPECT_EQ(read->table.columns[2].values, (std::vector<double>{-2.5e-3, 1}));
    EXPECT_EQ(parseTable("a\tb\n1.5\t2\n", "", {})->table.columns[0].values, std::vector<double>{1.5});
    EXPECT_NE(refused("a\tb\n1\t1,500\n2\t3\n3\t4\n").message.find("is no number"), std::string::npos);
    TableImport bare;
    bare.hasHeading = false;
    EXPECT_EQ(parseTable("1,5;2\n3;4\n", "", bare)->table.columns[0].values, (std::vector<double>{1.5, 3}));
}

TEST(TableImport, ReadsTablesWithoutHeadingWhereAskedTo) {
    TableImport settings;
    settings.hasHeading = false;
    const auto read = parseTable("0.4,3e-12\n0.41,3.1e-12\n", "cells.csv", settings);
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->table.rows(), 2U);
    EXPECT_EQ(read->table.columns[1].name, "column 2");
    EXPECT_EQ(refused("1,2\n3,4\n5,x\n", settings).line, 3);
}

TEST(TableImport, DropsOrFillsMissingValuesAndSaysHowMany) {
    const std::string text = "a,kind,b\n1,x,10\n2,,20\n3,x,\n9,y,40\n";
    TableImport settings;
    settings.missing = MissingValues::DropRows;
    const auto dropped = parseTable(text, "cells.csv", settings);
    ASSERT_TRUE(dropped) << dropped.error().describe();
    EXPECT_EQ(dropped->table.columns[0].values, (std::vector<double>{1, 9}));
    EXPECT_EQ(dropped->report.missingCells, 2U);
    EXPECT_EQ(dropped->report.incompleteRows, 2U);
    ASSERT_FALSE(dropped->report.notes.empty());
    EXPECT_EQ(dropped->report.notes[0], "2 cells in 2 of 4 rows are missing: these rows are left out.");

    settings.missing = MissingValues::Median;
    const auto filled = parseTable(text, "cells.csv", settings);
    ASSERT_TRUE(filled) << filled.error().describe();
    EXPECT_EQ(filled->table.columns[2].values, (std::vector<double>{10, 20, 20, 40})); // median of 10, 20, 40
    EXPECT_EQ(filled->table.columns[1].values, (std::vector<double>{0, 0, 0, 1}));     // the most frequent
}

TEST(TableImport, NoticesCopiesConstantsAndTinyRanges) {
    const std::string text = "l,c,d\n1.0e-8,5,1\n1.1e-8,5,2\n1.0e-8,5,1\n1.0e-8,5,1\n1.2e-8,5,3\n";
    const auto read = parseTable(text, "cells.csv", {});
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->table.rows(), 3U);
    EXPECT_EQ(read->report.duplicateRows, 2U);
    EXPECT_EQ(read->report.constantColumns, std::vector<std::string>{"c"});
    EXPECT_EQ(read->report.tinyRanges, std::vector<std::string>{"l"});
    EXPECT_EQ(read->report.notes.size(), 3U);
    TableImport keeping;
    keeping.dropsDuplicates = false;
    EXPECT_EQ(parseTable(text, "cells.csv", keeping)->table.rows(), 5U);
}

TEST(TargetCheck, RefusesWhatCannotBeLearned) {
    const std::size_t target = KnownDelays::target();
    EXPECT_TRUE(checkTarget(KnownDelays::draw(100, 1), target));
    const auto says = [](const Table& table, std::size_t column) {
        const auto checked = checkTarget(table, column);
        EXPECT_FALSE(checked);
        return checked ? std::string() : checked.error().message;
    };
    EXPECT_NE(says(KnownDelays::draw(20, 1), target).find("The table has 20 rows; at least 30"),
              std::string::npos);
    EXPECT_NE(says(KnownDelays::draw(1, 1), target).find("The table has 1 row; at least 30"),
              std::string::npos);
    // Whatever rounding makes of the mean.
    for (const double value : {3.0, 1e-11, 0.1})
        EXPECT_NE(says(derived(40, [=](const Table&, std::size_t) { return value; }), target)
                      .find("the same in every"),
                  std::string::npos)
            << value;
    const auto picoseconds = [](const Table& table, std::size_t row) {
        return 5 - 1e3 * table.columns[2].values[row];
    };
    EXPECT_NE(says(derived(40, picoseconds), target).find("is the input \"u0_n\" up to scale"),
              std::string::npos);
    Table alone;
    alone.columns.push_back(KnownDelays::draw(40, 1).columns.back());
    EXPECT_NE(says(alone, 0).find("\"delay\" alone"), std::string::npos);
    Table text = KnownDelays::draw(40, 1);
    text.columns.back().kind = ColumnKind::Category;
    EXPECT_NE(says(text, target).find("holds text"), std::string::npos);
}

TEST(Tables, JoinByNameWhateverTheOrderOfColumnsAndCategories) {
    const Table first = parseTable("a,kind\n1,x\n2,y\n", "", {})->table;
    const Table second = parseTable("kind,a,more\ny,5,0\nz,6,1\n", "", {})->table;
    const auto all = joined(first, second);
    ASSERT_TRUE(all) << all.error().describe();
    EXPECT_EQ(all->columns[0].values, (std::vector<double>{1, 2, 5, 6}));
    EXPECT_EQ(all->columns[1].values, (std::vector<double>{0, 1, 1, 2}));
    EXPECT_EQ(all->columns[1].categories, (std::vector<std::string>{"x", "y", "z"}));
    EXPECT_NE(joined(second, first).error().message.find("no column \"more\""), std::string::npos);
    const Table units = parseTable("a [V],kind\n1,x\n", "", {})->table;
    const Table others = parseTable("a [mV],kind\n1,x\n", "", {})->table;
    EXPECT_NE(joined(units, others).error().message.find("in V in one table and in mV"), std::string::npos);
    EXPECT_NE(
        joined(first, parseTable("a,kind\n1,2\n", "", {})->table).error().message.find("numbers in one"),
        std::string::npos);
}

} // namespace
} // namespace headroom::delay
