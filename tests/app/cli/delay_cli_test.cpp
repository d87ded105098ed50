// headroom-cli: `delay augment`, `delay evaluate` and `delay study`, by the command line's contract.

#include <algorithm>
#include <cmath>

#include "core/delay/table_import.h"
#include "tests/app/cli/command_line.h"
#include "tests/core/delay/known_delays.h"

namespace headroom {
namespace {

using delay::KnownDelays;

class DelayTables : public CommandLine {
protected:
    std::string table(const std::string& name, std::size_t rows, std::uint64_t seed) {
        return write(name, writeCsv(toCsv(KnownDelays::draw(rows, seed))));
    }

    std::string path(const char* name) const { return (m_folder / name).string(); }

    static json resultOf(const json& document, const char* rows, const char* judge) {
        for (const json& result : document["results"]) {
            if (result["rows"] == rows && result["judge"] == judge) return result;
        }
        ADD_FAILURE() << rows << " " << judge << " is not in " << document["results"];
        return {};
    }
};

TEST_F(DelayTables, AugmentAddsRowsWithTheirProvenance) {
    const std::string real = table("x.csv", 120, 1);
    for (const char* method : {"noise", "smote", "copula"}) {
        const Outcome outcome =
            run(fmt::format("--seed 7 delay augment {} --count 300 --method {} --out {} --json", real, method,
                            path("y.csv")));
        ASSERT_EQ(outcome.exitCode, 0) << outcome.out;
        const json document = outcome.document();
        EXPECT_EQ(document["method"], method);
        EXPECT_EQ(document["real_rows"], 120);
        EXPECT_EQ(document["synthetic_rows"], 300);
        EXPECT_EQ(document["target"], "delay");
        EXPECT_EQ(document["columns"][0], (json{{"name", "vth0_n"}, {"unit", "V"}, {"kind", "number"}}));
        const auto read = delay::readTable(path("y.csv"), {});
        ASSERT_TRUE(read) << read.error().describe();
        EXPECT_EQ(read->table.rows(), 420U);
        EXPECT_EQ(rowsOfOrigin(read->table, true).size(), 120U);
        EXPECT_EQ(read->table.provenance.back(), fmt::format("{}, seed 7", method));
        // What was augmented before is augmented by its real rows alone.
        EXPECT_EQ(
            run(fmt::format("delay augment {} --method smote --out {} --json", path("y.csv"), path("z.csv")))
                .document()["real_rows"],
            120);
    }
    const std::string first = *readFile(path("y.csv"));
    ASSERT_EQ(run(fmt::format("--seed 7 delay augment {} --count 300 --method copula --out {}", real,
                              path("y.csv")))
                  .exitCode,
              0);
    EXPECT_EQ(*readFile(path("y.csv")), first);
}

TEST_F(DelayTables, AugmentTrainsNetworks) {
    if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
    const std::string real = table("x.csv", 120, 1);
    for (const char* method : {"ddpm", "ddpm-joint"}) {
        const Outcome outcome = run(
            fmt::format("--device cpu delay augment {} --count 100 --method {} --epochs 20 --out {} --json",
                        real, method, path("y.csv")));
        ASSERT_EQ(outcome.exitCode, 0) << outcome.out;
        EXPECT_EQ(outcome.document()["method"], fmt::format("{}, 20 epochs", method));
        EXPECT_EQ(outcome.document()["rows"], 220);
    }
}

TEST_F(DelayTables, AugmentSamplesFromAGeneratorThatWasKept) {
    const std::string real = table("x.csv", 120, 1), model = path("model");
    const json kept = run(fmt::format("--seed 7 delay augment {} --count 50 --method copula --refine "
                                      "--save-model {} --synthetic-only --out {} --json",
                                      real, model, path("y.csv")))
                          .document();
    EXPECT_EQ(kept["model"], model);
    EXPECT_EQ(kept["method"], "copula+gaussian_process");
    const Outcome outcome = run(
        fmt::format("--seed 7 delay augment --model {} --count 50 --out {} --json", model, path("z.csv")));
    ASSERT_EQ(outcome.exitCode, 0) << outcome.out;
    EXPECT_EQ(outcome.document()["real_rows"], 0);
    EXPECT_EQ(outcome.document()["fit_ms"], 0);
    EXPECT_EQ(*readFile(path("z.csv")), *readFile(path("y.csv")));
    const json beside =
        run(fmt::format("delay augment {} --model {} --count 50 --out {} --json", real, model, path("z.csv")))
            .document();
    EXPECT_EQ(beside["rows"], 170);
    EXPECT_EQ(run(fmt::format("delay augment --count 50 --out {}", path("z.csv"))).exitCode, 3);
    EXPECT_EQ(run(fmt::format("delay augment --model {} --out {}", path("nowhere"), path("z.csv"))).exitCode,
              3);
    const json unknown = run(fmt::format("delay augment {} --label ngspice --method copula --out {} --json",
                                         real, path("z.csv")))
                             .document()["error"];
    EXPECT_EQ(unknown["file"], real);
    EXPECT_NE(unknown["message"].get<std::string>().find("--cell"), std::string::npos);
}

TEST_F(DelayTables, EvaluateJudgesWithAndWithoutSyntheticRows) {
    const std::string real = table("x.csv", 120, 1), test = table("t.csv", 300, 2);
    ASSERT_EQ(run(fmt::format("delay augment {} --count 600 --method copula --refine --out {}", real,
                              path("y.csv")))
                  .exitCode,
              0);
    const json document = run(fmt::format("delay evaluate --real {} --test {} --synthetic {} --json", real,
                                          test, path("y.csv")))
                              .document();
    EXPECT_EQ(document["synthetic_rows"], 600);
    EXPECT_EQ(document["test_rows"], 300);
    for (const char* measure : {"r2", "mse", "rmse", "mae", "mape"})
        EXPECT_TRUE(resultOf(document, "real", "boosting_100")[measure].is_number()) << measure;
    const double alone = resultOf(document, "real", "boosting_100")["mape"],
                 augmented = resultOf(document, "synthetic", "boosting_100")["mape"],
                 process = resultOf(document, "real", "gaussian_process")["mape"];
    resultOf(document, "real", "linear");
    resultOf(document, "null", "boosting_500");
    EXPECT_LT(augmented, alone);
    EXPECT_LT(process, 0.5 * augmented);
    EXPECT_TRUE(document["verdict"]["helps"].get<bool>());
    EXPECT_NE(document["verdict"]["sentence"].get<std::string>().find("prefer it"), std::string::npos);
    const json& looks = document["resemblance"];
    EXPECT_EQ(looks["columns"].size(), KnownDelays::target() + 1);
    EXPECT_LT(looks["columns"][0]["kolmogorov_smirnov"].get<double>(), 0.15);
    EXPECT_LT(looks["nearest_row"]["memorised"].get<double>(), 0.3);
    EXPECT_GT(looks["classifier"]["high"].get<double>(), looks["classifier"]["low"].get<double>());
    EXPECT_LT(looks["correlation_difference"]["mean"].get<double>(), 0.1);

    const json real_only =
        run(fmt::format("delay evaluate --real {} --test {} --json", real, test)).document();
    EXPECT_EQ(real_only["results"].size(), 4U);
    EXPECT_EQ(resultOf(real_only, "real", "boosting_100")["mape"], alone);
    EXPECT_FALSE(real_only.contains("verdict"));
}

TEST_F(DelayTables, StudyComparesGeneratorsBySize) {
    const std::string real = table("x.csv", 200, 1), test = table("t.csv", 200, 2);
    const json document =
        run(fmt::format(
                "delay study {} --test {} --methods smote --refined copula --sizes 60,120,5000 --repeats 2 "
                "--count 100 --json",
                real, test))
            .document();
    ASSERT_EQ(document["verdicts"].size(), 2U); // 5000 rows are not there
    EXPECT_EQ(document["verdicts"][1]["size"], 120);
    EXPECT_EQ(document["verdicts"][1]["generator"], "copula+gaussian_process");
    EXPECT_EQ(document["validation"].size(), 8U);      // two generators and two baselines
    EXPECT_EQ(document["validation"][0]["scores"], 4); // two repeats, twice each
    EXPECT_TRUE(document["verdicts"][1]["validated"].is_number());
    EXPECT_TRUE(document["labels"].empty());
    const json augmented = resultOf(document, "smote", "boosting_500");
    EXPECT_EQ(augmented["repeats"], 2);
    EXPECT_LE(augmented["mape_low"].get<double>(), augmented["mape"].get<double>());
    const json shares =
        run(fmt::format("delay study {} --methods smote --refined none --sizes 100 --repeats 1 "
                        "--count 100 --json",
                        real))
            .document();
    EXPECT_EQ(shares["real_rows"], 140);
    EXPECT_EQ(shares["test_rows"], 60);
}

TEST_F(DelayTables, StudyDrawsPublicTablesByTheirFormulas) {
    const json document =
        run("delay study --table friedman1 --table-rows 400 --methods smote,copula --refined "
            "none --sizes 200 --repeats 1 --count 100 --json")
            .document();
    EXPECT_EQ(document["target"], "y");
    EXPECT_EQ(document["real_rows"], 280);
    EXPECT_LT(resultOf(document, "real", "boosting_100")["rmse"].get<double>(), 3); // of a deviation of 5
    EXPECT_EQ(run("delay study --table boston").exitCode, 2);
    EXPECT_EQ(run("delay study").exitCode, 3);
    EXPECT_EQ(run(fmt::format("delay study {} --table friedman1", table("x.csv", 60, 1))).exitCode, 3);
}

TEST_F(DelayTables, RefusesWhatItCannotUse) {
    const std::string real = table("x.csv", 60, 1), few = table("few.csv", 20, 3);
    const std::string ragged = write("ragged.csv", "a,b\n1,2\n3\n"),
                      words = write("words.csv", "a,b\n1,2\n3,4\n5,x\n"),
                      bare = write("bare.csv", "1,2\n3,4\n"),
                      infinite = write("infinite.csv", "a,b\n1,2\ninf,4\n");
    std::string copies = "a,b\n";
    for (int row = 0; row < 80; ++row)
        copies += fmt::format("{},{}\n", row % 20, row % 20 * (row % 20));
    std::string alone = "a\n", same = "a,b\n", holes = "a,b\n";
    for (int row = 0; row < 40; ++row) {
        alone += fmt::format("{}\n", row);
        same += fmt::format("{},{}\n", row, 2 * row + 1);
        holes += fmt::format("{},{}\n", row, row == 30 ? "" : std::to_string(row * row));
    }
    const struct {
        std::string file;
        int line;
        const char* says;
    } cases[] = {{few, 0, "20 rows"},
                 {ragged, 3, "The row has 1 cells"},
                 {words, 4, "\"x\" in the column \"b\" is no number"},
                 {bare, 1, "The first line holds numbers"},
                 {infinite, 3, "not finite"},
                 {write("copies.csv", copies), 0, "20 rows"},
                 {write("alone.csv", alone), 0, "\"a\" alone"},
                 {write("same.csv", same), 0, "is the input \"a\" up to scale"},
                 {write("holes.csv", holes), 32, "1 cell in 1 of 40 rows is missing"}};
    for (const auto& each : cases) {
        const Outcome refused =
            run(fmt::format("delay augment {} --method smote --out {} --json", each.file, path("y.csv")));
        EXPECT_EQ(refused.exitCode, 3) << refused.out;
        const json error = refused.document()["error"];
        EXPECT_EQ(error["file"], each.file);
        EXPECT_EQ(error["line"], each.line) << each.says;
        EXPECT_NE(error["message"].get<std::string>().find(each.says), std::string::npos) << error;
    }
    EXPECT_FALSE(fs::exists(path("y.csv")));
    EXPECT_EQ(run(fmt::format("delay augment {} --method smote --missing drop --out {}", path("holes.csv"),
                              path("y.csv")))
                  .exitCode,
              0);
    EXPECT_EQ(run(fmt::format("delay augment {} --method gan --out {}", real, path("y.csv"))).exitCode, 2);
    EXPECT_EQ(run(fmt::format("delay augment {}", real)).exitCode, 2);
    EXPECT_EQ(run("delay").exitCode, 2);
    EXPECT_EQ(run(fmt::format("delay evaluate --real {} --test {}", real, real)).exitCode, 3);
    EXPECT_EQ(run(fmt::format("delay evaluate --real {} --test nowhere.csv", real)).exitCode, 3);
    const json unjudged = run(fmt::format("delay evaluate --real {} --test {} --synthetic {} --json", real,
                                          table("t.csv", 40, 2), real))
                              .document()["error"];
    EXPECT_EQ(unjudged["file"], real);
    EXPECT_NE(unjudged["message"].get<std::string>().find("0 synthetic rows"), std::string::npos);
    EXPECT_EQ(run(fmt::format("delay study {} --sizes some", real)).exitCode, 3);
    EXPECT_EQ(run(fmt::format("delay study {} --sizes 30 --betas 0.02", real)).exitCode, 3);
}

} // namespace
} // namespace headroom
