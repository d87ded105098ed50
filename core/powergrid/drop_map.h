#pragma once

#include <cstdint>
#include <optional>

#include "core/powergrid/grid_solver.h"
#include "core/powergrid/map.h"

namespace headroom::powergrid {

struct DropMapSettings {
    double unitsPerUm = 2000; ///< of the coordinates in node names
    std::optional<std::int32_t>
        layer; ///< that the map shows; by default the one that most currents are drawn from
    std::uint64_t rows = 0, columns = 0; ///< pixels of 1 um along x and y; 0: up to the last node
    std::uint64_t memoryLimit = kMapMemoryLimit;
};

/// Pixels of 1 um up to the last node on any layer; 1 x 1 where no node's name holds coordinates.
MapSize extentOf(const GridNetlist& netlist, double unitsPerUm);

/// The drop over the chip, V: pixel (x, y) lies at x and y um. A smooth surface through the nodes on the
/// rails of the layer; nodes beside the rails (terminals) do not count. Beyond the outermost nodes the last
/// value goes on. Errors: BadInput (units that cannot be), Unsupported (node names without coordinates, no
/// rails, memory), Cancelled.
Result<Map> dropMap(const GridSolution& solution, const DropMapSettings& settings, JobContext& context);

/// Drops at given places instead of a solution's nodes, as a scatter: what dropMap() interpolates.
struct RailLines {
    bool areAlongX = true;
    struct Line {
        double across = 0; ///< um
        std::vector<double> places, values;
    };
    std::vector<Line> lines; ///< in order
};

/// By the mean of the two surfaces that a RailSurface may be, else by splines along the rails and then across
/// them. Error: Cancelled.
Result<Map> interpolate(const RailLines& rails, Map target, JobContext& context);

} // namespace headroom::powergrid
