#include "core/schematic/annotation.h"

#include <algorithm>
#include <cmath>

namespace headroom::schematic {
namespace {

constexpr double kSize = 0.8;

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
                placeDevice(symbol, found->second);
        for (const auto& [net, value] : annotation.nets)
            placeNet(net, value);
        return std::move(m_placed);
    }

private:
    bool claim(const Text& text, DeviceId device, Region region) {
        const Box box = text.box();
        if (std::any_of(m_boxes.begin(), m_boxes.end(), [&](const Box& b) { return b.overlaps(box); }))
            return false;
        m_boxes.push_back(box);
        m_placed.push_back({text, device, region});
        return true;
    }

    // Below the texts of the symbol, else above them, else on its other side.
    void placeDevice(const Symbol& symbol, const DeviceAnnotation& annotation) {
        Point below{symbol.box.to.x + 0.6, symbol.at.y + 2}, above = below;
        Anchor anchor = Anchor::Start;
        if (!symbol.texts.empty()) {
            const Text &first = symbol.texts.front(), &last = symbol.texts.back();
            anchor = first.anchor;
            below = {last.at.x, last.box().to.y + 0.15};
            above = {first.at.x, first.box().from.y - 0.15};
        }
        double down = below.y, up = above.y;
        for (const std::string& line : annotation.lines) {
            const Text under{line, {below.x, down + 0.78 * kSize}, anchor, kSize};
            if (claim(under, symbol.device, annotation.region)) {
                down += kSize;
                continue;
            }
            const Text over{line, {above.x, up - 0.22 * kSize}, anchor, kSize};
            if (claim(over, symbol.device, annotation.region)) up -= kSize;
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
};

} // namespace

std::vector<PlacedAnnotation> placeAnnotation(const Drawing& drawing, const Annotation& annotation) {
    if (annotation.empty()) return {};
    return AnnotationPlacer(drawing).run(annotation);
}

} // namespace headroom::schematic
