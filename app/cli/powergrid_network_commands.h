#pragma once

#include <filesystem>
#include <string>

#include "app/cli/commands.h"
#include "core/powergrid/drop_model.h"

namespace headroom::cli {

/// The folder of a model: itself, or that of one which ships with the program.
std::filesystem::path dropModelFolder(const std::string& nameOrFolder);

/// Errors: BadInput (no such device), those of DropModel::load().
Result<powergrid::DropModel> loadDropModel(const std::string& nameOrFolder, const GlobalOptions& options);

/// Adds `predict`, `train` and `judge` to the group `powergrid`.
void addPowergridNetworks(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
