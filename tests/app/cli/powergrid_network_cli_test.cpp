// The commands `powergrid predict`, `train` and `judge`, by the command line's contract.

#include <algorithm>
#include <cmath>

#include "core/powergrid/drop_model.h"
#include "core/powergrid/random_grid.h"
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

TEST_F(PowergridNetworks, ANetworkCorrectsRebuiltGrids) {
    const std::string folder = (m_folder / "model").string(), chip = (m_folder / "chip").string();
    const json trained =
        run(fmt::format("--device cpu powergrid train --task grid --sheets 4 --side 32 --epochs 1 --width 4 "
                        "--levels 2 --rough 1 --judge 2 --out {} --json",
                        folder))
            .document();
    EXPECT_EQ(trained["task"], "grid");
    for (const char* method : {"network", "rough", "one_more", "exact"}) {
        ASSERT_TRUE(trained.contains(method)) << method << trained;
        EXPECT_EQ(trained[method]["sheets"], 2);
    }
    EXPECT_EQ(trained["exact"]["mae"], 0);
    EXPECT_LT(trained["one_more"]["mae"], trained["rough"]["mae"]);
    const json judged = run(fmt::format("powergrid judge {} --sheets 2 --side 32 --json", folder)).document();
    EXPECT_EQ(judged["network"]["mse"], trained["network"]["mse"]);

    const auto technology = powergrid::loadGridTechnology("iccad2023");
    ASSERT_TRUE(technology);
    const auto maps = powergrid::randomGridMaps(250, 270, *technology, 4);
    fs::create_directories(chip);
    ASSERT_TRUE(powergrid::writeMap(maps.currents, fs::path(chip) / "current_map.csv"));
    ASSERT_TRUE(powergrid::writeMap(maps.templates, fs::path(chip) / "pdn_density.npy"));
    std::string pads = "x,y\n";
    for (const powergrid::PadPlace& pad : maps.pads)
        pads += fmt::format("{},{}\n", pad.x, pad.y);
    const std::string padFile = write("pads.csv", pads), golden = (m_folder / "golden.npy").string(),
                      map = (m_folder / "map.npy").string();
    const std::string rebuild = fmt::format("powergrid rebuild {} --pads {} --json --map ", chip, padFile);
    ASSERT_EQ(run(rebuild + golden).exitCode, 0);
    const json rough = run(rebuild + map + " --rough 1 --golden " + golden).document();
    EXPECT_EQ(rough["iterations"], 1);
    EXPECT_GT(rough["mae"], 0);
    const json corrected =
        run(rebuild + map + fmt::format(" --model {} --golden {}", folder, golden)).document();
    EXPECT_EQ(corrected["method"], "network");
    EXPECT_EQ(corrected["model"], folder);
    EXPECT_EQ(corrected["iterations"], 1);
    EXPECT_GT(corrected["mae"], 0);
    EXPECT_NE(corrected["mae"], rough["mae"]);
    EXPECT_GE(corrected["network_ms"].get<double>(), 0);
    const auto drop = powergrid::readMap(map);
    ASSERT_TRUE(drop);
    EXPECT_NEAR(corrected["worst_drop"].get<double>(), drop->maximum(), 1e-9);
    EXPECT_EQ(run(rebuild + map + fmt::format(" --model {} --rough 3", folder)).exitCode, 2);
    EXPECT_EQ(run(rebuild + map + " --model ir_drop_sheet").exitCode, 3);
    EXPECT_EQ(run(rebuild + map + " --model nowhere").exitCode, 3);
    EXPECT_EQ(
        run(fmt::format("powergrid predict{} --out {} --model {}", block("a", 32, 32, "csv"), map, folder))
            .exitCode,
        3);
}

TEST_F(PowergridNetworks, PredictSaysThatMapsAreOfOtherUnits) {
    const std::string ones = write("ones.csv", "1,1\n1,1\n"), bytes = write("bytes.csv", "0,255\n3,4\n");
    const json document = run(fmt::format("powergrid predict --strength {0} --density {0} --activity {1} "
                                          "--out {2} --json",
                                          ones, bytes, (m_folder / "drop.csv").string()))
                              .document();
    ASSERT_EQ(document["diagnostics"].size(), 1U) << document;
    EXPECT_EQ(document["diagnostics"][0]["file"], bytes);
    EXPECT_NE(document["diagnostics"][0]["message"].get<std::string>().find("reaches 255"),
              std::string::npos);
}

} // namespace
} // namespace headroom
