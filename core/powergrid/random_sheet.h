#pragma once

#include <cstdint>
#include <functional>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/map.h"

namespace headroom::powergrid {

/// What is known early of a block of a chip, a value from 0 to 1 per cell; all of one size.
struct SheetMaps {
    Map strength; ///< of the power grid: 1 where straps run close together
    Map density;  ///< of cells
    Map activity; ///< of their switching
    Map pads;     ///< 1 where a pad supplies the cell, else 0
};

/// An answer to a block's maps: the right one (formulaDrop(), an exact solution), or somebody's guess.
using AnswerSheet = std::function<Result<Map>(const SheetMaps& maps, JobContext& context)>;

/// Errors, BadInput: maps that are empty, of different sizes, or with values that are not finite or negative;
/// no pad at all.
Result<void> checkSheetMaps(const SheetMaps& maps);

/// A block as it might be: clusters and macros of cells, busy spots, straps of some pitch in both directions
/// over a weaker mesh with holes, and pads in an array that is shifted by chance or here and there. Depends
/// on the seed and the size alone.
SheetMaps randomSheet(std::size_t rows, std::size_t columns, std::uint64_t seed);

/// Pads where none are given: in the middle of every 16 x 16 cells.
Map assumedPads(std::size_t rows, std::size_t columns);

/// The seed paper's label (section 7): cell density times switching activity over grid strength plus 0.1,
/// smoothed. It knows no pads and no Kirchhoff: a map that looks like drops, not volts.
Map formulaDrop(const SheetMaps& maps);

/// exp(-d / 8) with d the distance to the nearest pad, cells: what a network is told of pads.
Map nearnessOfPads(const Map& pads);

} // namespace headroom::powergrid
