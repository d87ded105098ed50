#include "core/structure/passives.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace headroom::structure {

using netlist::Device;
using netlist::DeviceType;

namespace {

class PassiveRoles {
public:
    PassiveRoles(const Wiring& wiring, const Functions& functions, const std::optional<AmplifierPorts>& ports,
                 std::vector<DeviceRole>& roles)
        : m_wiring(wiring)
        , m_functions(functions)
        , m_roles(roles) {
        if (ports) {
            m_outputs.push_back(ports->output);
            if (ports->outputMinus) m_outputs.push_back(*ports->outputMinus);
        } else {
            m_outputs = functions.outputs;
        }
    }

    void assign() {
        for (std::size_t i = 0; i < m_wiring.circuit.devices.size(); ++i) {
            const Device& device = m_wiring.circuit.devices[i];
            const auto id = static_cast<DeviceId>(i);
            if (m_wiring.transistorOf[i] >= 0) {
                mosCapacitor(id);
                continue;
            }
            if (device.nets.size() < 2) continue;
            const NetId a = m_wiring.canonical[at(device.nets[0])];
            const NetId b = m_wiring.canonical[at(device.nets[1])];
            switch (device.type) {
            case DeviceType::Capacitor:
                m_roles[i] = capacitor(id, a, b);
                break;
            case DeviceType::Resistor:
                resistor(id, a, b);
                break;
            case DeviceType::VoltageSource:
                m_roles[i] = {Function::Auxiliary, Stage::None,
                              "Voltage source: supply, stimulus or ammeter."};
                break;
            case DeviceType::CurrentSource:
                m_roles[i] = currentSource(a, b);
                break;
            case DeviceType::Inductor:
                m_roles[i] = {Function::Auxiliary, Stage::None,
                              "Inductor: no part of the amplifier's bias or gain."};
                break;
            default:
                break;
            }
        }
    }

private:
    void mosCapacitor(DeviceId id) {
        const Transistor& t = m_wiring[m_wiring.transistorOf[at(id)]];
        if (t.kind == ArrayKind::Capacitor) m_roles[at(id)] = capacitor(id, t.gate, t.drain);
    }

    bool isOutput(NetId net) const {
        return std::find(m_outputs.begin(), m_outputs.end(), net) != m_outputs.end();
    }
    bool isSignal(NetId net) const { return m_functions.signalStage[at(net)] != Stage::None; }
    bool hasChannel(NetId net) const {
        return !m_wiring.drainsAt[at(net)].empty() || !m_wiring.sourcesAt[at(net)].empty();
    }

    // A net between a capacitor and one resistor: returns the resistor.
    DeviceId seriesResistor(NetId net, DeviceId capacitor) const {
        if (hasChannel(net) || !m_wiring.gatesAt[at(net)].empty() || m_wiring.isRail(net)) return -1;
        DeviceId resistor = -1;
        for (const DeviceId id : m_wiring.othersAt[at(net)]) {
            if (id == capacitor) continue;
            if (m_wiring.circuit.devices[at(id)].type != DeviceType::Resistor || resistor >= 0) return -1;
            resistor = id;
        }
        return resistor;
    }

    DeviceRole capacitor(DeviceId id, NetId a, NetId b) {
        for (NetId* end : {&a, &b}) {
            if (const std::vector<int> channel = m_wiring.channelBehind(*end); !channel.empty()) {
                const Transistor& t = m_wiring[channel.front()];
                *end = t.drain == *end ? t.source : t.drain;
                if (m_wiring.isRail(*end) || m_wiring.isRail(end == &a ? b : a)) continue;
                for (const int each : channel)
                    for (const DeviceId device : m_wiring.devicesOf(each))
                        m_roles[at(device)] = {Function::Compensation, Stage::None,
                                               "In series with a compensation capacitor: the resistor, in "
                                               "triode, that places the zero."};
            }
            const DeviceId resistor = seriesResistor(*end, id);
            if (resistor < 0) continue;
            *end = m_wiring.otherEnd(resistor, *end);
            if (*end < 0) return {};
            const NetId other = end == &a ? b : a;
            if (!m_wiring.isRail(*end) && !m_wiring.isRail(other))
                m_roles[at(resistor)] = {Function::Compensation, Stage::None,
                                         "In series with a compensation capacitor: places the zero."};
        }
        if (m_wiring.isRail(a)) std::swap(a, b);
        if (m_wiring.isRail(a)) return auxiliary("Between the supplies: decoupling.");
        if (m_wiring.isRail(b)) return toRail(a);
        if (isOutput(a) && isOutput(b))
            return {Function::LoadCapacitance, Stage::None, "Between the two outputs: load capacitance."};
        if (senseNet(a) || senseNet(b))
            return {Function::CommonModeFeedback, Stage::Feedback,
                    "From an output to the common-mode sense net: speeds up the common-mode feedback."};
        if ((isSignal(a) || isOutput(a)) && hasChannel(a) && (isSignal(b) || isOutput(b) || hasChannel(b)))
            return compensation(a, b);
        if ((isSignal(b) || isOutput(b)) && hasChannel(b) && hasChannel(a)) return compensation(b, a);
        return auxiliary("Couples nets outside the signal path.");
    }

    DeviceRole compensation(NetId a, NetId b) const {
        return {Function::Compensation, Stage::None,
                fmt::format("From {} to {} inside the amplifier: frequency compensation.",
                            m_wiring.netName(a), m_wiring.netName(b))};
    }

    DeviceRole toRail(NetId net) const {
        if (isOutput(net))
            return {Function::LoadCapacitance, Stage::None,
                    fmt::format("From the output {} to a rail: load capacitance.", m_wiring.netName(net))};
        if (isSignal(net) && hasChannel(net))
            return {Function::Compensation, Stage::None,
                    fmt::format("From the inner signal net {} to a rail: slows it down on purpose.",
                                m_wiring.netName(net))};
        return auxiliary("From a bias net or an input to a rail: decoupling.");
    }

    static DeviceRole auxiliary(const char* reason) { return {Function::Auxiliary, Stage::None, reason}; }

    // Only resistors, capacitors and gates meet here, and one of the resistors comes from an output.
    bool senseNet(NetId net) const {
        if (hasChannel(net) || m_wiring.isRail(net)) return false;
        return std::any_of(m_wiring.othersAt[at(net)].begin(), m_wiring.othersAt[at(net)].end(),
                           [&](DeviceId id) {
                               if (m_wiring.circuit.devices[at(id)].type != DeviceType::Resistor)
                                   return false;
                               const NetId other = m_wiring.otherEnd(id, net);
                               return other >= 0 && isOutput(other);
                           });
    }

    void resistor(DeviceId id, NetId a, NetId b) {
        DeviceRole& role = m_roles[at(id)];
        if (role.function != Function::Unexplained) return; // told by its capacitor
        if (m_wiring.isRail(a)) std::swap(a, b);
        if (m_wiring.isRail(a)) {
            role = auxiliary("Resistor between rails.");
        } else if (senseNet(a) || senseNet(b)) {
            role = {Function::CommonModeFeedback, Stage::Feedback, "Takes the common mode of the outputs."};
        } else if (capacitiveEnd(a, id) || capacitiveEnd(b, id)) {
            return;
        } else if (const Pair* pair = degeneratedPair(a, b)) {
            role = m_functions.roles[at(pair->first)];
            role.reason = fmt::format("Source degeneration of {} and {}.", m_wiring.nameOf(pair->first),
                                      m_wiring.nameOf(pair->second));
        } else if (isTail(a) || isTail(b)) {
            role = {Function::Bias, Stage::First, "Carries the tail current of the input pair: bias."};
        } else if (isSignal(a) || isSignal(b)) {
            const NetId net = isSignal(a) ? a : b;
            role = {Function::Load, m_functions.signalStage[at(net)],
                    fmt::format("On the signal net {}: load.", m_wiring.netName(net))};
        } else if (m_functions.biasNets[at(a)] || m_functions.biasNets[at(b)]) {
            role = {Function::Bias, Stage::Bias, "Sets a reference current or bias voltage."};
        } else if (degenerates(a) || degenerates(b)) {
            const int t = m_wiring.sourcesAt[at(degenerates(a) ? a : b)].front();
            role = m_functions.roles[at(t)];
            role.reason = fmt::format("Source degeneration of {}.", m_wiring.nameOf(t));
        } else if (m_wiring.undriven(a) || m_wiring.undriven(b)) {
            role = auxiliary("In series with an input.");
        }
    }

    // The other side is a capacitor whose turn has not come yet; capacitor() tells this resistor.
    bool capacitiveEnd(NetId net, DeviceId resistor) const {
        if (hasChannel(net) || m_wiring.isRail(net) || !m_wiring.gatesAt[at(net)].empty()) return false;
        const auto& others = m_wiring.othersAt[at(net)];
        return others.size() == 2 && std::any_of(others.begin(), others.end(), [&](DeviceId id) {
                   return id != resistor && m_wiring.circuit.devices[at(id)].type == DeviceType::Capacitor;
               });
    }

    // The pair whose source degeneration a resistor between these nets is; null where it is none.
    const Pair* degeneratedPair(NetId a, NetId b) const {
        if (m_wiring.isRail(a) || m_wiring.isRail(b)) return nullptr;
        for (const auto* pairs : {&m_functions.inputPairs, &m_functions.otherPairs})
            for (const Pair& pair : *pairs)
                if (pair.degenerated() && (pair.hasSource(a) || pair.hasSource(b))) return &pair;
        return nullptr;
    }

    bool isTail(NetId net) const {
        return std::any_of(m_functions.inputPairs.begin(), m_functions.inputPairs.end(),
                           [&](const Pair& pair) { return pair.hasSource(net); });
    }

    bool degenerates(NetId net) const {
        return !m_wiring.isRail(net) && m_wiring.sourcesAt[at(net)].size() == 1 &&
               m_wiring.drainsAt[at(net)].empty();
    }

    DeviceRole currentSource(NetId a, NetId b) const {
        if (isTail(a) || isTail(b))
            return {Function::Bias, Stage::First, "Ideal tail current of the input pair."};
        for (const NetId net : {a, b})
            if (isSignal(net) && hasChannel(net))
                return {Function::Bias, m_functions.signalStage[at(net)],
                        fmt::format("Ideal current at {}.", m_wiring.netName(net))};
        return {Function::Bias, Stage::Bias, "Ideal reference current."};
    }

    const Wiring& m_wiring;
    const Functions& m_functions;
    std::vector<DeviceRole>& m_roles;
    std::vector<NetId> m_outputs;
};

} // namespace

void assignPassives(const Wiring& wiring, const Functions& functions,
                    const std::optional<AmplifierPorts>& ports, std::vector<DeviceRole>& roles) {
    PassiveRoles(wiring, functions, ports, roles).assign();
}

} // namespace headroom::structure
