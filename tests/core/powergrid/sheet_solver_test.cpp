#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/powergrid/sheet_netlist.h"
#include "tests/core/powergrid/direct_sheet.h"
#include "tests/core/powergrid/grid_fixture.h"

namespace headroom::powergrid {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Metal whose conductance jumps by a factor of 500, ideal pads and weak ones.
Sheet roughSheet(std::size_t rows, std::size_t columns) {
    Sheet sheet{*makeMap(rows, columns), *makeMap(rows, columns), *makeMap(rows, columns), 1.1};
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) {
            sheet.conductance(r, c) = (r / 7 + c / 5) % 4 == 0 ? 0.01 : (3 * r + 5 * c) % 11 == 0 ? 5 : 1;
            sheet.current(r, c) = 1e-6 * (1 + std::sin(0.3 * static_cast<double>(r)));
        }
    sheet.pads(rows / 3, columns / 3) = kInfinity;
    sheet.pads(rows - 1, columns - 1) = 2;
    return sheet;
}

double largestDifference(const SheetSolution& solution, const std::vector<double>& drops) {
    double largest = 0;
    for (std::size_t i = 0; i < drops.size(); ++i)
        largest = std::max(largest, std::abs(solution.drop.values[i] - drops[i]));
    return largest;
}

TEST(SheetSolver, AgreesWithTheDirectSolutionAtAnySize) {
    SilentContext context;
    const std::pair<std::size_t, std::size_t> sizes[] = {{1, 1}, {1, 50},  {37, 1},  {2, 3},    {8, 8},
                                                         {9, 9}, {33, 64}, {65, 31}, {100, 117}};
    for (const auto& [rows, columns] : sizes) {
        const auto sheet = std::make_shared<const Sheet>(roughSheet(rows, columns));
        SheetSolver solver({.tolerance = 1e-8});
        const auto solution = solver.solve(sheet, context);
        ASSERT_TRUE(solution) << solution.error().message;
        const auto drops = directDrops(*sheet);
        EXPECT_LT(largestDifference(*solution, drops), 1e-6 * solution->worstDrop)
            << rows << " x " << columns;
        EXPECT_NEAR(solution->suppliedAmperes, solution->loadAmperes, 1e-6 * solution->loadAmperes);
        EXPECT_LT(solution->iterations, 40);
    }
}

/// A strip with an ideal pad at one end and even currents: the drop is a parabola.
TEST(SheetSolver, MeetsTheParabolaOfAStrip) {
    constexpr std::size_t kLength = 200, kWidth = 5;
    Sheet sheet{*makeMap(kLength, kWidth), *makeMap(kLength, kWidth), *makeMap(kLength, kWidth), 1};
    std::fill(sheet.conductance.values.begin(), sheet.conductance.values.end(), 0.5);
    std::fill(sheet.current.values.begin(), sheet.current.values.end(), 1e-6);
    for (std::size_t c = 0; c < kWidth; ++c)
        sheet.pads(0, c) = kInfinity;
    SilentContext context;
    SheetSolver solver({.tolerance = 1e-10});
    const auto solution = solver.solve(std::make_shared<const Sheet>(sheet), context);
    ASSERT_TRUE(solution);
    for (std::size_t r = 0; r < kLength; ++r) {
        // Edge k of the strip carries the currents of all cells behind it.
        const auto steps = static_cast<double>(r);
        const double drop = 1e-6 / 0.5 * (steps * (kLength - 1) - steps * (steps - 1) / 2);
        EXPECT_NEAR(solution->drop(r, 2), drop, 1e-7 * 0.04) << r;
    }
    EXPECT_EQ(solution->worstRow, kLength - 1);
}

TEST(SheetSolver, FollowsEditsOfCurrentsMetalAndPads) {
    SilentContext context;
    Sheet sheet = roughSheet(90, 70);
    SheetSolver solver({.tolerance = 1e-8});
    ASSERT_TRUE(solver.solve(std::make_shared<const Sheet>(sheet), context));
    const auto expectSolved = [&](const char* what) {
        const auto solution = solver.solve(std::make_shared<const Sheet>(sheet), context);
        ASSERT_TRUE(solution) << what;
        EXPECT_LT(largestDifference(*solution, directDrops(sheet)), 1e-6 * solution->worstDrop) << what;
    };
    for (std::size_t i = 20; i < 30; ++i)
        for (std::size_t j = 41; j < 48; ++j)
            sheet.current(i, j) *= 20;
    expectSolved("currents");
    for (std::size_t i = 50; i < 63; ++i)
        for (std::size_t j = 3; j < 17; ++j)
            sheet.conductance(i, j) = 20;
    expectSolved("metal");
    sheet.pads(30, 23) = 0;
    sheet.pads(0, 69) = kInfinity;
    expectSolved("pads");
    sheet.conductance(89, 0) = 0.3;
    expectSolved("a corner");
    const auto same = solver.solve(std::make_shared<const Sheet>(sheet), context);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->iterations, 0);
}

TEST(SheetSolver, LeavesHolesAndIslandsOut) {
    Sheet sheet = roughSheet(20, 20);
    for (std::size_t i = 10; i < 20; ++i)
        sheet.conductance(i, 10) = 0; // a cut, then another: the corner right below has its own pad
    for (std::size_t j = 0; j < 11; ++j)
        sheet.conductance(10, j) = 0;
    SilentContext context;
    SheetSolver solver;
    const auto solution = solver.solve(std::make_shared<const Sheet>(sheet), context);
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->islandCells, 9U * 10U);
    EXPECT_TRUE(std::isnan(solution->drop(15, 5)));
    EXPECT_TRUE(std::isnan(solution->drop(10, 10)));
    EXPECT_TRUE(std::isfinite(solution->drop(19, 19)));
    EXPECT_NEAR(solution->suppliedAmperes, solution->loadAmperes, 1e-6 * solution->loadAmperes);
}

TEST(SheetNetlist, HasTheSheetsDropsAtItsNodes) {
    Sheet sheet = roughSheet(23, 17);
    for (std::size_t r = 4; r < 9; ++r)
        sheet.conductance(r, 6) = 0; // a gap
    SilentContext context;
    const auto expected =
        SheetSolver({.tolerance = 1e-10}).solve(std::make_shared<const Sheet>(sheet), context);
    ASSERT_TRUE(expected) << expected.error().describe();
    const auto solution = solve(writeGridNetlist(sheetNetlist(sheet, 2.5)));
    ASSERT_TRUE(solution) << solution.error().describe();
    std::size_t compared = 0;
    for (std::size_t r = 0; r < 23; ++r)
        for (std::size_t c = 0; c < 17; ++c) {
            const auto name = fmt::format("n1_m1_{}_{}", 2500 + 5000 * r, 2500 + 5000 * c);
            const auto node = solution->model->netlist->nodes.find(name);
            ASSERT_EQ(node.has_value(), sheet.conductance(r, c) > 0) << name;
            if (!node) continue;
            EXPECT_NEAR(solution->dropOf(*node), expected->drop(r, c), 1e-6 * expected->worstDrop) << name;
            ++compared;
        }
    EXPECT_EQ(compared, 23U * 17U - 5U);
}

TEST(SheetSolver, RefusesBadSheetsWithTheCell) {
    SilentContext context;
    const auto messageOf = [&](const Sheet& sheet) {
        SheetSolver solver({.memoryLimit = 100'000'000});
        const auto solution = solver.solve(std::make_shared<const Sheet>(sheet), context);
        return solution ? std::string() : solution.error().message;
    };
    Sheet sheet = roughSheet(10, 10);
    sheet.conductance(3, 4) = -1;
    EXPECT_NE(messageOf(sheet).find("row 4, column 5"), std::string::npos);
    sheet = roughSheet(10, 10);
    sheet.current(2, 1) = std::nan("");
    EXPECT_NE(messageOf(sheet).find("row 3, column 2"), std::string::npos);
    sheet = roughSheet(10, 10);
    sheet.current = *makeMap(10, 9);
    EXPECT_NE(messageOf(sheet).find("10 x 9"), std::string::npos);
    sheet = roughSheet(10, 10);
    sheet.pads = *makeMap(10, 10);
    EXPECT_NE(messageOf(sheet).find("no pads"), std::string::npos);
    EXPECT_NE(messageOf(Sheet{}).find("no cells"), std::string::npos);
    EXPECT_NE(messageOf(roughSheet(1000, 1000)).find("of memory"), std::string::npos);
    EXPECT_GT(sheetBytes(20'000, 20'000), std::uint64_t{50} << 30U);
}

TEST(SheetSolver, StopsWhenCancelledAndStartsAfresh) {
    SilentContext cancelled, context;
    cancelled.cancel();
    const auto sheet = std::make_shared<const Sheet>(roughSheet(40, 40));
    SheetSolver solver;
    EXPECT_EQ(solver.solve(sheet, cancelled).error().code, ErrorCode::Cancelled);
    EXPECT_TRUE(solver.solve(sheet, context));
}

} // namespace
} // namespace headroom::powergrid
