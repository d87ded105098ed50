#pragma once

#include <cstddef>
#include <cstdint>

#include "core/powergrid/grid_maps.h"
#include "core/powergrid/grid_solver.h"
#include "core/powergrid/grid_technology.h"

namespace headroom::powergrid {

/// Side of the cells in which a network sees a grid, um: drops vary little within one.
inline constexpr std::size_t kViewUm = 8;

/// A grid that was rebuilt from maps, after a few iterations of its solution, in square cells of kViewUm, the
/// last of each row and column cut by the chip's edge.
struct GridView {
    Map drop;      ///< after these iterations, V
    Map imbalance; ///< A: what of Kirchhoff's current law they leave open in a cell, over all layers
    Map current;   ///< A drawn from a cell
    Map straps;    ///< how densely the cell's template lays straps: the finest pitch over its own
    Map pads;      ///< 1 where a pad lies
};

/// @param rough a solution of the grid that rebuildGrid() makes of these maps  @param drop its dropMap(), of
/// the maps' size
GridView viewOf(const GridMaps& maps, const GridTechnology& technology, const GridSolution& rough,
                const Map& drop);

/// The mean over each cell.
Map inCells(const Map& pixels);

/// Pixels of 1 um out of cells: cubic splines through the cells' middles along both sides.
Map inPixels(const Map& cells, std::size_t rows, std::size_t columns);

} // namespace headroom::powergrid
