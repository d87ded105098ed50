#include "core/schematic/net_marks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/schematic/attachment.h"

namespace headroom::schematic {

using structure::at;

namespace {

Box boxOf(const Wire& wire) {
    return {{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
            {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}};
}

class MarkPlacer {
public:
    MarkPlacer(const netlist::Circuit& circuit, const structure::Structure& structure, Placement& placement)
        : m_circuit(circuit)
        , m_structure(structure)
        , m_placement(placement)
        , m_drawing(placement.drawing) {
        for (const Symbol& symbol : m_drawing.symbols) {
            m_boxes.push_back(symbol.box);
            for (const Text& text : symbol.texts)
                m_boxes.push_back(text.box());
        }
        for (const RailSymbol& rail : m_drawing.rails) {
            m_boxes.push_back(rail.box());
            m_boxes.push_back(rail.text.box());
        }
        for (const NetLabel& label : m_drawing.labels)
            addMark(label.net, label.text.box());
        for (const PortFlag& port : m_drawing.ports)
            addMark(port.net, port.box());
    }

    /// @return groups that found no free place and cover something else
    std::vector<int> run() {
        std::map<int, std::vector<int>> groups;
        for (std::size_t i = 0; i < m_placement.terminals.size(); ++i) {
            const Terminal& terminal = m_placement.terminals[i];
            groups[terminal.group].push_back(static_cast<int>(i));
        }
        for (const auto& [group, terminals] : groups) {
            const Mark mark = m_placement.marks[at(group)];
            if (mark == Mark::None || terminals.size() < 2) continue;
            const Terminal& first = m_placement.terminals[at(terminals.front())];
            const auto wires = wiresAt(first.net, first.at);
            const bool free =
                mark == Mark::Label ? placeLabel(first.net, wires) : placeFlag(first.net, wires);
            if (!free) m_cramped.push_back(group);
        }
        return std::move(m_cramped);
    }

private:
    // The wires of the net that hang together with a point.
    std::vector<Wire> wiresAt(NetId net, Point point) const {
        std::vector<Wire> own, found;
        for (const Wire& wire : m_drawing.wires)
            if (wire.net == net) own.push_back(wire);
        std::vector<bool> used(own.size(), false);
        std::vector<Point> open{point};
        while (!open.empty()) {
            const Point p = open.back();
            open.pop_back();
            for (std::size_t i = 0; i < own.size(); ++i) {
                const bool meets = boxOf(own[i]).contains(p) || joins(own[i], found);
                if (used[i] || !meets) continue;
                used[i] = true;
                found.push_back(own[i]);
                open.push_back(own[i].from);
                open.push_back(own[i].to);
            }
        }
        return found;
    }

    static bool joins(const Wire& wire, const std::vector<Wire>& wires) {
        return std::any_of(wires.begin(), wires.end(), [&](const Wire& other) {
            return boxOf(other).contains(wire.from) || boxOf(other).contains(wire.to);
        });
    }

    struct MarkBox {
        NetId net;
        Box box;
    };

    void addMark(NetId net, const Box& box) {
        m_boxes.push_back(box);
        m_marks.push_back({net, box});
    }

    bool isFree(NetId net, const Box& box) const {
        return std::none_of(m_boxes.begin(), m_boxes.end(), [&](const Box& b) { return b.overlaps(box); }) &&
               std::none_of(m_drawing.wires.begin(), m_drawing.wires.end(), [&](const Wire& wire) {
                   const double room = wire.net == net ? 0.02 : kMarkClearance;
                   return boxOf(wire).grown(room).overlaps(box);
               });
    }

    // A stub may touch nothing but the wire that it starts on.
    bool isFreeStub(NetId net, Point from, Point to) const {
        const Box stub = boxOf(Wire{net, from, to});
        for (const Wire& wire : m_drawing.wires) {
            const Box box = boxOf(wire);
            const bool touches = box.from.x <= stub.to.x && stub.from.x <= box.to.x &&
                                 box.from.y <= stub.to.y && stub.from.y <= box.to.y;
            if (touches && (wire.net != net || box.contains(to))) return false;
        }
        return std::none_of(m_boxes.begin(), m_boxes.end(),
                            [&](const Box& box) { return box.overlaps(stub.grown(0.02)); }) &&
               std::none_of(m_marks.begin(), m_marks.end(), [&](const MarkBox& mark) {
                   return mark.net != net && mark.box.overlaps(stub.grown(kMarkClearance));
               });
    }

    template <class Consider>
    void forPointsOf(const std::vector<Wire>& wires, const Consider& consider) const {
        for (const Wire& wire : wires) {
            const double dx = wire.to.x > wire.from.x ? 1 : wire.to.x < wire.from.x ? -1 : 0;
            const double dy = wire.to.y > wire.from.y ? 1 : wire.to.y < wire.from.y ? -1 : 0;
            Point point = wire.from;
            for (int i = 0; i < 400; ++i) {
                consider(point, wire);
                if (point == wire.to) break;
                point = {point.x + dx, point.y + dy};
            }
        }
    }

    bool placeLabel(NetId net, const std::vector<Wire>& wires) {
        const std::string& name = m_circuit.nets[at(net)];
        std::optional<NetLabel> best;
        double bestScore = 1e9;
        forPointsOf(wires, [&](Point point, const Wire& wire) {
            const bool horizontal = wire.from.y == wire.to.y;
            const Box line = boxOf(wire);
            for (const Side side : {Side::Up, Side::Right, Side::Left, Side::Down}) {
                const bool along = horizontal == (side == Side::Left || side == Side::Right);
                if (along && point != wire.from && point != wire.to) continue;
                const NetLabel label = netLabelAt(net, name, point, side);
                const Box box = label.text.box();
                double score = side == Side::Up ? 0 : side == Side::Right ? 1 : side == Side::Left ? 1.5 : 4;
                if (side == Side::Up && (box.from.x < line.from.x || box.to.x > line.to.x)) score += 2;
                score += 0.02 * (std::abs(point.x - line.centre().x) + std::abs(point.y - line.centre().y));
                if (score < bestScore && isFree(net, box)) {
                    bestScore = score;
                    best = label;
                }
            }
        });
        if (!best) best = onStub(net, name, wires);
        const bool free = best.has_value();
        if (!free) best = netLabelAt(net, name, wires.empty() ? Point{} : wires.front().from, Side::Up);
        addMark(net, best->text.box());
        m_drawing.labels.push_back(std::move(*best));
        return free;
    }

    std::optional<NetLabel> onStub(NetId net, const std::string& name, const std::vector<Wire>& wires) {
        std::optional<NetLabel> best;
        Wire stub;
        forPointsOf(wires, [&](Point point, const Wire&) {
            for (const Side side : {Side::Right, Side::Left, Side::Up, Side::Down})
                for (const int length : {1, 2, 3, 4, 5}) {
                    const Point end = step(point, side, length);
                    if (best || !isFreeStub(net, point, end)) continue;
                    const NetLabel label = netLabelAt(net, name, end, side);
                    if (!isFree(net, label.text.box())) continue;
                    best = label;
                    stub = {net, point, end};
                }
        });
        if (best) m_drawing.wires.push_back(stub);
        return best;
    }

    bool placeFlag(NetId net, const std::vector<Wire>& wires) {
        const auto port = portOf(m_circuit, m_structure, net);
        const std::string name = port ? port->name : m_circuit.nets[at(net)];
        const auto direction = port ? port->direction : netlist::PortDirection::Unknown;
        const bool output = direction == netlist::PortDirection::Output;
        std::optional<PortFlag> best;
        Wire bestStub;
        double bestScore = 1e9;
        forPointsOf(wires, [&](Point point, const Wire&) {
            for (const Side side : {Side::Left, Side::Right, Side::Up, Side::Down})
                for (const int length : {1, 2, 3, 4, 6, 9, 12}) {
                    const Point end = step(point, side, length);
                    double score = length;
                    score += side == Side::Up || side == Side::Down ? 3
                             : (side == Side::Right) == output      ? 0
                                                                    : 1.5;
                    score += output ? -0.5 * end.x + (side == Side::Right ? 0 : 20) : 0.1 * end.x;
                    if (score >= bestScore || !isFreeStub(net, point, end)) continue;
                    const PortFlag flag = portFlagAt(net, name, direction, end, side);
                    if (!isFree(net, flag.box())) continue;
                    bestScore = score;
                    best = flag;
                    bestStub = {net, point, end};
                }
        });
        const bool free = best.has_value();
        if (!free) {
            const Point point = wires.empty() ? Point{} : wires.front().from;
            bestStub = {net, point, step(point, Side::Left)};
            best = portFlagAt(net, name, direction, bestStub.to, Side::Left);
        }
        addMark(net, best->box());
        m_drawing.wires.push_back(bestStub);
        m_drawing.ports.push_back(std::move(*best));
        return free;
    }

    const netlist::Circuit& m_circuit;
    const structure::Structure& m_structure;
    Placement& m_placement;
    Drawing& m_drawing;
    std::vector<Box> m_boxes;
    std::vector<MarkBox> m_marks; ///< labels and flags, which are among m_boxes
    std::vector<int> m_cramped;
};

} // namespace

std::vector<int> placeMarks(const netlist::Circuit& circuit, const structure::Structure& structure,
                            Placement& placement) {
    return MarkPlacer(circuit, structure, placement).run();
}

} // namespace headroom::schematic
