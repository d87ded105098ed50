#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/sizing_session.h"

namespace headroom::cli {

/// What a sizing is to hold: the words of --spec; without any what the sizing itself gives in a simulation.
/// Errors: those of parseSpecification() and of the simulation.
Result<sizing::Specification> heldSpecification(const std::vector<std::string>& words,
                                                const ModelSession& session, simulation::EvaluationPool& pool,
                                                const netlist::Sizing& sizing);

/// [{name, target, unit}]
nlohmann::json specificationJson(const sizing::Specification& specification);

} // namespace headroom::cli
