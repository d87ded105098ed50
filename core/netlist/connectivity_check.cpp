#include "core/netlist/connectivity_check.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace headroom::netlist {
namespace {

struct NetUse {
    int terminals = 0;
    int gates = 0;
    DeviceId device = -1; ///< the first one
    std::size_t terminal = 0;
};

std::vector<NetUse> countUses(const Circuit& circuit) {
    std::vector<NetUse> uses(circuit.nets.size());
    for (std::size_t d = 0; d < circuit.devices.size(); ++d) {
        const Device& device = circuit.devices[d];
        for (std::size_t t = 0; t < device.nets.size(); ++t) {
            NetUse& use = uses[static_cast<std::size_t>(device.nets[t])];
            if (use.terminals++ == 0) {
                use.device = static_cast<DeviceId>(d);
                use.terminal = t;
            }
            if (device.type == DeviceType::Mosfet && t == Gate) ++use.gates;
        }
    }
    return uses;
}

} // namespace

void checkConnectivity(const Netlist& netlist, FindingList& findings) {
    const Circuit& circuit = netlist.circuit;
    const std::vector<NetUse> uses = countUses(circuit);
    std::vector<bool> isPort(circuit.nets.size());
    for (const Port& port : circuit.ports)
        isPort[static_cast<std::size_t>(port.net)] = true;
    const bool isDriven =
        std::any_of(circuit.devices.begin(), circuit.devices.end(),
                    [](const Device& device) { return device.type == DeviceType::VoltageSource; });
    const bool gatesAreInputs = circuit.ports.empty() && !isDriven;

    for (std::size_t n = 0; n < uses.size(); ++n) {
        const NetUse& use = uses[n];
        if (use.terminals == 0 || isPort[n] || circuit.globalNets[n]) continue;
        const bool onlyGates = use.gates == use.terminals;
        if (use.terminals > 1 && !onlyGates) continue;
        const Device& device = circuit.devices[static_cast<std::size_t>(use.device)];
        const std::string& net = circuit.nets[n];
        if (onlyGates && gatesAreInputs) {
            findings.add(
                Severity::Note, device.span,
                fmt::format("Net '{}' drives only gates ({}); it is taken as an input.", net, device.name));
        } else if (use.terminals == 1) {
            findings.add(Severity::Warning, device.span,
                         fmt::format("Net '{}' floats: it is connected only to terminal {} of '{}'.", net,
                                     terminalName(device.type, use.terminal), device.name));
        } else {
            findings.add(Severity::Warning, device.span,
                         fmt::format("Net '{}' floats: it is connected only to gates ({} and {} more).", net,
                                     device.name, use.terminals - 1));
        }
    }
}

} // namespace headroom::netlist
