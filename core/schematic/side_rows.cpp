#include "core/schematic/side_rows.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/schematic/attachment.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

std::string netName(const netlist::Circuit& circuit, NetId net) {
    const auto index = static_cast<std::size_t>(net);
    return net >= 0 && index < circuit.nets.size() ? circuit.nets[index] : "?";
}

// The side of the symbol that a pin is on.
Side sideOf(const Symbol& symbol, const Pin& pin) {
    const double x = pin.at.x - symbol.at.x, y = pin.at.y - symbol.at.y;
    if (symbol.kind == SymbolKind::Box) return x < 0 ? Side::Left : Side::Right;
    if (std::abs(y) > 2) return y < 0 ? Side::Up : Side::Down;
    return x < 0 ? Side::Left : Side::Right;
}

Symbol symbolFor(const netlist::Circuit& circuit, DeviceId id) {
    const netlist::Device& device = circuit.devices[static_cast<std::size_t>(id)];
    Symbol symbol;
    symbol.device = id;
    symbol.kind = symbolKindOf(device, netlist::Polarity::N);
    symbol.name = device.name;
    const bool mosfet = symbol.kind == SymbolKind::Nmos || symbol.kind == SymbolKind::Pmos;
    symbol.bulk = mosfet && device.nets.size() > 3 ? BulkStyle::Pin : BulkStyle::Hidden;
    // Terminals beyond those of the symbol (a substrate) stay unseen.
    const std::size_t most =
        symbol.kind == SymbolKind::Box ? device.nets.size() : pinPlaces(symbol.kind, 0).size();
    for (std::size_t i = 0; i < std::min(most, device.nets.size()); ++i)
        symbol.pins.push_back({std::string(netlist::terminalName(device.type, i)), device.nets[i], {}});
    layOut(symbol);
    return symbol;
}

/// A symbol at the origin with all its names, and the room that it takes.
struct Piece {
    Symbol symbol;
    std::vector<NetLabel> labels;
    std::vector<Wire> stubs;
    Box box;
};

Piece pieceFor(const netlist::Circuit& circuit, DeviceId id) {
    Piece piece{symbolFor(circuit, id), {}, {}, {}};
    Symbol& symbol = piece.symbol;
    piece.box = symbol.box;
    for (const Pin& pin : symbol.pins) {
        if (pin.net < 0) continue;
        const Side side = sideOf(symbol, pin);
        const Point end = step(pin.at, side);
        piece.stubs.push_back({pin.net, pin.at, end});
        piece.labels.push_back(netLabelAt(pin.net, netName(circuit, pin.net), end, side));
        piece.box = piece.box.united(piece.labels.back().text.box());
    }
    const std::string size = sizeText(circuit.devices[static_cast<std::size_t>(id)]);
    const std::string name = shortName(symbol.name);
    if (symbol.kind == SymbolKind::Box) {
        symbol.texts.push_back({shortName(name, 9), {0, symbol.box.from.y - 0.4}, Anchor::Middle, kNameSize});
        if (!size.empty())
            symbol.texts.push_back(
                {shortName(size, 9), {0, symbol.box.to.y + 1.0}, Anchor::Middle, kValueSize});
    } else {
        const double x = symbol.box.to.x + 0.6;
        const double spread = symbol.bulk == BulkStyle::Pin ? 0.8 : 0;
        symbol.texts.push_back({name, {x, -0.45 - spread}, Anchor::Start, kNameSize});
        if (!size.empty()) symbol.texts.push_back({size, {x, 1.0 + spread}, Anchor::Start, kValueSize});
    }
    for (const Text& text : symbol.texts)
        piece.box = piece.box.united(text.box());
    return piece;
}

void add(Piece piece, double dx, double dy, Drawing& drawing) {
    move(piece.symbol, dx, dy);
    drawing.symbols.push_back(std::move(piece.symbol));
    const auto shift = [&](Point& point) { point = {point.x + dx, point.y + dy}; };
    for (NetLabel& label : piece.labels) {
        shift(label.at);
        shift(label.text.at);
        drawing.labels.push_back(std::move(label));
    }
    for (Wire& wire : piece.stubs) {
        shift(wire.from);
        shift(wire.to);
        drawing.wires.push_back(wire);
    }
}

// Ports in a column on the left, as a legend: what is connected by name alone needs a place all the same.
void addPorts(const netlist::Circuit& circuit, double left, double top, Drawing& drawing) {
    std::set<NetId> shown;
    for (const PortFlag& flag : drawing.ports)
        shown.insert(flag.net);
    double y = top;
    for (const netlist::Port& port : circuit.ports) {
        if (!shown.insert(port.net).second) continue;
        const Point at{left, y};
        const Point end = step(at, Side::Right);
        drawing.ports.push_back(portFlagAt(port.net, port.name, port.direction, at, Side::Left));
        drawing.wires.push_back({port.net, at, end});
        drawing.labels.push_back(netLabelAt(port.net, netName(circuit, port.net), end, Side::Right));
        y += 2;
    }
}

} // namespace

void addSideRows(const netlist::Circuit& circuit, const std::vector<DeviceId>& devices, Drawing& drawing) {
    const Box bounds = drawing.bounds();
    const bool empty = drawing.symbols.empty();
    const double left = empty ? 0 : std::floor(bounds.from.x);
    const double wide = 16 * std::ceil(std::sqrt(static_cast<double>(devices.size()))) * 1.2;
    const double right = std::max(empty ? 0 : bounds.to.x, left + std::max(60.0, wide));
    double x = left, y = empty ? 0 : std::ceil(bounds.to.y) + 4, bottom = y;
    for (const DeviceId id : devices) {
        Piece piece = pieceFor(circuit, id);
        if (x > left && x + piece.box.width() > right) {
            x = left;
            y = std::ceil(bottom) + 2;
        }
        const double dx = std::ceil(x - piece.box.from.x), dy = std::ceil(y - piece.box.from.y);
        x = std::ceil(dx + piece.box.to.x) + 2;
        bottom = std::max(bottom, dy + piece.box.to.y);
        add(std::move(piece), dx, dy, drawing);
    }
    const Box all = drawing.bounds();
    addPorts(circuit, std::floor(all.from.x) - 12, std::ceil(all.from.y) + 2, drawing);
}

} // namespace headroom::schematic
