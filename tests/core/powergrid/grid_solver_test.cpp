#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/file.h"
#include "tests/core/powergrid/grid_fixture.h"
#include "tests/core/powergrid/synthetic_grid.h"

namespace headroom::powergrid {
namespace {

TEST(GridSolver, SolvesALadderByHand) {
    const auto solution = solve("V0 p 0 1\nR1 p a 1\nR2 a b 2\nI1 a 0 10m\nI2 b 0 5m\n.end\n");
    ASSERT_TRUE(solution) << solution.error().describe();
    EXPECT_NEAR(voltsAt(*solution, "a"), 1 - 0.015, 1e-15);
    EXPECT_NEAR(voltsAt(*solution, "b"), 1 - 0.015 - 0.010, 1e-15);
    EXPECT_EQ(solution->model->netlist->nodes[solution->worstNode], "b");
    EXPECT_NEAR(solution->worstDrop, 0.025, 1e-15);
    EXPECT_LT(solution->residual, 1e-12);
    ASSERT_EQ(solution->balances.size(), 1U);
    EXPECT_NEAR(solution->balances[0].suppliedAmperes, 0.015, 1e-15);
    EXPECT_NEAR(solution->balances[0].loadAmperes, 0.015, 1e-15);
}

TEST(GridSolver, TakesSourcesBetweenNodesAndLoadsToGround) {
    // 1 V at p; q is held 0.1 V below a; a leaks through 10 ohms to ground.
    const auto solution =
        solve("V0 p 0 1\nR1 p a 10\nVshift a q 0.1\nR2 q b 5\nR3 a 0 10\nI1 b 0 10m\n.end\n");
    ASSERT_TRUE(solution) << solution.error().describe();
    // (1 - a) / 10 = a / 10 + 10 mA
    EXPECT_NEAR(voltsAt(*solution, "a"), 0.45, 1e-14);
    EXPECT_NEAR(voltsAt(*solution, "q"), 0.35, 1e-14);
    EXPECT_NEAR(voltsAt(*solution, "b"), 0.30, 1e-14);
}

TEST(GridSolver, SolvesRingsStubsAndParallelResistors) {
    const auto solution =
        solve("V0 p 0 1\nR1 p a 1\nR2 p a 1\nR3 a b 1\nR4 b c 1\nR5 c a 1\nR6 c d 3\nR7 d e 2\n"
              "I1 b 0 3m\nI2 e 0 1m\n.end\n");
    ASSERT_TRUE(solution) << solution.error().describe();
    const double a = 1 - 0.5 * 4e-3;
    EXPECT_NEAR(voltsAt(*solution, "a"), a, 1e-15);
    // Of the ring's three ohms, currents of 3 mA at b and 1 mA at c: by superposition.
    EXPECT_NEAR(voltsAt(*solution, "b"), a - 3e-3 * 2 / 3 - 1e-3 / 3, 1e-15);
    EXPECT_NEAR(voltsAt(*solution, "c"), a - 3e-3 / 3 - 1e-3 * 2 / 3, 1e-15);
    EXPECT_NEAR(voltsAt(*solution, "e"), voltsAt(*solution, "c") - 5e-3, 1e-15);
}

TEST(GridSolver, RefusesEquationsWithoutAnAnswer) {
    // A millionth of a digit between the pad and the load, by either method.
    const std::string apart = "V0 p 0 1\nR1 p a 1e300\nR2 a b 1e-300\nR3 b p 1e300\nR4 a p 1e300\n"
                              "R5 b c 1e-300\nR6 c a 1e-300\nI1 b 0 1e300\n.end\n";
    for (const SolveMethod method : {SolveMethod::Direct, SolveMethod::Multigrid}) {
        const auto solution = solve(apart, method);
        ASSERT_FALSE(solution) << toString(method);
        EXPECT_TRUE(solution.error().code == ErrorCode::BadInput ||
                    solution.error().code == ErrorCode::Convergence);
        EXPECT_FALSE(solution.error().message.empty());
    }
    const auto large = solve("V0 p 0 1\nR1 p a 1\nI1 a 0 1e308\nI2 a 0 1e308\n.end\n");
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, ErrorCode::BadInput);
    EXPECT_NE(large.error().message.find("currents are too large"), std::string::npos);
}

TEST(GridSolver, StopsAfterRoughIterations) {
    SilentContext context;
    auto netlist = parse(contestLikeNetlist(400));
    ASSERT_TRUE(netlist);
    const auto shared = std::make_shared<const GridNetlist>(std::move(*netlist));
    const auto solved = [&](int iterations) {
        SolverSettings settings;
        settings.roughIterations = iterations;
        return solveGrid(shared, IslandPolicy::Exclude, settings, context);
    };
    const auto exact = solved(0), one = solved(1), five = solved(5);
    ASSERT_TRUE(exact && one && five);
    EXPECT_EQ(exact->method, SolveMethod::Direct);
    EXPECT_EQ(one->method, SolveMethod::Multigrid);
    EXPECT_EQ(one->iterations, 1);
    EXPECT_EQ(five->iterations, 5);
    const auto errorOf = [&](const GridSolution& rough) {
        double most = 0;
        for (std::size_t node = 0; node < rough.volts.size(); ++node)
            most = std::max(most, std::abs(rough.volts[node] - exact->volts[node]));
        return most;
    };
    EXPECT_GT(errorOf(*one), 1e-3 * exact->worstDrop);
    EXPECT_LT(errorOf(*five), 0.5 * errorOf(*one));
    EXPECT_GT(one->residual, five->residual);
}

TEST(GridSolver, LeavesIslandsWithoutAVoltage) {
    const auto solution = solve("V0 p 0 1\nR1 p a 1\nI1 a 0 1m\nR2 x y 1\n.end\n");
    ASSERT_TRUE(solution);
    EXPECT_TRUE(std::isnan(voltsAt(*solution, "x")));
    EXPECT_EQ(solution->model->netlist->nodes[solution->worstNode], "a");
}

TEST(GridSolver, TurnsTheLoadsOfAGroundNet) {
    const auto pdnsim = solve("V0 p 0 DC 0.0\nR1 p a R=2\nI1 a 0 DC 1m\n.end\n");
    ASSERT_TRUE(pdnsim);
    EXPECT_NEAR(voltsAt(*pdnsim, "a"), 2e-3, 1e-15);
    EXPECT_NEAR(pdnsim->worstDrop, 2e-3, 1e-15);
    const auto ibm = solve("v0 p 0 0\nr1 p a 2\ni1 0 a 1m\n.end\n");
    ASSERT_TRUE(ibm);
    EXPECT_NEAR(voltsAt(*ibm, "a"), 2e-3, 1e-15);
}

TEST(GridSolver, SolvesForOtherCurrentsWithoutFactorisingAgain) {
    SilentContext context;
    auto model = modelOf(contestLikeNetlist(100));
    ASSERT_TRUE(model);
    const auto solver = GridSolver::create(std::make_shared<const GridModel>(std::move(*model)), {}, context);
    ASSERT_TRUE(solver);
    const auto once = solver->solve(context);
    ASSERT_TRUE(once);
    std::vector<double> twice;
    for (const CurrentSource& each : once->model->netlist->currents)
        twice.push_back(2 * each.amperes);
    const auto doubled = solver->solve(twice, context);
    ASSERT_TRUE(doubled);
    EXPECT_NEAR(doubled->worstDrop, 2 * once->worstDrop, 1e-12);
    EXPECT_EQ(doubled->worstNode, once->worstNode);
    twice.pop_back();
    EXPECT_EQ(solver->solve(twice, context).error().code, ErrorCode::BadInput);
    twice.push_back(std::nan(""));
    EXPECT_EQ(solver->solve(twice, context).error().code, ErrorCode::BadInput);
}

TEST(GridSolver, SuppliesWhatIsDrawn) {
    const auto solution = solve(contestLikeNetlist(150));
    ASSERT_TRUE(solution);
    ASSERT_EQ(solution->balances.size(), 1U);
    EXPECT_NEAR(solution->balances[0].suppliedAmperes, solution->balances[0].loadAmperes,
                1e-10 * solution->balances[0].loadAmperes);
    EXPECT_LT(solution->residual, 1e-10);
}

TEST(GridSolver, MultigridAgreesWithTheFactorisation) {
    for (const std::string& text : {contestLikeNetlist(300), meshNetlist(120, 30)}) {
        const auto direct = solve(text, SolveMethod::Direct), iterated = solve(text, SolveMethod::Multigrid);
        ASSERT_TRUE(direct && iterated);
        EXPECT_GT(iterated->iterations, 3);
        double largest = 0;
        for (std::size_t node = 1; node < direct->volts.size(); ++node)
            largest = std::max(largest, std::abs(direct->volts[node] - iterated->volts[node]));
        EXPECT_LT(largest, 1e-7 * direct->worstDrop);
        EXPECT_EQ(iterated->worstNode, direct->worstNode);
    }
}

/// OpenROAD's voltages are those of instances, by location; it writes six digits.
void compareWithOpenRoad(const std::string& netlist, const std::string& golden) {
    const auto folder = testData("openroad_psm");
    if (folder.empty()) GTEST_SKIP() << "HEADROOM_TEST_DATA has no openroad_psm";
    SilentContext context;
    auto read = readGridNetlist(folder / netlist, context);
    ASSERT_TRUE(read) << read.error().describe();
    const auto solution =
        solveGrid(std::make_shared<const GridNetlist>(std::move(*read)), IslandPolicy::Refuse, {}, context);
    ASSERT_TRUE(solution) << solution.error().describe();
    const auto table = parseCsv(*readFile(folder / golden));
    ASSERT_TRUE(table);
    std::size_t compared = 0;
    for (const auto& row : table->rows) {
        const auto unitsOf = [](const std::string& um) { return std::lround(std::stod(um) * 2000); };
        const auto node = solution->model->netlist->nodes.find(
            fmt::format("ITermNode_{}_{}_{}", row[2], unitsOf(row[3]), unitsOf(row[4])));
        if (!node) continue;
        ++compared;
        EXPECT_NEAR(solution->volts[static_cast<std::size_t>(*node)], std::stod(row[5]), 1e-6) << row[0];
    }
    EXPECT_GT(compared, 300U);
}

TEST(GridSolver, AgreesWithOpenRoadOnASupply) {
    compareWithOpenRoad("gcd_write_sp_test_vdd.spok", "gcd_test_vdd-voltage.rptok");
}

TEST(GridSolver, AgreesWithOpenRoadOnAGroundNet) {
    compareWithOpenRoad("gcd_all_vss-spice.spok", "gcd_all_vss-voltage.rptok");
}

} // namespace
} // namespace headroom::powergrid
