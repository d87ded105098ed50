#include "core/powergrid/grid_view.h"

#include <algorithm>
#include <cmath>

#include "core/powergrid/cubic_spline.h"
#include "core/powergrid/indexing.h"
#include "core/powergrid/node_place.h"

namespace headroom::powergrid {
namespace {

std::size_t cellsAlong(std::size_t pixels) {
    return (pixels + kViewUm - 1) / kViewUm;
}

Map noCells(const Map& pixels) {
    const std::size_t rows = cellsAlong(pixels.rows), columns = cellsAlong(pixels.columns);
    return {rows, columns, std::vector<double>(rows * columns, 0.0)};
}

/// The cell that a place lies in, of those beside the chip the nearest.
std::size_t cellAt(const Map& cells, double xUm, double yUm) {
    const auto along = [](double um, std::size_t count) {
        return static_cast<std::size_t>(
            std::clamp(um / static_cast<double>(kViewUm), 0.0, static_cast<double>(count - 1)));
    };
    return along(xUm, cells.rows) * cells.columns + along(yUm, cells.columns);
}

/// By node, A: what flows in and not out again.
std::vector<double> imbalanceOf(const GridSolution& solution) {
    const GridNetlist& netlist = *solution.model->netlist;
    std::vector<double> amperes(solution.volts.size(), 0.0);
    const auto move = [&](NodeId from, NodeId to, double current) {
        at(amperes, from) -= current;
        at(amperes, to) += current;
    };
    for (const Resistor& each : netlist.resistors)
        if (each.ohms > 0)
            move(each.a, each.b, (at(solution.volts, each.a) - at(solution.volts, each.b)) / each.ohms);
    for (const CurrentSource& each : netlist.currents)
        move(each.from, each.to, each.amperes);
    return amperes;
}

double strapShare(const GridTechnology& technology, std::size_t number) {
    // The layers whose pitch depends on the template; all as dense as can be where there is none.
    double share = 1;
    for (const GridLayer& layer : technology.layers)
        if (number < layer.pitchesUm.size() && layer.pitchesUm.size() > 1)
            share *= layer.finestPitchUm() / layer.pitchesUm[number];
    return share;
}

} // namespace

Map inCells(const Map& pixels) {
    Map cells = noCells(pixels);
    Map counts = cells;
    for (std::size_t x = 0; x < pixels.rows; ++x) {
        for (std::size_t y = 0; y < pixels.columns; ++y) {
            cells(x / kViewUm, y / kViewUm) += pixels(x, y);
            counts(x / kViewUm, y / kViewUm) += 1;
        }
    }
    for (std::size_t i = 0; i < cells.values.size(); ++i)
        cells.values[i] /= counts.values[i];
    return cells;
}

Map inPixels(const Map& cells, std::size_t rows, std::size_t columns) {
    const auto middles = [](std::size_t count, std::size_t pixels) {
        std::vector<double> places;
        for (std::size_t cell = 0; cell < count; ++cell) {
            const std::size_t first = cell * kViewUm, end = std::min(pixels, first + kViewUm);
            places.push_back(0.5 * static_cast<double>(first + end - 1));
        }
        return places;
    };
    const std::vector<double> down = middles(cells.rows, rows), across = middles(cells.columns, columns);
    std::vector<double> wide(cells.rows * columns), values(cells.rows), line(rows);
    for (std::size_t r = 0; r < cells.rows; ++r)
        CubicSpline(across, std::span(cells.values).subspan(r * cells.columns, cells.columns))
            .sample(std::span(wide).subspan(r * columns, columns));
    Map pixels{rows, columns, std::vector<double>(rows * columns)};
    for (std::size_t y = 0; y < columns; ++y) {
        for (std::size_t r = 0; r < cells.rows; ++r)
            values[r] = wide[r * columns + y];
        CubicSpline(down, values).sample(line);
        for (std::size_t x = 0; x < rows; ++x)
            pixels(x, y) = line[x];
    }
    return pixels;
}

GridView viewOf(const GridMaps& maps, const GridTechnology& technology, const GridSolution& rough,
                const Map& drop) {
    GridView view{inCells(drop), noCells(maps.currents), noCells(maps.currents), {}, noCells(maps.currents)};
    for (std::size_t x = 0; x < maps.currents.rows; ++x)
        for (std::size_t y = 0; y < maps.currents.columns; ++y)
            view.current(x / kViewUm, y / kViewUm) += maps.currents(x, y);

    Map shares = maps.templates;
    if (shares.empty()) {
        shares = maps.currents;
        std::fill(shares.values.begin(), shares.values.end(),
                  static_cast<double>(maps.everywhere.value_or(0)));
    }
    std::vector<double> shareOf;
    for (std::size_t number = 0; number < std::max<std::size_t>(1, technology.templateCount()); ++number)
        shareOf.push_back(strapShare(technology, number));
    for (double& value : shares.values)
        value = shareOf[std::min(shareOf.size() - 1, static_cast<std::size_t>(value))];
    view.straps = inCells(shares);

    for (const PadPlace& pad : maps.pads)
        view.pads.values[cellAt(view.pads, pad.x, pad.y)] = 1;

    const std::vector<double> amperes = imbalanceOf(rough);
    const NodeTable& nodes = rough.model->netlist->nodes;
    for (std::size_t node = 1; node < amperes.size(); ++node) {
        if (rough.model->unknowns[node] < 0) continue;
        const auto place = placeOf(nodes[static_cast<NodeId>(node)]);
        if (place)
            view.imbalance.values[cellAt(view.imbalance, place->x / technology.unitsPerUm,
                                         place->y / technology.unitsPerUm)] += amperes[node];
    }
    return view;
}

} // namespace headroom::powergrid
