#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "core/base/error.h"

namespace headroom::simulation {

bool isExecutable(const std::filesystem::path& path);

/// The program that an environment variable names; absent where it is unset or empty. Error: Simulator, where
/// what it names cannot be run. @param what that the program is, for the error
Result<std::optional<std::filesystem::path>> programNamedBy(const char* variable, std::string_view what);

} // namespace headroom::simulation
