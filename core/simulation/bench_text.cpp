#include <algorithm>
#include <array>
#include <cmath>

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

/// The feedback's low pass: 1 megohm, and 1 megafarad or next to nothing.
constexpr const char* slowCapacitance = "1e6";
constexpr const char* fastCapacitance = "1e-18";

/// The overdrive that Newton's method starts from, V. Of 0 to 0.6 V this took the fewest iterations on
/// random sizings of the example amplifiers; ngspice's own start falls back to gmin stepping, at 20 to 100
/// times the cost, three times as often.
constexpr double guessedOverdrive = 0.15;
/// The drain-source voltage that goes with it, as a share of the supply voltage.
constexpr double guessedDrainShare = 0.27;

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

/// The threshold voltage that a card states, as an absolute value.
double thresholdOf(const technology::Technology& technology, const std::string& model) {
    const auto card = technology.cards.find(model);
    if (card != technology.cards.end()) {
        for (const char* name : {"vth0", "vto", "vt0"}) {
            const auto figure = card->second.figures.find(name);
            if (figure != card->second.figures.end()) return std::abs(figure->second);
        }
    }
    return 0.4 * technology.supplyVoltage;
}

} // namespace

std::string Bench::written(double value) {
    return fmt::format("{:.10g}", value);
}

std::string Bench::netName(NetId id) const {
    if (id != ports().negativeSupply && isGround(id)) return "0";
    return fmt::format("n{}", id);
}

std::string Bench::deviceName(DeviceId id) const {
    return fmt::format("{}{}", elementLetter(circuit().devices[static_cast<std::size_t>(id)].type), id);
}

std::string Bench::initialGuess(DeviceId id) const {
    const Device& device = circuit().devices[static_cast<std::size_t>(id)];
    const double sign = polarity(id) == netlist::Polarity::N ? 1 : -1;
    const std::string& model = m_rules[static_cast<std::size_t>(id)]->model;
    const double gateSource = thresholdOf(m_amplifier->technology, model) + guessedOverdrive;
    const bool isDiode = device.nets[netlist::Drain] == device.nets[netlist::Gate];
    const double drainSource = isDiode ? gateSource : guessedDrainShare * m_conditions.supplyVoltage;
    return fmt::format("{},{},0", written(sign * drainSource), written(sign * gateSource));
}

std::string Bench::cardAndSize(DeviceId mosfet, const SlotValues& values) const {
    std::string text = ' ' + m_rules[static_cast<std::size_t>(mosfet)]->model;
    const bool perFinger = circuit().devices[static_cast<std::size_t>(mosfet)].widthIsPerFinger;
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (m_slots[slot].device != mosfet) continue;
        // collectMosfet() puts w, l, m and nf of a device one after the other; ngspice's W is that of all
        // fingers.
        const bool scaled = perFinger && m_slots[slot].parameter == "w";
        text += fmt::format(" {}={}", m_slots[slot].parameter,
                            written(scaled ? values[slot] * values.at(slot + 3) : values[slot]));
    }
    return text;
}

std::string Bench::replicas(const SlotValues& values) const {
    std::string text;
    int index = 0;
    for (const Replica& replica : m_replicas) {
        const bool isN = polarity(replica.original) == netlist::Polarity::N;
        const std::string node = netName(replica.net);
        const std::string rail = netName(isN ? ports().negativeSupply : ports().positiveSupply);
        const std::string other = netName(isN ? ports().positiveSupply : ports().negativeSupply);
        text += fmt::format("m_bias{0} {1} {1} {2} {2}{3}\ni_bias{0} {4} {5} dc {6}\n", index++, node, rail,
                            cardAndSize(replica.original, values), isN ? other : node, isN ? node : other,
                            written(m_conditions.biasCurrent));
    }
    return text;
}

std::string Bench::deviceLine(DeviceId id, const SlotValues& values, Effort effort) const {
    const Device& device = circuit().devices[static_cast<std::size_t>(id)];
    std::string line = deviceName(id);
    // Bodies of kit resistors and capacitors are their third terminal; the value stands behind the second.
    const bool isPassive = device.type == DeviceType::Resistor || device.type == DeviceType::Capacitor ||
                           device.type == DeviceType::Inductor;
    for (std::size_t terminal = 0; terminal < device.nets.size() && !(isPassive && terminal > 1); ++terminal)
        line += ' ' + netName(device.nets[terminal]);
    const bool isMosfet = device.type == DeviceType::Mosfet;
    if (isMosfet && device.nets.size() == 3) line += ' ' + netName(device.nets[netlist::Source]);
    if (isMosfet) line += cardAndSize(id, values);
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot)
        if (m_slots[slot].device == id && !isMosfet) line += ' ' + written(values[slot]);
    if (isMosfet) {
        for (const char* name : fixedGeometry)
            if (const auto value = device.number(name)) line += fmt::format(" {}={}", name, written(*value));
        if (effort == Effort::Normal) line += " ic=" + initialGuess(id);
    }
    return line + '\n';
}

std::string Bench::sources() const {
    const std::string positive = netName(ports().positiveSupply);
    const std::string negative = netName(ports().negativeSupply);
    std::string text = fmt::format("v_dd {} 0 dc {} ac 0\nv_ss {} 0 dc 0 ac 0\n", positive,
                                   written(m_conditions.supplyVoltage), negative);
    int index = 0;
    for (const auto& bias : ports().currentBiases) {
        const std::string node = netName(bias.net);
        text += fmt::format("i_b{} {} {} dc {}\n", index++, bias.intoNet ? positive : node,
                            bias.intoNet ? node : negative, written(m_conditions.biasCurrent));
    }
    for (const auto& [biasNet, volts] : m_voltageBiases)
        text += fmt::format("v_b{} {} 0 dc {}\n", index++, netName(biasNet), written(volts));
    return text + fmt::format("v_cm k 0 dc {0}\nv_t t 0 dc {1} pulse({1} {1} 0 1n 1n 1 2)\n"
                              "v_ip {2} k dc 0 ac 0.5\nv_in g 0 dc 0 ac -0.5\n"
                              "e_fb f k {4} t 1\nr_fb f q 1e6\nc_fb q 0 {5}\ne_in {3} g q 0 1\n",
                              written(m_conditions.commonModeVoltage), written(m_conditions.outputVoltage),
                              netName(ports().inputPlus), netName(ports().inputMinus),
                              netName(ports().output), slowCapacitance);
}

std::string Bench::body(const SlotValues& values, Effort effort) const {
    std::string text = m_models;
    for (std::size_t index = 0; index < circuit().devices.size(); ++index)
        if (!isBenchSource(circuit().devices[index]))
            text += deviceLine(static_cast<DeviceId>(index), values, effort);
    if (m_needsLoad)
        text += fmt::format("c_load {} {} {}\n", netName(ports().output), netName(ports().negativeSupply),
                            written(m_conditions.loadCapacitance));
    // Tight tolerances: the figures are to be smooth functions of the sizing.
    const char* tolerances = effort == Effort::Normal
                                 ? "reltol=1e-4 vntol=1e-8 abstol=1e-13"
                                 : "reltol=1e-3 vntol=1e-6 abstol=1e-12 itl1=1000 itl2=500 "
                                   "itl4=200 gminsteps=20 srcsteps=20";
    return text + replicas(values) + sources() +
           fmt::format(".options noinit {} temp={}\n", tolerances, written(m_conditions.temperature));
}

std::string Bench::deck(const SlotValues& values, Effort effort) const {
    return "* " + circuit().name + '\n' + body(values, effort) + ".end\n";
}

std::vector<std::string> Bench::operatingPointVectors() const {
    std::vector<std::string> names;
    for (const DeviceId id : m_mosfets)
        for (const char* quantity : mosfetQuantities)
            names.push_back(fmt::format("@{}[{}]", deviceName(id), quantity));
    for (std::size_t index = 0; index < circuit().nets.size(); ++index)
        if (m_isMeasured[index]) names.push_back(netName(static_cast<NetId>(index)));
    names.emplace_back("v_dd#branch");
    return names;
}

std::string Bench::saveCommands(const std::vector<std::string>& vectors) {
    constexpr std::size_t longestLine = 500;
    std::string script;
    std::string line = "save";
    for (const std::string& vector : vectors) {
        if (line.size() + vector.size() > longestLine) {
            script += line + '\n';
            line = "save";
        }
        line += ' ' + vector;
    }
    return script + line + '\n';
}

std::string Bench::alterations(const SlotValues& before, const SlotValues& after) const {
    std::string script;
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (before[slot] == after[slot]) continue;
        const Slot& changed = m_slots[slot];
        const std::string value = written(after[slot]);
        if (changed.parameter == "value") {
            script += fmt::format("alter {} = {}\n", deviceName(changed.device), value);
            continue;
        }
        script += fmt::format("alter @{}[{}] = {}\n", deviceName(changed.device), changed.parameter, value);
        for (std::size_t index = 0; index < m_replicas.size(); ++index)
            if (m_replicas[index].original == changed.device)
                script += fmt::format("alter @m_bias{}[{}] = {}\n", index, changed.parameter, value);
    }
    return script;
}

std::string Bench::startFrom(const OperatingPoint& point) const {
    std::string script;
    for (const DeviceId id : m_mosfets) {
        const Device& device = circuit().devices[static_cast<std::size_t>(id)];
        const auto voltage = [&](std::size_t terminal) {
            const NetId net = device.nets[terminal < device.nets.size() ? terminal : netlist::Source];
            return point.nets.at(circuit().nets[static_cast<std::size_t>(net)]);
        };
        const double source = voltage(netlist::Source);
        script += fmt::format(
            "alter @{}[ic] = [ {} {} {} ]\n", deviceName(id), written(voltage(netlist::Drain) - source),
            written(voltage(netlist::Gate) - source), written(voltage(netlist::Bulk) - source));
    }
    return script;
}

std::string Bench::startAfresh() const {
    std::string script;
    for (const DeviceId id : m_mosfets) {
        std::string guess = initialGuess(id);
        std::replace(guess.begin(), guess.end(), ',', ' ');
        script += fmt::format("alter @{}[ic] = [ {} ]\n", deviceName(id), guess);
    }
    return script;
}

std::string Bench::excite(Excitation excitation) const {
    const bool differential = excitation == Excitation::Differential;
    const double plus = differential ? 0.5 : (excitation == Excitation::CommonMode ? 1 : 0);
    return fmt::format("alter @v_ip[acmag] = {}\nalter @v_in[acmag] = {}\nalter @v_dd[acmag] = {}\n"
                       "alter @v_ss[acmag] = {}\n",
                       plus, differential ? -0.5 : plus, excitation == Excitation::PositiveSupply ? 1 : 0,
                       excitation == Excitation::NegativeSupply ? 1 : 0);
}

std::string Bench::step(double volts, const std::string& riseTime) const {
    return fmt::format("alter c_fb = {0}\nalter @v_t[pulse] = [ {1} {2} 0 {3} {3} 1 2 ]\n", fastCapacitance,
                       written(m_conditions.outputVoltage), written(m_conditions.outputVoltage + volts),
                       riseTime);
}

std::string Bench::endStep() const {
    return fmt::format("alter c_fb = {}\n", slowCapacitance);
}

} // namespace headroom::simulation
