// The command `delay characterise`, by the command line's contract.

#include "core/base/csv.h"
#include "tests/app/cli/command_line.h"

namespace headroom {
namespace {

TEST_F(CommandLine, DelayCharacteriseWritesTablesAndALibrary) {
    const std::string out = (m_folder / "inv.csv").string(), arcs = (m_folder / "arcs.csv").string(),
                      liberty = (m_folder / "inv.lib").string();
    const Outcome outcome =
        run(fmt::format("--seed 3 delay characterise --cell inv --samples 5 --out {} --arcs {} "
                        "--liberty {} --load 1f..8f --slew 10p --json",
                        out, arcs, liberty));
    ASSERT_EQ(outcome.exitCode, 0) << outcome.out;
    const json document = outcome.document();
    EXPECT_EQ(document["cell"], "inv");
    EXPECT_EQ(document["samples"], 5);
    EXPECT_EQ(document["failed"], 0);
    EXPECT_EQ(document["arcs"], json::array({"a_y"}));
    EXPECT_GT(document["delay_mean"].get<double>(), 1e-12);
    const auto table = parseCsv(*readFile(out));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rows.size(), 5U);
    EXPECT_TRUE(table->column("load [F]"));
    EXPECT_FALSE(table->column("slew [s]")); // the same in every row
    EXPECT_EQ(table->columns.back(), "delay [s]");
    const auto all = parseCsv(*readFile(arcs));
    ASSERT_TRUE(all);
    const auto rise = all->column("delay_a_y_rise [s]"), fall = all->column("delay_a_y_fall [s]");
    ASSERT_TRUE(rise && fall);
    for (std::size_t row = 0; row < 5; ++row)
        EXPECT_NEAR(std::stod(table->rows[row].back()),
                    0.5 * (std::stod(all->rows[row][*rise]) + std::stod(all->rows[row][*fall])), 1e-18);
    EXPECT_NE(readFile(liberty)->find("cell_rise"), std::string::npos);

    const std::string again = (m_folder / "again.csv").string();
    ASSERT_EQ(run(fmt::format("--seed 3 delay characterise --cell inv --samples 5 --out {} --load 1f..8f "
                              "--slew 10p",
                              again))
                  .exitCode,
              0);
    EXPECT_EQ(*readFile(again), *readFile(out));
}

TEST_F(CommandLine, DelayRowsAreSimulatedOnceAndLabelSyntheticOnes) {
    const std::string table = (m_folder / "inv.csv").string(), test = (m_folder / "test.csv").string(),
                      made = (m_folder / "made.csv").string();
    const std::string characterise = fmt::format("delay characterise --cell inv --out {} --json", table);
    EXPECT_EQ(run(characterise + " --samples 30").document()["cached"], 0);
    const json more = run(characterise + " --samples 40").document();
    EXPECT_EQ(more["cached"], 30);
    EXPECT_EQ(more["transients"], 20); // ten rows, two edges
    EXPECT_EQ(more["record"], table + ".cell.yaml");
    EXPECT_EQ(run(characterise + " --samples 40 --cache none").document()["transients"], 80);
    ASSERT_EQ(run(fmt::format("--seed 2 delay characterise --cell inv --samples 40 --out {}", test)).exitCode,
              0);

    const json labelled =
        run(fmt::format("delay augment {} --method copula --label ngspice --count 40 --out {} "
                        "--json",
                        table, made))
            .document();
    EXPECT_EQ(labelled["method"], "copula+ngspice");
    EXPECT_EQ(labelled["label"]["simulated"], 40);
    const auto evaluate = [&] {
        return run(fmt::format("delay evaluate --real {} --test {} --synthetic {} --label ngspice --json",
                               table, test, made))
            .document()["resemblance"];
    };
    const json exact = evaluate();
    EXPECT_LT(exact["label_mape"].get<double>(), 1e-3);
    EXPECT_EQ(exact["label_rows"], 40);
    EXPECT_EQ(exact["label_failed"], 0);
    ASSERT_EQ(run(fmt::format("delay augment {} --method copula --count 40 --out {}", table, made)).exitCode,
              0);
    const double plain = evaluate()["label_mape"].get<double>();
    EXPECT_GT(plain, 0.5);
    EXPECT_LT(plain, 20);

    const json study =
        run(fmt::format("delay study {} --test {} --methods copula --refined none --simulated "
                        "copula --label ngspice --label-rows 20 --sizes 40 --repeats 1 --count 40 "
                        "--validations 1 --json",
                        table, test))
            .document();
    ASSERT_EQ(study["labels"].size(), 2U);
    EXPECT_GT(study["labels"][0]["label_mape"].get<double>(), 0.5);
    EXPECT_EQ(study["labels"][1]["rows"], "copula+ngspice");
    EXPECT_LT(study["labels"][1]["label_mape"].get<double>(), 1e-3);
    // The record names another cell's deck.
    std::string record = *readFile(table + ".cell.yaml");
    record.replace(record.find("cell: inv"), 9, "cell: buf");
    ASSERT_TRUE(writeFileAtomically(table + ".cell.yaml", record));
    const json changed =
        run(fmt::format("delay augment {} --method copula --label ngspice --out {} --json", table, made))
            .document()["error"];
    EXPECT_NE(changed["message"].get<std::string>().find("has changed"), std::string::npos) << changed;
}

TEST_F(CommandLine, DelayCharacteriseRefusesWhatItCannotUse) {
    const std::string out = (m_folder / "x.csv").string();
    const std::string idle = write("idle.sp", ".subckt idle a y vdd vss\nmp y vss vdd vdd pmos w=1u l=50n\n"
                                              "mn x a vss vss nmos w=1u l=50n\n.ends\n"),
                      mixed = write("mixed.sp", ".subckt mixed a y vdd vss\nmp y a vdd vdd pmos w=1u l=50n\n"
                                                "mn y a vss vss nmos w=1u l=50n\nr1 y vss 1k\n.ends\n"),
                      two =
                          write("two.sp", ".subckt one a y vdd vss\nmp y a vdd vdd pmos w=1u l=50n\n.ends\n"
                                          ".subckt two a y vdd vss\nmp y a vdd vdd pmos w=1u l=50n\n.ends\n");
    const struct {
        std::string options;
        const char* says;
    } cases[] = {
        {"--cell nand9", "xnor2"},
        {"--cell " + idle, "does not switch"},
        {"--cell " + mixed, "r1 is no MOSFET"},
        {"--cell inv --load 8f..1f", "loads"},
        {"--cell inv --load much", "much"},
        {"--cell inv --corner nowhere", "nowhere"},
        {"--cell inv --supply=-1..1", "supply voltages"},
        {"--cell inv --temperature=-300..20", "temperatures"},
        {"--cell inv --supply 0", "A supply of 0 V"},
        {"--cell inv --slew 1", "input slews"},
        {"--cell " + two, "name one, such as two.sp:"},
    };
    for (const auto& each : cases) {
        const Outcome refused =
            run(fmt::format("delay characterise {} --samples 2 --out {} --json", each.options, out));
        EXPECT_EQ(refused.exitCode, 3) << each.options;
        EXPECT_NE(refused.document()["error"]["message"].get<std::string>().find(each.says),
                  std::string::npos)
            << refused.out;
    }
    const json error =
        run(fmt::format("delay characterise --cell {} --samples 2 --out {} --json", mixed, out))
            .document()["error"];
    EXPECT_EQ(error["file"], mixed);
    EXPECT_EQ(error["line"], 4);
    // What could be simulated at another supply is no bad input.
    const Outcome dead =
        run(fmt::format("delay characterise --cell inv --supply 0.05 --samples 2 --out {} --json", out));
    EXPECT_EQ(dead.exitCode, 1);
    EXPECT_NE(dead.document()["error"]["message"].get<std::string>().find("does not switch within"),
              std::string::npos)
        << dead.out;
    EXPECT_EQ(run("delay characterise --cell inv").exitCode, 2);
    EXPECT_EQ(run(fmt::format("delay characterise --cell inv --samples 0 --out {}", out)).exitCode, 2);
    EXPECT_FALSE(fs::exists(out));
}

} // namespace
} // namespace headroom
