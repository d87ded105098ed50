#pragma once

#include <chrono>
#include <string>

#include "app/cli/commands.h"
#include "core/powergrid/drop_map.h"
#include "core/powergrid/map_comparison.h"

namespace headroom::cli {

/// How the commands of the group `powergrid` solve a grid and draw its drops.
struct GridOptions {
    std::string map, islands = "exclude", method = "automatic";
    double unitsPerUm = powergrid::DropMapSettings{}.unitsPerUm;
    std::uint64_t rows = 0, columns = 0;
    int roughIterations = 0;
};

/// A solved grid, and how long it took.
struct SolvedGrid {
    powergrid::GridSolution solution;
    double parseMs = 0, solveMs = 0;
};

/// Adds the options --islands, --method and --map.
void addGridOptions(CLI::App& command, GridOptions& options);

/// Errors carry the netlist's file where no other is at fault.
Result<SolvedGrid> solveNetlist(powergrid::GridNetlist netlist, const GridOptions& options,
                                JobContext& context);
Result<SolvedGrid> solveNetlistFile(const std::string& file, const GridOptions& options, JobContext& context);

Result<powergrid::Map> dropMapOf(const powergrid::GridSolution& solution, const GridOptions& options,
                                 JobContext& context);

/// What `powergrid solve` says of a grid and its solution.
Output describeSolution(const SolvedGrid& solved);

/// Writes a map of drops where the options name a file, and says so.
Result<void> writeDropMap(const powergrid::Map& map, const GridOptions& options, Output& output);

nlohmann::json toJson(const powergrid::MapComparison& compared);

/// Adds how near a map comes to a golden one. @param file what the map is of, for errors
Result<void> addComparison(const powergrid::Map& map, const powergrid::Map& golden, const std::string& file,
                           double elapsedMs, Output& output);

} // namespace headroom::cli
