#pragma once

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/netlist/circuit.h"
#include "core/schematic/drawing.h"

namespace headroom::test {

/// Reads the connections back from the geometry: pins, wires, labels, flags and rails that touch, and
/// names that are equal, are one net. Says what is wrong compared with the circuit; empty if all is well.
inline std::vector<std::string> connectionFaults(const schematic::Drawing& drawing,
                                                 const netlist::Circuit& circuit) {
    using schematic::Point;
    struct Place {
        Point at;
        netlist::NetId net;
        bool named;
    };
    std::vector<Place> places;
    std::map<std::pair<netlist::DeviceId, std::size_t>, int> pins;
    for (const auto& symbol : drawing.symbols)
        for (std::size_t i = 0; i < symbol.pins.size(); ++i) {
            pins[{symbol.device, i}] = static_cast<int>(places.size());
            const bool hiddenBulk = i == 3 && symbol.bulk != schematic::BulkStyle::Pin;
            places.push_back({symbol.pins[i].at, symbol.pins[i].net, hiddenBulk});
        }
    const auto named = [&](Point at, netlist::NetId net) { places.push_back({at, net, true}); };
    for (const auto& rail : drawing.rails)
        named(rail.at, rail.net);
    for (const auto& label : drawing.labels)
        named(label.at, label.net);
    for (const auto& port : drawing.ports)
        named(port.at, port.net);
    const std::size_t points = places.size();
    std::vector<std::size_t> parent(points + drawing.wires.size());
    std::iota(parent.begin(), parent.end(), 0U);
    const auto root = [&](std::size_t i) {
        while (parent[i] != i)
            i = parent[i] = parent[parent[i]];
        return i;
    };
    const auto on = [](Point p, const schematic::Wire& wire) {
        return p.x >= std::min(wire.from.x, wire.to.x) && p.x <= std::max(wire.from.x, wire.to.x) &&
               p.y >= std::min(wire.from.y, wire.to.y) && p.y <= std::max(wire.from.y, wire.to.y);
    };
    const auto& wires = drawing.wires;
    for (std::size_t w = 0; w < wires.size(); ++w) {
        for (std::size_t i = 0; i < points; ++i)
            // A hidden bulk lies on the channel and is no point to connect to.
            if (on(places[i].at, wires[w]) && !(places[i].named && i < pins.size()))
                parent[root(i)] = root(points + w);
        for (std::size_t v = 0; v < w; ++v)
            if (on(wires[v].from, wires[w]) || on(wires[v].to, wires[w]) || on(wires[w].from, wires[v]) ||
                on(wires[w].to, wires[v]))
                parent[root(points + v)] = root(points + w);
    }
    for (std::size_t i = 0; i < points; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const bool samePlace = places[i].at == places[j].at && !(places[i].named && i < pins.size()) &&
                                   !(places[j].named && j < pins.size());
            const bool sameName = places[i].named && places[j].named && places[i].net == places[j].net;
            if (samePlace || sameName) parent[root(i)] = root(j);
        }
    std::vector<std::string> faults;
    std::map<netlist::NetId, std::size_t> rootOf;
    std::map<std::size_t, netlist::NetId> netOf;
    for (std::size_t d = 0; d < circuit.devices.size(); ++d)
        for (std::size_t i = 0; i < circuit.devices[d].nets.size(); ++i) {
            const auto found = pins.find({static_cast<netlist::DeviceId>(d), i});
            if (found == pins.end()) continue;
            const auto& device = circuit.devices[d];
            const auto net = device.nets[i];
            const auto& place = places[static_cast<std::size_t>(found->second)];
            if (place.net != net) faults.push_back(device.name + " has a pin with a wrong net");
            if (place.named && found->second < static_cast<int>(pins.size())) continue;
            const std::size_t own = root(static_cast<std::size_t>(found->second));
            if (const auto [entry, fresh] = rootOf.try_emplace(net, own); !fresh && entry->second != own)
                faults.push_back(fmt::format("{}: pin {} is cut off from {}", device.name, i,
                                             circuit.nets[static_cast<std::size_t>(net)]));
            if (const auto [entry, fresh] = netOf.try_emplace(own, net); !fresh && entry->second != net)
                faults.push_back(fmt::format("{}: pin {} of {} is joined with {}", device.name, i,
                                             circuit.nets[static_cast<std::size_t>(net)],
                                             circuit.nets[static_cast<std::size_t>(entry->second)]));
        }
    return faults;
}

} // namespace headroom::test
