#pragma once

#include <functional>
#include <memory>

#include "core/powergrid/drop_map.h"
#include "core/powergrid/grid_maps.h"
#include "core/powergrid/grid_technology.h"

namespace headroom::powergrid {

/// A grid that was rebuilt from maps, its equations set up. Immutable; threads may share it.
struct LaidGrid {
    GridMaps maps;
    GridTechnology technology;
    std::shared_ptr<const GridModel> model;
};

/// An answer to a grid, V in pixels of 1 um: the right one, or somebody's guess.
using AnswerGrid = std::function<Result<Map>(const LaidGrid& grid, JobContext& context)>;

/// Errors: those of rebuildGrid() and buildGridModel().
Result<LaidGrid> layGrid(GridMaps maps, const GridTechnology& technology, JobContext& context);

struct GridDrops {
    GridSolution solution;
    Map map; ///< V, pixels of 1 um
};

/// @param iterations of multigrid, settled or not; 0: the exact drops  Errors: those of solving and drawing.
Result<GridDrops> dropsOf(const LaidGrid& grid, int iterations, JobContext& context);

/// The map of that.
AnswerGrid solvedGrids(int iterations);

} // namespace headroom::powergrid
