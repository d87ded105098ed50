#include "core/structure/joined_nets.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/structure/rails.h"

namespace headroom::structure {

using netlist::Circuit;
using netlist::Device;
using netlist::DeviceType;

namespace {

bool isAmmeter(const Device& device) {
    if (device.type != DeviceType::VoltageSource || device.nets.size() < 2 || device.parameters.empty())
        return false;
    return std::all_of(device.parameters.begin(), device.parameters.end(), [](const netlist::Parameter& p) {
        return (p.name == "value" || p.name == "dc") && p.number && *p.number == 0;
    });
}

class NetJoiner {
public:
    explicit NetJoiner(const Circuit& circuit)
        : m_circuit(circuit)
        , m_parent(circuit.nets.size())
        , m_gated(circuit.nets.size(), false)
        , m_port(circuit.nets.size(), false) {
        std::iota(m_parent.begin(), m_parent.end(), 0);
        for (const Device& device : circuit.devices)
            if (device.type == DeviceType::Mosfet && device.nets.size() >= 3)
                m_gated[at(device.nets[netlist::Gate])] = true;
        for (const auto& port : circuit.ports)
            m_port[at(port.net)] = true;
    }

    // @p stimulus: the join comes from a source, which at a gate and a rail is a test bench's input.
    void join(NetId first, NetId second, bool stimulus) {
        NetId a = root(first);
        NetId b = root(second);
        if (a == b) return;
        if (isRail(b) || (!isRail(a) && m_port[at(b)])) std::swap(a, b);
        if (isRail(a) && (isRail(b) || (stimulus && m_gated[at(b)]))) return;
        m_parent[at(b)] = a;
        m_gated[at(a)] = m_gated[at(a)] || m_gated[at(b)];
    }

    std::vector<NetId> take() {
        for (std::size_t net = 0; net < m_parent.size(); ++net)
            m_parent[net] = root(static_cast<NetId>(net));
        return std::move(m_parent);
    }

private:
    NetId root(NetId net) const {
        while (m_parent[at(net)] != net)
            net = m_parent[at(net)];
        return net;
    }
    bool isRail(NetId net) const { return railByName(m_circuit.nets[at(net)]) != Rail::None; }

    const Circuit& m_circuit;
    std::vector<NetId> m_parent;
    std::vector<bool> m_gated, m_port;
};

} // namespace

std::vector<NetId> joinNets(const Circuit& circuit, const std::vector<SwitchState>& switches) {
    NetJoiner joiner(circuit);
    for (const Device& device : circuit.devices)
        if (isAmmeter(device)) joiner.join(device.nets[0], device.nets[1], true);
    for (std::size_t i = 0; i < switches.size(); ++i)
        if (switches[i] == SwitchState::On)
            joiner.join(circuit.devices[i].nets[netlist::Drain], circuit.devices[i].nets[netlist::Source],
                        false);
    return joiner.take();
}

} // namespace headroom::structure
