#include "core/base/csv.h"

#include <gtest/gtest.h>

namespace headroom {
namespace {

TEST(Csv, RoundTripsAwkwardCells) {
    const CsvTable table{{"name", "note"}, {{"a,b", "says \"hi\""}, {"two\nlines", ""}}};
    const auto read = parseCsv(writeCsv(table));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->columns, table.columns);
    EXPECT_EQ(read->rows, table.rows);
}

TEST(Csv, AcceptsWindowsLineEndsAndByteOrderMark) {
    const auto read = parseCsv("\xef\xbb\xbfx,y\r\n1,2\r\n");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->column("y"), 1U);
    EXPECT_EQ(read->rows.at(0).at(1), "2");
}

TEST(Csv, NamesTheLineOfARaggedRow) {
    const auto read = parseCsv("x,y\n1,2\n3\n", "points.csv");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().line, 3);
    EXPECT_EQ(read.error().file, "points.csv");
}

TEST(Csv, TellsTheSeparatorByTheFirstLine) {
    EXPECT_EQ(separatorOf("a;b;c\n1,5;2,5,;3\n"), ';');
    EXPECT_EQ(separatorOf("a\tb\n1,2,3,4\n"), '\t');
    EXPECT_EQ(separatorOf("\"x;y;z\",b\n"), ',');
    EXPECT_EQ(separatorOf("alone\n1;2\n"), ',');
    EXPECT_EQ(separatorOf("1,5;2,5\n"), ';');
    EXPECT_EQ(separatorOf(writeCsv({{"a;b", "c\td"}, {}})), ',');
    const auto read = parseCsv("a;\"b;c\"\n1;2\n", {}, ';');
    ASSERT_TRUE(read);
    EXPECT_EQ(read->columns, (std::vector<std::string>{"a", "b;c"}));
}

TEST(Csv, RejectsAnOpenQuoteAndAnEmptyTable) {
    EXPECT_FALSE(parseCsv("x\n\"open\n"));
    EXPECT_NE(parseCsv("x;y\n1;2,5\n").error().message.find("not by semicolons"), std::string::npos);
    EXPECT_EQ(parseCsv("x,y\n1,2\n3\n").error().message.find("semicolons"), std::string::npos);
    EXPECT_NE(parseCsv(std::string_view("PK\0\1\n", 5)).error().message.find("plain text"),
              std::string::npos);
    EXPECT_FALSE(parseCsv(""));
}

} // namespace
} // namespace headroom
