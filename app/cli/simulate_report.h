#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/session.h"
#include "core/simulation/simulator.h"

namespace headroom::cli {

/// One corner, supply and temperature, and what came of it.
struct PlaceResult {
    simulation::Variation variation;
    simulation::Evaluation evaluation;
};

/// Values of one parameter and what came of each.
struct ParameterSweep {
    std::string parameter; ///< "M1.w"
    std::vector<double> values;
    std::vector<simulation::Evaluation> evaluations; ///< as long as values
};

/// All that `simulate` found out.
struct SimulateReport {
    const simulation::EvaluationSettings& settings;
    simulation::BenchConditions conditions; ///< of the first place
    std::vector<PlaceResult> places;        ///< the first is what the document's top level shows
    std::vector<simulation::Evaluation> mismatch;
    std::uint64_t seed = 0;
    std::optional<ParameterSweep> sweep;
    std::vector<netlist::Diagnostic> findings; ///< about the netlist as it is simulated
};

Output describe(const SimulateReport& report);

} // namespace headroom::cli
