#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/sizing/dataset.h"
#include "core/sizing/design_space.h"

namespace headroom::sizing {

/// Reads sizings that were simulated elsewhere, one per row. A column is headed by a variable's name ("M1,M2
/// w"), by one of its devices' ("M1 w", "M1.w", "CC", where several are given they must agree) or by a
/// performance's; a unit may stand behind it in brackets ("M1 w [um]"), for plain numbers, or in the cells
/// ("1.2 um", "12 MHz"); else they are in SI units. Every variable needs a column, and there must be at least
/// one performance.
/// Errors: BadInput with the line for ragged rows, text, numbers that are not finite or outside of the
/// variable's legal range, devices of one variable that disagree, and a sizing that stands there twice; for
/// duplicate, unknown and missing columns. Names are compared without regard to case.
Result<Dataset> importDataset(std::string_view text, const std::string& fileName, const DesignSpace& space);

/// What a simulation makes of some rows, beside what the data set says.
struct RowCheck {
    std::vector<std::size_t> rows;                ///< that were simulated
    std::size_t failed = 0;                       ///< of them those that did not simulate
    std::vector<std::vector<double>> differences; ///< by performance: relativeDifference() of every row, the
                                                  ///< data set's value as the target
};

/// Simulates @p count rows, evenly spaced. Errors: those of the pool, Cancelled.
Result<RowCheck> checkRows(const Dataset& dataset, const DesignSpace& space, simulation::EvaluationPool& pool,
                           std::size_t count, double supplyVoltage, JobContext& context);

} // namespace headroom::sizing
