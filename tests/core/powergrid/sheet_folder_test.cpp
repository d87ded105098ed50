#include "core/powergrid/sheet_folder.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/powergrid/least_resistance.h"

namespace headroom::powergrid {
namespace {

namespace fs = std::filesystem;

Map constant(std::size_t rows, std::size_t columns, double value) {
    return {rows, columns, std::vector<double>(rows * columns, value)};
}

class SheetFolderTest : public testing::Test {
protected:
    SheetFolderTest()
        : m_folder(fs::temp_directory_path() / ("headroom_sheet_" + std::to_string(::getpid()))) {
        fs::create_directories(m_folder);
        m_plan.strength = constant(6, 4, 0.1 + 0.2);
        m_plan.density = constant(6, 4, 0.5);
        m_plan.activity = constant(6, 4, 1.0 / 3);
        m_plan.pads = {{5, 7.5}};
        m_plan.straps = {{0, 1, 2, 3, 0.25}};
        m_plan.macros = {{1, 2, 3, 4, 0.0123}};
        m_plan.technology.cellUm = 2.5;
    }
    ~SheetFolderTest() override { fs::remove_all(m_folder); }

    std::size_t mapCount() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(m_folder / "maps"), fs::directory_iterator()));
    }

    fs::path m_folder;
    SheetPlan m_plan;
};

TEST_F(SheetFolderTest, ComesBackBitForBitAndSharesMaps) {
    const auto first = keepSheet(m_folder, {m_plan, "Block \"A\""});
    ASSERT_TRUE(first) << first.error().describe();
    m_plan.density(2, 3) = 0.75;
    const auto second = keepSheet(m_folder, {m_plan, "Block \"A\""});
    ASSERT_TRUE(second);
    EXPECT_NE(*first, *second);
    EXPECT_EQ(mapCount(), 4U); // only the density was written again
    const auto kept = readKeptGrid(m_folder, *second);
    ASSERT_TRUE(kept) << kept.error().describe();
    const auto* read = std::get_if<GridSheet>(&*kept);
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(read->name, "Block \"A\"");
    EXPECT_EQ(read->plan.strength.values, m_plan.strength.values);
    EXPECT_EQ(read->plan.density.values, m_plan.density.values);
    EXPECT_EQ(read->plan.activity.values, m_plan.activity.values);
    EXPECT_EQ(read->plan.pads[0].y, 7.5);
    EXPECT_EQ(read->plan.straps[0].width, 0.25);
    EXPECT_EQ(read->plan.macros[0].amperes, 0.0123);
    EXPECT_EQ(read->plan.technology, m_plan.technology);
    EXPECT_EQ(std::get<GridSheet>(*readKeptGrid(m_folder, *first)).plan.density(2, 3), 0.5);
    pruneSheets(m_folder, *second);
    EXPECT_EQ(mapCount(), 3U);
    EXPECT_TRUE(readKeptGrid(m_folder, *second));
    EXPECT_EQ(readKeptGrid(m_folder, *first).error().code, ErrorCode::NotFound);
}

TEST_F(SheetFolderTest, DamageIsOneSentence) {
    const auto number = keepSheet(m_folder, {m_plan, "A"});
    ASSERT_TRUE(number);
    const fs::path file = m_folder / *number / "sheet.yaml";
    const std::string text = *readFile(file);
    for (const auto& [from, to] : {std::pair{"power_grid_sheet", "picture"},
                                   {"cell_um: 2.5", "cell_um: wide"},
                                   {"cell_um: 2.5", "cell_um: 0"},
                                   {"[5, 7.5]", "[5]"}}) {
        std::string damaged = text;
        const auto at = damaged.find(from);
        ASSERT_NE(at, std::string::npos) << from << text;
        damaged.replace(at, std::string(from).size(), to);
        ASSERT_TRUE(writeFileAtomically(file, damaged));
        EXPECT_EQ(readKeptGrid(m_folder, *number).error().code, ErrorCode::Corrupt) << to;
    }
    ASSERT_TRUE(writeFileAtomically(file, text));
    for (const auto& entry : fs::directory_iterator(m_folder / "maps"))
        ASSERT_TRUE(writeFileAtomically(entry.path(), writeMapNpy(constant(6, 4, 2))));
    EXPECT_EQ(readKeptGrid(m_folder, *number).error().code, ErrorCode::Corrupt);
}

TEST_F(SheetFolderTest, NetlistsAreKeptByteForByte) {
    const std::string text = "* grid\r\nR1 a b 1\n";
    const auto number = keepNetlist(m_folder, text, "grid one.sp");
    const auto again = keepNetlist(m_folder, text, "grid one.sp");
    ASSERT_TRUE(keepSheet(m_folder, {m_plan, "A"}));
    ASSERT_TRUE(number && again);
    EXPECT_NE(*number, *again);
    const auto kept = readKeptGrid(m_folder, *number);
    ASSERT_TRUE(kept) << kept.error().describe();
    const auto* netlist = std::get_if<GridText>(&*kept);
    ASSERT_NE(netlist, nullptr);
    EXPECT_EQ(netlist->text, text);
    EXPECT_EQ(netlist->name, "grid one.sp");
    EXPECT_EQ(*readFile(netlist->file), text);
    pruneSheets(m_folder, *again);
    EXPECT_EQ(readKeptGrid(m_folder, *number).error().code, ErrorCode::NotFound);
    EXPECT_TRUE(readKeptGrid(m_folder, *again)); // one text for both
    EXPECT_EQ(mapCount(), 0U);

    ASSERT_TRUE(writeFileAtomically(netlist->file, "R1 a b 2\n"));
    const auto changed = readKeptGrid(m_folder, *again);
    EXPECT_EQ(changed.error().code, ErrorCode::Corrupt);
    EXPECT_NE(changed.error().message.find("grid one.sp was changed"), std::string::npos);
    fs::remove(netlist->file);
    const auto missing = readKeptGrid(m_folder, *again);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
    EXPECT_NE(missing.error().message.find("grid one.sp is missing"), std::string::npos);
    pruneSheets(m_folder, *again);
    EXPECT_TRUE(fs::exists(m_folder / *again)); // the file may come back
    const auto sheet = keepSheet(m_folder, {m_plan, "A"});
    ASSERT_TRUE(sheet);
    pruneSheets(m_folder, *sheet);
    EXPECT_FALSE(fs::exists(m_folder / *again));
}

TEST(LeastResistance, PrefersMetalToTheShortWay) {
    Sheet sheet{constant(5, 9, 1), constant(5, 9, 0), constant(5, 9, 0), 1};
    sheet.pads(2, 8) = 1;
    // A wall of poor metal across the straight way, open in the first row.
    for (std::size_t r = 1; r < 5; ++r)
        sheet.conductance(r, 4) = 0.01;
    SilentContext context;
    const auto path = pathOfLeastResistance(sheet, 2, 0, context);
    ASSERT_TRUE(path) << path.error().describe();
    EXPECT_EQ(path->cells.front(), (std::pair<std::size_t, std::size_t>{2, 0}));
    EXPECT_EQ(path->cells.back(), (std::pair<std::size_t, std::size_t>{2, 8}));
    EXPECT_NEAR(path->ohms, 12, 1e-12); // two rows up, eight columns along, two down
    EXPECT_NE(std::find(path->cells.begin(), path->cells.end(), std::pair<std::size_t, std::size_t>{0, 4}),
              path->cells.end());
    for (std::size_t r = 0; r < 5; ++r)
        sheet.conductance(r, 4) = 0;
    EXPECT_EQ(pathOfLeastResistance(sheet, 2, 0, context).error().code, ErrorCode::NotFound);
    EXPECT_EQ(pathOfLeastResistance(sheet, 9, 0, context).error().code, ErrorCode::BadInput);
}

} // namespace
} // namespace headroom::powergrid
