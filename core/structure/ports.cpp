#include "core/structure/ports.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "core/structure/small_signal.h"

namespace headroom::structure {

using netlist::DeviceType;
using netlist::PortDirection;

namespace {

// Below this the nominal circuit does not amplify: the net is not the output.
constexpr double leastGain = 1.0;
// Two outputs of a fully differential amplifier move by nearly the same amount.
constexpr double balance = 0.7;

class PortFinder {
public:
    PortFinder(const Wiring& wiring, const Functions& functions, const Switches& switches)
        : m_wiring(wiring)
        , m_functions(functions)
        , m_switches(switches) {}

    PortsAnswer find() {
        PortsAnswer answer;
        if (m_wiring.transistors.empty()) {
            answer.problem = "There are no transistors in this circuit, so there is no amplifier.";
            return answer;
        }
        if (!supplies(answer) || !inputs(answer) || !outputs(answer)) return answer;
        biases();
        answer.ports = m_ports;
        return answer;
    }

private:
    // Of each rail the net that most transistors stand on; the others follow it.
    bool supplies(PortsAnswer& answer) {
        std::vector<int> weight(m_wiring.rails.size(), 0);
        for (const Array& array : m_wiring.arrays)
            for (const NetId net : {array.drain, array.source, array.bulk})
                ++weight[at(net)];
        const auto choose = [&](Rail rail, std::vector<NetId>& others) {
            NetId best = -1;
            for (std::size_t net = 0; net < weight.size(); ++net) {
                const auto id = static_cast<NetId>(net);
                if (m_wiring.rails[net] != rail || m_wiring.canonical[net] != id) continue;
                if (weight[net] == 0 && m_wiring.othersAt[net].empty()) continue;
                others.push_back(id);
                if (best < 0 || weight[net] > weight[at(best)]) best = id;
            }
            others.erase(std::remove(others.begin(), others.end(), best), others.end());
            return best;
        };
        m_ports.positiveSupply = choose(Rail::Positive, m_ports.furtherPositiveSupplies);
        m_ports.negativeSupply = choose(Rail::Negative, m_ports.furtherNegativeSupplies);
        if (m_ports.positiveSupply >= 0 && m_ports.negativeSupply >= 0) return true;
        const bool positive = m_ports.positiveSupply < 0;
        answer.problem = fmt::format("No {} supply net was found, neither by name nor by what stands on it.",
                                     positive ? "positive" : "negative");
        answer.proposedSupply = likeliestSupply(positive ? Polarity::P : Polarity::N);
        if (answer.proposedSupply >= 0)
            answer.problem += fmt::format(" The likeliest is \"{}\"; say so if it is.",
                                          m_wiring.netName(answer.proposedSupply));
        return false;
    }

    // The net without gates that most channels of the polarity end on.
    NetId likeliestSupply(Polarity polarity) const {
        std::vector<int> ends(m_wiring.rails.size(), 0);
        for (const Array& array : m_wiring.arrays) {
            if (array.polarity != polarity) continue;
            for (const NetId net : {array.drain, array.source, array.bulk})
                ++ends[at(net)];
        }
        NetId best = -1;
        for (std::size_t net = 0; net < ends.size(); ++net) {
            if (ends[net] < 2 || m_wiring.rails[net] != Rail::None || !m_wiring.gatesAt[net].empty()) continue;
            if (best < 0 || ends[net] > ends[at(best)]) best = static_cast<NetId>(net);
        }
        return best;
    }

    bool inputs(PortsAnswer& answer) {
        if (m_functions.inputPairs.empty()) {
            answer.problem = "No differential pair with a free gate was found, so the inputs are unknown.";
            return false;
        }
        const Pair& pair = m_functions.inputPairs.front();
        m_ports.inputPlus = m_wiring[pair.first].gate;
        m_ports.inputMinus = m_wiring[pair.second].gate;
        for (const NetId net : {m_ports.inputPlus, m_ports.inputMinus}) {
            if (m_wiring.drainsAt[at(net)].empty() && m_wiring.sourcesAt[at(net)].empty()) continue;
            answer.problem = fmt::format(
                "The input {} of the differential pair is driven inside the circuit (feedback?); open the "
                "loop so that both inputs are free.",
                m_wiring.netName(net));
            return false;
        }
        return true;
    }

    // How likely a net of the last stage is meant as the output.
    double outputScore(NetId net, double gain) const {
        double score = std::log10(std::max(std::abs(gain), 1e-3));
        if (m_wiring.isPort(net)) score += 4;
        for (const auto& port : m_wiring.circuit.ports)
            if (port.net == net && port.direction == PortDirection::Output) score += 2;
        std::string name = m_wiring.netName(net);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (name.rfind("out", 0) == 0 || name.rfind("vo", 0) == 0) score += 2;
        return score;
    }

    bool outputs(PortsAnswer& answer) {
        auto gains = nominalGains(m_wiring, m_ports.inputPlus, m_ports.inputMinus);
        if (gains.empty()) {
            answer.problem = "The signal path is too large to follow from the inputs to an output.";
            return false;
        }
        NetId best = -1;
        double bestScore = 0;
        for (const NetId net : m_functions.outputs) {
            if (std::abs(gains[at(net)]) < leastGain) continue;
            const double score = outputScore(net, gains[at(net)]);
            if (best < 0 || score > bestScore) {
                best = net;
                bestScore = score;
            }
        }
        if (best < 0) {
            answer.problem = "No net follows the inputs with a gain, so the output is unknown.";
            return false;
        }
        m_ports.output = best;
        const NetId mate = balancedMate(best, gains);
        if (mate >= 0) m_ports.outputMinus = mate;
        if (gains[at(best)] < 0) {
            if (mate >= 0) {
                m_ports.output = mate;
                m_ports.outputMinus = best;
            } else {
                std::swap(m_ports.inputPlus, m_ports.inputMinus);
            }
        }
        if (mate >= 0) preferNamedPlus();
        return true;
    }

    // Both assignments of plus and minus fit a fully differential amplifier: take the netlist's names.
    void preferNamedPlus() {
        const auto namedMinus = [&](NetId net) {
            std::string name = m_wiring.netName(net);
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            return !name.empty() &&
                   (name.back() == 'n' || name.back() == 'm' || name.back() == '-' || name.back() == '2');
        };
        if (!namedMinus(m_ports.inputPlus) || namedMinus(m_ports.inputMinus)) return;
        std::swap(m_ports.inputPlus, m_ports.inputMinus);
        std::swap(m_ports.output, *m_ports.outputMinus);
    }

    // The second output: same size, other sign, and as open to the outside as the first.
    NetId balancedMate(NetId output, const std::vector<double>& gains) const {
        for (const NetId net : m_functions.outputs) {
            const double gain = gains[at(net)];
            if (net == output || gain * gains[at(output)] >= 0) continue;
            const double ratio = std::abs(gain / gains[at(output)]);
            if (ratio < balance || ratio > 1 / balance) continue;
            if (m_wiring.isPort(net) == m_wiring.isPort(output)) return net;
        }
        return -1;
    }

    void biases() {
        std::vector<bool> control(m_wiring.circuit.nets.size(), false);
        for (const Switches::Control& one : m_switches.controls) {
            m_ports.controls.push_back({one.net, one.high});
            control[at(one.net)] = true;
        }
        for (std::size_t i = 0; i < m_wiring.canonical.size(); ++i) {
            const auto net = static_cast<NetId>(i);
            if (m_wiring.canonical[i] != net || m_wiring.isRail(net)) continue;
            const bool input = net == m_ports.inputPlus || net == m_ports.inputMinus;
            if (m_wiring.undriven(net)) {
                const bool fixed = m_wiring.hasDevice(net, DeviceType::VoltageSource);
                if (!m_wiring.gatesAt[i].empty() && !input && !fixed && !control[i])
                    m_ports.voltageBiases.push_back(net);
                continue;
            }
            if (const auto bias = wantsCurrent(net)) m_ports.currentBiases.push_back(*bias);
        }
    }

    // All channel ends at the net pull the same way and nothing else carries current: what they pull
    // must come from outside.
    std::optional<AmplifierPorts::Bias> wantsCurrent(NetId net) const {
        const auto& drains = m_wiring.drainsAt[at(net)];
        const auto& sources = m_wiring.sourcesAt[at(net)];
        const bool tail = drains.empty() && isTail(net);
        if (!tail && m_functions.signalStage[at(net)] != Stage::None) return std::nullopt;
        for (const DeviceId id : m_wiring.othersAt[at(net)])
            if (m_wiring.circuit.devices[at(id)].type != DeviceType::Capacitor) return std::nullopt;
        bool sinks = false, supplies = false;
        const auto add = [&](int t, bool drain) {
            // An N drain takes current from the net, an N source feeds it; P types the other way round.
            ((m_wiring[t].polarity == Polarity::N) == drain ? sinks : supplies) = true;
        };
        for (const int t : drains)
            add(t, true);
        for (const int t : sources)
            add(t, false);
        const bool reference = tail || !m_wiring.gatesAt[at(net)].empty();
        if (sinks == supplies || !reference) return std::nullopt;
        return AmplifierPorts::Bias{net, sinks};
    }

    bool isTail(NetId net) const {
        return std::any_of(m_functions.inputPairs.begin(), m_functions.inputPairs.end(),
                           [&](const Pair& pair) { return pair.hasSource(net); });
    }

    const Wiring& m_wiring;
    const Functions& m_functions;
    const Switches& m_switches;
    AmplifierPorts m_ports;
};

} // namespace

PortsAnswer findPorts(const Wiring& wiring, const Functions& functions, const Switches& switches) {
    return PortFinder(wiring, functions, switches).find();
}

} // namespace headroom::structure
