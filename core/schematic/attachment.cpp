#include "core/schematic/attachment.h"

#include "core/structure/wiring.h"

namespace headroom::schematic {
namespace {

Text textBeside(const std::string& name, Point at, Side side, double gap) {
    constexpr double middle = 0.28 * kLabelSize; // from the middle of the letters to the base line
    switch (side) {
    case Side::Left:
        return {name, {at.x - gap, at.y + middle}, Anchor::End, kLabelSize};
    case Side::Right:
        return {name, {at.x + gap, at.y + middle}, Anchor::Start, kLabelSize};
    case Side::Up:
        return {name, {at.x, at.y - gap}, Anchor::Middle, kLabelSize};
    case Side::Down:
        break;
    }
    return {name, {at.x, at.y + gap + 0.78 * kLabelSize}, Anchor::Middle, kLabelSize};
}

} // namespace

NetLabel netLabelAt(NetId net, const std::string& name, Point at, Side side) {
    return {net, at, side, textBeside(name, at, side, 0.25)};
}

PortFlag portFlagAt(NetId net, const std::string& name, netlist::PortDirection direction, Point at,
                    Side side) {
    return {net, at, side, direction, textBeside(name, at, side, 0.7)};
}

RailSymbol railSymbolAt(NetId net, const std::string& name, Point at, bool positive) {
    const Side side = positive ? Side::Up : Side::Down;
    return {net, at, positive, textBeside(name, step(at, side), side, 0.2)};
}

std::optional<netlist::Port> portOf(const netlist::Circuit& circuit, const structure::Structure& structure,
                                    NetId net) {
    netlist::PortDirection direction = netlist::PortDirection::Unknown;
    if (structure.ports) {
        const structure::AmplifierPorts& ports = *structure.ports;
        if (net == ports.output || (ports.outputMinus && net == *ports.outputMinus))
            direction = netlist::PortDirection::Output;
        if (net == ports.inputPlus || net == ports.inputMinus) direction = netlist::PortDirection::Input;
    }
    for (netlist::Port port : circuit.ports) {
        if (port.net != net) continue;
        if (port.direction == netlist::PortDirection::Unknown) port.direction = direction;
        return port;
    }
    if (!circuit.ports.empty() || direction == netlist::PortDirection::Unknown) return std::nullopt;
    return netlist::Port{circuit.nets[structure::at(net)], net, direction};
}

Point step(Point from, Side side, double length) {
    switch (side) {
    case Side::Left:
        return {from.x - length, from.y};
    case Side::Right:
        return {from.x + length, from.y};
    case Side::Up:
        return {from.x, from.y - length};
    case Side::Down:
        break;
    }
    return {from.x, from.y + length};
}

double labelReach(const std::string& name) {
    return 1 + 1.4 + textWidth(name, kLabelSize);
}

} // namespace headroom::schematic
