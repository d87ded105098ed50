#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/session/circuit.h"

namespace headroom::app {

/// Reads a netlist, copies it into the project's folder and prepares the project for it: the sizes, results
/// and model of the former one go, the specification is that of the first held-out row of the data set, where
/// there is one. Runs in jobs. Errors: what makes the netlist unreadable.
/// @param before the project that it is imported into
Result<project::Project> importNetlist(const std::filesystem::path& file, const std::string& top,
                                       const std::filesystem::path& folder, const project::Project& before);

} // namespace headroom::app
