#include "core/powergrid/sheet_netlist.h"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/powergrid/drop_map.h"

namespace headroom::powergrid {

GridNetlist sheetNetlist(const Sheet& sheet, double cellUm) {
    const Map& metal = sheet.conductance;
    const double perCell = cellUm * DropMapSettings{}.unitsPerUm;
    const auto units = [perCell](std::size_t index) {
        return std::llround((static_cast<double>(index) + 0.5) * perCell);
    };
    GridNetlist netlist;
    const auto nodeAt = [&](int layer, std::size_t row, std::size_t column) {
        return netlist.nodes.intern(fmt::format("n1_m{}_{}_{}", layer, units(row), units(column)));
    };
    std::vector<NodeId> nodes(metal.values.size(), kGround);
    for (std::size_t r = 0; r < metal.rows; ++r)
        for (std::size_t c = 0; c < metal.columns; ++c)
            if (metal(r, c) > 0) nodes[r * metal.columns + c] = nodeAt(1, r, c);
    const auto join = [&](std::size_t a, std::size_t b) {
        const double siemens = edgeConductance(metal.values[a], metal.values[b]);
        if (siemens > 0) netlist.resistors.push_back({nodes[a], nodes[b], 1 / siemens, 0});
    };
    for (std::size_t r = 0; r < metal.rows; ++r)
        for (std::size_t c = 0; c < metal.columns; ++c) {
            const std::size_t cell = r * metal.columns + c;
            if (nodes[cell] == kGround) continue;
            if (c + 1 < metal.columns) join(cell, cell + 1);
            if (r + 1 < metal.rows) join(cell, cell + metal.columns);
            if (const double amperes = sheet.current.values[cell]; amperes != 0)
                netlist.currents.push_back({nodes[cell], kGround, amperes, 0});
            const double pad = sheet.pads.values[cell];
            if (!(pad > 0)) continue;
            NodeId held = nodes[cell];
            if (std::isfinite(pad)) {
                held = nodeAt(2, r, c);
                netlist.resistors.push_back({held, nodes[cell], 1 / pad, 0});
            }
            netlist.voltages.push_back({held, kGround, sheet.supplyVolts, 0, {}});
        }
    return netlist;
}

} // namespace headroom::powergrid
