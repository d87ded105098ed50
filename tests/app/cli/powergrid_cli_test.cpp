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
    const std::string vast = write("vast.sp", "V0 p 0 1\nR1 p a 1\nI1 a 0 1e308\nI2 a 0 1e308\n.end\n");
    EXPECT_EQ(run(fmt::format("powergrid solve {}", vast)).exitCode, 3);
    EXPECT_EQ(run("powergrid solve nowhere.sp").exitCode, 3);
    EXPECT_EQ(run(fmt::format("powergrid solve {}", m_folder.string())).exitCode, 3);
    EXPECT_EQ(run("powergrid rebuild nowhere").exitCode, 3);
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
    EXPECT_EQ(same["diagnostics"].size(), 2U) << same["diagnostics"];
    std::string wide;
    for (int row = 0; row < 40; ++row)
        wide += "0,1,2\n";
    const std::string further = write("wide.csv", wide);
    const json warned =
        run(fmt::format("powergrid evaluate {} --golden {} --json", file, further)).document();
    EXPECT_NE(warned["diagnostics"].back()["message"].get<std::string>().find("40 x 3 pixels"),
              std::string::npos)
        << warned;
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

/// Four regions with a template each, the contest's side of one cut off; a pad between pixels and one on a
/// pixel.
struct Chip {
    static constexpr int kSide = 120;

    template <class Value>
    static std::string map(Value value) {
        std::string text;
        for (int x = 0; x < kSide; ++x)
            for (int y = 0; y < kSide; ++y)
                text += fmt::format("{}{}", value(x, y), y + 1 < kSide ? ',' : '\n');
        return text;
    }
    static std::string currents() {
        return map([](int x, int y) { return x % 7 == 0 && y % 5 == 0 ? 1e-6 : 1e-8; });
    }
    static std::string templates() {
        return map([](int x, int y) { return (x < 100 ? 0 : 2) + (y < 100 ? 0 : 1); });
    }
    static std::string distances() {
        return map([](int x, int y) {
            return 1 / (1 / std::hypot(x - 24.3, y - 36) + 1 / std::hypot(x - 80, y - 91));
        });
    }
};

TEST_F(CommandLine, PowergridRebuildsAGridFromMaps) {
    write("chip/current_map.csv", Chip::currents());
    write("chip/pdn_density.csv", Chip::templates());
    write("chip/eff_dist_map.csv", Chip::distances());
    const std::string chip = (m_folder / "chip").string(), map = (m_folder / "m.npy").string(),
                      netlist = (m_folder / "rebuilt.sp").string();
    const Outcome outcome =
        run(fmt::format("powergrid rebuild {} --map {} --netlist {} --json", chip, map, netlist));
    ASSERT_EQ(outcome.exitCode, 0) << outcome.out;
    const json document = outcome.document();
    EXPECT_EQ(document["technology"], "iccad2023");
    EXPECT_EQ(document["rebuilt"], true);
    EXPECT_EQ(document["pads"]["recovered"], true);
    ASSERT_EQ(document["pads"]["places"].size(), 2U);
    EXPECT_NEAR(document["pads"]["places"][0]["x"].get<double>(), 24.3, 1e-6);
    EXPECT_EQ(document["voltage_sources"], 2);
    EXPECT_EQ(document["map"]["rows"], Chip::kSide);
    EXPECT_GE(document["elapsed_ms"].get<double>(), 0);
    EXPECT_FALSE(document.contains("mae"));

    // The netlist that it writes has the same drops, and so has `evaluate`, which rebuilds where it must.
    const json solved = run(fmt::format("powergrid solve {} --json", netlist)).document();
    EXPECT_EQ(solved["nodes"], document["nodes"]);
    EXPECT_NEAR(solved["worst_drop"].get<double>(), document["worst_drop"].get<double>(), 1e-15);
    const json same = run(fmt::format("powergrid evaluate {} --golden {} --json", chip, map)).document();
    EXPECT_EQ(same["mae"], 0);
    EXPECT_EQ(same["f1"], 1);
    EXPECT_EQ(same["rebuilt"], true);
    write("chip/netlist.sp", kGrid);
    const json other = run(fmt::format("powergrid evaluate {} --golden {} --json", chip, map)).document();
    EXPECT_FALSE(other.contains("rebuilt"));
    EXPECT_GT(other["mae"].get<double>(), 1e-5);
    EXPECT_EQ(
        run(fmt::format("powergrid evaluate {} --rebuild --golden {} --json", chip, map)).document()["mae"],
        0);

    // Pads from a table; files instead of a folder.
    const std::string pads = write("pads.csv", "x,y\n24,36\n80,92\n");
    const json given = run(fmt::format("powergrid rebuild {0}/current_map.csv {0}/pdn_density.csv --pads {1} "
                                       "--golden {2} --json",
                                       chip, pads, map))
                           .document();
    EXPECT_EQ(given["pads"]["recovered"], false);
    EXPECT_EQ(given["mae"], 0) << "places within half a pitch supply the same nodes";
    EXPECT_EQ(given["max_error"], 0);
    EXPECT_TRUE(given.contains("psnr") && given.contains("f1"));
}

TEST_F(CommandLine, PowergridRebuildSaysWhatIsWrongWithItsFiles) {
    const std::string current = write("current_map.csv", Chip::currents()),
                      density = write("pdn_density.csv", Chip::templates()),
                      small = write("small/pdn_density.csv", "0,0\n0,0\n"),
                      negative = write("negative/current_map.csv", "1,-2\n3,4\n"),
                      pads = write("pads.csv", "x,y\n30,30\n"), bad = write("bad.csv", "x,y\n30,here\n"),
                      far = write("far.csv", "x,y\n30,3000\n"),
                      technology =
                          write("t.yaml", "name: t\nsupply_voltage: 1\npads: m9\nlayers:\n"
                                          "  - {name: m1, direction: x, resistance: 1, pitch: 2}\n"
                                          "  - {name: m2, direction: y, resistance: 1, pitch: 4, via: 2}\n");
    const struct {
        std::string arguments, file;
        int line;
        const char* message;
    } cases[] = {
        {density, density, 0, "no map of currents"},
        {current + " " + density, current, 0, "pads are unknown"},
        {current + " --pads " + pads, current, 0, "4 templates"},
        {current + " " + small + " --pads " + pads, small, 0, "differ in size"},
        {negative + " --template 0 --pads " + pads, negative, 0, "-2 at row 1, column 2"},
        {current + " --template 7 --pads " + pads, current, 0, "no template 7"},
        {current + " --template 0 --pads " + bad, bad, 2, "\"here\""},
        {current + " --template 0 --pads " + far, far, 0, "beside the grid"},
        {current + " --template 0 --pads " + pads + " --technology " + technology, technology, 3,
         "no layer \"m9\""},
    };
    for (const auto& each : cases) {
        const Outcome refused = run("powergrid rebuild " + each.arguments + " --json");
        EXPECT_EQ(refused.exitCode, 3) << each.arguments;
        const json error = refused.document()["error"];
        EXPECT_EQ(error["file"], each.file) << error;
        EXPECT_EQ(error["line"], each.line) << error;
        EXPECT_NE(error["message"].get<std::string>().find(each.message), std::string::npos) << error;
    }
    EXPECT_EQ(run("powergrid rebuild").exitCode, 2);
    EXPECT_EQ(run("powergrid rebuild nowhere/current_map.csv --pads " + pads).exitCode, 3);
}

} // namespace
} // namespace headroom
