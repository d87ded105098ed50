#pragma once

#include "app/cli/sizing_session.h"

namespace headroom::cli {

/// What a sizing is to hold: what the command line asks for; where that is nothing, what the sizing itself
/// gives in a simulation. Errors: those of readSpecification() and of the simulation.
Result<sizing::Specification> heldSpecification(const SpecificationArguments& arguments,
                                                const ModelSession& session, simulation::EvaluationPool& pool,
                                                const netlist::Sizing& sizing);

/// addSpecificationOptions() for commands that use heldSpecification().
void addHeldSpecificationOptions(CLI::App& command, SpecificationArguments& arguments);

} // namespace headroom::cli
