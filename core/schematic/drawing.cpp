#include "core/schematic/drawing.h"

#include <algorithm>
#include <cmath>

#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {

bool Box::contains(Point point) const {
    return point.x >= from.x && point.x <= to.x && point.y >= from.y && point.y <= to.y;
}

Box Box::united(const Box& other) const {
    return {{std::min(from.x, other.from.x), std::min(from.y, other.from.y)},
            {std::max(to.x, other.to.x), std::max(to.y, other.to.y)}};
}

Box Box::grown(double margin) const {
    return {{from.x - margin, from.y - margin}, {to.x + margin, to.y + margin}};
}

Box Box::moved(double dx, double dy) const {
    return {{from.x + dx, from.y + dy}, {to.x + dx, to.y + dy}};
}

bool Box::overlaps(const Box& other) const {
    constexpr double touch = 1e-6;
    return from.x < other.to.x - touch && other.from.x < to.x - touch && from.y < other.to.y - touch &&
           other.from.y < to.y - touch;
}

const char* toString(SymbolKind kind) {
    switch (kind) {
    case SymbolKind::Nmos:
        return "nmos";
    case SymbolKind::Pmos:
        return "pmos";
    case SymbolKind::Npn:
        return "npn";
    case SymbolKind::Pnp:
        return "pnp";
    case SymbolKind::Resistor:
        return "resistor";
    case SymbolKind::Capacitor:
        return "capacitor";
    case SymbolKind::Inductor:
        return "inductor";
    case SymbolKind::Diode:
        return "diode";
    case SymbolKind::VoltageSource:
        return "vsource";
    case SymbolKind::CurrentSource:
        return "isource";
    case SymbolKind::Box:
        return "box";
    }
    return "box";
}

Point Orientation::apply(Point local) const {
    Point point{mirrored ? -local.x : local.x, local.y};
    for (int turn = 0; turn < quarterTurns; ++turn)
        point = {-point.y, point.x};
    return {point.x + 0.0, point.y + 0.0}; // no negative zeros
}

double textWidth(std::string_view text, double size) {
    double width = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) == 0x80) continue; // inside of a UTF-8 sequence
        if (byte == 'm' || byte == 'w' || byte == 'M' || byte == 'W' || byte >= 0x80)
            width += 0.99;
        else if (byte == 'i' || byte == 'j' || byte == 'l' || byte == '.' || byte == '/' || byte == '!')
            width += 0.37;
        else if (byte >= 'A' && byte <= 'Z')
            width += 0.72;
        else
            width += 0.64;
    }
    return width * size;
}

Box Text::box() const {
    const double width = textWidth(text, size);
    double left = at.x;
    if (anchor == Anchor::Middle) left -= width / 2;
    if (anchor == Anchor::End) left -= width;
    return {{left, at.y - 0.78 * size}, {left + width, at.y + 0.22 * size}};
}

Box RailSymbol::box() const {
    if (positive) return {{at.x - 1, at.y - 1}, {at.x + 1, at.y}};
    return {{at.x - 1, at.y}, {at.x + 1, at.y + 1}};
}

Box PortFlag::box() const {
    Box box = text.box();
    box = box.grown(kFlagMargin);
    return box.united({at, at});
}

Box Drawing::bounds() const {
    bool first = true;
    Box bounds{{0, 0}, {1, 1}};
    const auto add = [&](const Box& box) {
        bounds = first ? box : bounds.united(box);
        first = false;
    };
    for (const Symbol& symbol : symbols) {
        add(symbol.box);
        for (const Text& text : symbol.texts)
            add(text.box());
    }
    for (const Wire& wire : wires) {
        add({{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
             {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}});
    }
    for (const RailSymbol& rail : rails) {
        add(rail.box());
        add(rail.text.box());
    }
    for (const NetLabel& label : labels)
        add(label.text.box());
    for (const PortFlag& port : ports)
        add(port.box());
    for (const Note& note : notes)
        add(note.text.box());
    return bounds;
}

const Symbol* Drawing::symbolOf(DeviceId device) const {
    const auto found = std::find_if(symbols.begin(), symbols.end(),
                                    [&](const Symbol& symbol) { return symbol.device == device; });
    return found == symbols.end() ? nullptr : &*found;
}

} // namespace headroom::schematic
