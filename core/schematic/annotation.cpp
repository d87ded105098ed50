#include "core/schematic/annotation.h"

#include <algorithm>
#include <cmath>

namespace headroom::schematic {
namespace {

constexpr double kSize = 0.8;
constexpr double kBarLength = 5, kBarGap = 0.3;

class AnnotationPlacer {
public:
    explicit AnnotationPlacer(const Drawing& drawing)
        : m_drawing(drawing) {
        for (const Symbol& symbol : drawing.symbols) {
            m_boxes.push_back(symbol.box);
            for (const Text& text : symbol.texts)
                m_boxes.push_back(text.box());
        }
        for (const RailSymbol& rail : drawing.rails) {
            m_boxes.push_back(rail.box());
            m_boxes.push_back(rail.text.box());
        }
        for (const NetLabel& label : drawing.labels)
            m_boxes.push_back(label.text.box());
        for (const PortFlag& port : drawing.ports)
            m_boxes.push_back(port.box());
        for (const Wire& wire : drawing.wires)
            m_boxes.push_back(Box{{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
                                  {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}}
                                  .grown(0.05));
    }

    std::vector<PlacedAnnotation> run(const Annotation& annotation) {
        for (const Symbol& symbol : m_drawing.symbols)
            if (const auto found = annotation.devices.find(symbol.device); found != annotation.devices.end())
                placeBars(symbol, found->second);
        for (const Symbol& symbol : m_drawing.symbols)
            if (const auto found = annotation.devices.find(symbol.device); found != annotation.devices.end())
                placeDevice(symbol, found->second);
        for (const auto& [net, value] : annotation.nets)
            placeNet(net, value);
        return std::move(m_placed);
    }

private:
    /// How far the lines beside a symbol have come.
    struct Room {
        double x = 0, down = 0, up = 0;
        Anchor anchor = Anchor::Start;
    };

    bool claim(const Box& box, PlacedAnnotation placed) {
        if (std::any_of(m_boxes.begin(), m_boxes.end(), [&](const Box& b) { return b.overlaps(box); }))
            return false;
        m_boxes.push_back(box);
        m_placed.push_back(std::move(placed));
        return true;
    }

    bool claim(const Text& text, DeviceId device, Region region) {
        return claim(text.box(), {text, device, region});
    }

    Room& roomOf(const Symbol& symbol) {
        const auto [found, isNew] = m_rooms.try_emplace(&symbol);
        Room& room = found->second;
        if (!isNew) return room;
        room = {symbol.box.to.x + 0.6, symbol.at.y + 2, symbol.at.y + 2, Anchor::Start};
        if (symbol.texts.empty()) return room;
        const Text &first = symbol.texts.front(), &last = symbol.texts.back();
        room = {last.at.x, last.box().to.y + 0.15, first.box().from.y - 0.15, first.anchor};
        return room;
    }

    void placeBars(const Symbol& symbol, const DeviceAnnotation& annotation) {
        Room& room = roomOf(symbol);
        for (const ToleranceBar& bar : annotation.bars) {
            const double label = textWidth(bar.label, kSize);
            const double width = label + kBarGap + kBarLength;
            const double left = room.anchor == Anchor::Start ? room.x
                                : room.anchor == Anchor::End ? room.x - width
                                                             : room.x - width / 2;
            const auto claimAt = [&](double top) {
                const Text text{bar.label, {left, top + 0.78 * kSize}, Anchor::Start, kSize};
                const PlacedBar placed{bar, {left + label + kBarGap, top + kSize / 2}, kBarLength};
                return claim({{left, top}, {left + width, top + kSize}},
                             {text, symbol.device, Region::Unknown, placed});
            };
            if (claimAt(room.down)) {
                room.down += kSize;
            } else if (claimAt(room.up - kSize)) {
                room.up -= kSize;
            }
        }
    }

    // Below the texts of the symbol, else above them.
    void placeDevice(const Symbol& symbol, const DeviceAnnotation& annotation) {
        Room& room = roomOf(symbol);
        for (const std::string& line : annotation.lines) {
            const Text under{line, {room.x, room.down + 0.78 * kSize}, room.anchor, kSize};
            if (claim(under, symbol.device, annotation.region)) {
                room.down += kSize;
                continue;
            }
            const Text over{line, {room.x, room.up - 0.22 * kSize}, room.anchor, kSize};
            if (claim(over, symbol.device, annotation.region)) room.up -= kSize;
        }
    }

    void placeNet(NetId net, const std::string& value) {
        std::vector<const Wire*> wires;
        for (const Wire& wire : m_drawing.wires)
            if (wire.net == net) wires.push_back(&wire);
        const auto length = [](const Wire* wire) {
            return std::abs(wire->to.x - wire->from.x) + std::abs(wire->to.y - wire->from.y);
        };
        std::stable_sort(wires.begin(), wires.end(),
                         [&](const Wire* a, const Wire* b) { return length(a) > length(b); });
        for (const Wire* wire : wires) {
            const bool horizontal = wire->from.y == wire->to.y;
            for (const double part : {0.5, 0.25, 0.75, 0.1, 0.9}) {
                const Point p{wire->from.x + part * (wire->to.x - wire->from.x),
                              wire->from.y + part * (wire->to.y - wire->from.y)};
                const std::vector<Text> candidates =
                    horizontal ? std::vector<Text>{{value, {p.x, p.y - 0.3}, Anchor::Middle, kSize},
                                                   {value, {p.x, p.y + 0.95}, Anchor::Middle, kSize}}
                               : std::vector<Text>{{value, {p.x + 0.25, p.y + 0.25}, Anchor::Start, kSize},
                                                   {value, {p.x - 0.25, p.y + 0.25}, Anchor::End, kSize}};
                for (const Text& text : candidates)
                    if (claim(text, -1, Region::Unknown)) return;
            }
        }
    }

    const Drawing& m_drawing;
    std::vector<Box> m_boxes;
    std::vector<PlacedAnnotation> m_placed;
    std::map<const Symbol*, Room> m_rooms;
};

} // namespace

Point PlacedBar::at(double multiple) const {
    const double share = 0.5 + 0.5 * std::log(multiple) / std::log(toleranceReach);
    return {from.x + length * std::clamp(share, 0.0, 1.0), from.y};
}

std::vector<PlacedAnnotation> placeAnnotation(const Drawing& drawing, const Annotation& annotation) {
    if (annotation.empty()) return {};
    return AnnotationPlacer(drawing).run(annotation);
}

} // namespace headroom::schematic
