// The commands `powergrid predict`, `train` and `judge`, by the command line's contract.

#include <algorithm>
#include <cmath>

#include "core/powergrid/drop_model.h"
#include "tests/app/cli/command_line.h"

namespace headroom {
namespace {

class PowergridNetworks : public CommandLine {
protected:
    void SetUp() override {
        CommandLine::SetUp();
        if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
    }

    /// Writes a random block's maps as NAME_strength and so on. @return the options that name them
    std::string block(const std::string& name, std::size_t rows, std::size_t columns, const char* suffix) {
        const auto maps = powergrid::randomSheet(rows, columns, 5);
        std::string options;
        for (const auto& [what, map] : {std::pair{"strength", &maps.strength},
                                        {"density", &maps.density},
                                        {"activity", &maps.activity},
                                        {"pads", &maps.pads}}) {
            const auto file = m_folder / fmt::format("{}_{}.{}", name, what, suffix);
            EXPECT_TRUE(powergrid::writeMap(*map, file));
            options += fmt::format(" --{} {}", what, file.string());
        }
        return options;
    }
};

TEST_F(PowergridNetworks, PredictAnswersForMapsOfAnySizeAndKind) {
    const std::string csv = (m_folder / "drop.csv").string(), npy = (m_folder / "drop.npy").string();
    const Outcome outcome =
        run(fmt::format("powergrid predict{} --out {} --check --json", block("a", 64, 64, "csv"), csv));
    ASSERT_EQ(outcome.exitCode, 0) << outcome.out;
    const json document = outcome.document();
    EXPECT_EQ(document["model"], "ir_drop_sheet");
    EXPECT_EQ(document["unit"], "V");
    EXPECT_EQ(document["pads"], "given");
    EXPECT_GE(document["elapsed_ms"].get<double>(), 0);
    const auto drop = powergrid::readMap(csv);
    ASSERT_TRUE(drop) << drop.error().describe();
    EXPECT_EQ(drop->rows, 64U);
    const auto worst = document["worst_row"].get<std::size_t>(),
               worstColumn = document["worst_column"].get<std::size_t>();
    EXPECT_NEAR(document["worst_drop"].get<double>(), drop->maximum(), 1e-9);
    EXPECT_NEAR((*drop)(worst, worstColumn), drop->maximum(), 1e-9);
    // As good as the card promises, roughly, and in volts.
    EXPECT_GT(document["check"]["psnr"].get<double>(), 22);
    EXPECT_LT(document["check"]["mae"].get<double>(), 2e-3);

    // The same maps as NPY say the same; larger ones are answered too.
    ASSERT_EQ(run(fmt::format("powergrid predict{} --out {}", block("b", 64, 64, "npy"), npy)).exitCode, 0);
    const auto same = powergrid::readMap(npy);
    ASSERT_TRUE(same);
    for (std::size_t i = 0; i < drop->values.size(); ++i)
        ASSERT_NEAR(same->values[i], drop->values[i], 1e-6);
    const json large =
        run(fmt::format("powergrid predict{} --out {} --json", block("c", 130, 67, "npy"), npy)).document();
    EXPECT_EQ(large["rows"], 130);
    EXPECT_EQ(large["columns"], 67);
}

TEST_F(PowergridNetworks, PredictRefusesMapsThatDoNotFit) {
    const std::string good = block("a", 16, 16, "csv"), out = (m_folder / "drop.csv").string();
    const std::string wide = write("wide.csv", "0,1,0\n"), negative = write("negative.csv", "0,-1\n"),
                      words = write("words.csv", "0,1\n0,much\n"), holes = write("holes.csv", "nan,1\n"),
                      two = write("two.csv", "1,1\n"), none = write("none.csv", "0,0\n");
    const struct {
        std::string strength, density, activity, pads;
        const char* says;
    } cases[] = {
        {two, wide, two, two, "The map is 1 x 3 cells, that of grid strength 1 x 2"},
        {two, negative, two, two, "row 1, column 2 is -1"},
        {holes, two, two, two, "not finite"},
        {two, two, words, two, "much"},
        {two, two, two, none, "no pad"},
        {two, two, (m_folder / "nowhere.csv").string(), two, "cannot be read"},
    };
    for (const auto& each : cases) {
        const Outcome refused = run(fmt::format(
            "powergrid predict --strength {} --density {} --activity {} --pads {} --out {} --json",
            each.strength, each.density, each.activity, each.pads, out));
        EXPECT_EQ(refused.exitCode, 3) << each.says;
        EXPECT_NE(refused.document()["error"]["message"].get<std::string>().find(each.says),
                  std::string::npos)
            << refused.out;
    }
    const json error =
        run(fmt::format("powergrid predict --strength {} --density {} --activity {} --out {} --json", two,
                        two, words, out))
            .document()["error"];
    EXPECT_EQ(error["file"], words);
    EXPECT_EQ(error["line"], 2);
    const json size =
        run(fmt::format("powergrid predict --strength {} --density {} --activity {} --out {} --json", two,
                        wide, two, out))
            .document()["error"];
    EXPECT_EQ(size["file"], wide);
    EXPECT_EQ(run(fmt::format("powergrid predict{} --out {} --model nowhere", good, out)).exitCode, 3);
    EXPECT_EQ(run(fmt::format("powergrid predict --out {}", out)).exitCode, 2);
    EXPECT_FALSE(fs::exists(out));
}

TEST_F(PowergridNetworks, TrainsJudgesAndRecords) {
    const std::string folder = (m_folder / "model").string();
    const json trained =
        run(fmt::format("--device cpu powergrid train --task correction --sheets 12 --side 32 --epochs 2 "
                        "--width 4 --levels 2 --judge 3 --out {} --json",
                        folder))
            .document();
    EXPECT_EQ(trained["task"], "correction");
    for (const char* method : {"network", "rough", "two_steps", "formula", "exact"}) {
        ASSERT_TRUE(trained.contains(method)) << method << trained;
        EXPECT_EQ(trained[method]["sheets"], 3);
    }
    EXPECT_EQ(trained["exact"]["mae"], 0);
    EXPECT_LT(trained["two_steps"]["mae"], trained["rough"]["mae"]);
    const json judged =
        run(fmt::format("powergrid judge {} --sheets 3 --side 32 --record --json", folder)).document();
    EXPECT_EQ(judged["network"]["mse"], trained["network"]["mse"]);
    const auto card = readFile(fs::path(folder) / "model.yaml");
    ASSERT_TRUE(card);
    EXPECT_NE(card->find("--task correction"), std::string::npos);
    EXPECT_NE(card->find("powergrid judge"), std::string::npos);
    EXPECT_EQ(run("powergrid judge nowhere").exitCode, 3);
    EXPECT_EQ(run(fmt::format("powergrid train --task magic --out {}", folder)).exitCode, 2);
    EXPECT_EQ(run(fmt::format("powergrid train --side 30 --sheets 2 --out {}", folder)).exitCode, 3);
}

} // namespace
} // namespace headroom
