#pragma once

#include <nlohmann/json.hpp>

#include "core/simulation/simulator.h"
#include "core/sizing/evaluation.h"

namespace headroom::cli {

/// The document of `simulate`, by the command line's contract.
nlohmann::json toJson(const simulation::Evaluation& evaluation);

/// The document of `sizing evaluate`.
nlohmann::json toJson(const sizing::EvaluationReport& report);

} // namespace headroom::cli
