#include "core/schematic/router.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/schematic/routing_grid.h"

namespace headroom::schematic {

using structure::at;

namespace {

constexpr long kStepsForFailures = 50'000;
constexpr int kMostCrossings = 2; ///< of one connection between far columns; more become a name

class Router {
public:
    explicit Router(Placement& placement)
        : m_placement(placement)
        , m_grid(placement.drawing) {
        for (const Terminal& terminal : placement.terminals)
            m_grid.reserve(terminal.at, terminal.net);
    }

    std::vector<int> run(long improvementSteps) {
        std::vector<int> order(m_placement.connections.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = static_cast<int>(i);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return length(a) < length(b); });
        m_paths.resize(order.size());
        routeTrunks();
        for (const int connection : order)
            if (m_paths[at(connection)].cells.empty()) m_paths[at(connection)] = route(connection);
        improve(order, improvementSteps);
        std::vector<int> failed;
        for (const int connection : order) {
            const auto& path = m_paths[at(connection)];
            if (path.cells.empty() || (path.crossings > kMostCrossings && !local(connection))) {
                failed.push_back(connection);
                continue;
            }
            addWires(connection);
        }
        return failed;
    }

private:
    const Terminal& from(int connection) const {
        return m_placement.terminals[at(m_placement.connections[at(connection)].from)];
    }
    const Terminal& to(int connection) const {
        return m_placement.terminals[at(m_placement.connections[at(connection)].to)];
    }

    double length(int connection) const {
        const Point a = from(connection).at, b = to(connection).at;
        const bool straight = a.x == b.x || a.y == b.y;
        return std::abs(a.x - b.x) + std::abs(a.y - b.y) + (straight ? 0 : 4);
    }

    bool local(int connection) const {
        return std::abs(from(connection).column - to(connection).column) <= 4;
    }

    // All cells that the net's wires reach from a terminal.
    std::vector<int> treeAt(int terminal, int except) const {
        const int group = m_placement.terminals[at(terminal)].group;
        std::vector<int> cells{m_grid.cellOf(m_placement.terminals[at(terminal)].at)};
        std::set<int> known(cells.begin(), cells.end());
        for (bool grown = true; grown;) {
            grown = false;
            for (std::size_t i = 0; i < m_paths.size(); ++i) {
                const auto& path = m_paths[i].cells;
                if (static_cast<int>(i) == except || path.empty()) continue;
                if (from(static_cast<int>(i)).group != group) continue;
                const bool joins =
                    std::any_of(path.begin(), path.end(), [&](int cell) { return known.contains(cell); });
                if (!joins) continue;
                for (const int cell : path)
                    if (known.insert(cell).second) {
                        cells.push_back(cell);
                        grown = true;
                    }
                for (const int end :
                     {m_grid.cellOf(from(static_cast<int>(i)).at), m_grid.cellOf(to(static_cast<int>(i)).at)})
                    if (known.insert(end).second) {
                        cells.push_back(end);
                        grown = true;
                    }
            }
        }
        return cells;
    }

    RoutingGrid::Path route(int connection) {
        const auto& c = m_placement.connections[at(connection)];
        const NetId net = from(connection).net;
        const auto sources = treeAt(c.from, connection);
        const auto targets = treeAt(c.to, connection);
        auto path = m_grid.find(net, sources, targets);
        if (!path.cells.empty()) m_grid.occupy(net, path);
        return path;
    }

    // The common source of a pair: straight from one half to the other, and to the middle of that.
    void routeTrunks() {
        for (const Placement::Trunk& trunk : m_placement.trunks)
            for (std::size_t i = 0; i < m_paths.size(); ++i) {
                int one = m_placement.connections[i].from, two = m_placement.connections[i].to;
                const auto in = [&](int t) {
                    return t == trunk.left || t == trunk.right || t == trunk.centre;
                };
                if (!in(one) || !in(two)) continue;
                if (one == trunk.centre) std::swap(one, two);
                const Terminal& start = m_placement.terminals[at(one)];
                m_paths[i] = m_grid.corner(start.net, start.at, m_placement.terminals[at(two)].at);
                if (!m_paths[i].cells.empty()) m_grid.occupy(start.net, m_paths[i]);
            }
    }

    using Groups = std::map<int, std::vector<int>>; // connections by group, in the order of routing

    // Groups with paths that cross others or found no way try again now that all others are known, alone
    // and together with each group that they cross. All paths of a group go together, because they join
    // each other.
    void improve(const std::vector<int>& order, long steps) {
        Groups groups;
        std::set<int> poor;
        for (const int connection : order) {
            const int group = from(connection).group;
            groups[group].push_back(connection);
            const auto& path = m_paths[at(connection)];
            if (path.cells.empty() || (path.crossings > 0 && steps > 0)) poor.insert(group);
        }
        const long most = m_grid.steps() + std::max(steps, kStepsForFailures);
        for (const int group : poor)
            if (m_grid.steps() < most) retry(groups[group], {});
        for (const int group : poor) {
            if (steps <= 0 || m_grid.steps() > most || failed()) return;
            for (const int other : crossedBy(groups, group))
                if (m_grid.steps() < most) retry(groups[group], groups[other]);
        }
    }

    bool failed() const {
        return std::any_of(m_paths.begin(), m_paths.end(),
                           [](const auto& path) { return path.cells.empty(); });
    }

    std::set<int> crossedBy(const Groups& groups, int group) const {
        std::set<int> cells, crossed;
        for (const int connection : groups.at(group))
            cells.insert(m_paths[at(connection)].cells.begin(), m_paths[at(connection)].cells.end());
        for (const auto& [other, connections] : groups)
            for (const int connection : connections)
                if (other != group &&
                    std::any_of(m_paths[at(connection)].cells.begin(), m_paths[at(connection)].cells.end(),
                                [&](int cell) { return cells.contains(cell); }))
                    crossed.insert(other);
        return crossed;
    }

    // Routes `first` and then `second` anew; takes it back unless it became cheaper.
    void retry(const std::vector<int>& first, const std::vector<int>& second) {
        std::vector<int> connections = first;
        connections.insert(connections.end(), second.begin(), second.end());
        std::vector<RoutingGrid::Path> before;
        for (const int connection : connections) {
            remove(connection);
            before.push_back(std::exchange(m_paths[at(connection)], {}));
        }
        for (const int connection : connections)
            m_paths[at(connection)] = route(connection);
        if (costOf(connections) < cost(before)) return;
        for (const int connection : connections)
            remove(connection);
        for (std::size_t i = 0; i < before.size(); ++i) {
            auto& path = m_paths[at(connections[i])];
            path = std::move(before[i]);
            if (!path.cells.empty()) m_grid.occupy(from(connections[i]).net, path);
        }
    }

    void remove(int connection) {
        const auto& path = m_paths[at(connection)];
        if (!path.cells.empty()) m_grid.release(path);
    }

    static double cost(const std::vector<RoutingGrid::Path>& paths) {
        double sum = 0;
        for (const auto& path : paths)
            sum += path.cells.empty() ? 5000 : path.cost;
        return sum;
    }
    double costOf(const std::vector<int>& connections) const {
        std::vector<RoutingGrid::Path> paths;
        for (const int connection : connections)
            paths.push_back(m_paths[at(connection)]);
        return cost(paths);
    }

    void addWires(int connection) {
        const NetId net = from(connection).net;
        const auto& cells = m_paths[at(connection)].cells;
        for (std::size_t i = 0; i + 1 < cells.size();) {
            std::size_t end = i + 1;
            while (end + 1 < cells.size() && cells[end + 1] - cells[end] == cells[i + 1] - cells[i])
                ++end;
            m_placement.drawing.wires.push_back({net, m_grid.pointOf(cells[i]), m_grid.pointOf(cells[end])});
            i = end;
        }
    }

    Placement& m_placement;
    RoutingGrid m_grid;
    std::vector<RoutingGrid::Path> m_paths; // by connection
};

using Interval = std::pair<double, double>;

// Intervals that touch become one.
std::vector<Interval> united(std::vector<Interval> intervals) {
    std::sort(intervals.begin(), intervals.end());
    std::vector<Interval> result;
    for (const Interval& interval : intervals) {
        if (!result.empty() && interval.first <= result.back().second)
            result.back().second = std::max(result.back().second, interval.second);
        else
            result.push_back(interval);
    }
    return result;
}

// Wires of one net that cross are connected: one of them ends there, so that it gets a dot.
void splitAtCrossings(std::vector<Wire>& wires) {
    std::map<NetId, std::vector<Wire>> horizontal;
    for (const Wire& wire : wires)
        if (wire.from.y == wire.to.y) horizontal[wire.net].push_back(wire);
    std::vector<Wire> pieces;
    for (const Wire& wire : wires) {
        std::set<double> cuts;
        if (wire.from.x == wire.to.x)
            for (const Wire& other : horizontal[wire.net])
                if (other.from.x < wire.from.x && wire.from.x < other.to.x && wire.from.y < other.from.y &&
                    other.from.y < wire.to.y)
                    cuts.insert(other.from.y);
        double from = wire.from.y;
        for (const double cut : cuts) {
            pieces.push_back({wire.net, {wire.from.x, from}, {wire.from.x, cut}});
            from = cut;
        }
        pieces.push_back(cuts.empty() ? wire : Wire{wire.net, {wire.from.x, from}, wire.to});
    }
    wires = std::move(pieces);
}

} // namespace

std::vector<int> routeConnections(Placement& placement, long improvementSteps) {
    return Router(placement).run(improvementSteps);
}

void mergeWires(Drawing& drawing) {
    std::map<std::pair<NetId, double>, std::vector<Interval>> horizontal, vertical;
    for (const Wire& wire : drawing.wires) {
        if (wire.from.y == wire.to.y && wire.from.x != wire.to.x)
            horizontal[{wire.net, wire.from.y}].push_back(std::minmax(wire.from.x, wire.to.x));
        else if (wire.from.x == wire.to.x && wire.from.y != wire.to.y)
            vertical[{wire.net, wire.from.x}].push_back(std::minmax(wire.from.y, wire.to.y));
    }
    drawing.wires.clear();
    drawing.junctions.clear();
    std::map<std::tuple<NetId, double, double>, int> arms;
    for (auto& [line, intervals] : horizontal)
        for (const Interval& i : united(std::move(intervals)))
            drawing.wires.push_back({line.first, {i.first, line.second}, {i.second, line.second}});
    for (auto& [line, intervals] : vertical)
        for (const Interval& i : united(std::move(intervals)))
            drawing.wires.push_back({line.first, {line.second, i.first}, {line.second, i.second}});
    splitAtCrossings(drawing.wires);
    // Ends of wires, and pins with the line that leads to them, meet wires that pass.
    std::vector<Junction> ends;
    for (const Wire& wire : drawing.wires)
        for (const Point& end : {wire.from, wire.to})
            ends.push_back({wire.net, end});
    for (const Junction& end : ends)
        ++arms[{end.net, end.at.x, end.at.y}];
    for (const Symbol& symbol : drawing.symbols)
        for (const Pin& pin : symbol.pins)
            if (const auto found = arms.find({pin.net, pin.at.x, pin.at.y}); found != arms.end())
                ++found->second;
            else
                arms[{pin.net, pin.at.x, pin.at.y}] = 1;
    for (auto& [place, count] : arms) {
        const auto& [net, x, y] = place;
        for (const Wire& wire : drawing.wires) {
            if (wire.net != net) continue;
            const bool onHorizontal =
                wire.from.y == wire.to.y && wire.from.y == y && x > wire.from.x && x < wire.to.x;
            const bool onVertical =
                wire.from.x == wire.to.x && wire.from.x == x && y > wire.from.y && y < wire.to.y;
            if (onHorizontal || onVertical) count += 2;
        }
        if (count > 2) drawing.junctions.push_back({net, {x, y}});
    }
}

} // namespace headroom::schematic
