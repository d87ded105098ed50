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
        , m_required(wiring.circuit.nets.size()) {
        m_result.isSwitch.assign(wiring.transistors.size(), false);
        m_result.isInverter.assign(wiring.transistors.size(), false);
    }

    Switches find() {
        std::vector<NetId> open;
        for (std::size_t i = 0; i < m_logic.size(); ++i) {
            const auto net = static_cast<NetId>(i);
            if (m_wiring.gatesAt[i].empty() || !m_wiring.undriven(net)) continue;
            if (!namedLikeControl(m_wiring.netName(net)) && !inverterAt(net)) continue;
            m_logic[i] = true;
            open.push_back(net);
        }
        for (std::size_t i = 0; i < open.size(); ++i)
            takeInverter(open[i], open);
        for (const NetId net : open)
            for (const int t : m_wiring.gatesAt[at(net)])
                takeSwitch(t);
        controls();
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
        m_result.isInverter[at(inverter->n)] = m_result.isInverter[at(inverter->p)] = true;
        m_logic[at(inverter->output)] = true;
        m_inverters.push_back(*inverter);
        open.push_back(inverter->output);
    }

    // A pull switch must be off while the amplifier works, one in a current path on.
    void takeSwitch(int t) {
        const Transistor& transistor = m_wiring[t];
        if (m_result.any(t) || transistor.kind != ArrayKind::Normal) return;
        m_result.isSwitch[at(t)] = true;
        const bool pulls = m_wiring.onOwnRail(transistor) && !m_wiring.isRail(transistor.drain) &&
                           !m_wiring.gatesAt[at(transistor.drain)].empty();
        const bool isN = transistor.polarity == Polarity::N;
        if (!m_required[at(transistor.gate)]) m_required[at(transistor.gate)] = pulls ? !isN : isN;
    }

    void controls() {
        for (auto inverter = m_inverters.rbegin(); inverter != m_inverters.rend(); ++inverter)
            if (m_required[at(inverter->output)] && !m_required[at(inverter->input)])
                m_required[at(inverter->input)] = !*m_required[at(inverter->output)];
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
    std::vector<Inverter> m_inverters;
    Switches m_result;
};

} // namespace

Switches findSwitches(const Wiring& wiring) {
    return SwitchFinder(wiring).find();
}

} // namespace headroom::structure
