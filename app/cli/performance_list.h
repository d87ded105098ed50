#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/simulation/performance.h"

namespace headroom::cli {

/// "standard", "all", "none", or names with commas between. Error BadInput: a name that is none, or twice.
Result<std::vector<simulation::Performance>> parsePerformances(const std::string& list);

/// Their names as a JSON array.
nlohmann::json namesJson(const std::vector<simulation::Performance>& performances);

} // namespace headroom::cli
