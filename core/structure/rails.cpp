#include "core/structure/rails.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "core/netlist/letter_case.h"

namespace headroom::structure {

using netlist::Circuit;
using netlist::Device;
using netlist::DeviceType;
using netlist::PortDirection;

namespace {

constexpr std::array positiveStems{"vdd", "vcc", "avdd", "dvdd", "iovdd", "vpwr", "sourcepmos", "vddio"};
constexpr std::array negativeStems{"vss",  "gnd",    "vee", "avss", "dvss",       "agnd",
                                   "dgnd", "ground", "sub", "vgnd", "sourcenmos", "vssio"};

// What may follow the stem in the name of a supply: "vdd1", "vdd_1v8", "vssa", "vdd!".
bool isSupplySuffix(std::string_view suffix) {
    return std::all_of(suffix.begin(), suffix.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("_!.vadhl").find(c) != std::string_view::npos;
    });
}

template <std::size_t N>
bool matchesStem(std::string_view name, const std::array<const char*, N>& stems) {
    return std::any_of(stems.begin(), stems.end(), [&](std::string_view stem) {
        return name.substr(0, stem.size()) == stem && isSupplySuffix(name.substr(stem.size()));
    });
}

// How the terminals of the circuit's transistors spread over one net.
struct Touch {
    int channelN = 0, channelP = 0;
    int bulkN = 0, bulkP = 0;
    int gates = 0;
    int channel(Polarity p) const { return p == Polarity::N ? channelN : channelP; }
    int bulk(Polarity p) const { return p == Polarity::N ? bulkN : bulkP; }
};

std::vector<Touch> countTouches(const Circuit& circuit, const std::vector<NetId>& canonical) {
    std::vector<Touch> touches(circuit.nets.size());
    for (const Device& device : circuit.devices) {
        if (device.type != DeviceType::Mosfet || !device.polarity || device.nets.size() < 3) continue;
        const bool isN = *device.polarity == Polarity::N;
        const auto net = [&](std::size_t terminal) { return canonical[at(device.nets[terminal])]; };
        for (const auto terminal : {netlist::Drain, netlist::Source})
            ++(isN ? touches[at(net(terminal))].channelN : touches[at(net(terminal))].channelP);
        // A gate tied to its own channel says nothing about the net's kind.
        if (net(netlist::Gate) != net(netlist::Drain) && net(netlist::Gate) != net(netlist::Source))
            ++touches[at(net(netlist::Gate))].gates;
        if (device.nets.size() > netlist::Bulk)
            ++(isN ? touches[at(net(netlist::Bulk))].bulkN : touches[at(net(netlist::Bulk))].bulkP);
    }
    return touches;
}

class RailFinder {
public:
    RailFinder(const Circuit& circuit, const std::vector<NetId>& canonical)
        : m_circuit(circuit)
        , m_canonical(canonical)
        , m_touches(countTouches(circuit, canonical))
        , m_rails(circuit.nets.size(), Rail::None)
        , m_declared(circuit.nets.size(), false) {}

    std::vector<Rail> find(const Supplies& supplies) {
        byName();
        byChoice(supplies.positive, Rail::Positive);
        byChoice(supplies.negative, Rail::Negative);
        byPorts();
        bySources();
        if (!any(Rail::Positive)) byTopology(Rail::Positive, Polarity::P);
        if (!any(Rail::Negative)) byTopology(Rail::Negative, Polarity::N);
        byBulks();
        return std::move(m_rails);
    }

private:
    bool any(Rail rail) const { return std::find(m_rails.begin(), m_rails.end(), rail) != m_rails.end(); }

    void byName() {
        for (std::size_t net = 0; net < m_circuit.nets.size(); ++net) {
            const Rail rail = railByName(m_circuit.nets[net]);
            if (rail != Rail::None) m_rails[at(m_canonical[net])] = rail;
        }
    }

    void byChoice(const std::vector<std::string>& names, Rail rail) {
        for (const std::string& name : names)
            for (std::size_t net = 0; net < m_circuit.nets.size(); ++net)
                if (netlist::equalIgnoringCase(m_circuit.nets[net], name)) m_rails[at(m_canonical[net])] = rail;
    }

    void byPorts() {
        for (const auto& port : m_circuit.ports) {
            const NetId net = m_canonical[at(port.net)];
            m_declared[at(net)] = true;
            if (m_rails[at(net)] != Rail::None) continue;
            const Touch& touch = m_touches[at(net)];
            if (port.direction == PortDirection::Ground) m_rails[at(net)] = Rail::Negative;
            if (port.direction == PortDirection::Supply)
                m_rails[at(net)] = touch.channelP + touch.bulkP >= touch.channelN + touch.bulkN
                                       ? Rail::Positive
                                       : Rail::Negative;
        }
    }

    // A voltage source between a net and a negative rail makes it a positive one, where PMOS sources or
    // bulks stand on it and no gate does.
    void bySources() {
        for (const Device& device : m_circuit.devices) {
            if (device.type != DeviceType::VoltageSource || device.nets.size() < 2) continue;
            const NetId plus = m_canonical[at(device.nets[0])];
            const NetId minus = m_canonical[at(device.nets[1])];
            if (m_rails[at(minus)] != Rail::Negative || m_rails[at(plus)] != Rail::None) continue;
            const Touch& touch = m_touches[at(plus)];
            if (touch.gates > 0 || touch.channelP + touch.bulkP == 0) continue;
            if (sourceValue(device) > 0) m_rails[at(plus)] = Rail::Positive;
        }
    }

    void byTopology(Rail rail, Polarity polarity) {
        const Polarity other = polarity == Polarity::N ? Polarity::P : Polarity::N;
        NetId best = -1;
        for (std::size_t i = 0; i < m_touches.size(); ++i) {
            const Touch& touch = m_touches[i];
            if (m_rails[i] != Rail::None || touch.gates > 0 || touch.channel(polarity) == 0) continue;
            if (touch.channel(other) > 0 || touch.bulk(other) > 0) continue;
            if (!m_circuit.ports.empty() && !m_declared[i] && !isGlobal(i)) continue;
            if (best < 0 || better(touch, m_touches[at(best)], polarity)) best = static_cast<NetId>(i);
        }
        if (best >= 0) m_rails[at(best)] = rail;
    }

    // Most bulks first: bulks of one polarity meet on their rail, or each on its own source.
    static bool better(const Touch& a, const Touch& b, Polarity polarity) {
        if (a.bulk(polarity) != b.bulk(polarity)) return a.bulk(polarity) > b.bulk(polarity);
        return a.channel(polarity) > b.channel(polarity);
    }

    // Nets that only bulks of one polarity touch are wells or substrate: further rails.
    void byBulks() {
        for (std::size_t i = 0; i < m_touches.size(); ++i) {
            const Touch& touch = m_touches[i];
            if (m_rails[i] != Rail::None || touch.gates + touch.channelN + touch.channelP > 0) continue;
            if (touch.bulkN > 0 && touch.bulkP == 0) m_rails[i] = Rail::Negative;
            if (touch.bulkP > 0 && touch.bulkN == 0) m_rails[i] = Rail::Positive;
        }
    }

    bool isGlobal(std::size_t net) const {
        return net < m_circuit.globalNets.size() && m_circuit.globalNets[net];
    }

    const Circuit& m_circuit;
    const std::vector<NetId>& m_canonical;
    std::vector<Touch> m_touches;
    std::vector<Rail> m_rails;
    std::vector<bool> m_declared;
};

} // namespace

Rail railByName(const std::string& netName) {
    const std::string name = netlist::lowerCase(netName);
    if (name == "0" || matchesStem(name, negativeStems)) return Rail::Negative;
    if (matchesStem(name, positiveStems)) return Rail::Positive;
    return Rail::None;
}

std::vector<Rail> findRails(const Circuit& circuit, const std::vector<NetId>& canonical,
                            const Supplies& supplies) {
    return RailFinder(circuit, canonical).find(supplies);
}

} // namespace headroom::structure
