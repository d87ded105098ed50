#include "core/schematic/xschem_nets.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/netlist/schematic/connectivity.h"
#include "core/schematic/xschem_figure.h"

namespace headroom::schematic {
namespace {

Point inUnits(Point point) {
    return {xschemUnit(point.x), xschemUnit(point.y)};
}

/// Wires, then pins, then names.
netlist::Connectivity connectivityOf(const XschemGeometry& geometry) {
    netlist::SheetGeometry sheet;
    sheet.pointsJoinCrossings = false;
    for (const Wire& wire : geometry.wires)
        sheet.wires.push_back({inUnits(wire.from), inUnits(wire.to)});
    for (const auto* marks : {&geometry.pins, &geometry.names})
        for (const XschemGeometry::Mark& mark : *marks)
            sheet.points.push_back(inUnits(mark.at));
    return netlist::connect(sheet);
}

/// What meets at one node.
struct Piece {
    std::set<NetId> nets;
    std::vector<std::size_t> wires, pins, names;
};

std::map<int, Piece> piecesOf(const XschemGeometry& geometry) {
    const netlist::Connectivity connectivity = connectivityOf(geometry);
    std::map<int, Piece> pieces;
    // What has no place, or a wire of which nobody knows the net, connects nothing.
    for (std::size_t i = 0; i < geometry.wires.size(); ++i) {
        Piece& piece = pieces[connectivity.wireNodes[i]];
        piece.wires.push_back(i);
        if (geometry.wires[i].net >= 0) piece.nets.insert(geometry.wires[i].net);
    }
    for (std::size_t i = 0; i < geometry.pins.size(); ++i) {
        Piece& piece = pieces[connectivity.pointNodes[i]];
        piece.pins.push_back(i);
        piece.nets.insert(geometry.pins[i].net);
    }
    for (std::size_t i = 0; i < geometry.names.size(); ++i) {
        Piece& piece = pieces[connectivity.pointNodes[geometry.pins.size() + i]];
        piece.names.push_back(i);
        piece.nets.insert(geometry.names[i].net);
    }
    pieces.erase(-1);
    return pieces;
}

} // namespace

XschemConflicts findConflicts(const XschemGeometry& geometry) {
    XschemConflicts conflicts;
    for (const auto& [node, piece] : piecesOf(geometry)) {
        if (piece.nets.size() < 2) continue;
        conflicts.wires.insert(conflicts.wires.end(), piece.wires.begin(), piece.wires.end());
        conflicts.names.insert(conflicts.names.end(), piece.names.begin(), piece.names.end());
        for (const std::size_t pin : piece.pins)
            conflicts.devices.insert(geometry.pins[pin].device);
    }
    return conflicts;
}

std::vector<MissingLabel> findMissingLabels(const XschemGeometry& geometry) {
    std::map<NetId, std::vector<const Piece*>> byNet;
    const auto pieces = piecesOf(geometry);
    for (const auto& [node, piece] : pieces)
        if (piece.nets.size() == 1 && (!piece.pins.empty() || !piece.names.empty()))
            byNet[*piece.nets.begin()].push_back(&piece);
    std::set<std::pair<double, double>> pinPlaces;
    for (const XschemGeometry::Mark& pin : geometry.pins)
        pinPlaces.emplace(inUnits(pin.at).x, inUnits(pin.at).y);
    // Best at the end of a wire where there is room; an end is never on a mere crossing.
    const auto freeEnd = [&](const Piece& piece) -> std::optional<Point> {
        for (const std::size_t i : piece.wires) {
            for (const Point& end : {geometry.wires[i].from, geometry.wires[i].to})
                if (!pinPlaces.contains({inUnits(end).x, inUnits(end).y})) return end;
        }
        return std::nullopt;
    };
    std::vector<MissingLabel> missing;
    for (const auto& [net, all] : byNet) {
        if (all.size() < 2 && !geometry.byName.contains(net)) continue;
        for (const Piece* piece : all) {
            if (!piece->names.empty()) continue;
            const XschemGeometry::Mark& pin = geometry.pins[piece->pins.front()];
            const auto end = freeEnd(*piece);
            missing.push_back(end ? MissingLabel{net, *end, -1} : MissingLabel{net, pin.at, pin.device});
        }
    }
    return missing;
}

} // namespace headroom::schematic
