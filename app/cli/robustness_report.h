#pragma once

#include <string>
#include <vector>

#include "app/cli/session.h"
#include "core/sizing/robustness.h"

namespace headroom::cli {

/// A sizing and what became of it.
struct AssessedRow {
    std::size_t row = 1; ///< of the table, from 1
    sizing::Specification specification;
    sizing::Robustness robustness;
};

/// All that `robustness` found out.
struct RobustnessReport {
    std::string circuit;
    double tolerance = 0;
    simulation::BenchConditions conditions; ///< of the pool
    std::uint64_t seed = 0;
    std::vector<AssessedRow> rows; ///< at least one
};

/// {performance: {value, unit, minimum, maximum, holds, corners, missing, place}} of the worst values.
/// @param conditions those of the pool, for what a place leaves open
nlohmann::json worstJson(const sizing::Robustness& robustness, const simulation::BenchConditions& conditions);

Output describe(const RobustnessReport& report);

} // namespace headroom::cli
