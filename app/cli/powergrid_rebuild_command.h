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
};

/// Adds the options --technology, --pads and --template.
void addRebuildOptions(CLI::App& command, RebuildArguments& arguments);

/// A rebuilt and solved grid. Sets the size and the units of @p options to those of the grid; adds what it
/// was made from to @p output. Its parseMs is the time for reading and rebuilding.
Result<SolvedGrid> solveRebuilt(const RebuildArguments& arguments, GridOptions& options, Output& output,
                                JobContext& context);

/// Adds `rebuild` to the group `powergrid`.
void addPowergridRebuild(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
