#include "core/powergrid/drop_model.h"

#include <cmath>
#include <filesystem>

#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/powergrid/drop_model_card.h"

namespace headroom::powergrid {
namespace {

Result<Map> formula(const SheetMaps& maps, JobContext&) {
    return formulaDrop(maps);
}

TEST(RandomSheet, IsThatOfItsSeedAndWithinItsRange) {
    const SheetMaps maps = randomSheet(40, 24, 3), same = randomSheet(40, 24, 3),
                    other = randomSheet(40, 24, 4);
    EXPECT_EQ(maps.strength.values, same.strength.values);
    EXPECT_EQ(maps.pads.values, same.pads.values);
    EXPECT_NE(maps.density.values, other.density.values);
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const SheetMaps sheet = randomSheet(40, 24, seed);
        EXPECT_TRUE(checkSheetMaps(sheet));
        for (const Map* map : {&sheet.strength, &sheet.density, &sheet.activity}) {
            EXPECT_EQ(map->rows, 40U);
            EXPECT_EQ(map->columns, 24U);
            EXPECT_GE(map->minimum(), 0);
            EXPECT_LE(map->maximum(), 1);
        }
        EXPECT_GT(sheet.strength.minimum(), 0);
    }
    EXPECT_EQ(assumedPads(3, 40)(1, 8), 1);
}

TEST(FormulaDrop, IsCurrentOverStrengthSmoothed) {
    SheetMaps maps = randomSheet(32, 32, 1);
    for (double& value : maps.strength.values)
        value = 0.4;
    for (double& value : maps.density.values)
        value = 0;
    for (double& value : maps.activity.values)
        value = 0.5;
    maps.density(16, 16) = 1;
    const Map drop = formulaDrop(maps);
    double sum = 0;
    for (const double value : drop.values)
        sum += value;
    EXPECT_NEAR(sum, 1, 1e-9); // 0.5 / (0.4 + 0.1), spread out
    EXPECT_NEAR(drop(16, 18), drop(16, 16) * std::exp(-0.5 * 4 / 2.25), 1e-12); // smoothed by 1.5 cells
    EXPECT_NEAR(drop(13, 16), drop(16, 16) * std::exp(-0.5 * 9 / 2.25), 1e-12);
    EXPECT_EQ(drop(2, 2), 0);
    // Twice the strength under half of it: half the drop there.
    for (double& value : maps.density.values)
        value = 1;
    for (std::size_t r = 0; r < 32; ++r) {
        for (std::size_t c = 16; c < 32; ++c)
            maps.strength(r, c) = 0.9;
    }
    EXPECT_NEAR(formulaDrop(maps)(16, 4), 1, 1e-9);
    EXPECT_NEAR(formulaDrop(maps)(16, 28), 0.5, 1e-9);
}

TEST(NearnessOfPads, FallsWithTheDistance) {
    Map pads{30, 30, std::vector<double>(900, 0.0)};
    pads(10, 10) = 1;
    pads(25, 5) = 1;
    const Map nearness = nearnessOfPads(pads);
    EXPECT_EQ(nearness(10, 10), 1);
    EXPECT_NEAR(nearness(13, 14), std::exp(-5.0 / 8), 1e-12);
    EXPECT_NEAR(nearness(25, 9), std::exp(-4.0 / 8), 1e-12);
}

class DropModelTest : public testing::Test {
protected:
    static DropTraining smallTraining() {
        DropTraining training;
        training.task = DropTask::Formula;
        training.sheets = 40;
        training.side = 32;
        training.network.width = 8;
        training.unet.epochs = 12;
        training.unet.learningRate = 3e-3;
        return training;
    }
    DropModelTest()
        : m_folder(std::filesystem::temp_directory_path() /
                   ("headroom_drop_model_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(m_folder);
    }
    ~DropModelTest() override { std::filesystem::remove_all(m_folder); }

    std::filesystem::path m_folder;
    SilentContext m_context;
};

TEST_F(DropModelTest, IsTrainedKeptAndReadAgain) {
    auto model = DropModel::train(smallTraining(), compute::DeviceChoice::Cpu, m_context);
    ASSERT_TRUE(model) << model.error().describe();
    model->setCommand("headroom-cli powergrid train");
    model->setMetrics({{"psnr", 20.5}}, "headroom-cli powergrid train --judge");
    const SheetMaps maps = randomSheet(50, 41, 99); // another size than it was trained on
    const auto drop = model->predict(maps, 1, m_context);
    ASSERT_TRUE(drop) << drop.error().describe();
    EXPECT_EQ(drop->rows, 50U);
    EXPECT_GE(drop->minimum(), 0);
    const auto folder = m_folder / "model";
    ASSERT_TRUE(model->save(folder));
    auto loaded = DropModel::load(folder, compute::DeviceChoice::Cpu);
    ASSERT_TRUE(loaded) << loaded.error().describe();
    EXPECT_EQ(loaded->predict(maps, 1, m_context)->values, drop->values);
    EXPECT_EQ(loaded->card().training.network, model->card().training.network);
    EXPECT_EQ(loaded->card().outputScale, model->card().outputScale);
    EXPECT_EQ(loaded->card().metrics, model->card().metrics);
    EXPECT_EQ(loaded->card().command, "headroom-cli powergrid train");

    // It is better than one number for all.
    const auto sheets = judgingSheets(formula, 10, 32, m_context);
    ASSERT_TRUE(sheets);
    const auto own = scoreDrops(
        [&](const SheetMaps& sheet, JobContext& context) { return model->predict(sheet, 1, context); },
        *sheets, m_context);
    const auto constant = scoreDrops(
        [](const SheetMaps& sheet, JobContext&) -> Result<Map> {
            Map map = sheet.strength;
            for (double& value : map.values)
                value = 0.2;
            return map;
        },
        *sheets, m_context);
    ASSERT_TRUE(own && constant);
    EXPECT_EQ(own->sheets, 10U);
    EXPECT_LT(own->meanSquaredError, 0.5 * constant->meanSquaredError);
    EXPECT_GT(own->psnr, constant->psnr);
    const auto perfect = scoreDrops(formula, *sheets, m_context);
    ASSERT_TRUE(perfect);
    EXPECT_EQ(perfect->f1, 1);
    EXPECT_EQ(perfect->largestError, 0);
}

TEST_F(DropModelTest, ACorrectionIsBetterThanTheRoughDropsThatItStartsFrom) {
    auto training = smallTraining();
    training.task = DropTask::Correction;
    training.sheets = 100;
    training.unet.epochs = 15;
    auto trained = DropModel::train(training, compute::DeviceChoice::Cpu, m_context);
    ASSERT_TRUE(trained) << trained.error().describe();
    ASSERT_TRUE(trained->save(m_folder / "model"));
    auto model = DropModel::load(m_folder / "model", compute::DeviceChoice::Cpu);
    ASSERT_TRUE(model) << model.error().describe();
    const auto sheets = judgingSheets(rightAnswers(DropTask::Correction), 20, 32, m_context);
    ASSERT_TRUE(sheets);
    const auto corrected = scoreDrops(
        [&](const SheetMaps& sheet, JobContext& context) { return model->predict(sheet, 1, context); },
        *sheets, m_context);
    const auto rough = scoreDrops(roughAnswers(DropTask::Correction), *sheets, m_context);
    ASSERT_TRUE(corrected && rough);
    EXPECT_GT(rough->psnr, 20);
    EXPECT_LT(corrected->meanSquaredError, 0.8 * rough->meanSquaredError);
}

TEST_F(DropModelTest, AGridsCorrectionIsBetterThanTheRoughDropsThatItStartsFrom) {
    auto training = smallTraining();
    training.task = DropTask::Grid;
    training.sheets = 30;
    training.network.levels = 2;
    training.unet.epochs = 25;
    auto trained = DropModel::train(training, compute::DeviceChoice::Cpu, m_context);
    ASSERT_TRUE(trained) << trained.error().describe();
    ASSERT_TRUE(trained->save(m_folder / "model"));
    auto model = DropModel::load(m_folder / "model", compute::DeviceChoice::Cpu);
    ASSERT_TRUE(model) << model.error().describe();
    EXPECT_EQ(model->card().technology, "iccad2023");
    EXPECT_EQ(model->card().training.roughIterations, 2);
    EXPECT_EQ(model->card().imbalanceScale, trained->card().imbalanceScale);
    EXPECT_FALSE(model->card().training.unet.turns);

    auto technology = loadGridTechnology("iccad2023");
    ASSERT_TRUE(technology);
    const auto grids = judgingGrids(*technology, 6, 32, m_context);
    ASSERT_TRUE(grids) << grids.error().describe();
    const AnswerGrid corrected = [&](const LaidGrid& grid, JobContext& context) -> Result<Map> {
        const auto rough = dropsOf(grid, 2, context);
        if (!rough) return forward(rough);
        return model->correct(grid, *rough, 1, context);
    };
    const auto ours = scoreDrops(corrected, *grids, m_context);
    const auto rough = scoreDrops(solvedGrids(2), *grids, m_context);
    const auto exact = scoreDrops(solvedGrids(0), *grids, m_context);
    ASSERT_TRUE(ours && rough && exact);
    EXPECT_EQ(exact->largestError, 0);
    EXPECT_LT(ours->meanSquaredError, 0.8 * rough->meanSquaredError);

    // What has settled is not made worse, and what was not learned is refused.
    LaidGrid grid = grids->front().grid;
    const auto settled = dropsOf(grid, 0, m_context);
    ASSERT_TRUE(settled);
    EXPECT_EQ(model->correct(grid, *settled, 1, m_context)->values, settled->map.values);
    grid.technology.name = "another";
    EXPECT_EQ(model->correct(grid, *settled, 1, m_context).error().code, ErrorCode::Unsupported);
    EXPECT_EQ(model->predict(randomSheet(32, 32, 1), 1, m_context).error().code, ErrorCode::Unsupported);
}

TEST_F(DropModelTest, DamagedFilesAreOneSentence) {
    auto training = smallTraining();
    training.sheets = 2;
    training.unet.epochs = 1;
    const auto model = DropModel::train(training, compute::DeviceChoice::Cpu, m_context);
    ASSERT_TRUE(model);
    const auto folder = m_folder / "model";
    ASSERT_TRUE(model->save(folder));
    const std::string card = *readFile(folder / "model.yaml");
    EXPECT_EQ(DropModel::load(m_folder / "none", compute::DeviceChoice::Cpu).error().code,
              ErrorCode::NotFound);
    for (const auto& [from, to] : {std::pair{"kind: ir_drop", "kind: sizing"},
                                   {"task: formula", "task: magic"},
                                   {"levels: 3", "levels: many"},
                                   {"width: 8", "width: 0"}}) {
        std::string damaged = card;
        const auto at = damaged.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        damaged.replace(at, std::string(from).size(), to);
        const auto read = readDropModelYaml(damaged, "model.yaml");
        ASSERT_FALSE(read) << to;
        EXPECT_EQ(read.error().code, ErrorCode::Corrupt);
        EXPECT_FALSE(read.error().message.empty());
    }
    std::string weights = *readFile(folder / "weights.safetensors");
    weights[weights.size() / 2] = static_cast<char>(weights[weights.size() / 2] ^ 1);
    ASSERT_TRUE(writeFileAtomically(folder / "weights.safetensors", weights));
    EXPECT_EQ(DropModel::load(folder, compute::DeviceChoice::Cpu).error().code, ErrorCode::Corrupt);
}

TEST_F(DropModelTest, RefusesMapsThatDoNotFit) {
    SheetMaps maps = randomSheet(16, 16, 1);
    EXPECT_TRUE(checkSheetMaps(maps));
    SheetMaps other = maps;
    other.activity = randomSheet(16, 17, 1).activity;
    EXPECT_EQ(checkSheetMaps(other).error().message,
              "The map of switching activity is 16 x 17 cells, that of grid strength 16 x 16.");
    other = maps;
    other.density(3, 4) = -1;
    EXPECT_NE(checkSheetMaps(other).error().message.find("row 4, column 5"), std::string::npos);
    other.density(3, 4) = NAN;
    EXPECT_FALSE(checkSheetMaps(other));
    other = maps;
    for (double& value : other.pads.values)
        value = 0;
    EXPECT_NE(checkSheetMaps(other).error().message.find("no pad"), std::string::npos);
    auto training = smallTraining();
    training.side = 30;
    EXPECT_EQ(DropModel::train(training, compute::DeviceChoice::Cpu, m_context).error().code,
              ErrorCode::BadInput);
    training = smallTraining();
    training.sheets = 1'000'000'000;
    const auto vast = DropModel::train(training, compute::DeviceChoice::Cpu, m_context);
    ASSERT_FALSE(vast);
    EXPECT_EQ(vast.error().code, ErrorCode::Unsupported);
    EXPECT_EQ(judgingSheets(formula, 2, 1'000'000, m_context).error().code, ErrorCode::Unsupported);
    EXPECT_EQ(judgingGrids(*loadGridTechnology("iccad2023"), 2, 1'000'000, m_context).error().code,
              ErrorCode::Unsupported);
    training = smallTraining();
    training.task = DropTask::Grid;
    training.technology = "nowhere";
    EXPECT_EQ(DropModel::train(training, compute::DeviceChoice::Cpu, m_context).error().code,
              ErrorCode::NotFound);
}

} // namespace
} // namespace headroom::powergrid
