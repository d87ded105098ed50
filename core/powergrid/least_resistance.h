#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/base/job_context.h"
#include "core/powergrid/grid_netlist.h"
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

/// A way through a netlist's nodes.
struct NodePath {
    std::vector<NodeId> nodes; ///< from the start to the node that a source holds against ground
    double ohms = 0;           ///< of the resistors in a row
};

/// The same through resistors and shorts. Errors: BadInput (no such node), NotFound (no way to a pad),
/// Cancelled.
Result<NodePath> pathOfLeastResistance(const GridNetlist& netlist, NodeId from, JobContext& context);

/// The node nearest to a place, of several at one place that on the lowest layer; ground where no node's name
/// holds coordinates.
NodeId nearestNode(const GridNetlist& netlist, double xUm, double yUm, double unitsPerUm);

} // namespace headroom::powergrid
