#include "core/schematic/moved_devices.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/schematic/attachment.h"
#include "core/schematic/router.h"
#include "core/schematic/routing_grid.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

constexpr double kFarthest = 10000; // grid units; what lies beyond is a mistake

Box boxOf(const Wire& wire) {
    return Box{{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
               {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}}
        .grown(1e-6);
}

/// Wires of one net that hang together, and what they connect.
struct Connected {
    std::set<std::size_t> wires; ///< indices into Drawing::wires
    std::vector<Point> anchors;  ///< pins, labels, flags and rails on them
    bool foreign = false;        ///< something that does not belong to the moved symbol is among them
};

class DeviceMove {
public:
    DeviceMove(Drawing& drawing, std::size_t symbol)
        : m_drawing(drawing)
        , m_symbol(drawing.symbols[symbol]) {}

    void run(double dx, double dy) {
        // First all that is attached, while the pins are still where it hangs; each wire once.
        std::vector<std::pair<NetId, std::vector<Point>>> open;
        std::set<std::size_t> gone;
        for (std::size_t i = 0; i < m_symbol.pins.size(); ++i) {
            const Pin pin = m_symbol.pins[i];
            const Connected connected = connectedTo(pin);
            moveSigns(pin.net, pin.at, dx, dy);
            if (!connected.foreign) {
                moveAll(pin, connected, dx, dy);
                continue;
            }
            gone.insert(connected.wires.begin(), connected.wires.end());
            open.emplace_back(pin.net, connected.anchors);
        }
        eraseWires(gone);
        move(m_symbol, dx, dy);
        for (auto& [net, anchors] : open) {
            for (Point& anchor : anchors)
                if (const auto pin = m_oldPins.find({anchor.x, anchor.y}); pin != m_oldPins.end())
                    anchor = {anchor.x + dx, anchor.y + dy};
            connect(net, anchors);
        }
        mergeWires(m_drawing);
    }

private:
    Connected connectedTo(const Pin& pin) {
        m_oldPins.insert({pin.at.x, pin.at.y});
        Connected result;
        std::vector<Point> open{pin.at};
        while (!open.empty()) {
            const Point point = open.back();
            open.pop_back();
            for (std::size_t w = 0; w < m_drawing.wires.size(); ++w) {
                const Wire& wire = m_drawing.wires[w];
                if (wire.net != pin.net || result.wires.contains(w)) continue;
                const bool meets = boxOf(wire).contains(point) ||
                                   std::any_of(result.wires.begin(), result.wires.end(), [&](std::size_t v) {
                                       return boxOf(m_drawing.wires[v]).contains(wire.from) ||
                                              boxOf(m_drawing.wires[v]).contains(wire.to);
                                   });
                if (!meets) continue;
                result.wires.insert(w);
                open.push_back(wire.from);
                open.push_back(wire.to);
            }
        }
        const auto on = [&](Point at) {
            return at == pin.at || std::any_of(result.wires.begin(), result.wires.end(), [&](std::size_t w) {
                       return boxOf(m_drawing.wires[w]).contains(at);
                   });
        };
        const auto add = [&](NetId net, Point at, bool own) {
            if (net != pin.net || !on(at)) return;
            if (std::find(result.anchors.begin(), result.anchors.end(), at) == result.anchors.end())
                result.anchors.push_back(at);
            result.foreign = result.foreign || !own;
        };
        for (const Symbol& symbol : m_drawing.symbols)
            for (const Pin& other : symbol.pins)
                add(other.net, other.at, &symbol == &m_symbol);
        // Two pins of the symbol itself that are wired to each other move as they are; with others they
        // are wired anew.
        for (const NetLabel& label : m_drawing.labels)
            add(label.net, label.at, true);
        for (const PortFlag& port : m_drawing.ports)
            add(port.net, port.at, true);
        for (const RailSymbol& rail : m_drawing.rails)
            add(rail.net, rail.at, true);
        return result;
    }

    // Rails and labels right on the pin.
    void moveSigns(NetId net, Point at, double dx, double dy) {
        const auto moveOne = [&](auto& sign) {
            if (sign.net != net || sign.at != at) return;
            sign.at = {sign.at.x + dx, sign.at.y + dy};
            sign.text.at = {sign.text.at.x + dx, sign.text.at.y + dy};
        };
        for (RailSymbol& rail : m_drawing.rails)
            moveOne(rail);
        for (NetLabel& label : m_drawing.labels)
            moveOne(label);
        for (PortFlag& port : m_drawing.ports)
            moveOne(port);
    }

    void moveAll(const Pin& pin, const Connected& connected, double dx, double dy) {
        for (const Point& anchor : connected.anchors)
            if (anchor != pin.at) moveSigns(pin.net, anchor, dx, dy);
        for (const std::size_t w : connected.wires) {
            if (!m_movedWires.insert(w).second) continue;
            Wire& wire = m_drawing.wires[w];
            wire.from = {wire.from.x + dx, wire.from.y + dy};
            wire.to = {wire.to.x + dx, wire.to.y + dy};
        }
    }

    void eraseWires(const std::set<std::size_t>& gone) {
        std::vector<Wire> kept;
        for (std::size_t w = 0; w < m_drawing.wires.size(); ++w)
            if (!gone.contains(w)) kept.push_back(m_drawing.wires[w]);
        m_drawing.wires = std::move(kept);
    }

    // All anchors to each other, the nearest next.
    void connect(NetId net, std::vector<Point> anchors) {
        RoutingGrid grid(m_drawing, false);
        for (const Wire& wire : m_drawing.wires)
            grid.occupyLine(wire.net, wire.from, wire.to);
        for (const Point& anchor : anchors)
            grid.reserve(anchor, net);
        std::vector<int> tree{grid.cellOf(anchors.front())};
        std::vector<Point> reached{anchors.front()};
        anchors.erase(anchors.begin());
        while (!anchors.empty()) {
            const auto distance = [&](Point p) {
                double least = 1e18;
                for (const Point& q : reached)
                    least = std::min(least, std::abs(p.x - q.x) + std::abs(p.y - q.y));
                return least;
            };
            const auto next = std::min_element(anchors.begin(), anchors.end(),
                                               [&](Point a, Point b) { return distance(a) < distance(b); });
            const Point target = *next;
            anchors.erase(next);
            reached.push_back(target);
            const auto path = grid.find(net, tree, {grid.cellOf(target)});
            if (path.cells.empty()) {
                nameInstead(net, target, reached.front());
                continue;
            }
            grid.occupy(net, path);
            tree.insert(tree.end(), path.cells.begin(), path.cells.end());
            for (std::size_t i = 0; i + 1 < path.cells.size(); ++i)
                m_drawing.wires.push_back(
                    {net, grid.pointOf(path.cells[i]), grid.pointOf(path.cells[i + 1])});
        }
    }

    void nameInstead(NetId net, Point one, Point two) {
        const auto index = static_cast<std::size_t>(net);
        const std::string name = net >= 0 && index < m_drawing.nets.size() ? m_drawing.nets[index] : "?";
        for (const Point& at : {one, two})
            m_drawing.labels.push_back(netLabelAt(net, name, at, Side::Right));
    }

    Drawing& m_drawing;
    Symbol& m_symbol;
    std::set<std::pair<double, double>> m_oldPins;
    std::set<std::size_t> m_movedWires;
};

} // namespace

Drawing withMovedDevices(Drawing drawing, const std::vector<MovedDevice>& moves) {
    for (const MovedDevice& moved : moves) {
        const auto found = std::find_if(drawing.symbols.begin(), drawing.symbols.end(), [&](const Symbol& s) {
            return !s.name.empty() && s.name == moved.device;
        });
        if (found == drawing.symbols.end() || !(std::abs(moved.at.x) < kFarthest) ||
            !(std::abs(moved.at.y) < kFarthest))
            continue;
        const double dx = std::round(moved.at.x - found->at.x), dy = std::round(moved.at.y - found->at.y);
        if (dx == 0 && dy == 0) continue;
        DeviceMove(drawing, static_cast<std::size_t>(found - drawing.symbols.begin())).run(dx, dy);
    }
    return drawing;
}

} // namespace headroom::schematic
