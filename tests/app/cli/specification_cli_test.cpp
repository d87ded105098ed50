// What is asked for on the command line: ranges, weights, free performances, pinned sizes, and how near the
// circuit comes.

#include <algorithm>
#include <map>
#include <set>

#include "core/base/csv.h"
#include "tests/app/cli/command_line.h"

namespace headroom {
namespace {

class SpecificationCommands : public CommandLine {
protected:
    void SetUp() override {
        CommandLine::SetUp();
        if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
    }

    std::string m_model = resourcePath("models/miller_coordinated").string();
};

TEST_F(SpecificationCommands, SamplesKeepPinnedSizesAndAnswerRangesOfSomePerformances) {
    const std::string table = (m_folder / "samples.csv").string();
    const Outcome sampled = run(fmt::format("sizing sample {} --spec 'gain_db=70..80*2' 'power<=200u' --pin "
                                            "M1.w=12u --count 20 --simulate 3 --out {} --json",
                                            m_model, table));
    ASSERT_EQ(sampled.exitCode, 0) << sampled.out;
    const json document = sampled.document();
    const json gain = document["specification"][0];
    EXPECT_EQ(gain["name"], "gain_db");
    EXPECT_EQ(gain["minimum"], 70);
    EXPECT_EQ(gain["maximum"], 80);
    EXPECT_EQ(gain["target"], 75);
    EXPECT_EQ(gain["weight"], 2);
    EXPECT_TRUE(document["specification"][2]["target"].is_null()); // free
    EXPECT_EQ(document["pinned"].size(), 1U);
    EXPECT_EQ(document["best_shortfall"], 0);
    const auto samples = parseCsv(*readFile(table), table);
    ASSERT_TRUE(samples);
    const std::size_t pinned = *samples->column(document["pinned"][0]["name"].get<std::string>());
    std::set<std::string> others;
    for (const auto& row : samples->rows) {
        EXPECT_EQ(row[pinned], "1.2e-05");
        others.insert(row[pinned == 0 ? 2 : 0]);
    }
    EXPECT_GT(others.size(), 10U);
}

TEST_F(SpecificationCommands, ReachSaysHowNearAndWhatBlocks) {
    const std::string out = (m_folder / "nearest.csv").string();
    const Outcome within = run(fmt::format("sizing reach {} --spec gain_db=60 power=300u --json", m_model));
    ASSERT_EQ(within.exitCode, 0) << within.out;
    EXPECT_EQ(within.document()["reached"], true);
    EXPECT_TRUE(within.document()["blockers"].empty());

    // Hardly any power for a fast amplifier: either alone is easy, both are not.
    const Outcome beyond = run(fmt::format(
        "sizing reach {} --spec power=25u transit_frequency=100meg --simulations 40 --out {} --json", m_model,
        out));
    ASSERT_EQ(beyond.exitCode, 0) << beyond.out;
    const json document = beyond.document();
    EXPECT_EQ(document["reached"], false);
    EXPECT_GT(document["shortfall"], 0.05);
    EXPECT_LE(document["simulations"], 40);
    ASSERT_FALSE(document["blockers"].empty());
    EXPECT_EQ(document["sentences"].size(), 1 + document["blockers"].size());
    const auto nearest = parseCsv(*readFile(out), out);
    ASSERT_TRUE(nearest);
    EXPECT_EQ(nearest->rows.size(), 1U);
    for (const auto& [name, value] : document["sizing"].items())
        EXPECT_TRUE(nearest->column(name)) << name;
}

TEST_F(SpecificationCommands, WhatCannotBeAskedIsOneSentence) {
    const auto messageOf = [&](const std::string& arguments) {
        const Outcome outcome = run(fmt::format("sizing reach {} {} --json", m_model, arguments));
        EXPECT_EQ(outcome.exitCode, 3) << arguments;
        return outcome.document()["error"]["message"].get<std::string>();
    };
    EXPECT_EQ(messageOf("--spec gain_db=80..60"),
              "The specification contradicts itself: Gain should be at least 80 dB and at most 60 dB.");
    EXPECT_EQ(messageOf(""), "Nothing is asked for: name at least one performance with --spec.");
    EXPECT_EQ(messageOf("--spec gain_db=60 --pin M77.w=1u"), "M77 has no size \"w\" that could be pinned.");
    EXPECT_TRUE(messageOf("--spec settling_time=1u")
                    .starts_with("\"settling_time\" is no performance of this model"));
}

TEST_F(SpecificationCommands, MirrorsAreMadeOfUnitTransistorsAndExportedSo) {
    const std::string table = (m_folder / "samples.csv").string();
    const Outcome sampled = run(fmt::format("sizing sample {} --spec gain_db=70 power=200u --mirror-units 16 "
                                            "--count 6 --simulate 2 --out {} --json",
                                            m_model, table));
    ASSERT_EQ(sampled.exitCode, 0) << sampled.out;
    const json mirrors = sampled.document()["mirrors"];
    ASSERT_FALSE(mirrors.empty());
    const auto samples = parseCsv(*readFile(table), table);
    ASSERT_TRUE(samples);
    // The table has whole widths; exported they are units.
    const std::string out = (m_folder / "units.sp").string();
    const auto row = sampled.document()["best_row"].get<std::size_t>();
    const Outcome exported =
        run(fmt::format("export {} --sizing {} --row {} --mirror-units 16 --out {} --json", example("miller"),
                        table, row, out));
    ASSERT_EQ(exported.exitCode, 0) << exported.out;
    EXPECT_EQ(exported.document()["mirrors"], mirrors);
    const json devices = run(fmt::format("import {} --json", out)).document()["devices"];
    std::size_t checked = 0;
    for (const json& mirror : mirrors) {
        for (const json& transistor : mirror["transistors"]) {
            const json* device = nullptr;
            for (const json& each : devices)
                if (each["name"] == transistor["device"]) device = &each;
            ASSERT_NE(device, nullptr);
            EXPECT_NEAR((*device)["parameters"]["w"].get<double>() / mirror["unit_width"].get<double>(), 1,
                        1e-4);
            const auto units = transistor["units"].get<double>();
            EXPECT_LE(units, 16);
            EXPECT_EQ((*device)["parameters"].value("m", 1.0), units);
            ++checked;
        }
    }
    EXPECT_EQ(checked, 3U); // M5, M7 and M8
    // What was simulated is what the exported netlist gives.
    const json performances = run(fmt::format("simulate {} --json", out)).document()["performances"];
    const double gain = std::stod(samples->rows[row - 1][*samples->column("simulated_gain_db")]);
    EXPECT_NEAR(performances["gain_db"]["value"].get<double>(), gain, 1e-3);
    // And what the robustness of the table's row says at the nominal corner.
    const Outcome robust =
        run(fmt::format("robustness {} --sizing {} --row {} --mirror-units 16 --corner nom "
                        "--mismatch 0 --spec power=1 --json",
                        m_model, table, row));
    ASSERT_EQ(robust.exitCode, 0) << robust.out;
    const json place = robust.document()["sizings"][0]["places"][0];
    EXPECT_NEAR(place["performances"]["gain_db"].get<double>(), gain, 1e-3);
}

TEST_F(SpecificationCommands, PinnedWidthsWithoutACommonUnitAreTold) {
    const std::string table = (m_folder / "pinned.csv").string();
    const Outcome sampled =
        run(fmt::format("sizing sample {} --spec gain_db=70 --mirror-units 6 --pin M8.w=3u --pin M5.w=7.7u "
                        "--count 2 --simulate 2 --out {}",
                        m_model, table));
    ASSERT_EQ(sampled.exitCode, 0) << sampled.out;
    EXPECT_NE(sampled.out.find("have no common unit: their widths are free."), std::string::npos)
        << sampled.out;
}

TEST_F(SpecificationCommands, RequirementsHoldAtTheCornersThatTheyName) {
    const std::string sizing = resourcePath("examples/miller_dataset/dataset.csv").string();
    const auto assess = [&](const std::string& specification) {
        return run(fmt::format(
            "robustness {} --sizing {} --row 2 --corner all --mismatch 0 --tolerance 0 --spec {} --json",
            m_model, sizing, specification));
    };
    const Outcome everywhere = assess("power=1");
    ASSERT_EQ(everywhere.exitCode, 0) << everywhere.out;
    const json places = everywhere.document()["sizings"][0]["places"];
    ASSERT_GT(places.size(), 1U);
    std::map<std::string, double> power;
    for (const json& place : places)
        power[place["corner"]] = place["performances"]["power"];
    const auto most = std::max_element(power.begin(), power.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto least = std::min_element(power.begin(), power.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    const double limit = (most->second + least->second) / 2;
    const auto worstAt = [&](const std::string& corner) {
        const Outcome found = assess(fmt::format("'power<={}@{}'", limit, corner));
        EXPECT_EQ(found.exitCode, 0) << found.out;
        const json of = found.document()["sizings"][0];
        EXPECT_EQ(of["worst"]["power"]["corners"], json::array({corner}));
        EXPECT_EQ(of["worst"]["power"]["place"]["corner"], corner);
        EXPECT_EQ(of["holds_everywhere"], of["worst"]["power"]["holds"]);
        return of["worst"]["power"]["holds"].get<bool>();
    };
    EXPECT_TRUE(worstAt(least->first));
    EXPECT_FALSE(worstAt(most->first));

    const Outcome unseen = run(
        fmt::format("robustness {} --sizing {} --row 2 --corner nom --mismatch 0 --spec power=1@ss --json",
                    m_model, sizing));
    EXPECT_EQ(unseen.exitCode, 3);
    EXPECT_EQ(unseen.document()["error"]["message"],
              "power is to hold at ss, which --corner does not look at.");
    EXPECT_TRUE(assess("power=1@xx")
                    .document()["error"]["message"]
                    .get<std::string>()
                    .starts_with("There is no corner \"xx\"; the technology has "));
    const Outcome elsewhere = run(fmt::format("sizing reach {} --spec gain_db=60@ss --json", m_model));
    EXPECT_EQ(elsewhere.exitCode, 3);
    EXPECT_TRUE(elsewhere.document()["error"]["message"].get<std::string>().starts_with("\"@ss\" chooses"));
}

TEST_F(SpecificationCommands, HardenFindsASizingThatHoldsAtAllCorners) {
    const std::string out = (m_folder / "hard.csv").string();
    const std::string specification =
        "gain_db=65 transit_frequency=10meg phase_margin=60 power=100u slew_rate=5meg";
    const Outcome found =
        run(fmt::format("sizing harden {} --spec {} --out {} --json", m_model, specification, out));
    ASSERT_EQ(found.exitCode, 0) << found.out;
    const json document = found.document();
    EXPECT_EQ(document["reached"], true);
    EXPECT_EQ(document["holds_at"], document["places"]);
    EXPECT_EQ(document["shortfall"], 0);
    EXPECT_GE(document["worst"]["gain_db"]["value"].get<double>(), 65);
    EXPECT_FALSE(document["worst"]["gain_db"]["place"].is_null());
    // Row 1 of the table is that sizing, and `robustness` finds the same.
    const Outcome assessed =
        run(fmt::format("robustness {} --sizing {} --spec {} --tolerance 0 --mismatch 0 --json", m_model, out,
                        specification));
    ASSERT_EQ(assessed.exitCode, 0) << assessed.out;
    const json sizing = assessed.document()["sizings"][0];
    EXPECT_EQ(sizing["holds_everywhere"], true);
    EXPECT_NEAR(sizing["worst"]["gain_db"]["value"].get<double>(),
                document["worst"]["gain_db"]["value"].get<double>(), 1e-3);

    const Outcome beyond = run(fmt::format(
        "sizing harden {} --spec gain_db=85 transit_frequency=100meg power=40u@nom --rounds 2 --json",
        m_model));
    ASSERT_EQ(beyond.exitCode, 0) << beyond.out;
    EXPECT_EQ(beyond.document()["reached"], false);
    EXPECT_GT(beyond.document()["shortfall"], 0);
    EXPECT_GT(beyond.document()["sentences"].size(), 1U);
    EXPECT_EQ(run(fmt::format("sizing harden {} --json", m_model)).exitCode, 3);
    const json judged =
        run(fmt::format("sizing harden {} --judge 2 --loosened 0.3 --rounds 3 --json", m_model)).document();
    EXPECT_EQ(judged["targets"], 2);
    for (const char* method : {"hardened", "nominal"}) {
        EXPECT_GE(judged["methods"][method]["reached"], 0);
        EXPECT_LE(judged["methods"][method]["reached"], 1);
        EXPECT_GT(judged["methods"][method]["median_simulations"], 27);
    }
    EXPECT_GE(judged["methods"]["nominal"]["median_shortfall"],
              judged["methods"]["hardened"]["median_shortfall"]);
    EXPECT_EQ(run(fmt::format("sizing harden {} --judge 2 --spec gain_db=60 --json", m_model)).exitCode, 2);
    EXPECT_EQ(run(fmt::format("sizing harden {} --spec gain_db=60 --corner xx --json", m_model)).exitCode, 3);
}

} // namespace
} // namespace headroom
