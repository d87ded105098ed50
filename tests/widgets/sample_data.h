#pragma once

#include <memory>
#include <vector>

#include "core/netlist/netlist.h"
#include "core/simulation/simulator.h"
#include "core/structure/structure.h"
#include "widgets/jobs/job_row.h"
#include "widgets/sizing/exploration_data.h"
#include "widgets/sizing/specification_view.h"

namespace headroom::widgets::samples {

/// The shipped folded-cascode amplifier, read from resources/examples.
std::shared_ptr<const netlist::Netlist> foldedCascode();

/// Its structure.
std::shared_ptr<const structure::Structure> foldedCascodeStructure();

/// The standard specification with ranges.
SpecificationData specification();

/// Candidates spread around the specification's targets; every tenth has no result, the last @p unsimulated
/// were never simulated.
std::shared_ptr<const ExplorationData> exploration(std::size_t count = 100, std::size_t unsimulated = 0);

/// One device in triode, the rest saturated.
std::shared_ptr<const simulation::OperatingPoint> operatingPoint();

/// One job of each state.
std::vector<JobRow> jobs();

} // namespace headroom::widgets::samples
