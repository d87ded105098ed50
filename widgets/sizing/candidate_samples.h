#pragma once

#include <memory>

#include "widgets/common/sample_table.h"
#include "widgets/sizing/exploration_data.h"

namespace headroom::widgets {

/// A performance as a column: name, unit, definition; no values yet.
SampleColumn performanceColumn(simulation::Performance performance);

/// A variable likewise, with what the technology allows.
SampleColumn variableColumn(const VariableInfo& variable);

/// The key of a device's width where the variables of the circuit are not known.
QString widthKey(const QString& device);

/// The candidates as samples: simulated performances with their targets, saturation margin, area, sizes, what
/// the forward model predicted, its probability. Excluded candidates have no values. Rows are candidates.
std::shared_ptr<const SampleTable> candidateSamples(const ExplorationData& data);

} // namespace headroom::widgets
