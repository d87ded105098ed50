#include "core/structure/switches.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::structure {

namespace {

constexpr std::array controlNames{"en",        "ena",   "enable",  "pd",   "pwd",  "pwrdn",
                                  "powerdown", "pdown", "sleep",   "slp",  "stby", "shdn",
                                  "standby",   "off",   "disable", "dis",  "nen",  "shutdown",
                                  "xen",       "npd",   "enbl",    "pwdn", "pdwn"};

// "EN", "ena_n", "PDB": the table's names, with or without the mark of an inverted signal.
bool namedLikeControl(const std::string& netName) {
    std::string name;
    for (const char c : netName)
        if (std::isalpha(static_cast<unsigned char>(c)) != 0)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto known = [](std::string_view text) {
        return std::find(controlNames.begin(), controlNames.end(), text) != controlNames.end();
    };
    if (known(name)) return true;
    return name.size() > 2 && (name.back() == 'n' || name.back() == 'b' || name.back() == 'p') &&
           known(std::string_view(name).substr(0, name.size() - 1));
}

struct Inverter {
    NetId input, output;
    int n, p;
};

class SwitchFinder {
public:
    explicit SwitchFinder(const Wiring& wiring)
        : m_wiring(wiring)
        , m_logic(wiring.circuit.nets.size(), false)
        , m_required(wiring.circuit.nets.size())
        , m_logicTransistor(wiring.transistors.size(), false) {}

    Switches find() {
        std::vector<NetId> open;
        for (std::size_t i = 0; i < m_logic.size(); ++i) {
            const auto net = static_cast<NetId>(i);
            if (m_wiring.gatesAt[i].empty() || !m_wiring.undriven(net)) continue;
            if (!namedLikeControl(m_wiring.netName(net)) && !inverterAt(net)) continue;
            m_logic[i] = true;
            open.push_back(net);
        }
        if (open.empty()) return {};
        for (std::size_t i = 0; i < open.size(); ++i)
            takeInverter(open[i], open);
        for (const NetId net : open)
            for (const int t : m_wiring.gatesAt[at(net)])
                if (!m_logicTransistor[at(t)] && m_wiring[t].kind == ArrayKind::Normal)
                    m_switches.push_back(t);
        settleLevels();
        describe();
        return std::move(m_result);
    }

private:
    // A complementary couple from rail to rail whose output does nothing but drive gates.
    std::optional<Inverter> inverterAt(NetId input) const {
        if (m_wiring.gatesAt[at(input)].size() > 16) return std::nullopt;
        for (const int n : m_wiring.gatesAt[at(input)])
            for (const int p : m_wiring.gatesAt[at(input)]) {
                const Transistor& a = m_wiring[n];
                const Transistor& b = m_wiring[p];
                if (a.polarity != Polarity::N || b.polarity != Polarity::P || a.drain != b.drain) continue;
                if (!m_wiring.onOwnRail(a) || !m_wiring.onOwnRail(b) || m_wiring.isRail(a.drain)) continue;
                const bool gatesOnly = m_wiring.drainsAt[at(a.drain)].size() == 2 &&
                                       m_wiring.sourcesAt[at(a.drain)].empty() &&
                                       m_wiring.othersAt[at(a.drain)].empty();
                if (gatesOnly && !m_wiring.gatesAt[at(a.drain)].empty())
                    return Inverter{input, a.drain, n, p};
            }
        return std::nullopt;
    }

    void takeInverter(NetId input, std::vector<NetId>& open) {
        const auto inverter = inverterAt(input);
        if (!inverter || m_logic[at(inverter->output)]) return;
        m_logicTransistor[at(inverter->n)] = m_logicTransistor[at(inverter->p)] = true;
        m_logic[at(inverter->output)] = true;
        m_inverters.push_back(*inverter);
        open.push_back(inverter->output);
    }

    // From a gate line to the rail of the transistors on it: closed, it turns them off.
    bool turnsOff(const Transistor& t) const {
        if (!m_wiring.onOwnRail(t) || m_wiring.isRail(t.drain)) return false;
        const auto& gates = m_wiring.gatesAt[at(t.drain)];
        return std::any_of(gates.begin(), gates.end(), [&](int u) {
            return m_wiring[u].polarity == t.polarity && m_wiring[u].source == t.source;
        });
    }

    // What stands on its drain reaches the rail only through this switch: header or footer.
    bool feedsOthers(const Transistor& t) const {
        return m_wiring.onOwnRail(t) && !m_wiring.isRail(t.drain) &&
               m_wiring.drainsAt[at(t.drain)].size() == 1 && !m_wiring.sourcesAt[at(t.drain)].empty() &&
               m_wiring.gatesAt[at(t.drain)].empty();
    }

    bool isPass(const Transistor& t) const { return !m_wiring.isRail(t.drain) && !m_wiring.isRail(t.source); }

    void require(NetId gate, bool high) {
        if (!m_required[at(gate)]) m_required[at(gate)] = high;
        for (std::size_t round = 0; round < m_inverters.size(); ++round) {
            bool changed = false;
            for (const Inverter& inverter : m_inverters) {
                auto& input = m_required[at(inverter.input)];
                auto& output = m_required[at(inverter.output)];
                if (input.has_value() == output.has_value()) continue;
                if (input)
                    output = !*input;
                else
                    input = !*output;
                changed = true;
            }
            if (!changed) break;
        }
    }

    // The surest evidence first; what it does not reach is decided by the weaker one.
    void settleLevels() {
        const auto isN = [&](int t) { return m_wiring[t].polarity == Polarity::N; };
        for (const int t : m_switches)
            if (turnsOff(m_wiring[t])) require(m_wiring[t].gate, !isN(t));
        for (const int t : m_switches)
            if (feedsOthers(m_wiring[t]) || isPass(m_wiring[t])) require(m_wiring[t].gate, isN(t));
    }

    void describe() {
        m_result.states.assign(m_wiring.circuit.devices.size(), SwitchState::None);
        const auto mark = [&](int t, SwitchState state) {
            for (const DeviceId device : m_wiring.devicesOf(t))
                m_result.states[at(device)] = state;
        };
        for (std::size_t i = 0; i < m_logicTransistor.size(); ++i)
            if (m_logicTransistor[i]) mark(static_cast<int>(i), SwitchState::Off);
        for (const int t : m_switches) {
            const Transistor& transistor = m_wiring[t];
            const auto& level = m_required[at(transistor.gate)];
            const bool on = level && *level == (transistor.polarity == Polarity::N);
            mark(t, on ? SwitchState::On : SwitchState::Off);
        }
        for (std::size_t i = 0; i < m_logic.size(); ++i) {
            const auto net = static_cast<NetId>(i);
            if (!m_logic[i] || !m_wiring.undriven(net)) continue;
            if (m_wiring.hasDevice(net, netlist::DeviceType::VoltageSource)) continue;
            m_result.controls.push_back({net, m_required[i].value_or(true)});
        }
    }

    const Wiring& m_wiring;
    std::vector<bool> m_logic;                   // by net
    std::vector<std::optional<bool>> m_required; // by net: the level at which the amplifier works
    std::vector<bool> m_logicTransistor;         // by transistor: half of an inverter
    std::vector<int> m_switches;
    std::vector<Inverter> m_inverters;
    Switches m_result;
};

} // namespace

Switches findSwitches(const Wiring& wiring) {
    return SwitchFinder(wiring).find();
}

} // namespace headroom::structure
