#pragma once

#include <QLineF>
#include <QPointF>

#include <limits>
#include <vector>

#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

/// Where a map crosses a level, as pieces of lines in cells: marching squares between the cells' centres.
/// Squares with a cell that has no value are left out.
std::vector<QLineF> contourOf(const HeatMapData& map, double level);

/// Cells above a level.
std::size_t cellsAbove(const HeatMapData& map, double level);

/// The highest local maxima, highest first, none of them closer than @p apart cells to a higher one and none
/// below @p least. Places are cells' centres, in cells.
std::vector<WorstPlace> highestPlaces(const HeatMapData& map, std::size_t count, double apart,
                                      double least = -std::numeric_limits<double>::infinity());

} // namespace headroom::widgets
