#include "core/schematic/routing_grid.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/schematic/attachment.h"

namespace headroom::schematic {
namespace {

constexpr int kMargin = 6;
constexpr int kWindow = 12; // around the ends of a wire
constexpr int kStep = 10;
// Directions: right, down, left, up.
constexpr int kDx[] = {1, 0, -1, 0};
constexpr int kDy[] = {0, 1, 0, -1};

std::size_t index(int i) {
    return static_cast<std::size_t>(i);
}

} // namespace

RoutingGrid::RoutingGrid(const Drawing& drawing, bool withinRails) {
    const Box bounds = drawing.bounds();
    m_left = static_cast<int>(std::floor(bounds.from.x)) - kMargin;
    m_top = static_cast<int>(std::floor(bounds.from.y)) - kMargin;
    m_width = static_cast<int>(std::ceil(bounds.to.x)) + kMargin - m_left + 1;
    m_height = static_cast<int>(std::ceil(bounds.to.y)) + kMargin - m_top + 1;
    m_cells.resize(index(m_width) * index(m_height));
    m_cost.resize(m_cells.size() * 4);
    m_previous.resize(m_cells.size() * 4);
    m_stamp.assign(m_cells.size() * 4, 0);
    m_isTarget.assign(m_cells.size(), 0);
    for (const Symbol& symbol : drawing.symbols) {
        // Wires may run along the edge of a symbol, where its pins are, but not over its channel.
        block(symbol.box.grown(-0.01));
        if (symbol.pins.size() > netlist::Source) {
            const Point drain = symbol.pins[netlist::Drain].at, source = symbol.pins[netlist::Source].at;
            block(Box{{std::min(drain.x, source.x), std::min(drain.y, source.y)},
                      {std::max(drain.x, source.x), std::max(drain.y, source.y)}});
        }
        for (const Text& text : symbol.texts)
            block(text.box().grown(0.2));
        for (const Pin& pin : symbol.pins)
            reserve(pin.at, pin.net);
    }
    if (withinRails) blockBeyondRails(drawing);
    for (const RailSymbol& rail : drawing.rails) {
        block(rail.box());
        block(rail.text.box());
        reserve(rail.at, rail.net);
    }
    for (const NetLabel& label : drawing.labels)
        block(label.text.box().grown(kMarkClearance));
    for (const PortFlag& port : drawing.ports) {
        block(port.box().grown(kMarkClearance));
        reserve(port.at, port.net);
    }
    for (const Wire& stub : drawing.wires) {
        reserve(stub.from, stub.net);
        reserve(stub.to, stub.net);
    }
}

void RoutingGrid::blockBeyondRails(const Drawing& drawing) {
    double highest = 1e9, lowest = -1e9;
    for (const RailSymbol& rail : drawing.rails) {
        if (rail.positive)
            highest = std::min(highest, rail.at.y);
        else
            lowest = std::max(lowest, rail.at.y);
    }
    const double left = m_left, right = m_left + m_width - 1;
    if (highest < 1e9) block({{left, static_cast<double>(m_top)}, {right, highest - 1}});
    if (lowest > -1e9) block({{left, lowest + 1}, {right, static_cast<double>(m_top + m_height - 1)}});
}

int RoutingGrid::cellOf(Point point) const {
    const int x = static_cast<int>(std::lround(point.x)) - m_left;
    const int y = static_cast<int>(std::lround(point.y)) - m_top;
    return std::clamp(y, 0, m_height - 1) * m_width + std::clamp(x, 0, m_width - 1);
}

Point RoutingGrid::pointOf(int cell) const {
    return {static_cast<double>(cell % m_width + m_left), static_cast<double>(cell / m_width + m_top)};
}

void RoutingGrid::block(const Box& box) {
    const int left = static_cast<int>(std::ceil(box.from.x - 1e-9));
    const int right = static_cast<int>(std::floor(box.to.x + 1e-9));
    const int top = static_cast<int>(std::ceil(box.from.y - 1e-9));
    const int bottom = static_cast<int>(std::floor(box.to.y + 1e-9));
    for (int y = top; y <= bottom; ++y)
        for (int x = left; x <= right; ++x)
            m_cells[index(cellOf({static_cast<double>(x), static_cast<double>(y)}))].blocked = true;
}

void RoutingGrid::reserve(Point point, NetId net) {
    Cell& cell = m_cells[index(cellOf(point))];
    cell.blocked = false;
    // Two nets on one point: nothing may go there.
    if (cell.pin >= 0 && cell.pin != net) cell.blocked = true;
    cell.pin = net;
}

bool RoutingGrid::mayEnter(int i, bool horizontally, NetId net) const {
    const Cell& cell = m_cells[index(i)];
    if (cell.blocked || (cell.pin >= 0 && cell.pin != net)) return false;
    const std::int32_t along = horizontally ? cell.horizontal : cell.vertical;
    const std::int32_t across = horizontally ? cell.vertical : cell.horizontal;
    if (along >= 0 && along != net) return false;
    return across < 0 || across == net || cell.ends == 0;
}

bool RoutingGrid::mustGoStraight(int i, NetId net) const {
    const Cell& cell = m_cells[index(i)];
    return (cell.horizontal >= 0 && cell.horizontal != net) || (cell.vertical >= 0 && cell.vertical != net);
}

int RoutingGrid::stepCost(int i, bool horizontally, NetId net) const {
    const Cell& cell = m_cells[index(i)];
    int cost = kStep;
    const std::int32_t across = horizontally ? cell.vertical : cell.horizontal;
    if (across >= 0 && across != net) cost += kCrossingCost;
    const int offset = horizontally ? m_width : 1;
    for (const int other : {i - offset, i + offset}) {
        if (other < 0 || index(other) >= m_cells.size()) continue;
        const Cell& beside = m_cells[index(other)];
        const std::int32_t along = horizontally ? beside.horizontal : beside.vertical;
        if ((along >= 0 && along != net) || beside.blocked || (beside.pin >= 0 && beside.pin != net))
            cost += kCrowdingCost;
    }
    return cost;
}

RoutingGrid::Path RoutingGrid::find(NetId net, const std::vector<int>& from, const std::vector<int>& to) {
    ++m_search;
    int left = m_width, right = 0, top = m_height, bottom = 0;
    for (const int cell : to) {
        m_isTarget[index(cell)] = 1;
        left = std::min(left, cell % m_width);
        right = std::max(right, cell % m_width);
        top = std::min(top, cell / m_width);
        bottom = std::max(bottom, cell / m_width);
    }
    const auto estimate = [&](int cell) {
        const int x = cell % m_width, y = cell / m_width;
        return kStep * (std::max({left - x, 0, x - right}) + std::max({top - y, 0, y - bottom}));
    };
    // Wires keep near what they connect.
    int windowLeft = left, windowRight = right, windowTop = top, windowBottom = bottom;
    for (const int cell : from) {
        windowLeft = std::min(windowLeft, cell % m_width);
        windowRight = std::max(windowRight, cell % m_width);
        windowTop = std::min(windowTop, cell / m_width);
        windowBottom = std::max(windowBottom, cell / m_width);
    }
    windowLeft = std::max(0, windowLeft - kWindow);
    windowRight = std::min(m_width - 1, windowRight + kWindow);
    windowTop = std::max(0, windowTop - kWindow);
    windowBottom = std::min(m_height - 1, windowBottom + kWindow);
    // A way round half of the sheet is no way; the search stops before it has seen everything.
    int nearest = std::numeric_limits<int>::max();
    for (const int cell : from)
        nearest = std::min(nearest, estimate(cell));
    const int most = 2 * nearest + 60 * kStep + 3 * kCrossingCost;
    // Costs are small whole numbers: one list for each, the latest first.
    m_buckets.resize(std::max(m_buckets.size(), index(most + 1)));
    const auto reach = [&](int state, int cost, int previous) {
        const int total = cost + estimate(state / 4);
        if (total > most) return;
        if (m_stamp[index(state)] == m_search && m_cost[index(state)] <= cost) return;
        m_stamp[index(state)] = m_search;
        m_cost[index(state)] = cost;
        m_previous[index(state)] = previous;
        m_buckets[index(total)].push_back({state, cost});
    };
    for (const int cell : from)
        for (int direction = 0; direction < 4; ++direction)
            reach(cell * 4 + direction, 0, -1);
    int end = -1;
    for (int total = nearest; total <= most && end < 0;) {
        auto& bucket = m_buckets[index(total)];
        if (bucket.empty()) {
            ++total;
            continue;
        }
        ++m_steps;
        const auto [state, cost] = bucket.back();
        bucket.pop_back();
        if (m_cost[index(state)] != cost) continue; // reached more cheaply since
        const int cell = state / 4, direction = state % 4;
        const bool straight = mustGoStraight(cell, net);
        if (m_isTarget[index(cell)] && !straight) {
            end = state;
            break;
        }
        for (int turn = 0; turn < 4; ++turn) {
            if (turn == (direction + 2) % 4 || (straight && turn != direction)) continue;
            const int x = cell % m_width + kDx[turn], y = cell / m_width + kDy[turn];
            if (x < windowLeft || y < windowTop || x > windowRight || y > windowBottom) continue;
            const int next = y * m_width + x;
            const bool horizontal = kDx[turn] != 0;
            if (!mayEnter(next, horizontal, net)) continue;
            const int bend = turn != direction ? kBendCost : 0;
            reach(next * 4 + turn, cost + bend + stepCost(next, horizontal, net), state);
        }
    }
    for (auto& bucket : m_buckets)
        bucket.clear();
    for (const int cell : to)
        m_isTarget[index(cell)] = 0;
    Path path;
    if (end < 0) return path;
    path.cost = m_cost[index(end)];
    for (int state = end; state >= 0; state = m_previous[index(state)]) {
        path.cells.push_back(state / 4);
        if (mustGoStraight(state / 4, net)) ++path.crossings;
    }
    std::reverse(path.cells.begin(), path.cells.end());
    return path;
}

RoutingGrid::Path RoutingGrid::corner(NetId net, Point from, Point to) const {
    Path path;
    int cell = cellOf(from);
    const int end = cellOf(to);
    path.cells.push_back(cell);
    while (cell != end) {
        const bool horizontal = cell % m_width != end % m_width;
        if (horizontal)
            cell += cell % m_width < end % m_width ? 1 : -1;
        else
            cell += cell < end ? m_width : -m_width;
        if (!mayEnter(cell, horizontal, net) || mustGoStraight(cell, net)) return {};
        path.cells.push_back(cell);
    }
    path.cost = kStep * static_cast<double>(path.cells.size());
    return path;
}

void RoutingGrid::occupy(NetId net, const Path& path) {
    for (std::size_t i = 0; i < path.cells.size(); ++i) {
        Cell& cell = m_cells[index(path.cells[i])];
        const int before = i > 0 ? path.cells[i] - path.cells[i - 1] : 0;
        const int after = i + 1 < path.cells.size() ? path.cells[i + 1] - path.cells[i] : 0;
        for (const int move : {before, after}) {
            if (move == 0) continue;
            const bool horizontal = std::abs(move) == 1;
            (horizontal ? cell.horizontal : cell.vertical) = net;
            ++(horizontal ? cell.horizontalUses : cell.verticalUses);
        }
        if (before != after) ++cell.ends;
    }
}

void RoutingGrid::release(const Path& path) {
    for (std::size_t i = 0; i < path.cells.size(); ++i) {
        Cell& cell = m_cells[index(path.cells[i])];
        const int before = i > 0 ? path.cells[i] - path.cells[i - 1] : 0;
        const int after = i + 1 < path.cells.size() ? path.cells[i + 1] - path.cells[i] : 0;
        for (const int move : {before, after}) {
            if (move == 0) continue;
            const bool horizontal = std::abs(move) == 1;
            auto& uses = horizontal ? cell.horizontalUses : cell.verticalUses;
            if (--uses == 0) (horizontal ? cell.horizontal : cell.vertical) = -1;
        }
        if (before != after) --cell.ends;
    }
}

void RoutingGrid::occupyLine(NetId net, Point from, Point to) {
    Path path;
    const double length = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
    const int steps = static_cast<int>(std::min(std::lround(length), 100000L));
    const bool straight = from.x == to.x || from.y == to.y;
    for (int i = 0; i <= steps; ++i) {
        const double part = steps == 0 ? 0 : static_cast<double>(i) / steps;
        const int cell = cellOf({from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)});
        if (!straight) m_cells[index(cell)].blocked = true;
        if (path.cells.empty() || path.cells.back() != cell) path.cells.push_back(cell);
    }
    if (straight) occupy(net, path);
}

} // namespace headroom::schematic
