#include "core/powergrid/sheet_plan.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace headroom::powergrid {
namespace {

Map constant(std::size_t rows, std::size_t columns, double value) {
    return {rows, columns, std::vector<double>(rows * columns, value)};
}

SheetPlan emptyPlan() {
    SheetPlan plan;
    plan.strength = constant(20, 30, 0.2);
    plan.density = constant(20, 30, 0.5);
    plan.activity = constant(20, 30, 0.4);
    return plan;
}

TEST(SheetPlan, ObjectsAreDrawnIntoTheMaps) {
    SheetPlan plan = emptyPlan();
    plan.pads = {{55, 105}, {-20, 1000}};
    plan.straps = {{0, 45, 200, 45, 10}, {102.5, 0, 102.5, 300, 5}};
    plan.macros = {{100, 200, 140, 250, 0.02}};
    const SheetMaps maps = mapsOf(plan);
    EXPECT_EQ(maps.pads(5, 10), 1);
    EXPECT_EQ(maps.pads(0, 29), 1); // beyond the edge: the nearest cell
    EXPECT_EQ(std::accumulate(maps.pads.values.begin(), maps.pads.values.end(), 0.0), 2);
    EXPECT_NEAR(maps.strength(3, 4), 1, 1e-12); // a strap as wide as a cell
    EXPECT_NEAR(maps.strength(3, 3), 0.2, 1e-12);
    EXPECT_NEAR(maps.strength(10, 20), 0.6, 1e-12); // half of the cell is covered
    EXPECT_NEAR(maps.strength(9, 20), 0.2, 1e-12);
    // 20 mA over 4 x 5 cells: 1 mA each, five times what full activity draws.
    EXPECT_EQ(maps.density(12, 22), 1);
    EXPECT_NEAR(maps.activity(12, 22), 5, 1e-12);
    EXPECT_EQ(maps.density(9, 22), 0.5);
    double drawn = 0;
    const Sheet sheet = sheetOf(maps, plan.technology);
    for (std::size_t i = 0; i < sheet.current.values.size(); ++i)
        drawn += sheet.current.values[i];
    EXPECT_NEAR(drawn, 0.02 + (600 - 20) * 0.5 * 0.4 * 2e-4, 1e-12);
    EXPECT_NEAR(sheet.conductance(9, 20), 0.2 + 1.8 * 0.2, 1e-12);
    EXPECT_TRUE(std::isinf(sheet.pads(5, 10)));
}

TEST(SheetPlan, AMacroThatCoversHalfACellDrawsAllOfItsCurrent) {
    SheetPlan plan = emptyPlan();
    plan.macros = {{55, 55, 60, 65, 0.001}};
    const SheetMaps maps = mapsOf(plan);
    const Sheet sheet = sheetOf(maps, plan.technology);
    double drawn = 0;
    for (const double amperes : sheet.current.values)
        drawn += amperes;
    // Two cells are covered by a quarter each; they lose a quarter of what they drew before.
    EXPECT_NEAR(drawn, 0.001 + (600 - 0.5) * 0.5 * 0.4 * 2e-4, 1e-12);
}

TEST(SheetPlan, SolvedSheetsObeyOhmsLaw) {
    // A row of cells with the pad at one end: the drop grows by the current that still has to pass.
    SheetMaps maps{constant(1, 8, 0.5), constant(1, 8, 1), constant(1, 8, 1), constant(1, 8, 0)};
    maps.pads(0, 0) = 1;
    SilentContext context;
    const SheetTechnology technology;
    const auto drop = solvedSheets(technology)(maps, context);
    ASSERT_TRUE(drop) << drop.error().describe();
    double expected = 0;
    for (std::size_t c = 1; c < 8; ++c) {
        expected += static_cast<double>(8 - c) * 2e-4 / 1.1; // 1.1 S between neighbours
        EXPECT_NEAR((*drop)(0, c), expected, 1e-9);
    }
    EXPECT_NEAR((*drop)(0, 0), 0, 1e-9);
    maps.pads(0, 0) = 0;
    EXPECT_FALSE(solvedSheets(technology)(maps, context));
}

TEST(SheetPlan, DropsOfAnotherTechnologyAreMultiplesWhereMetalDiffersInTheSameRatio) {
    const SheetMaps maps = randomSheet(16, 16, 3);
    SheetTechnology technology;
    technology.weakestSiemens *= 4;
    technology.strongestSiemens *= 4;
    technology.fullAmperes *= 3;
    technology.supplyVolts = 0.8;
    technology.cellUm = 7;
    const auto scale = dropScale(technology);
    ASSERT_TRUE(scale);
    EXPECT_NEAR(*scale, 0.75, 1e-12);
    SilentContext context;
    const auto usual = solvedSheets({})(maps, context), other = solvedSheets(technology)(maps, context);
    ASSERT_TRUE(usual && other);
    for (std::size_t i = 0; i < usual->values.size(); ++i)
        EXPECT_NEAR(other->values[i], *scale * usual->values[i], 1e-9);
    EXPECT_NEAR(*dropScale({}), 1, 1e-12);
    technology.weakestSiemens *= 1.1;
    EXPECT_FALSE(dropScale(technology));
}

} // namespace
} // namespace headroom::powergrid
