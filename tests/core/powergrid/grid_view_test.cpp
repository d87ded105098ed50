#include "core/powergrid/grid_view.h"

#include <cmath>
#include <numeric>

#include "core/powergrid/laid_grid.h"
#include "core/powergrid/random_grid.h"
#include "tests/core/powergrid/grid_fixture.h"

namespace headroom::powergrid {
namespace {

Map filled(std::size_t rows, std::size_t columns, double (*value)(double x, double y)) {
    Map map{rows, columns, {}};
    for (std::size_t x = 0; x < rows; ++x)
        for (std::size_t y = 0; y < columns; ++y)
            map.values.push_back(value(static_cast<double>(x), static_cast<double>(y)));
    return map;
}

double sumOf(const Map& map) {
    return std::accumulate(map.values.begin(), map.values.end(), 0.0);
}

GridTechnology contestTechnology() {
    const auto technology = loadGridTechnology("iccad2023");
    EXPECT_TRUE(technology);
    return *technology;
}

TEST(GridView, CellsHoldMeansAndTheEdgesWhatIsLeft) {
    const std::size_t side = 2 * kViewUm + 3;
    const Map cells = inCells(filled(side, kViewUm, [](double x, double) { return x; }));
    ASSERT_EQ(cells.rows, 3U);
    ASSERT_EQ(cells.columns, 1U);
    const double half = 0.5 * (kViewUm - 1);
    EXPECT_DOUBLE_EQ(cells(0, 0), half);
    EXPECT_DOUBLE_EQ(cells(1, 0), kViewUm + half);
    EXPECT_DOUBLE_EQ(cells(2, 0), 2 * kViewUm + 1);
}

TEST(GridView, SmoothFieldsComeBackFromCells) {
    const Map field =
        filled(101, 83, [](double x, double y) { return std::sin(x / 30) + 0.5 * std::cos(y / 25); });
    const Map back = inPixels(inCells(field), field.rows, field.columns);
    ASSERT_EQ(back.rows, field.rows);
    ASSERT_EQ(back.columns, field.columns);
    for (std::size_t x = kViewUm; x + kViewUm < field.rows; ++x)
        for (std::size_t y = kViewUm; y + kViewUm < field.columns; ++y)
            ASSERT_NEAR(back(x, y), field(x, y), 0.02) << x << " " << y;
}

TEST(GridView, ShowsWhatARoughAnswerLeavesOpen) {
    SilentContext context;
    const GridTechnology technology = contestTechnology();
    const auto grid = layGrid(randomGridMaps(300, 290, technology, 3), technology, context);
    ASSERT_TRUE(grid) << grid.error().describe();
    const auto exact = dropsOf(*grid, 0, context), rough = dropsOf(*grid, 1, context);
    ASSERT_TRUE(exact && rough);
    const GridView right = viewOf(grid->maps, technology, exact->solution, exact->map);
    const GridView open = viewOf(grid->maps, technology, rough->solution, rough->map);
    EXPECT_EQ(open.drop.rows, (300 + kViewUm - 1) / kViewUm);
    EXPECT_EQ(open.drop.columns, (290 + kViewUm - 1) / kViewUm);
    const double drawn = sumOf(grid->maps.currents);
    EXPECT_NEAR(sumOf(open.current), drawn, 1e-9 * drawn);
    const auto most = [](const Map& map) { return std::max(map.maximum(), -map.minimum()); };
    EXPECT_LT(most(right.imbalance), 1e-9 * drawn);
    EXPECT_GT(most(open.imbalance), 1e-4 * drawn);
    double pads = 0;
    for (const double value : open.pads.values)
        pads += value;
    EXPECT_GE(pads, 1);
    EXPECT_LE(pads, static_cast<double>(grid->maps.pads.size()));
    // m4's pitch is 14 um times the template's number and one; it alone differs by template.
    for (std::size_t r = 0; r < open.straps.rows; ++r) {
        for (std::size_t c = 0; c < open.straps.columns; ++c) {
            ASSERT_GE(open.straps(r, c), 0.25);
            ASSERT_LE(open.straps(r, c), 1);
        }
    }
    EXPECT_DOUBLE_EQ(open.straps(1, 1), 1 / (grid->maps.templates(kViewUm, kViewUm) + 1));
}

TEST(RandomGrid, DependsOnTheSeedAloneAndCanBeSolved) {
    SilentContext context;
    const GridTechnology technology = contestTechnology();
    const GridMaps maps = randomGridMaps(90, 140, technology, 7);
    EXPECT_EQ(maps.currents.values, randomGridMaps(90, 140, technology, 7).currents.values);
    EXPECT_NE(maps.currents.values, randomGridMaps(90, 140, technology, 8).currents.values);
    EXPECT_GE(maps.currents.minimum(), 0);
    const double mean = sumOf(maps.currents) / static_cast<double>(maps.currents.values.size());
    EXPECT_GE(mean, 2e-8);
    EXPECT_LE(mean, 2e-7);
    EXPECT_FALSE(maps.pads.empty());
    bool differ = false;
    for (std::uint64_t seed = 1; seed < 9; ++seed) {
        const auto grid = layGrid(randomGridMaps(60, 220, technology, seed), technology, context);
        ASSERT_TRUE(grid) << grid.error().describe();
        const auto drops = dropsOf(*grid, 0, context);
        ASSERT_TRUE(drops) << drops.error().describe();
        EXPECT_EQ(drops->map.columns, 220U);
        EXPECT_GT(drops->solution.worstDrop, 0);
        EXPECT_LT(drops->solution.worstDrop, 0.2);
        differ = differ || grid->maps.templates.minimum() < grid->maps.templates.maximum();
    }
    EXPECT_TRUE(differ);
}

} // namespace
} // namespace headroom::powergrid
