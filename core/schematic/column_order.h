#pragma once

#include <optional>
#include <vector>

#include "core/schematic/branches.h"

namespace headroom::schematic {

/// A place in the order of columns.
struct Column {
    int chain = -1;  ///< -1: a bridge
    int bridge = -1; ///< -1: a chain
    int item = -1;   ///< index of Branches::items; -1 for bridges
};

/// Orders the columns from left to right: along the signal flow, halves of pairs about their axis, and
/// with short wires. Deterministic; a local search whose work is bounded.
/// @param nested whether pairs may stand around others
std::vector<Column> orderColumns(const Branches& branches, const structure::Structure& structure,
                                 bool nested);

} // namespace headroom::schematic
