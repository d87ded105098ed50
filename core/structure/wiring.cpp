#include "core/structure/wiring.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/structure/joined_nets.h"
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

// What devices of one array have in common. Channel ends in the order of their nets, so that it does not
// matter which way round each is drawn.
struct ArrayKey {
    bool bipolar;
    Polarity polarity;
    SwitchState state;
    NetId gate, one, two, bulk;
    std::string_view model;
    DeviceId device;

    auto tie() const { return std::tie(bipolar, polarity, state, gate, one, two, bulk, model); }
};

} // namespace

double sourceValue(const Device& device) {
    for (const auto& parameter : device.parameters)
        if ((parameter.name == "value" || parameter.name == "dc") && parameter.number)
            return *parameter.number;
    return 0;
}

Wiring::Wiring(const Circuit& source, const Supplies& supplies, std::vector<SwitchState> switches)
    : circuit(source)
    , m_switches(std::move(switches)) {
    canonical = joinNets(circuit, m_switches);
    rails = findRails(circuit, canonical, supplies);
    buildArrays();
    orient(arrays, circuit, canonical, rails);
    classify();
    stack();
    indexTerminals();
}

SwitchState Wiring::switchState(DeviceId device) const {
    return at(device) < m_switches.size() ? m_switches[at(device)] : SwitchState::None;
}

void Wiring::buildArrays() {
    std::vector<ArrayKey> keys;
    keys.reserve(circuit.devices.size());
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
        const auto id = static_cast<DeviceId>(i);
        keys.push_back(
            {bipolar, *polarity, switchState(id), net(netlist::Gate), one, two, bulk, device.model, id});
    }
    std::sort(keys.begin(), keys.end(), [](const ArrayKey& a, const ArrayKey& b) {
        return std::tuple_cat(a.tie(), std::tie(a.device)) < std::tuple_cat(b.tie(), std::tie(b.device));
    });
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const ArrayKey& key = keys[i];
        if (i > 0 && keys[i - 1].tie() == key.tie()) {
            arrays.back().devices.push_back(key.device);
            continue;
        }
        const Device& device = circuit.devices[at(key.device)];
        Array array;
        array.devices = {key.device};
        array.bipolar = key.bipolar;
        array.polarity = key.polarity;
        array.kind = key.state == SwitchState::None ? ArrayKind::Normal : ArrayKind::Switch;
        array.gate = key.gate;
        array.drain = canonical[at(device.nets[netlist::Drain])];
        array.source = canonical[at(device.nets[netlist::Source])];
        array.bulk = key.bulk;
        arrays.push_back(std::move(array));
    }
    // File order, so that results do not depend on how nets happen to be numbered.
    std::sort(arrays.begin(), arrays.end(),
              [](const Array& a, const Array& b) { return a.devices.front() < b.devices.front(); });
}

void Wiring::classify() {
    for (Array& array : arrays) {
        if (array.kind == ArrayKind::Switch) continue;
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
        if (array.kind == ArrayKind::Switch) continue;
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
        if (transistorOf[i] >= 0 || device.nets.empty()) continue;
        const NetId first = canonical[at(device.nets.front())];
        const bool shorted = std::all_of(device.nets.begin(), device.nets.end(),
                                         [&](NetId net) { return canonical[at(net)] == first; });
        if (shorted) continue; // ammeters, and what a closed switch bridges
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

std::vector<int> Wiring::channelBehind(NetId net) const {
    std::vector<int> channel = drainsAt[at(net)];
    channel.insert(channel.end(), sourcesAt[at(net)].begin(), sourcesAt[at(net)].end());
    if (channel.empty() || channel.size() > 2 || isRail(net) || isPort(net)) return {};
    if (!gatesAt[at(net)].empty() || othersAt[at(net)].empty()) return {};
    const auto farEnd = [&](int t) {
        const Transistor& transistor = transistors[at(t)];
        return transistor.drain == net ? transistor.source : transistor.drain;
    };
    if (farEnd(channel.front()) != farEnd(channel.back())) return {};
    const bool onlyCapacitors =
        std::all_of(othersAt[at(net)].begin(), othersAt[at(net)].end(),
                    [&](DeviceId id) { return circuit.devices[at(id)].type == DeviceType::Capacitor; });
    return onlyCapacitors ? channel : std::vector<int>{};
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
