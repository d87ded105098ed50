// The commands `powergrid`, by the command line's contract.

#include <cmath>
#include <map>
#include <sstream>

#include "core/base/csv.h"
#include "tests/app/cli/command_line.h"

namespace headroom {
namespace {

/// Three rails with five taps each, fed at one corner; a via of 0 ohms and one of 0 V.
const char* const kGrid = "* a small grid\n"
                          "R1 n1_m1_0_0 n1_m1_4000_0 1\nR2 n1_m1_4000_0 n1_m1_8000_0 1\n"
                          "R3 n1_m1_0_4000 n1_m1_4000_4000 1\nR4 n1_m1_4000_4000 n1_m1_8000_4000 1\n"
                          "R5 n1_m4_0_0 n1_m4_0_4000 0.5\n"
                          "R6 n1_m4_0_0 n1_m1_0_0 0\nV6 n1_m4_0_4000 n1_m1_0_4000 0\n"
                          "V0 n1_m4_0_0 0 1.1\n"
                          "I1 n1_m1_8000_0 0 1m\nI2 n1_m1_8000_4000 0 2m\n"
                          "R7 n1_m1_90_90 n1_m1_95_90 1\n.op\n.end\n";

std::map<std::string, double> voltages(const std::string& file) {
    std::map<std::string, double> result;
    const auto text = readFile(file);
    const auto table = parseCsv(text ? *text : "");
    if (!table) return result;
    for (const auto& row : table->rows)
        result[row[0]] = std::stod(row[1]);
    return result;
}

TEST_F(CommandLine, PowergridSolveAnswersWithTheContractsKeys) {
    const std::string file = write("grid.sp", kGrid), csv = (m_folder / "v.csv").string(),
                      map = (m_folder / "m.csv").string();
    const Outcome outcome =
        run(fmt::format("powergrid solve {} --voltages {} --map {} --json", file, csv, map));
    ASSERT_EQ(outcome.exitCode, 0) << outcome.out;
    const json document = outcome.document();
    EXPECT_EQ(document["nodes"], 10);
    EXPECT_EQ(document["resistors"], 7);
    EXPECT_EQ(document["sources"], 4);
    EXPECT_NEAR(document["worst_drop"].get<double>(), 2e-3 * 2.5, 1e-12);
    EXPECT_EQ(document["worst_node"], "n1_m1_8000_4000");
    EXPECT_LT(document["residual"].get<double>(), 1e-10);
    EXPECT_GE(document["parse_ms"].get<double>(), 0);
    EXPECT_GE(document["solve_ms"].get<double>(), 0);
    ASSERT_EQ(document["diagnostics"].size(), 2U) << document["diagnostics"];
    EXPECT_NE(document["diagnostics"][0]["message"].get<std::string>().find("R6 has 0 ohms"),
              std::string::npos);
    EXPECT_NE(document["diagnostics"][1]["message"].get<std::string>().find("n1_m1_90_90"),
              std::string::npos);
    const auto volts = voltages(csv);
    EXPECT_EQ(volts.size(), 10U);
    EXPECT_NEAR(volts.at("n1_m1_0_0"), 1.1, 1e-12);
    EXPECT_NEAR(volts.at("n1_m4_0_4000"), 1.1 - 1e-3, 1e-12);
    EXPECT_NEAR(volts.at("n1_m1_0_4000"), 1.1 - 1e-3, 1e-12);
    EXPECT_TRUE(std::isnan(volts.at("n1_m1_90_90")));
    // Rows are x: 0 to 4 um; columns are y: 0 to 2 um.
    const auto drops = readFile(map);
    ASSERT_TRUE(drops);
    std::istringstream lines(*drops);
    std::string line;
    std::vector<std::string> rows;
    while (std::getline(lines, line))
        rows.push_back(line);
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_NEAR(std::stod(rows[4]), 2e-3, 1e-12);
    EXPECT_NEAR(std::stod(rows[4].substr(rows[4].rfind(',') + 1)), 5e-3, 1e-12);
}

TEST_F(CommandLine, PowergridRefusesBadGridsWithFileAndLine) {
    const struct {
        const char* text;
        const char* options;
        int line;
    } cases[] = {{"V0 a 0 1\nR1 a b -1\n.end\n", "", 2},
                 {"V0 a 0 1\nR1 a b nan\n.end\n", "", 2},
                 {"V0 a 0 1\nR1 a b 1\nR2 b", "", 3},
                 {"V0 a 0 1\nR1 a b 1\nR2 x y 1\n.end\n", "--islands refuse", 3},
                 {"R1 a b 1\n.end\n", "", 0}};
    for (const auto& each : cases) {
        const std::string file = write("bad.sp", each.text);
        const Outcome refused = run(fmt::format("powergrid solve {} {} --json", file, each.options));
        EXPECT_EQ(refused.exitCode, 3) << each.text;
        const json error = refused.document()["error"];
        EXPECT_EQ(error["file"], file) << each.text;
        EXPECT_EQ(error["line"], each.line) << each.text;
    }
    EXPECT_EQ(run("powergrid solve nowhere.sp").exitCode, 3);
    EXPECT_EQ(run("powergrid").exitCode, 2);
    EXPECT_EQ(run("powergrid solve").exitCode, 2);
    EXPECT_EQ(run("powergrid solve x.sp --islands maybe").exitCode, 2);
}

TEST_F(CommandLine, PowergridSaysWhatAHugeMapWouldTake) {
    const std::string file = write("grid.sp", kGrid);
    const Outcome refused = run(fmt::format("powergrid solve {} --map {} --rows 20000 --columns 20000 --json",
                                            file, (m_folder / "m.csv").string()));
    EXPECT_EQ(refused.exitCode, 3);
    EXPECT_NE(refused.document()["error"]["message"].get<std::string>().find("3.2 GB"), std::string::npos);
}

TEST_F(CommandLine, PowergridEvaluateComparesMapsAndNetlists) {
    const std::string file = write("grid.sp", kGrid), map = (m_folder / "m.npy").string();
    ASSERT_EQ(run(fmt::format("powergrid solve {} --map {}", file, map)).exitCode, 0);
    const json same = run(fmt::format("powergrid evaluate {} --golden {} --json", file, map)).document();
    EXPECT_EQ(same["mae"], 0);
    EXPECT_EQ(same["f1"], 1);
    EXPECT_TRUE(same["psnr"].is_null());
    EXPECT_GE(same["elapsed_ms"].get<double>(), 0);
    const std::string golden = write("golden.csv", "0,1\n2,4\n"), other = write("other.csv", "0,1\n2,3\n");
    const json compared =
        run(fmt::format("powergrid evaluate {} --golden {} --json", other, golden)).document();
    EXPECT_NEAR(compared["mae"].get<double>(), 0.25, 1e-15);
    EXPECT_EQ(compared["f1"], 0);
    EXPECT_EQ(compared["max_error"], 1);
    EXPECT_NEAR(compared["psnr"].get<double>(), 10 * std::log10(16 / 0.25), 1e-9);
    const Outcome sizes = run(fmt::format("powergrid evaluate {} --golden {} --json", map, golden));
    EXPECT_EQ(sizes.exitCode, 3);
    EXPECT_NE(sizes.document()["error"]["message"].get<std::string>().find("differ in size"),
              std::string::npos);
}

TEST_F(CommandLine, PowergridWritesPictures) {
    const std::string file = write("grid.sp", kGrid), png = (m_folder / "m.png").string();
    ASSERT_EQ(run(fmt::format("powergrid solve {} --map {}", file, png)).exitCode, 0);
    EXPECT_TRUE(readFile(png)->starts_with("\x89PNG"));
}

} // namespace
} // namespace headroom
