// headroom-cli as a user or script calls it: exit codes, JSON documents, files.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>

#include "core/base/csv.h"
#include "tests/app/cli/command_line.h"

namespace headroom {
namespace {

using namespace std::string_literals;

TEST_F(CommandLine, BadUsageExitsWithTwo) {
    EXPECT_EQ(run("").exitCode, 2);
    EXPECT_EQ(run("conquer").exitCode, 2);
    EXPECT_EQ(run("structure").exitCode, 2);
    EXPECT_EQ(run("--device abacus technologies").exitCode, 2);
    EXPECT_EQ(run("--version").exitCode, 0);
    for (const char* arguments :
         {"conquer --json", "--json simulate", "--json --device abacus technologies"}) {
        const Outcome refused = run(arguments);
        EXPECT_EQ(refused.exitCode, 2) << arguments;
        EXPECT_EQ(refused.document()["error"]["code"], "bad_usage") << arguments;
        EXPECT_FALSE(refused.document()["error"]["message"].get<std::string>().empty()) << arguments;
    }
}

TEST_F(CommandLine, AFullDeviceIsAFailureWithOneSentence) {
    if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "there is no /dev/full";
    const std::string netlist = example("miller");
    for (const std::string& arguments : {"technologies"s, "technologies --json"s, "--help"s,
                                         "import " + netlist, "structure nowhere.sp --json"s})
        EXPECT_EQ(runShell(fmt::format("{} >/dev/full", command(arguments))).exitCode, 1) << arguments;
    const Outcome told = runShell(fmt::format("{} 2>&1 >/dev/full", command("technologies")));
    EXPECT_EQ(told.out, "headroom-cli: The output cannot be written: no space is left on the device.\n");
    for (const std::string& arguments :
         {"import " + netlist + " --out /dev/full", "structure " + netlist + " --report /dev/full --json",
          "simulate " + netlist + " --performances none --deck /dev/full"}) {
        const Outcome full = run(arguments);
        EXPECT_NE(full.exitCode, 0) << arguments;
        EXPECT_TRUE(fs::is_character_file("/dev/full"));
    }
}

TEST_F(CommandLine, SimulateMakesNoFoldersAndSaysSo) {
    for (const char* option : {"--deck", "--cache"}) {
        const fs::path file = m_folder / "no" / "such" / "file";
        const Outcome refused =
            run(fmt::format("simulate {} --json {} {}", example("miller"), option, file.string()));
        EXPECT_EQ(refused.exitCode, 3) << option;
        EXPECT_NE(refused.document()["error"]["message"].get<std::string>().find("does not exist"),
                  std::string::npos);
        EXPECT_FALSE(fs::exists(m_folder / "no"));
    }
}

TEST_F(CommandLine, SimulateFindsWhatTheNetlistBringsInVain) {
    auto text = readFile(example("miller"));
    ASSERT_TRUE(text);
    const std::string netlist =
        write("own.sp",
              text->insert(text->find('\n') + 1, ".model NMOS_VTG nmos level=1\n.include \"gone.lib\"\n"));
    const Outcome told =
        run("simulate " + netlist + " --performances none --json --set M1.L=45N --set M2.L=45N");
    const json document = told.document();
    ASSERT_EQ(document["diagnostics"].size(), 2U) << document;
    EXPECT_EQ(document["diagnostics"][0]["severity"], "warning");
    EXPECT_EQ(document["diagnostics"][0]["file"], netlist);
    EXPECT_EQ(document["diagnostics"][0]["line"], 2);
    EXPECT_EQ(document["diagnostics"][1]["line"], 3);
    EXPECT_NE(document["notes"].back().get<std::string>().find("L of M1 is 45 nm"), std::string::npos);
    const Outcome text2 = run("simulate " + netlist + " --performances none");
    EXPECT_NE(text2.out.find("own.sp:2:1: warning: The netlist's own card of model NMOS_VTG is not used"),
              std::string::npos);
}

TEST_F(CommandLine, SimulateByTheProgramLeavesNothingBehind) {
    if (std::system("command -v ngspice >/dev/null") != 0) GTEST_SKIP() << "there is no ngspice program";
    // Of a process that is long gone (numbers end below this one), of one that lives, and of one that has
    // only just ended.
    const fs::path stale = m_folder / "headroom-ngspice-99999999-0";
    const fs::path living = m_folder / fmt::format("headroom-ngspice-{}-0", ::getpid());
    const fs::path fresh = m_folder / "headroom-ngspice-99999998-0";
    for (const fs::path& folder : {stale, living, fresh})
        fs::create_directories(folder);
    for (const fs::path& folder : {stale, living})
        fs::last_write_time(folder, fs::file_time_type::clock::now() - std::chrono::hours(1));
    const std::string simulate =
        command("simulate " + example("miller") + " --engine program --performances all --mismatch 500");
    const std::string killed =
        fmt::format("export TMPDIR='{}'; {} >/dev/null 2>&1 & pid=$!; sleep 1; kill -{} "
                    "$pid; wait $pid; echo $?",
                    m_folder.string(), simulate, "{}");
    for (const char* signal : {"TERM", "INT", "HUP"})
        EXPECT_EQ(runShell(fmt::format(fmt::runtime(killed), signal)).out, "1\n") << signal;
    EXPECT_FALSE(fs::exists(stale));
    EXPECT_TRUE(fs::exists(living));
    EXPECT_TRUE(fs::exists(fresh));
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()), 2);
}

TEST_F(CommandLine, StructureExplainsComparesAndExports) {
    const std::string folded = example("folded_cascode");
    const json document =
        run("structure " + folded + " --explain M10 --compare " + example("miller") + " --json").document();
    EXPECT_NE(document["explanation"].get<std::string>().find("CascodePair fits too"), std::string::npos);
    EXPECT_FALSE(document["comparison"]["same"].get<bool>());
    EXPECT_EQ(document["stages"][0]["type"], "folded cascode");
    EXPECT_FALSE(document["signal_path"]["from_plus"].empty());
    EXPECT_EQ(document["symmetry"]["on_axis"], json::array({"M3"}));

    const std::string svg = (m_folder / "report.svg").string();
    const std::string sym = (m_folder / "amplifier.sym").string();
    EXPECT_EQ(run("structure " + folded + " --report " + svg + " --constraints " + sym + " --form magical")
                  .exitCode,
              0);
    EXPECT_NE(readFile(svg)->find("Transconductance"), std::string::npos);
    EXPECT_NE(readFile(sym)->find("M1 M2\n"), std::string::npos);

    EXPECT_EQ(run("structure " + folded + " --explain M99").exitCode, 3);
    EXPECT_EQ(run("structure " + folded + " --report picture.bmp").exitCode, 3);
    const json bad = run("structure " + folded + " --library " +
                         write("blocks.yaml", "format_version: 1\nblocks: 7\n") + " --json")
                         .document();
    EXPECT_EQ(bad["error"]["line"], 2);
}

TEST_F(CommandLine, SuppliesCanBeNamed) {
    const std::string file = write("amplifier.sp", "* five transistors\n.subckt ota p n out vb top low\n"
                                                   "M1 a n t low nch\nM2 out p t low nch\n"
                                                   "M3 a a top top pch\nM4 out a top top pch\n"
                                                   "M5 t vb low low nch\n.ends\n");
    const json document = run("structure " + file + " --positive top --negative low --json").document();
    EXPECT_EQ(document["ports"]["positive_supply"], "top");
    EXPECT_EQ(document["ports"]["negative_supply"], "low");
}

TEST_F(CommandLine, BadInputExitsWithThreeAndNamesTheFile) {
    const Outcome missing = run("import /nonexistent.sp --json");
    EXPECT_EQ(missing.exitCode, 3);
    EXPECT_EQ(missing.document()["error"]["code"], "not_found");
    EXPECT_EQ(missing.document()["error"]["file"], "/nonexistent.sp");
    EXPECT_FALSE(missing.document()["error"]["message"].get<std::string>().empty());
}

TEST_F(CommandLine, ImportAccountsForEveryLine) {
    for (const char* name : {"folded_cascode", "miller"}) {
        const json document = run("import " + example(name) + " --json").document();
        EXPECT_EQ(document["top"], name);
        EXPECT_EQ(document["lines"]["read"], document["lines"]["accounted"]);
        EXPECT_EQ(document["ports"].size(), 6U);
        EXPECT_EQ(document["diagnostics"].size(), 0U) << document["diagnostics"];
    }
}

TEST_F(CommandLine, ImportWritesTheTextBackUnchanged) {
    const std::string out = (m_folder / "copy.sp").string();
    ASSERT_EQ(run(fmt::format("import {} --out {}", example("miller"), out)).exitCode, 0);
    EXPECT_EQ(*readFile(out), *readFile(example("miller")));
}

TEST_F(CommandLine, ImportConvertsToAnotherDialect) {
    const std::string out = (m_folder / "converted.scs").string();
    const json source =
        run(fmt::format("import {} --out {} --dialect spectre --json", example("miller"), out)).document();
    const json document = run(fmt::format("import {} --json", out)).document();
    EXPECT_EQ(document["dialect"], "spectre");
    EXPECT_EQ(document["devices"].size(), source["devices"].size());
    EXPECT_EQ(document["ports"].size(), source["ports"].size());
    EXPECT_EQ(run(fmt::format("import {} --out {} --dialect klingon", example("miller"), out)).exitCode, 3);
}

TEST_F(CommandLine, StructureExplainsEveryDevice) {
    const json document = run("structure " + example("folded_cascode") + " --json").document();
    EXPECT_EQ(document["unexplained"].size(), 0U);
    EXPECT_EQ(document["matched_groups"].size(), 5U);
    EXPECT_EQ(document["ports"]["input_plus"], "inp");
    int mosfets = 0;
    for (const json& device : document["devices"])
        mosfets += device["name"].get<std::string>()[0] == 'M' ? 1 : 0;
    EXPECT_EQ(mosfets, 15);
}

TEST_F(CommandLine, DrawWritesPicturesAndCountsWhatDisturbsThem) {
    for (const char* suffix : {"svg", "pdf", "sch"}) {
        const std::string out = (m_folder / "amplifier.").string() + suffix;
        const Outcome outcome = run(fmt::format("draw {} --out {} --json", example("folded_cascode"), out));
        ASSERT_EQ(outcome.exitCode, 0) << suffix;
        const json document = outcome.document();
        EXPECT_EQ(document["symbols"], 16);
        EXPECT_EQ(document["overlaps"], 0);
        EXPECT_LE(document["crossings"].get<int>(), 3);
        EXPECT_GE(document["elapsed_ms"].get<double>(), 0);
        EXPECT_GT(fs::file_size(out), 1000U);
    }
    EXPECT_EQ(run("draw " + example("miller") + " --out picture.bmp").exitCode, 3);
    EXPECT_EQ(run("draw " + example("miller")).exitCode, 2);
}

TEST_F(CommandLine, TechnologiesNameSourceAndLicence) {
    const json document = run("technologies --json").document();
    ASSERT_GE(document.size(), 1U);
    for (const json& technology : document) {
        EXPECT_FALSE(technology["source"].get<std::string>().empty());
        EXPECT_FALSE(technology["licence"].get<std::string>().empty());
        EXPECT_GT(technology["supply_voltage"].get<double>(), 0);
        EXPECT_GT(technology["temperature"].get<double>(), -273);
        EXPECT_GE(technology["corners"].size(), 3U);
        for (const json& device : technology["devices"]) {
            EXPECT_LT(device["width"][0].get<double>(), device["width"][1].get<double>());
            EXPECT_LT(device["length"][0].get<double>(), device["length"][1].get<double>());
            EXPECT_GT(device["mismatch"]["threshold"].get<double>(), 1e-10) << device["model"];
            EXPECT_GT(device["mismatch"]["current_factor"].get<double>(), 1e-10) << device["model"];
        }
    }
}

TEST_F(CommandLine, SimulateFollowsTheContractAndTheAssignments) {
    const std::string command = "simulate " + example("miller") + " --json";
    const json nominal = run(command).document();
    for (const char* name : {"gain_db", "transit_frequency", "phase_margin", "power", "slew_rate", "cmrr_db",
                             "icmr_min", "icmr_max", "vout_min", "vout_max"}) {
        ASSERT_TRUE(nominal["performances"].contains(name)) << nominal;
        EXPECT_TRUE(nominal["performances"][name]["value"].is_number()) << name;
    }
    EXPECT_EQ(nominal["performances"]["transit_frequency"]["unit"], "Hz");
    EXPECT_EQ(nominal["operating_point"]["devices"].size(), 8U);
    const Outcome unknown = run(command + " --set M99.w=2u");
    EXPECT_EQ(unknown.exitCode, 3);
    EXPECT_NE(unknown.document()["error"]["message"].get<std::string>().find("M99"), std::string::npos);
    EXPECT_EQ(run(command + " --set M1:2u").exitCode, 3);
    EXPECT_EQ(run(command + " --performances beauty").exitCode, 3);
    EXPECT_EQ(run(command + " --corner nowhere").exitCode, 3);
}

TEST_F(CommandLine, SimulateGoesOverCornersTemperaturesAndSupplies) {
    const json document =
        run("simulate " + example("miller") +
            " --performances gain_db,power --corner all --temperature -40,125 --supply 1.0,1.2 --json")
            .document();
    ASSERT_EQ(document["places"].size(), 12U);
    EXPECT_EQ(document["conditions"]["corner"], "nom");
    EXPECT_EQ(document["conditions"]["temperature"], -40);
    double least = 1e9;
    for (const json& place : document["places"])
        least = std::min(least, place["performances"]["gain_db"].get<double>());
    EXPECT_EQ(document["over_places"]["gain_db"]["minimum"], least);
    EXPECT_EQ(document["performances"]["power"]["value"], document["places"][0]["performances"]["power"]);
    EXPECT_EQ(run("simulate " + example("miller") + " --corner tropical --json").exitCode, 3);
    EXPECT_EQ(run("simulate " + example("miller") + " --temperature warm --json").exitCode, 3);
}

TEST_F(CommandLine, SimulateDrawsTheSameMismatchForTheSameSeed) {
    const std::string command =
        "simulate " + example("miller") + " --performances offset --mismatch 6 --json --seed ";
    const json first = run(command + "5").document()["mismatch"];
    EXPECT_EQ(first["count"], 6);
    EXPECT_EQ(first["failed"], 0);
    EXPECT_GT(first["performances"]["offset"]["deviation"].get<double>(), 1e-5);
    const json again = run(command + "5 --threads 1").document()["mismatch"];
    const json other = run(command + "6").document()["mismatch"];
    for (std::size_t draw = 0; draw < 6; ++draw)
        EXPECT_NEAR(again["performances"]["offset"]["values"][draw].get<double>(),
                    first["performances"]["offset"]["values"][draw].get<double>(), 1e-9);
    EXPECT_NE(other["performances"]["offset"]["values"], first["performances"]["offset"]["values"]);
}

TEST_F(CommandLine, SimulateSweepsAParameterAndMeasuresWhatTheUserWrites) {
    const json document = run("simulate " + example("miller") +
                              " --performances transit_frequency --sweep CL.value=1p:4p:3:log --measure "
                              "'gm1[S]=op:@M1[gm]' --json")
                              .document();
    const json& points = document["sweep"]["points"];
    ASSERT_EQ(points.size(), 3U);
    EXPECT_NEAR(points[1]["value"].get<double>(), 2e-12, 1e-18);
    EXPECT_GT(points[0]["performances"]["transit_frequency"], points[2]["performances"]["transit_frequency"]);
    EXPECT_EQ(document["measurements"]["gm1"]["unit"], "S");
    EXPECT_NEAR(document["measurements"]["gm1"]["value"].get<double>(),
                document["operating_point"]["devices"]["M1"]["gm"].get<double>(), 1e-9);
    EXPECT_EQ(run("simulate " + example("miller") + " --sweep CL=1p:4p:3 --json").exitCode, 3);
    EXPECT_EQ(run("simulate " + example("miller") + " --measure 'x=op:v(nowhere)' --json").exitCode, 3);
}

TEST_F(CommandLine, CountsAreNotNegative) {
    const std::string command = "export " + example("miller") + " --sizing none.csv --out " +
                                (m_folder / "sized.sp").string() + " --json ";
    for (const char* option : {"--row -1", "--mirror-units -1", "--seed -2"}) {
        const Outcome refused = run(command + option);
        EXPECT_EQ(refused.exitCode, 2) << option;
        EXPECT_TRUE(refused.document()["error"]["message"].get<std::string>().ends_with("is negative"))
            << refused.out;
    }
}

TEST_F(CommandLine, SimulateByTheProgramAndTheDeckGiveTheSameFigures) {
    if (std::system("command -v ngspice >/dev/null") != 0) GTEST_SKIP() << "there is no ngspice program";
    const std::string deck = (m_folder / "deck.sp").string();
    const std::string command = "simulate " + example("miller") + " --performances gain_db,power --json";
    const json workers = run(command + " --deck " + deck).document()["performances"];
    const json program = run(command + " --engine program").document()["performances"];
    for (const char* name : {"gain_db", "power"})
        EXPECT_NEAR(program[name]["value"].get<double>(), workers[name]["value"].get<double>(),
                    1e-6 * workers[name]["value"].get<double>());
    const auto text = readFile(deck);
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("print gain_db"), std::string::npos);
}

TEST_F(CommandLine, ExportWritesASizingInEveryForm) {
    const std::string sizing =
        write("s.csv", "device,parameter,value,unit\nM1,w,2.0013e-06,m\nM2,w,2.0013e-06,m\n");
    for (const char* form : {"netlist", "param", "csv", "json"}) {
        const std::string out = (m_folder / form).string();
        const Outcome exported = run(fmt::format("export {} --sizing {} --as {} --out {} --json",
                                                 example("miller"), sizing, form, out));
        ASSERT_EQ(exported.exitCode, 0) << exported.out;
        EXPECT_EQ(exported.document()["snapping"][0]["before"], 2.0013e-06);
        EXPECT_NEAR(exported.document()["snapping"][0]["after"].get<double>(), 2.0e-06, 1e-15);
        EXPECT_TRUE(fs::exists(out));
    }
    const json again = run(fmt::format("import {} --json", (m_folder / "netlist").string())).document();
    for (const json& device : again["devices"]) {
        if (device["name"] == "M1" || device["name"] == "M2") {
            EXPECT_NEAR(device["parameters"]["w"].get<double>(), 2e-6, 1e-15);
        }
    }
    EXPECT_EQ(run(fmt::format("export {} --sizing /none.csv --out /tmp/x", example("miller"))).exitCode, 3);
}

TEST_F(CommandLine, DatasetResumesAfterAKillWithTheSameRows) {
    const auto command = [&](const std::string& out) {
        return fmt::format("sizing dataset {} --size 10 --selectivity 1 --seed 5 --json --out {}",
                           example("miller"), (m_folder / out).string());
    };
    // Killed in the middle, then run again: the rows are those of an uninterrupted run.
    const std::string killed = fmt::format("timeout -s KILL 2 '{}/app/headroom-cli' {} >/dev/null 2>&1; true",
                                           HEADROOM_TEST_BINARY_DIR, command("resumed"));
    ASSERT_EQ(std::system(killed.c_str()), 0);
    ASSERT_EQ(run(command("resumed")).exitCode, 0);
    const Outcome whole = run(command("whole"));
    ASSERT_EQ(whole.exitCode, 0) << whole.out;
    EXPECT_EQ(*readFile(m_folder / "resumed/dataset.csv"), *readFile(m_folder / "whole/dataset.csv"));
    EXPECT_EQ(whole.document()["rows"], 10);
    const Outcome again = run(command("whole"));
    EXPECT_EQ(again.document()["simulations"]["evaluations"], again.document()["simulations"]["cache_hits"]);
}

TEST_F(CommandLine, CacheAnswersAndCanBeInspected) {
    const std::string cache = (m_folder / "results.sqlite").string();
    const std::string simulate = "simulate " + example("miller") + " --performances gain_db --json --cache ";
    EXPECT_EQ(run(simulate + cache).document()["cache"],
              (json{{"hits", 0}, {"misses", 1}, {"hit_rate", 0.0}}));
    EXPECT_EQ(run(simulate + m_folder.string()).document()["cache"],
              (json{{"hits", 1}, {"misses", 0}, {"hit_rate", 1.0}}));
    const json shown = run("cache show --json " + cache).document();
    EXPECT_EQ(shown["entries"], 1);
    EXPECT_EQ(shown["hit_rate"], 0.5);
    EXPECT_EQ(shown["sessions"].size(), 2U);
    EXPECT_EQ(shown["benches"][0]["circuit"], "miller");
    EXPECT_EQ(shown["limit"], nullptr);

    EXPECT_EQ(run("cache limit 500k --json " + cache).document()["limit"], 500000);
    EXPECT_EQ(run("cache show --json " + m_folder.string()).document()["limit"], 500000);
    EXPECT_EQ(run("cache limit none --json " + cache).document()["limit"], nullptr);
    EXPECT_EQ(run("cache limit 7 " + cache).exitCode, 3);
    EXPECT_EQ(run("cache limit much " + cache).exitCode, 3);
    EXPECT_EQ(run("cache check --json " + cache).document()["sound"], true);
    EXPECT_EQ(run("cache clear --json " + cache).document()["removed"], 1);
    EXPECT_EQ(run("cache show --json " + cache).document()["entries"], 0);
    EXPECT_EQ(run("cache show " + (m_folder / "missing").string()).exitCode, 3);
    EXPECT_EQ(run("cache").exitCode, 2);
}

TEST_F(CommandLine, DamagedCacheIsSetAsideOnRequestAlone) {
    const std::string cache = (m_folder / "results.sqlite").string();
    const std::string simulate = "simulate " + example("miller") + " --performances gain_db --json --cache ";
    ASSERT_EQ(run(simulate + cache).exitCode, 0);
    std::string bytes = *readFile(cache);
    for (std::size_t at = 100; at < bytes.size(); ++at)
        bytes[at] = static_cast<char>(~bytes[at]);
    ASSERT_TRUE(writeFileAtomically(cache, bytes));

    const Outcome simulated = run(simulate + cache);
    EXPECT_EQ(simulated.exitCode, 0);
    EXPECT_NE(simulated.document()["notes"][0].get<std::string>().find("is damaged"), std::string::npos);
    EXPECT_EQ(run("cache check --json " + cache).document()["error"]["code"], "corrupt");
    EXPECT_EQ(run("cache clear " + cache).exitCode, 3);
    EXPECT_EQ(*readFile(cache), bytes);
    EXPECT_EQ(run("cache check --repair --json " + cache).document()["set_aside"], cache + ".corrupt");
    EXPECT_EQ(*readFile(cache + ".corrupt"), bytes);
    EXPECT_EQ(run(simulate + cache).document()["cache"]["misses"], 1);
    EXPECT_EQ(run(simulate + cache).document()["cache"]["hits"], 1);

    const std::string foreign = write("notes.txt", "not a database");
    EXPECT_EQ(run("cache check --repair " + foreign).exitCode, 3);
    EXPECT_EQ(*readFile(foreign), "not a database");
}

TEST_F(CommandLine, SamplesAreRankedAndWhatIsPredictedIsKeptApartFromWhatIsSimulated) {
    if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
    const std::string model = resourcePath("models/miller_coordinated").string();
    const std::string table = (m_folder / "samples.csv").string();
    const Outcome sampled =
        run(fmt::format("sizing sample {} --spec gain_db=70 --count 12 --candidates 40 --simulate 3 --out {} "
                        "--json",
                        model, table));
    ASSERT_EQ(sampled.exitCode, 0) << sampled.out;
    EXPECT_EQ(sampled.document()["ranked"], true);
    EXPECT_EQ(sampled.document()["simulated"], 3);
    EXPECT_LE(sampled.document()["best_row"].get<int>(), 3);
    const auto samples = parseCsv(*readFile(table), table);
    ASSERT_TRUE(samples);
    ASSERT_EQ(samples->rows.size(), 12U);
    const std::size_t predicted = *samples->column("predicted_gain_db");
    const std::size_t simulated = *samples->column("simulated_gain_db");
    for (std::size_t row = 0; row < 12; ++row) {
        EXPECT_FALSE(samples->rows[row][predicted].empty());
        EXPECT_EQ(samples->rows[row][simulated].empty(), row >= 3);
        EXPECT_NE(samples->rows[row][predicted], samples->rows[row][simulated]);
    }
}

TEST_F(CommandLine, EvaluationFollowsTheContract) {
    if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
    // Two targets: rows of the data set itself.
    const std::string data = resourcePath("examples/miller_dataset/dataset.csv").string();
    const std::string text = *readFile(data);
    std::size_t end = 0;
    for (int line = 0; line < 3; ++line)
        end = text.find('\n', end) + 1;
    const std::string targets = write("targets.csv", text.substr(0, end));
    const Outcome evaluated = run(fmt::format(
        "sizing evaluate {} --beside {} --targets {} --methods ranked,nearest,differential_evolution "
        "--answers 3 --candidates 30 --json",
        resourcePath("models/miller_coordinated").string(), resourcePath("models/miller_joint").string(),
        targets));
    ASSERT_EQ(evaluated.exitCode, 0) << evaluated.out;
    const json methods = evaluated.document()["methods"];
    EXPECT_EQ(evaluated.document()["targets"], 2);
    for (const char* name : {"coordinated_ranked", "joint_ranked", "nearest", "differential_evolution"}) {
        ASSERT_TRUE(methods.contains(name)) << name;
        EXPECT_TRUE(methods[name]["met"]["within_5_percent"].contains("best_of_3")) << name;
        EXPECT_TRUE(methods[name]["relative_difference"]["gain_db"].contains("median")) << name;
    }
    // No more than it takes: a target that is met needs no further answer.
    EXPECT_GE(methods["coordinated_ranked"]["simulations"], 2);
    EXPECT_LE(methods["coordinated_ranked"]["simulations"], 6);
    for (const auto& [name, method] : methods.items()) {
        if (method["met_saturated"]["within_5_percent"]["best_of_1"] != 1 || name == "nearest") continue;
        EXPECT_EQ(method["simulations"], 2) << name;
    }
    const Outcome partial = run(fmt::format(
        "sizing evaluate {} --beside {} --targets {} --methods ranked,at_target --answers 1 --candidates 30 "
        "--asked 2 --json",
        resourcePath("models/miller_coordinated").string(), resourcePath("models/miller_joint").string(),
        targets));
    ASSERT_EQ(partial.exitCode, 0) << partial.out;
    const json some = partial.document()["methods"];
    ASSERT_TRUE(some.contains("coordinated_at_target"));
    EXPECT_TRUE(some["coordinated_at_target"]["near_target"]["within_5_percent"].contains("best_of_1"));
    std::size_t asked = 0;
    for (const auto& [name, difference] : some["coordinated_ranked"]["relative_difference"].items())
        asked += difference["median"].is_null() ? 0 : 1;
    EXPECT_GE(asked, 2U); // two of ten for each of two targets
    EXPECT_LE(asked, 4U);
    EXPECT_EQ(methods["nearest"]["simulations"], 0);
    EXPECT_EQ(methods["nearest"]["met"]["within_5_percent"]["best_of_1"], 1); // it knows these rows
}

TEST_F(CommandLine, SlackFollowsTheContract) {
    if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
    const std::string command = fmt::format("slack {} --sizing {} --row 2 --simulate 6 --json",
                                            resourcePath("models/miller_coordinated").string(),
                                            resourcePath("examples/miller_dataset/dataset.csv").string());
    const std::string table = (m_folder / "room.csv").string();
    const Outcome found = run(command + " --out " + table);
    ASSERT_EQ(found.exitCode, 0) << found.out;
    const json document = found.document();
    const std::size_t count = document["variables"].size();
    EXPECT_EQ(document["covariance_of_logarithms"].size(), count);
    EXPECT_EQ(document["directions"].size(), count);
    EXPECT_EQ(document["checked"], 6);
    for (const json& variable : document["variables"]) {
        EXPECT_LE(variable["alone"]["low"], variable["value"]) << variable["name"];
        EXPECT_GE(variable["alone"]["high"], variable["value"]) << variable["name"];
        EXPECT_LE(variable["together"]["low"], variable["together"]["high"]) << variable["name"];
        EXPECT_FALSE(variable["devices"].empty());
    }
    const auto samples = parseCsv(*readFile(table), table);
    ASSERT_TRUE(samples);
    EXPECT_EQ(samples->rows.size(), document["samples"].get<std::size_t>());
    EXPECT_EQ(samples->columns.size(), count);

    const Outcome beyond = run(command + " --spec gain_db=500");
    EXPECT_EQ(beyond.exitCode, 3);
    EXPECT_TRUE(beyond.document()["error"]["message"].get<std::string>().starts_with(
        "The sizing does not hold the specification ("));
}

TEST_F(CommandLine, RobustnessFollowsTheContract) {
    if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
    const std::string command =
        fmt::format("robustness {} --sizing {} --json", resourcePath("models/miller_coordinated").string(),
                    resourcePath("examples/miller_dataset/dataset.csv").string());
    const std::string table = (m_folder / "draws.csv").string();
    const Outcome found =
        run(command + " --row 2,3 --corner all --supply 1.05,1.1 --mismatch 40 --at-worst --out " + table);
    ASSERT_EQ(found.exitCode, 0) << found.out;
    const json document = found.document();
    EXPECT_EQ(document["interval"]["method"], "wilson");
    ASSERT_EQ(document["sizings"].size(), 2U);
    std::size_t draws = 0;
    for (const json& sizing : document["sizings"]) {
        EXPECT_EQ(sizing["places"].size() % 2, 0U);
        std::size_t holding = 0;
        for (const json& place : sizing["places"])
            holding += place["holds"].get<bool>() ? 1 : 0;
        EXPECT_EQ(sizing["holds_everywhere"].get<bool>(), holding == sizing["places"].size());
        // The worst gain is the least of all places.
        double least = 1e9;
        for (const json& place : sizing["places"])
            if (place["performances"].contains("gain_db"))
                least = std::min(least, place["performances"]["gain_db"].get<double>());
        EXPECT_DOUBLE_EQ(sizing["worst"]["gain_db"]["value"].get<double>(), least);
        EXPECT_TRUE(sizing["worst"]["offset"]["minimum"].is_null());
        ASSERT_EQ(sizing["mismatch"].size(), 2U);
        for (const json& mismatch : sizing["mismatch"]) {
            EXPECT_EQ(mismatch["draws"], 40);
            EXPECT_LE(mismatch["yield_low"], mismatch["yield"]);
            EXPECT_GE(mismatch["yield_high"], mismatch["yield"]);
            const json& offset = mismatch["performances"]["offset"];
            EXPECT_GT(offset["deviation"].get<double>(), 0);
            EXPECT_GT(offset["explained"].get<double>(), 0.9); // linear in small deviations
            ASSERT_FALSE(offset["shares"].empty());
            EXPECT_GT(offset["shares"][0]["share"].get<double>(), 0.1);
            draws += mismatch["draws"].get<std::size_t>();
        }
    }
    const auto rows = parseCsv(*readFile(table), table);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->rows.size(), draws);
    EXPECT_TRUE(rows->column("gain_db") && rows->column("offset"));

    const Outcome stopped =
        run(command + " --corner nom --mismatch 500 --interval 0.3 --tolerance 0.5 --observe none");
    ASSERT_EQ(stopped.exitCode, 0) << stopped.out;
    const json mismatch = stopped.document()["sizings"][0]["mismatch"][0];
    EXPECT_LT(mismatch["draws"], 500);
    EXPECT_TRUE(mismatch["narrow_enough"]);
    EXPECT_FALSE(mismatch["performances"].contains("offset"));

    const Outcome corner = run(command + " --corner xx");
    EXPECT_EQ(corner.exitCode, 3);
    const Outcome observed = run(command + " --observe beauty");
    EXPECT_EQ(observed.document()["error"]["message"], "\"beauty\" is no performance.");
    EXPECT_EQ(run(command + " --interval 2").exitCode, 2);
}

TEST_F(CommandLine, MissingModelIsOneSentence) {
    const Outcome sampled = run("sizing sample /no/model --out /tmp/x.csv --json");
    EXPECT_EQ(sampled.exitCode, 3);
    EXPECT_EQ(sampled.document()["error"]["file"], "/no/model/model.yaml");
}

} // namespace
} // namespace headroom
