#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/powergrid_answer.h"

namespace headroom::cli {

/// What a grid is rebuilt from.
struct RebuildArguments {
    std::vector<std::string> maps; ///< folders and files
    std::string technology = "iccad2023", pads;
    std::optional<std::size_t> everywhere; ///< template of a chip without a map of them
    std::string model; ///< network that corrects a rough solution; empty: the grid is solved
};

/// A rebuilt grid, its solution and its drops.
struct RebuiltDrops {
    SolvedGrid solved; ///< roughly, where a network corrects it
    powergrid::Map map;
};

/// Adds the options --technology, --pads, --template and --model, behind those of addGridOptions().
void addRebuildOptions(CLI::App& command, RebuildArguments& arguments);

/// Rebuilds, solves and draws a grid. Sets the size and the units of @p options to those of the grid; adds
/// what it was made from, and the network, to @p output. Its parseMs is the time for reading and rebuilding.
Result<RebuiltDrops> rebuildAndSolve(const RebuildArguments& arguments, GridOptions& options,
                                     const GlobalOptions& global, Output& output, JobContext& context);

/// Adds `rebuild` to the group `powergrid`.
void addPowergridRebuild(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
