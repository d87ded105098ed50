#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/simulation/bench.h"
#include "core/simulation/worker_protocol.h"

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::DeviceId;
using netlist::DeviceType;
using netlist::NetId;

/// Geometry that a netlist may give and that no sizing changes.
constexpr std::array fixedGeometry = {"ad", "as", "pd", "ps", "nrd", "nrs"};

/// The feedback's low pass: 1 megohm, and 1 megafarad or next to nothing.
constexpr double slowCapacitance = 1e6;
constexpr double fastCapacitance = 1e-18;

/// The overdrive that Newton's method starts from, V. Of 0 to 0.6 V this took the fewest iterations on
/// random sizings of the example amplifiers; ngspice's own start falls back to gmin stepping, at 20 to 100
/// times the cost, three times as often.
constexpr double guessedOverdrive = 0.15;
/// The drain-source voltage that goes with it, as a share of the supply voltage.
constexpr double guessedDrainShare = 0.27;

/// Of the supply voltage, for models that are known to ngspice alone.
constexpr double unknownThresholdShare = 0.4;

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

double Bench::thresholdOf(DeviceId id) const {
    const std::string& model = m_rules[static_cast<std::size_t>(id)]->model;
    for (const char* name : {"vth0", "vto", "vt0"})
        if (const auto figure = technology().figure(model, name)) return std::abs(*figure);
    return unknownThresholdShare * technology().supplyVoltage;
}

bool Bench::isSubcircuit(DeviceId id) const {
    const technology::MosfetRules* rules = m_rules[static_cast<std::size_t>(id)];
    return rules != nullptr && !rules->innerDevice.empty();
}

std::string Bench::netName(NetId id) const {
    if (id != ports().negativeSupply && isGround(id)) return "0";
    return fmt::format("n{}", id);
}

std::string Bench::deviceName(DeviceId id) const {
    const char letter =
        isSubcircuit(id) ? 'x' : elementLetter(circuit().devices[static_cast<std::size_t>(id)].type);
    return fmt::format("{}{}", letter, id);
}

std::string Bench::innerName(DeviceId id) const {
    if (!isSubcircuit(id)) return deviceName(id);
    return fmt::format("m.{}.{}", deviceName(id), m_rules[static_cast<std::size_t>(id)]->innerDevice);
}

std::string Bench::outputVector() const {
    return isDifferential() ? "od" : netName(ports().output);
}

std::string Bench::commonOutputVector() const {
    return isDifferential() ? "oc" : netName(ports().output);
}

std::array<double, 3> Bench::initialGuess(DeviceId id) const {
    const Device& device = circuit().devices[static_cast<std::size_t>(id)];
    const double sign = polarity(id) == netlist::Polarity::N ? 1 : -1;
    const double gateSource = thresholdOf(id) + guessedOverdrive;
    const bool isDiode = device.nets[netlist::Drain] == device.nets[netlist::Gate];
    const double drainSource = isDiode ? gateSource : guessedDrainShare * m_conditions.supplyVoltage;
    return {sign * drainSource, sign * gateSource, 0};
}

std::string Bench::cardAndSize(DeviceId mosfet, const SlotValues& values) const {
    const technology::MosfetRules& rules = *m_rules[static_cast<std::size_t>(mosfet)];
    std::string text = ' ' + rules.model;
    const bool perFinger = circuit().devices[static_cast<std::size_t>(mosfet)].widthIsPerFinger;
    const std::size_t first = m_firstSlot[static_cast<std::size_t>(mosfet)];
    // collectMosfet() puts w, l, m, nf and the mismatch of a device one after the other; ngspice's W is that
    // of all fingers.
    for (std::size_t slot = first; slot < m_slots.size() && m_slots[slot].device == mosfet; ++slot) {
        const std::string& parameter = m_slots[slot].parameter;
        // Not every model knows the parameters of mismatch, and no subcircuit passes them on: there they are
        // altered in the MOSFET inside.
        if (m_slots[slot].isMismatch && (isSubcircuit(mosfet) || values[slot] == m_slots[slot].nominal))
            continue;
        const auto renamed = rules.parameterNames.find(parameter);
        const std::string& name = renamed == rules.parameterNames.end() ? parameter : renamed->second;
        if (name.empty()) continue;
        double value = values[slot];
        if (parameter == "w" && perFinger) value *= values.at(first + 3);
        if (parameter == "w" || parameter == "l") value /= technology().lengthUnit;
        text += fmt::format(" {}={}", name, written(value));
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
    if (!isMosfet) line += ' ' + written(values[m_firstSlot[static_cast<std::size_t>(id)]]);
    // A library's subcircuit works areas and perimeters out itself.
    if (isMosfet && !isSubcircuit(id)) {
        for (const char* name : fixedGeometry)
            if (const auto value = device.number(name)) line += fmt::format(" {}={}", name, written(*value));
        if (effort == Effort::Normal) {
            const auto guess = initialGuess(id);
            line += fmt::format(" ic={},{},{}", written(guess[0]), written(guess[1]), written(guess[2]));
        }
    }
    return line + '\n';
}

std::string Bench::supplies() const {
    const std::string positive = netName(ports().positiveSupply);
    const std::string negative = netName(ports().negativeSupply);
    std::string text = fmt::format("v_dd {} 0 dc {} ac 0\nv_ss {} 0 dc 0 ac 0\n", positive,
                                   written(m_conditions.supplyVoltage), negative);
    int tie = 0;
    const auto tieTo = [&](NetId net, const std::string& rail) {
        text += fmt::format("v_tie{} {} {} dc 0\n", tie++, netName(net), rail);
    };
    for (const NetId net : ports().furtherPositiveSupplies)
        tieTo(net, positive);
    for (const NetId net : ports().furtherNegativeSupplies)
        if (!isGround(net)) tieTo(net, negative);
    for (const auto& control : ports().controls)
        tieTo(control.net, control.high ? positive : negative);
    int index = 0;
    for (const auto& bias : ports().currentBiases) {
        const std::string node = netName(bias.net);
        text += fmt::format("i_b{} {} {} dc {}\n", index++, bias.intoNet ? positive : node,
                            bias.intoNet ? node : negative, written(m_conditions.biasCurrent));
    }
    for (const auto& [biasNet, volts] : m_voltageBiases)
        text += fmt::format("v_b{} {} 0 dc {}\n", index++, netName(biasNet), written(volts));
    return text;
}

std::string Bench::feedback() const {
    const std::string plus = netName(ports().inputPlus);
    const std::string minus = netName(ports().inputMinus);
    const std::string output = netName(ports().output);
    const std::string common = fmt::format("v_cm k 0 dc {0}\nv_t t 0 dc {1} pulse({1} {1} 0 1n 1n 1 2)\n",
                                           written(m_conditions.commonModeVoltage), written(restLevel()));
    const std::string lowPass = fmt::format("r_fb f q 1e6\nc_fb q 0 {}\n", written(slowCapacitance));
    if (!isDifferential())
        return common +
               fmt::format("i_out 0 {1} dc 0 ac 0\nv_ip {0} k dc 0 ac 0.5\nv_in g 0 dc 0 ac -0.5\n"
                           "e_fb f k {1} t 1\n",
                           plus, output) +
               lowPass + fmt::format("e_in {} g q 0 1\n", minus);
    const std::string other = netName(*ports().outputMinus);
    return common +
           fmt::format("i_out {1} {0} dc 0 ac 0\ne_od od 0 {0} {1} 1\ne_oa oa 0 {0} 0 0.5\ne_oc oc oa {1} 0 "
                       "0.5\ne_fb f 0 od t 1\n",
                       output, other) +
           lowPass +
           fmt::format("v_ip gp k dc 0 ac 0.5\nv_in gm k dc 0 ac -0.5\ne_ip {0} gp q 0 -0.5\n"
                       "e_in {1} gm q 0 0.5\n",
                       plus, minus);
}

std::string Bench::body(const SlotValues& values, Effort effort) const {
    std::string text;
    for (const std::string& command : technology().commandsBeforeDeck())
        text += std::string(protocol::before) + command + '\n';
    text += models(values);
    for (std::size_t index = 0; index < circuit().devices.size(); ++index)
        if (!isBenchSource(circuit().devices[index]))
            text += deviceLine(static_cast<DeviceId>(index), values, effort);
    if (m_needsLoad) {
        const std::string negative = netName(ports().negativeSupply);
        text += fmt::format("c_load {} {} {}\n", netName(ports().output), negative,
                            written(m_conditions.loadCapacitance));
        if (isDifferential())
            text += fmt::format("c_load2 {} {} {}\n", netName(*ports().outputMinus), negative,
                                written(m_conditions.loadCapacitance));
    }
    // Tight tolerances: the figures are to be smooth functions of the sizing.
    const char* tolerances = effort == Effort::Normal
                                 ? "reltol=1e-4 vntol=1e-8 abstol=1e-13"
                                 : "reltol=1e-3 vntol=1e-6 abstol=1e-12 itl1=1000 itl2=500 "
                                   "itl4=200 gminsteps=20 srcsteps=20";
    return text + replicas(values) + supplies() + feedback() +
           fmt::format(".options noinit {} temp={}\n", tolerances, written(m_conditions.temperature));
}

std::string Bench::deck(const SlotValues& values, Effort effort) const {
    return "* " + circuit().name + '\n' + body(values, effort) + ".end\n";
}

double Bench::fingerWidth(DeviceId id, const SlotValues& values) const {
    // collectMosfet() puts w, l, m and nf of a device one after the other.
    const std::size_t slot = m_firstSlot[static_cast<std::size_t>(id)];
    const bool perFinger = circuit().devices[static_cast<std::size_t>(id)].widthIsPerFinger;
    return perFinger ? values[slot] : values[slot] / values[slot + 3];
}

double Bench::lengthOf(DeviceId id, const SlotValues& values) const {
    return values[m_firstSlot[static_cast<std::size_t>(id)] + 1];
}

std::optional<int> Bench::binOf(DeviceId id, const SlotValues& values) const {
    return technology().binOf(*m_rules[static_cast<std::size_t>(id)], fingerWidth(id, values),
                              lengthOf(id, values));
}

std::vector<technology::ModelUse> Bench::modelUses(const SlotValues& values) const {
    std::vector<technology::ModelUse> uses;
    for (const DeviceId id : m_mosfets) {
        const auto bin = binOf(id, values);
        const std::string& model = m_rules[static_cast<std::size_t>(id)]->model;
        const bool isNew = std::none_of(uses.begin(), uses.end(), [&](const technology::ModelUse& use) {
            return use.model == model && use.bin == bin;
        });
        if (bin && isNew) uses.push_back({model, *bin});
    }
    return uses;
}

std::string Bench::models(const SlotValues& values) const {
    std::optional<std::string> excerpt;
    if (m_excerpt) {
        std::vector<technology::LibraryExcerpt::Use> uses;
        for (const DeviceId id : m_mosfets) {
            const std::size_t slot = m_firstSlot[static_cast<std::size_t>(id)];
            const double fingerW = fingerWidth(id, values);
            uses.push_back({m_rules[static_cast<std::size_t>(id)]->model, fingerW * values[slot + 3], fingerW,
                            lengthOf(id, values)});
        }
        excerpt = m_excerpt->text(uses);
    }
    return technology()
        .modelText(m_conditions.corner, modelUses(values), excerpt ? &*excerpt : nullptr)
        .value_or(std::string());
}

bool Bench::wantsNewDeck(const SlotValues& before, const SlotValues& after) const {
    return std::any_of(m_mosfets.begin(), m_mosfets.end(), [&](DeviceId id) {
        constexpr std::ptrdiff_t sizes = 4;
        const auto first = static_cast<std::ptrdiff_t>(m_firstSlot[static_cast<std::size_t>(id)]);
        if (std::equal(before.begin() + first, before.begin() + first + sizes, after.begin() + first))
            return false;
        if (technology().reloadsOnResize(*m_rules[static_cast<std::size_t>(id)])) return true;
        return binOf(id, before) != binOf(id, after);
    });
}

std::vector<std::string> Bench::operatingPointVectors() const {
    std::vector<std::string> names;
    for (const DeviceId id : m_mosfets)
        for (const char* quantity : mosfetQuantities)
            names.push_back(fmt::format("@{}[{}]", innerName(id), quantity));
    for (std::size_t index = 0; index < circuit().nets.size(); ++index)
        if (m_isMeasured[index]) names.push_back(netName(static_cast<NetId>(index)));
    names.emplace_back("v_dd#branch");
    return names;
}

std::vector<std::string> Bench::sweepVectors() const {
    std::vector<std::string> names;
    for (const DeviceId id : m_mosfets)
        names.push_back(fmt::format("@{}[{}]", innerName(id), mosfetQuantities.front()));
    for (std::size_t index = 0; index < circuit().nets.size(); ++index)
        if (m_isMeasured[index]) names.push_back(netName(static_cast<NetId>(index)));
    return names;
}

std::vector<Alteration> Bench::alterations(const SlotValues& before, const SlotValues& after) const {
    std::vector<Alteration> changes;
    const auto alterSize = [&](DeviceId device, const std::string& parameter, double value) {
        changes.push_back({innerName(device), parameter, {value}});
        for (std::size_t index = 0; index < m_replicas.size(); ++index)
            if (m_replicas[index].original == device)
                changes.push_back({fmt::format("m_bias{}", index), parameter, {value}});
    };
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (before[slot] == after[slot]) continue;
        const DeviceId device = m_slots[slot].device;
        const std::string& parameter = m_slots[slot].parameter;
        // collectMosfet() puts w, l, m and nf of a device one after the other.
        const bool perFinger = circuit().devices[static_cast<std::size_t>(device)].widthIsPerFinger;
        if (parameter == "value") {
            changes.push_back({deviceName(device), {}, {after[slot]}});
        } else if (m_slots[slot].isMismatch) {
            changes.push_back({innerName(device), parameter, {after[slot]}});
        } else if (parameter == "w" && perFinger) {
            alterSize(device, "w", after[slot] * after.at(slot + 3));
        } else {
            if (parameter == "nf" && perFinger) alterSize(device, "w", after.at(slot - 3) * after[slot]);
            alterSize(device, parameter, after[slot]);
        }
    }
    return changes;
}

std::vector<Alteration> Bench::startFrom(const OperatingPoint& point) const {
    std::vector<Alteration> changes;
    for (const DeviceId id : m_mosfets) {
        const Device& device = circuit().devices[static_cast<std::size_t>(id)];
        const auto voltage = [&](std::size_t terminal) {
            const NetId net = device.nets[terminal < device.nets.size() ? terminal : netlist::Source];
            return point.nets.at(circuit().nets[static_cast<std::size_t>(net)]);
        };
        const double source = voltage(netlist::Source);
        changes.push_back({innerName(id),
                           "ic",
                           {voltage(netlist::Drain) - source, voltage(netlist::Gate) - source,
                            voltage(netlist::Bulk) - source}});
    }
    return changes;
}

std::vector<Alteration> Bench::startAfresh() const {
    std::vector<Alteration> changes;
    for (const DeviceId id : m_mosfets) {
        const auto guess = initialGuess(id);
        changes.push_back({innerName(id), "ic", {guess.begin(), guess.end()}});
    }
    return changes;
}

std::vector<Alteration> Bench::excite(Excitation excitation) const {
    const bool differential = excitation == Excitation::Differential;
    const double plus = differential ? 0.5 : (excitation == Excitation::CommonMode ? 1 : 0);
    return {{"v_ip", "acmag", {plus}},
            {"v_in", "acmag", {differential ? -0.5 : plus}},
            {"v_dd", "acmag", {excitation == Excitation::PositiveSupply ? 1.0 : 0.0}},
            {"v_ss", "acmag", {excitation == Excitation::NegativeSupply ? 1.0 : 0.0}},
            {"i_out", "acmag", {excitation == Excitation::Output ? 1.0 : 0.0}},
            {"c_fb", {}, {excitation == Excitation::Output ? fastCapacitance : slowCapacitance}}};
}

std::vector<Alteration> Bench::step(double volts, double riseTime) const {
    return {{"c_fb", {}, {fastCapacitance}},
            {"v_t", "pulse", {restLevel(), restLevel() + volts, 0, riseTime, riseTime, 1, 2}}};
}

std::vector<Alteration> Bench::endStep() const {
    return {{"c_fb", {}, {slowCapacitance}},
            {"v_t", "pulse", {restLevel(), restLevel(), 0, 1e-9, 1e-9, 1, 2}}};
}

} // namespace headroom::simulation
