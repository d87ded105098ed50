#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/simulation/bench.h"

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::DeviceId;
using netlist::DeviceType;
using netlist::NetId;

/// Geometry that a netlist may give and that no sizing changes.
constexpr std::array fixedGeometry = {"ad", "as", "pd", "ps", "nrd", "nrs"};

/// Rise time of the step before a measured transit frequency sets it.
constexpr const char* initialPulse = "0 1n 1n 1 2";

char letterOf(Excitation excitation) {
    switch (excitation) {
    case Excitation::Differential:
        return 'd';
    case Excitation::CommonMode:
        return 'c';
    case Excitation::PositiveSupply:
        return 'p';
    case Excitation::NegativeSupply:
        break;
    }
    return 'n';
}

char elementLetter(DeviceType type) {
    switch (type) {
    case DeviceType::Mosfet:
        return 'm';
    case DeviceType::Resistor:
        return 'r';
    case DeviceType::Capacitor:
        return 'c';
    case DeviceType::Inductor:
        return 'l';
    case DeviceType::VoltageSource:
        return 'v';
    case DeviceType::CurrentSource:
        return 'i';
    case DeviceType::Bipolar:
    case DeviceType::Diode:
    case DeviceType::Other:
        break;
    }
    return 'x';
}

} // namespace

std::string Bench::written(double value) {
    return fmt::format("{:.10g}", value);
}

std::string Bench::letters(Deck kind, const std::vector<Excitation>& excitations) {
    if (kind == Deck::Static) return "s";
    if (kind == Deck::Step) return "rf";
    std::string result;
    for (const Excitation excitation : excitations)
        result += letterOf(excitation);
    return result;
}

std::string Bench::net(char copy, NetId id) const {
    if (id != ports().negativeSupply && isGround(id)) return "0";
    return fmt::format("{}{}", copy, id);
}

std::string Bench::element(char copy, DeviceId id) const {
    return fmt::format("{}{}{}", elementLetter(circuit().devices[static_cast<std::size_t>(id)].type), copy,
                       id);
}

std::string Bench::deviceLine(char copy, DeviceId id, const SlotValues& values) const {
    const Device& device = circuit().devices[static_cast<std::size_t>(id)];
    std::string line = element(copy, id);
    for (const NetId terminal : device.nets)
        line += ' ' + net(copy, terminal);
    const bool isMosfet = device.type == DeviceType::Mosfet;
    if (isMosfet && device.nets.size() == 3) line += ' ' + net(copy, device.nets[netlist::Source]);
    if (isMosfet) line += ' ' + m_rules[static_cast<std::size_t>(id)]->model;
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (m_slots[slot].device != id) continue;
        if (isMosfet)
            line += fmt::format(" {}={}", m_slots[slot].parameter, written(values[slot]));
        else
            line += ' ' + written(values[slot]);
    }
    if (isMosfet) {
        for (const char* name : fixedGeometry)
            if (const auto value = device.number(name)) line += fmt::format(" {}={}", name, written(*value));
    }
    return line + '\n';
}

std::string Bench::circuitCopy(char copy, const SlotValues& values) const {
    std::string text;
    for (std::size_t index = 0; index < circuit().devices.size(); ++index)
        if (!isBenchSource(circuit().devices[index]))
            text += deviceLine(copy, static_cast<DeviceId>(index), values);
    if (m_needsLoad)
        text += fmt::format("c_load_{0} {1} {2} {3}\n", copy, net(copy, ports().output),
                            net(copy, ports().negativeSupply), written(m_conditions.loadCapacitance));
    return text;
}

std::string Bench::supplies(char copy, Excitation excitation) const {
    const std::string positive = net(copy, ports().positiveSupply);
    const std::string negative = net(copy, ports().negativeSupply);
    std::string text =
        fmt::format("v_dd_{0} {1} 0 dc {2} ac {3}\nv_ss_{0} {4} 0 dc 0 ac {5}\n", copy, positive,
                    written(m_conditions.supplyVoltage), excitation == Excitation::PositiveSupply ? 1 : 0,
                    negative, excitation == Excitation::NegativeSupply ? 1 : 0);
    int index = 0;
    for (const auto& bias : ports().currentBiases) {
        const std::string node = net(copy, bias.net);
        text += fmt::format("i_b{}_{} {} {} dc {}\n", index++, copy, bias.intoNet ? positive : node,
                            bias.intoNet ? node : negative, written(m_conditions.biasCurrent));
    }
    for (const auto& [biasNet, volts] : m_voltageBiases)
        text += fmt::format("v_b{}_{} {} 0 dc {}\n", index++, copy, net(copy, biasNet), written(volts));
    return text;
}

std::string Bench::inputs(Deck kind, char copy, Excitation excitation) const {
    const std::string plus = net(copy, ports().inputPlus);
    const std::string minus = net(copy, ports().inputMinus);
    const std::string output = net(copy, ports().output);
    const std::string commonMode = written(m_conditions.commonModeVoltage);
    const std::string target = written(m_conditions.outputVoltage);
    if (kind != Deck::SmallSignal) {
        std::string source = "dc " + target;
        if (kind == Deck::Step) {
            const double half = 0.5 * stepShare * m_conditions.supplyVoltage * (copy == 'r' ? 1 : -1);
            source = fmt::format("pulse({} {} {})", written(m_conditions.outputVoltage - half),
                                 written(m_conditions.outputVoltage + half), initialPulse);
        }
        return fmt::format("v_cm_{0} {1} 0 dc {4}\nv_t_{0} t_{0} 0 {5}\ne_fb_{0} {2} {1} {3} t_{0} 1\n", copy,
                           plus, minus, output, commonMode, source);
    }
    const bool differential = excitation == Excitation::Differential;
    const bool common = excitation == Excitation::CommonMode;
    const double plusDrive = differential ? 0.5 : (common ? 1 : 0);
    const double minusDrive = differential ? -0.5 : plusDrive;
    return fmt::format("v_cm_{0} k_{0} 0 dc {4}\nv_t_{0} t_{0} 0 dc {5}\nv_ip_{0} {1} k_{0} dc 0 ac {6}\n"
                       "e_fb_{0} f_{0} k_{0} {3} t_{0} 1\nr_fb_{0} f_{0} q_{0} 1e6\nc_fb_{0} q_{0} 0 1e6\n"
                       "v_in_{0} g_{0} 0 dc 0 ac {7}\ne_in_{0} {2} g_{0} q_{0} 0 1\n",
                       copy, plus, minus, output, commonMode, target, plusDrive, minusDrive);
}

std::string Bench::copies(Deck kind, const SlotValues& values) const {
    std::string text;
    const std::string copyLetters = letters(kind, m_excitations);
    for (std::size_t index = 0; index < copyLetters.size(); ++index) {
        const Excitation excitation =
            kind == Deck::SmallSignal ? m_excitations[index] : Excitation::Differential;
        text += circuitCopy(copyLetters[index], values) + supplies(copyLetters[index], excitation) +
                inputs(kind, copyLetters[index], excitation);
    }
    return text;
}

std::string Bench::options(Effort effort) const {
    // Tight tolerances: the figures are to be smooth functions of the sizing.
    const char* tolerances =
        effort == Effort::Normal
            ? "reltol=1e-4 vntol=1e-8 abstol=1e-13"
            : "reltol=1e-3 vntol=1e-6 abstol=1e-12 itl1=1000 itl2=500 itl4=200 gminsteps=20 srcsteps=20";
    return fmt::format(".options {} temp={} nopage noacct\n", tolerances, written(m_conditions.temperature));
}

std::string Bench::deck(Deck kind, const SlotValues& values, Effort effort) const {
    return "* headroom\n" + m_models + copies(kind, values) + options(effort) + ".end\n";
}

std::vector<std::string> Bench::operatingPointVectors() const {
    std::vector<std::string> names;
    for (const DeviceId id : m_mosfets)
        for (const char* quantity : mosfetQuantities)
            names.push_back(fmt::format("@{}[{}]", element('s', id), quantity));
    for (std::size_t index = 0; index < circuit().nets.size(); ++index)
        if (m_isMeasured[index]) names.push_back(net('s', static_cast<NetId>(index)));
    names.emplace_back("v_dd_s#branch");
    return names;
}

std::vector<std::string> Bench::savedVectors(Deck kind) const {
    if (kind == Deck::Static) return operatingPointVectors();
    std::vector<std::string> names;
    for (const char copy : letters(kind, m_excitations))
        names.push_back(net(copy, ports().output));
    return names;
}

std::string Bench::alterations(Deck kind, const SlotValues& before, const SlotValues& after) const {
    std::string script;
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (before[slot] == after[slot]) continue;
        for (const char copy : letters(kind, m_excitations)) {
            const std::string name = element(copy, m_slots[slot].device);
            if (m_slots[slot].parameter == "value")
                script += fmt::format("alter {} = {}\n", name, written(after[slot]));
            else
                script +=
                    fmt::format("alter @{}[{}] = {}\n", name, m_slots[slot].parameter, written(after[slot]));
        }
    }
    return script;
}

} // namespace headroom::simulation
