#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core/powergrid/grid_solver.h"

namespace headroom::powergrid {

inline Result<GridNetlist> parse(const std::string& text) {
    SilentContext context;
    return parseGridNetlist(text, "grid.sp", context);
}

inline Result<GridModel> modelOf(const std::string& text, IslandPolicy policy = IslandPolicy::Exclude) {
    SilentContext context;
    auto netlist = parse(text);
    if (!netlist) return forward(netlist);
    return buildGridModel(std::make_shared<const GridNetlist>(std::move(*netlist)), policy, context);
}

inline Result<GridSolution> solve(const std::string& text, SolveMethod method = SolveMethod::Automatic) {
    SilentContext context;
    auto netlist = parse(text);
    if (!netlist) return forward(netlist);
    SolverSettings settings;
    settings.method = method;
    return solveGrid(std::make_shared<const GridNetlist>(std::move(*netlist)), IslandPolicy::Exclude,
                     settings, context);
}

inline double voltsAt(const GridSolution& solution, std::string_view node) {
    const auto found = solution.model->netlist->nodes.find(node);
    EXPECT_TRUE(found) << node;
    return found ? solution.volts[static_cast<std::size_t>(*found)] : 0;
}

/// A file or folder of the third-party test data; empty where there are none.
inline std::filesystem::path testData(const std::string& name) {
    const char* root = std::getenv("HEADROOM_TEST_DATA");
    if (root == nullptr || !std::filesystem::exists(std::filesystem::path(root) / name)) return {};
    return std::filesystem::path(root) / name;
}

} // namespace headroom::powergrid
