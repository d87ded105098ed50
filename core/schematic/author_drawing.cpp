#include "core/schematic/author_drawing.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "core/schematic/attachment.h"
#include "core/schematic/fitted_figure.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

using netlist::LabelKind;

Box boxAround(const Wire& wire) {
    return {{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
            {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}};
}

class AuthorDrawing {
public:
    AuthorDrawing(const netlist::Sheet& sheet, const netlist::Circuit& circuit)
        : m_sheet(sheet)
        , m_circuit(circuit)
        , m_scale(sheet.grid > 0 && std::isfinite(sheet.grid) ? 1 / sheet.grid : 1) {}

    Drawing run() {
        m_drawing.fromSheet = true;
        m_drawing.nets = m_circuit.nets;
        for (const netlist::SheetWire& wire : m_sheet.wires)
            m_drawing.wires.push_back({wire.net, scaled(wire.from), scaled(wire.to)});
        addJunctions();
        for (const netlist::SheetSymbol& symbol : m_sheet.symbols)
            addSymbol(symbol);
        for (const netlist::SheetText& text : m_sheet.texts)
            addText(text);
        collectTaken();
        for (const netlist::SheetLabel& label : m_sheet.labels)
            addLabel(label);
        for (Symbol& symbol : m_drawing.symbols)
            placeTexts(symbol);
        return std::move(m_drawing);
    }

private:
    Point scaled(Point point) const { return {point.x * m_scale, point.y * m_scale}; }

    netlist::Shape scaled(const netlist::Shape& shape) const {
        netlist::Shape result = shape;
        if (auto* polyline = std::get_if<netlist::Polyline>(&result)) {
            for (Point& point : polyline->points)
                point = scaled(point);
        } else if (auto* rectangle = std::get_if<netlist::Rectangle>(&result)) {
            rectangle->from = scaled(rectangle->from);
            rectangle->to = scaled(rectangle->to);
        } else {
            auto& arc = std::get<netlist::Arc>(result);
            arc.centre = scaled(arc.centre);
            arc.radius *= m_scale;
        }
        return result;
    }

    NetId netAt(Point place) const {
        for (const Wire& wire : m_drawing.wires)
            if (boxAround(wire).grown(1e-6).contains(place)) return wire.net;
        return -1;
    }

    void addJunctions() {
        for (const Point& junction : m_sheet.junctions)
            m_drawing.junctions.push_back({netAt(scaled(junction)), scaled(junction)});
    }

    void addSymbol(const netlist::SheetSymbol& source) {
        const bool known = source.device && *source.device >= 0 &&
                           static_cast<std::size_t>(*source.device) < m_circuit.devices.size();
        // Label and supply symbols come as labels.
        if (!known && source.hierarchyPrefix.empty() && (source.shapes.empty() || source.pins.size() < 2))
            return;
        Symbol symbol;
        symbol.device = known ? *source.device : -1;
        symbol.name = source.name;
        symbol.sheetSymbol = source.symbol;
        symbol.hierarchyPrefix = source.hierarchyPrefix;
        symbol.at = scaled(source.position);
        symbol.orientation = {source.quarterTurns, source.mirrored};
        if (known) symbol.kind = kindOf(m_circuit.devices[static_cast<std::size_t>(*source.device)]);
        for (const auto& pin : source.pins)
            symbol.pins.push_back({pin.name, pin.net, scaled(pin.at)});
        symbol.bulk = BulkStyle::Pin;
        for (const netlist::Shape& shape : source.shapes)
            if (!std::holds_alternative<netlist::Polyline>(shape) ||
                std::get<netlist::Polyline>(shape).points.size() > 1)
                symbol.shapes.push_back(scaled(shape));
        if (symbol.shapes.empty()) drawFigure(symbol);
        finishBox(symbol);
        if (symbol.kind == SymbolKind::Box) addPinNames(symbol);
        m_drawing.symbols.push_back(std::move(symbol));
    }

    /// Resistors and capacitors with a bulk have their own figure here, as the author drew them.
    static SymbolKind kindOf(const netlist::Device& device) {
        if (device.nets.size() > 2) {
            if (device.type == netlist::DeviceType::Resistor) return SymbolKind::Resistor;
            if (device.type == netlist::DeviceType::Capacitor) return SymbolKind::Capacitor;
        }
        return symbolKindOf(device, netlist::Polarity::N);
    }

    /// The largest frame of a figure, which has room for names; nothing where the author drew none.
    static std::optional<Box> bodyOf(const Symbol& symbol) {
        std::optional<Box> body;
        for (const netlist::Shape& shape : symbol.shapes) {
            if (!std::holds_alternative<netlist::Rectangle>(shape)) continue;
            const Box box = boxOf(shape);
            if (!body || box.width() * box.height() > body->width() * body->height()) body = box;
        }
        return body;
    }

    /// Instances of other sheets are told by their pins: each name stands inside of the body, at its pin.
    static void addPinNames(Symbol& symbol) {
        constexpr double kSize = 0.8;
        constexpr double kMiddle = 0.28 * kSize; // from the middle of the letters to the base line
        const auto frame = bodyOf(symbol);
        if (!frame) return;
        const Box& body = *frame;
        for (const Pin& pin : symbol.pins) {
            const Point at = pin.at;
            const double left = std::abs(at.x - body.from.x), right = std::abs(at.x - body.to.x);
            const double up = std::abs(at.y - body.from.y), down = std::abs(at.y - body.to.y);
            const double nearest = std::min({left, right, up, down});
            const std::string name = shortName(pin.name);
            if (left == nearest) {
                symbol.pinTexts.push_back({name, {body.from.x + 0.3, at.y + kMiddle}, Anchor::Start, kSize});
            } else if (right == nearest) {
                symbol.pinTexts.push_back({name, {body.to.x - 0.3, at.y + kMiddle}, Anchor::End, kSize});
            } else {
                const double y = up == nearest ? body.from.y + 0.3 + kSize : body.to.y - 0.4;
                symbol.pinTexts.push_back({name, {at.x, y}, Anchor::Middle, kSize});
            }
        }
    }

    // Our own figure between the author's pins, else a box with lines to them.
    static void drawFigure(Symbol& symbol) {
        symbol.shapes = fittedFigure(symbol.kind, symbol.pins);
        if (!symbol.shapes.empty()) return;
        if (symbol.pins.empty()) {
            symbol.shapes.push_back(netlist::Rectangle{
                {symbol.at.x - 1, symbol.at.y - 1}, {symbol.at.x + 1, symbol.at.y + 1}, false});
            return;
        }
        Box box{symbol.pins.front().at, symbol.pins.front().at};
        for (const Pin& pin : symbol.pins)
            box = box.united({pin.at, pin.at});
        // Leads of one unit on the sides that have the room.
        const double dx = box.width() >= 4 ? 1 : box.width() < 1 ? -1 : 0;
        const double dy = box.height() >= 4 ? 1 : box.height() < 1 ? -1 : 0;
        const Box body{{box.from.x + dx, box.from.y + dy}, {box.to.x - dx, box.to.y - dy}};
        symbol.shapes.push_back(netlist::Rectangle{body.from, body.to, false});
        for (const Pin& pin : symbol.pins) {
            const Point end{std::clamp(pin.at.x, body.from.x, body.to.x),
                            std::clamp(pin.at.y, body.from.y, body.to.y)};
            if (end != pin.at) symbol.shapes.push_back(netlist::Polyline{{pin.at, end}, false});
        }
    }

    static void finishBox(Symbol& symbol) {
        bool first = true;
        const auto add = [&](const Box& box) {
            symbol.box = first ? box : symbol.box.united(box);
            first = false;
        };
        for (const netlist::Shape& shape : symbol.shapes)
            add(boxOf(shape));
        for (const Pin& pin : symbol.pins)
            add({pin.at, pin.at});
    }

    // The file's side where the name is free there, else another: names keep off wires and symbols.
    template <class Make>
    auto onFreeSide(Side side, const Make& make) {
        const Side opposite = side == Side::Left    ? Side::Right
                              : side == Side::Right ? Side::Left
                              : side == Side::Up    ? Side::Down
                                                    : Side::Up;
        auto best = make(side);
        int least = disturbed(areaOf(best));
        for (const Side other : {opposite, Side::Up, Side::Right, Side::Left, Side::Down}) {
            if (least == 0) break;
            auto candidate = make(other);
            const int count = disturbed(areaOf(candidate));
            if (count >= least) continue;
            least = count;
            best = std::move(candidate);
        }
        m_taken.push_back(areaOf(best));
        return best;
    }

    static Box areaOf(const NetLabel& label) { return label.text.box(); }
    static Box areaOf(const PortFlag& flag) { return flag.text.box().grown(kFlagMargin); }

    void addPort(const netlist::SheetLabel& source, netlist::PortDirection direction, Point at, Side side) {
        // A port that the program named may have a better name by a label on its net.
        const auto& ports = m_circuit.ports;
        const bool isOwn = std::any_of(ports.begin(), ports.end(),
                                       [&](const auto& port) { return port.name == source.text; });
        const auto found = std::find_if(ports.begin(), ports.end(),
                                        [&](const auto& port) { return port.net == source.net; });
        const std::string& name = isOwn || found == ports.end() ? source.text : found->name;
        m_drawing.ports.push_back(
            onFreeSide(side, [&](Side s) { return portFlagAt(source.net, name, direction, at, s); }));
    }

    void addLabel(const netlist::SheetLabel& source) {
        static constexpr Side sides[] = {Side::Right, Side::Down, Side::Left, Side::Up};
        const Point at = scaled(source.at);
        const Side side = sides[static_cast<unsigned>(source.quarterTurns) % 4U];
        switch (source.kind) {
        case LabelKind::PortIn:
            addPort(source, netlist::PortDirection::Input, at, side);
            break;
        case LabelKind::PortOut:
            addPort(source, netlist::PortDirection::Output, at, side);
            break;
        case LabelKind::PortInOut:
            addPort(source, netlist::PortDirection::InOut, at, side);
            break;
        case LabelKind::Ground:
        case LabelKind::Supply:
            m_drawing.rails.push_back(
                railSymbolAt(source.net, source.text, at, source.kind == LabelKind::Supply));
            m_taken.push_back(m_drawing.rails.back().box().united(m_drawing.rails.back().text.box()));
            break;
        case LabelKind::Net:
        case LabelKind::Global:
            m_drawing.labels.push_back(
                onFreeSide(side, [&](Side s) { return netLabelAt(source.net, source.text, at, s); }));
            break;
        }
    }

    void addText(const netlist::SheetText& source) {
        Point at = scaled(source.at);
        std::size_t from = 0;
        int lines = 0;
        while (from <= source.text.size() && lines++ < kMostLines) {
            const std::size_t end = std::min(source.text.find('\n', from), source.text.size());
            std::string line = source.text.substr(from, end - from);
            if (line.size() > kLongestLine) line = shortName(line, kLongestLine);
            if (!line.empty())
                m_drawing.notes.push_back({{line, at, Anchor::Start, kValueSize}, source.directive});
            at.y += 1.3 * kValueSize;
            from = end + 1;
        }
    }

    void collectTaken() {
        for (const Symbol& symbol : m_drawing.symbols)
            m_taken.push_back(symbol.box);
        for (const Wire& wire : m_drawing.wires)
            m_taken.push_back(boxAround(wire).grown(0.05));
        for (const Note& note : m_drawing.notes)
            m_taken.push_back(note.text.box());
    }

    int disturbed(const std::vector<Text>& texts) const {
        int count = 0;
        for (const Text& text : texts)
            count += disturbed(text.box());
        return count;
    }

    int disturbed(const Box& box) const {
        return static_cast<int>(std::count_if(m_taken.begin(), m_taken.end(),
                                              [&](const Box& taken) { return taken.overlaps(box); }));
    }

    // Name above size, on the side of the symbol where they cover the least.
    void placeTexts(Symbol& symbol) {
        if (symbol.name.empty()) return;
        std::vector<std::string> lines{shortName(symbol.name)};
        if (symbol.device >= 0) {
            const std::string size = sizeText(m_circuit.devices[static_cast<std::size_t>(symbol.device)]);
            if (!size.empty()) lines.push_back(size);
        }
        const Box& box = symbol.box;
        const double middle = box.centre().y;
        const auto stack = [&](double x, double y, Anchor anchor) {
            std::vector<Text> texts;
            for (std::size_t i = 0; i < lines.size(); ++i)
                texts.push_back({lines[i],
                                 {x, y + 1.35 * static_cast<double>(i)},
                                 anchor,
                                 i == 0 ? kNameSize : kValueSize});
            return texts;
        };
        const double height = 1.35 * static_cast<double>(lines.size());
        const std::vector<Text> candidates[] = {
            stack(box.to.x + 0.4, middle - 0.4, Anchor::Start),
            stack(box.from.x - 0.4, middle - 0.4, Anchor::End),
            stack(box.to.x + 0.4, box.from.y + 0.9, Anchor::Start),
            stack(box.to.x + 0.4, box.to.y - height + 1.1, Anchor::Start),
            stack(box.from.x - 0.4, box.from.y + 0.9, Anchor::End),
            stack(box.from.x - 0.4, box.to.y - height + 1.1, Anchor::End),
            stack(box.centre().x, box.from.y - height + 1.0, Anchor::Middle),
            stack(box.centre().x, box.to.y + 1.1, Anchor::Middle),
            stack(box.centre().x, middle - 0.1, Anchor::Middle),
        };
        const std::vector<Text>* best = nullptr;
        int least = 0;
        for (const auto& candidate : candidates) {
            const int count = disturbed(candidate);
            if (best && count >= least) continue;
            best = &candidate;
            least = count;
            if (count == 0) break;
        }
        symbol.texts = *best;
        for (const Text& text : symbol.texts)
            m_taken.push_back(text.box());
    }

    static constexpr int kMostLines = 200;
    static constexpr std::size_t kLongestLine = 160;

    const netlist::Sheet& m_sheet;
    const netlist::Circuit& m_circuit;
    double m_scale;
    Drawing m_drawing;
    std::vector<Box> m_taken;
};

} // namespace

Drawing authorDrawing(const netlist::Sheet& sheet, const netlist::Circuit& circuit) {
    return AuthorDrawing(sheet, circuit).run();
}

} // namespace headroom::schematic
