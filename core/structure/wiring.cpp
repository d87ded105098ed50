#include "core/structure/wiring.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "core/structure/orientation.h"
#include "core/structure/rails.h"

namespace headroom::structure {

using netlist::Circuit;
using netlist::Device;
using netlist::DeviceType;

namespace {

const std::string unknownNet = "?";

// The polarity, also of a device whose model did not tell it: by the rail its bulk stands on.
std::optional<Polarity> polarityOf(const Device& device, const std::vector<NetId>& canonical,
                                   const std::vector<Rail>& rails) {
    if (device.polarity) return device.polarity;
    if (device.type != DeviceType::Mosfet || device.nets.size() <= netlist::Bulk) return std::nullopt;
    const Rail rail = rails[at(canonical[at(device.nets[netlist::Bulk])])];
    if (rail == Rail::None) return std::nullopt;
    return rail == Rail::Negative ? Polarity::N : Polarity::P;
}

} // namespace

double sourceValue(const Device& device) {
    for (const auto& parameter : device.parameters)
        if ((parameter.name == "value" || parameter.name == "dc") && parameter.number)
            return *parameter.number;
    return 0;
}

Wiring::Wiring(const Circuit& source)
    : circuit(source) {
    joinNets();
    rails = findRails(circuit, canonical);
    buildArrays();
    orient(arrays, circuit, canonical, rails);
    classify();
    stack();
    indexTerminals();
}

// 0 V sources are ammeters: the nets on both sides are one. A source at a net that gates look at and
// that belongs to a test bench (an AC stimulus) is none, so nets are never joined with a named rail
// when a gate is on the other side.
void Wiring::joinNets() {
    canonical.resize(circuit.nets.size());
    std::iota(canonical.begin(), canonical.end(), 0);
    std::vector<bool> gated(circuit.nets.size(), false);
    for (const Device& device : circuit.devices)
        if (device.type == DeviceType::Mosfet && device.nets.size() >= 3)
            gated[at(device.nets[netlist::Gate])] = true;
    const auto root = [&](NetId net) {
        while (canonical[at(net)] != net)
            net = canonical[at(net)];
        return net;
    };
    for (const Device& device : circuit.devices) {
        if (device.type != DeviceType::VoltageSource || device.nets.size() < 2) continue;
        const bool plain = !device.parameters.empty() &&
                           std::all_of(device.parameters.begin(), device.parameters.end(), [](const auto& p) {
                               return (p.name == "value" || p.name == "dc") && p.number && *p.number == 0;
                           });
        if (!plain) continue;
        NetId a = root(device.nets[0]);
        NetId b = root(device.nets[1]);
        if (a == b) continue;
        if (railByName(circuit.nets[at(b)]) != Rail::None) std::swap(a, b);
        const bool railAtA = railByName(circuit.nets[at(a)]) != Rail::None;
        if (railAtA && (gated[at(b)] || railByName(circuit.nets[at(b)]) != Rail::None)) continue;
        canonical[at(b)] = a;
        gated[at(a)] = gated[at(a)] || gated[at(b)];
    }
    for (std::size_t net = 0; net < canonical.size(); ++net)
        canonical[net] = root(static_cast<NetId>(net));
}

void Wiring::buildArrays() {
    struct Candidate {
        std::tuple<bool, Polarity, NetId, NetId, NetId, NetId, const std::string*> key;
        DeviceId device;
    };
    std::vector<Candidate> candidates;
    candidates.reserve(circuit.devices.size());
    for (std::size_t i = 0; i < circuit.devices.size(); ++i) {
        const Device& device = circuit.devices[i];
        const bool bipolar = device.type == DeviceType::Bipolar;
        if ((!bipolar && device.type != DeviceType::Mosfet) || device.nets.size() < 3) continue;
        const auto polarity = polarityOf(device, canonical, rails);
        if (!polarity) continue;
        const auto net = [&](std::size_t terminal) { return canonical[at(device.nets[terminal])]; };
        NetId one = net(netlist::Drain);
        NetId two = net(netlist::Source);
        if (!bipolar && one > two) std::swap(one, two);
        const NetId bulk = device.nets.size() > netlist::Bulk ? net(netlist::Bulk) : net(netlist::Source);
        candidates.push_back({{bipolar, *polarity, net(netlist::Gate), one, two, bulk, &device.model},
                              static_cast<DeviceId>(i)});
    }
    const auto less = [](const Candidate& a, const Candidate& b) {
        const auto fields = [](const Candidate& c) {
            return std::tie(std::get<0>(c.key), std::get<1>(c.key), std::get<2>(c.key), std::get<3>(c.key),
                            std::get<4>(c.key), std::get<5>(c.key), *std::get<6>(c.key));
        };
        return std::tuple(fields(a), a.device) < std::tuple(fields(b), b.device);
    };
    std::sort(candidates.begin(), candidates.end(), less);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto& key = candidates[i].key;
        const auto same = [&](const Candidate& other) {
            const auto& k = other.key;
            return std::get<0>(k) == std::get<0>(key) && std::get<1>(k) == std::get<1>(key) &&
                   std::get<2>(k) == std::get<2>(key) && std::get<3>(k) == std::get<3>(key) &&
                   std::get<4>(k) == std::get<4>(key) && std::get<5>(k) == std::get<5>(key) &&
                   *std::get<6>(k) == *std::get<6>(key);
        };
        if (i > 0 && same(candidates[i - 1])) {
            arrays.back().devices.push_back(candidates[i].device);
            continue;
        }
        const Device& device = circuit.devices[at(candidates[i].device)];
        Array array;
        array.devices = {candidates[i].device};
        array.bipolar = std::get<0>(key);
        array.polarity = std::get<1>(key);
        array.gate = std::get<2>(key);
        array.drain = canonical[at(device.nets[netlist::Drain])];
        array.source = canonical[at(device.nets[netlist::Source])];
        array.bulk = std::get<5>(key);
        arrays.push_back(std::move(array));
    }
    // File order, so that results do not depend on how nets happen to be numbered.
    std::sort(arrays.begin(), arrays.end(),
              [](const Array& a, const Array& b) { return a.devices.front() < b.devices.front(); });
}

void Wiring::classify() {
    for (Array& array : arrays) {
        const Rail own = ownRail(array.polarity);
        const bool gateOnOwnRail = rails[at(array.gate)] == own;
        if (array.drain == array.source) {
            array.kind = array.gate == array.drain || gateOnOwnRail ? ArrayKind::Dummy : ArrayKind::Capacitor;
        } else if (gateOnOwnRail || (array.gate == array.source && !array.bipolar)) {
            const bool betweenRails = isRail(array.drain) && isRail(array.source);
            array.kind = betweenRails ? ArrayKind::Dummy : ArrayKind::Off;
        } else if (array.gate == array.drain && !isRail(array.drain)) {
            array.kind = ArrayKind::Diode;
        } else {
            array.kind = ArrayKind::Normal;
        }
    }
}

void Wiring::stack() {
    const auto netCount = circuit.nets.size();
    std::vector<int> touches(netCount, 0); // by anything but bulks
    std::vector<int> upper(netCount, -1), lower(netCount, -1);
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        const Array& array = arrays[i];
        ++touches[at(array.drain)];
        ++touches[at(array.source)];
        ++touches[at(array.gate)];
        upper[at(array.source)] = static_cast<int>(i);
        lower[at(array.drain)] = static_cast<int>(i);
    }
    for (const Device& device : circuit.devices) {
        const bool transistor = device.type == DeviceType::Mosfet || device.type == DeviceType::Bipolar;
        if (transistor) continue;
        for (const NetId net : device.nets)
            ++touches[at(canonical[at(net)])];
    }
    std::vector<int> below(arrays.size(), -1); // the next array of the stack, towards the source
    std::vector<bool> hasAbove(arrays.size(), false);
    for (std::size_t net = 0; net < netCount; ++net) {
        if (touches[net] != 2 || upper[net] < 0 || lower[net] < 0 || upper[net] == lower[net]) continue;
        const Array& up = arrays[at(upper[net])];
        const Array& low = arrays[at(lower[net])];
        const bool conduct =
            (up.kind == ArrayKind::Normal || up.kind == ArrayKind::Diode) && low.kind == ArrayKind::Normal;
        if (!conduct || up.bipolar || low.bipolar || up.polarity != low.polarity || up.gate != low.gate ||
            rails[net] != Rail::None || isRail(up.gate))
            continue;
        below[at(upper[net])] = lower[net];
        hasAbove[at(lower[net])] = true;
    }
    std::vector<bool> taken(arrays.size(), false);
    const auto take = [&](std::size_t i) {
        const Array& top = arrays[i];
        Transistor transistor{{},        top.polarity, top.bipolar, top.kind,
                              top.drain, top.gate,     top.source,  top.bulk};
        for (int member = static_cast<int>(i); member >= 0 && !taken[at(member)];
             member = below[at(member)]) {
            taken[at(member)] = true;
            transistor.arrays.push_back(member);
            transistor.source = arrays[at(member)].source;
        }
        transistors.push_back(std::move(transistor));
    };
    for (std::size_t i = 0; i < arrays.size(); ++i)
        if (!hasAbove[i]) take(i);
    for (std::size_t i = 0; i < arrays.size(); ++i)
        if (!taken[i]) take(i); // rings have no top
    std::sort(transistors.begin(), transistors.end(),
              [](const Transistor& a, const Transistor& b) { return a.arrays.front() < b.arrays.front(); });
}

void Wiring::indexTerminals() {
    const auto netCount = circuit.nets.size();
    drainsAt.resize(netCount);
    sourcesAt.resize(netCount);
    gatesAt.resize(netCount);
    othersAt.resize(netCount);
    transistorOf.assign(circuit.devices.size(), -1);
    for (std::size_t i = 0; i < transistors.size(); ++i) {
        const Transistor& transistor = transistors[i];
        const int index = static_cast<int>(i);
        for (const int array : transistor.arrays)
            for (const DeviceId device : arrays[at(array)].devices)
                transistorOf[at(device)] = index;
        if (!transistor.conducts()) continue;
        drainsAt[at(transistor.drain)].push_back(index);
        sourcesAt[at(transistor.source)].push_back(index);
        gatesAt[at(transistor.gate)].push_back(index);
    }
    for (std::size_t i = 0; i < circuit.devices.size(); ++i) {
        const Device& device = circuit.devices[i];
        if (transistorOf[i] >= 0) continue;
        for (std::size_t t = 0; t < device.nets.size(); ++t) {
            auto& others = othersAt[at(canonical[at(device.nets[t])])];
            if (others.empty() || others.back() != static_cast<DeviceId>(i))
                others.push_back(static_cast<DeviceId>(i));
        }
    }
    m_ports.assign(netCount, false);
    for (const auto& port : circuit.ports)
        m_ports[at(canonical[at(port.net)])] = true;
}

bool Wiring::undriven(NetId net) const {
    if (isRail(net) || !drainsAt[at(net)].empty() || !sourcesAt[at(net)].empty()) return false;
    return std::all_of(othersAt[at(net)].begin(), othersAt[at(net)].end(), [&](DeviceId id) {
        const DeviceType type = circuit.devices[at(id)].type;
        return type == DeviceType::Capacitor || type == DeviceType::VoltageSource;
    });
}

bool Wiring::hasDevice(NetId net, DeviceType type) const {
    return std::any_of(othersAt[at(net)].begin(), othersAt[at(net)].end(),
                       [&](DeviceId id) { return circuit.devices[at(id)].type == type; });
}

NetId Wiring::otherEnd(DeviceId id, NetId net) const {
    const Device& device = circuit.devices[at(id)];
    if (device.nets.size() < 2) return -1;
    const NetId first = canonical[at(device.nets[0])];
    return first == net ? canonical[at(device.nets[1])] : first;
}

bool Wiring::isPort(NetId net) const {
    return m_ports[at(net)];
}

const std::string& Wiring::netName(NetId net) const {
    return net >= 0 && at(net) < circuit.nets.size() ? circuit.nets[at(net)] : unknownNet;
}

std::vector<DeviceId> Wiring::devicesOf(int transistor) const {
    std::vector<DeviceId> devices;
    for (const int array : transistors[at(transistor)].arrays)
        devices.insert(devices.end(), arrays[at(array)].devices.begin(), arrays[at(array)].devices.end());
    return devices;
}

std::string Wiring::nameOf(int transistor) const {
    std::string name;
    for (const DeviceId device : devicesOf(transistor)) {
        if (!name.empty()) name += '+';
        name += circuit.devices[at(device)].name;
    }
    return name;
}

} // namespace headroom::structure
