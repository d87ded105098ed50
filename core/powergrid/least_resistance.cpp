#include "core/powergrid/least_resistance.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>
#include <span>
#include <tuple>

#include "core/powergrid/indexing.h"
#include "core/powergrid/node_place.h"

namespace headroom::powergrid {
namespace {

/// Cells between two looks at whether the job was cancelled.
constexpr std::size_t kCellsPerLook = 4096;

/// Who hangs together with whom in a netlist, and who is a pad.
class Neighbours {
public:
    struct Way {
        NodeId to;
        double ohms;
    };

    explicit Neighbours(const GridNetlist& netlist)
        : m_isPad(netlist.nodes.size(), 0)
        , m_starts(netlist.nodes.size() + 1, 0) {
        forWays(netlist, [this](NodeId a, NodeId b, double) {
            ++at(m_starts, a + 1);
            ++at(m_starts, b + 1);
        });
        for (std::size_t node = 1; node < m_starts.size(); ++node)
            m_starts[node] += m_starts[node - 1];
        m_ways.resize(m_starts.back());
        std::vector<std::size_t> next(m_starts.begin(), m_starts.end() - 1);
        forWays(netlist, [&](NodeId a, NodeId b, double ohms) {
            m_ways[at(next, a)++] = {b, ohms};
            m_ways[at(next, b)++] = {a, ohms};
        });
    }

    bool isPad(NodeId node) const { return at(m_isPad, node) != 0; }
    std::span<const Way> of(NodeId node) const {
        return std::span(m_ways).subspan(at(m_starts, node), at(m_starts, node + 1) - at(m_starts, node));
    }

private:
    template <class Visit>
    void forWays(const GridNetlist& netlist, Visit visit) {
        for (const Resistor& each : netlist.resistors)
            if (each.a != kGround && each.b != kGround) visit(each.a, each.b, each.ohms);
        for (const VoltageSource& each : netlist.voltages) {
            if (each.plus == kGround || each.minus == kGround)
                at(m_isPad, each.plus == kGround ? each.minus : each.plus) = 1;
            else
                visit(each.plus, each.minus, 0);
        }
    }

    std::vector<char> m_isPad;
    std::vector<std::size_t> m_starts;
    std::vector<Way> m_ways;
};

} // namespace

Result<SheetPath> pathOfLeastResistance(const Sheet& sheet, std::size_t row, std::size_t column,
                                        JobContext& context) {
    const Map& metal = sheet.conductance;
    if (row >= metal.rows || column >= metal.columns)
        return fail(ErrorCode::BadInput, "The place lies beside the sheet.");
    const std::size_t start = row * metal.columns + column;
    std::vector<double> ohms(metal.values.size(), std::numeric_limits<double>::infinity());
    std::vector<std::size_t> before(metal.values.size(), start);
    using Reached = std::pair<double, std::size_t>;
    std::priority_queue<Reached, std::vector<Reached>, std::greater<>> front;
    ohms[start] = 0;
    front.emplace(0, start);
    for (std::size_t looked = 1; !front.empty(); ++looked) {
        if (looked % kCellsPerLook == 0 && context.cancelled()) return failCancelled();
        const auto [distance, cell] = front.top();
        front.pop();
        if (distance > ohms[cell]) continue;
        if (sheet.pads.values[cell] > 0) {
            SheetPath path{{}, distance};
            for (std::size_t at = cell; at != start; at = before[at])
                path.cells.emplace_back(at / metal.columns, at % metal.columns);
            path.cells.emplace_back(row, column);
            std::reverse(path.cells.begin(), path.cells.end());
            return path;
        }
        const std::size_t r = cell / metal.columns, c = cell % metal.columns;
        const std::array<std::pair<bool, std::size_t>, 4> neighbours{
            {{r > 0, cell - metal.columns},
             {r + 1 < metal.rows, cell + metal.columns},
             {c > 0, cell - 1},
             {c + 1 < metal.columns, cell + 1}}};
        for (const auto& [exists, next] : neighbours) {
            if (!exists || !(metal.values[cell] > 0) || !(metal.values[next] > 0)) continue;
            // Half a square of each.
            const double through = distance + 0.5 / metal.values[cell] + 0.5 / metal.values[next];
            if (through >= ohms[next]) continue;
            ohms[next] = through;
            before[next] = cell;
            front.emplace(through, next);
        }
    }
    return fail(ErrorCode::NotFound, "No pad can be reached from here.");
}

Result<NodePath> pathOfLeastResistance(const GridNetlist& netlist, NodeId from, JobContext& context) {
    if (from <= kGround || static_cast<std::size_t>(from) >= netlist.nodes.size())
        return fail(ErrorCode::BadInput, "There is no node here.");
    const Neighbours neighbours(netlist);
    std::vector<double> ohms(netlist.nodes.size(), std::numeric_limits<double>::infinity());
    std::vector<NodeId> before(netlist.nodes.size(), from);
    using Reached = std::pair<double, NodeId>;
    std::priority_queue<Reached, std::vector<Reached>, std::greater<>> front;
    at(ohms, from) = 0;
    front.emplace(0, from);
    for (std::size_t looked = 1; !front.empty(); ++looked) {
        if (looked % kCellsPerLook == 0 && context.cancelled()) return failCancelled();
        const auto [distance, node] = front.top();
        front.pop();
        if (distance > at(ohms, node)) continue;
        if (neighbours.isPad(node)) {
            NodePath path{{}, distance};
            for (NodeId on = node; on != from; on = at(before, on))
                path.nodes.push_back(on);
            path.nodes.push_back(from);
            std::reverse(path.nodes.begin(), path.nodes.end());
            return path;
        }
        for (const auto& [next, resistance] : neighbours.of(node)) {
            if (distance + resistance >= at(ohms, next)) continue;
            at(ohms, next) = distance + resistance;
            at(before, next) = node;
            front.emplace(at(ohms, next), next);
        }
    }
    return fail(ErrorCode::NotFound, "No pad can be reached from here.");
}

NodeId nearestNode(const GridNetlist& netlist, double xUm, double yUm, double unitsPerUm) {
    using Found = std::tuple<double, std::int32_t, NodeId>;
    Found nearest{std::numeric_limits<double>::infinity(), 0, kGround};
    for (NodeId node = 1; node < static_cast<NodeId>(netlist.nodes.size()); ++node) {
        const auto place = placeOf(netlist.nodes[node]);
        if (!place) continue;
        const double um = std::hypot(place->x / unitsPerUm - xUm, place->y / unitsPerUm - yUm);
        nearest = std::min(nearest, Found{um, place->layer, node});
    }
    return std::get<2>(nearest);
}

} // namespace headroom::powergrid
