#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/base/job_context.h"
#include "core/powergrid/sheet_solver.h"

namespace headroom::powergrid {

/// A way through a sheet's cells.
struct SheetPath {
    std::vector<std::pair<std::size_t, std::size_t>> cells; ///< row and column, from the start to a pad
    double ohms = 0;                                        ///< of the cells in a row
};

/// The way from a cell to a pad with the least sum of resistances from cell to cell (Dijkstra 1959): where a
/// strap would help most. Errors: BadInput (beside the sheet), NotFound (no way to a pad), Cancelled.
Result<SheetPath> pathOfLeastResistance(const Sheet& sheet, std::size_t row, std::size_t column,
                                        JobContext& context);

} // namespace headroom::powergrid
