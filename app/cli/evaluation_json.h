#pragma once

#include <nlohmann/json.hpp>

#include "core/simulation/simulator.h"
#include "core/sizing/evaluation.h"

namespace headroom::cli {

/// The document of `simulate`, by the command line's contract.
nlohmann::json toJson(const simulation::Evaluation& evaluation);

/// The performances and measurements of an evaluation as plain numbers, with its error and notes.
nlohmann::json outcomeJson(const simulation::Evaluation& evaluation);

/// What a cache did for a pool: `cache` of the commands that have one.
nlohmann::json cacheJson(const simulation::PoolStatistics& statistics);

/// The document of `sizing evaluate`.
nlohmann::json toJson(const sizing::EvaluationReport& report);

} // namespace headroom::cli
