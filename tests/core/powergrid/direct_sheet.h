#pragma once

#include <vector>

#include "core/powergrid/sheet_solver.h"

namespace headroom::powergrid {

/// Drops of a sheet by assembling, ordering and factorising its equations with Eigen's LDL^T, V; row by row.
std::vector<double> directDrops(const Sheet& sheet);

} // namespace headroom::powergrid
