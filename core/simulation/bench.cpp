#include "core/simulation/bench.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::DeviceId;
using netlist::DeviceType;
using netlist::NetId;
using netlist::Polarity;

/// Nets joined where a direct current can flow between them.
class ConductingNets {
public:
    explicit ConductingNets(std::size_t nets)
        : m_parent(nets) {
        std::iota(m_parent.begin(), m_parent.end(), 0);
    }
    int find(int net) {
        while (m_parent[static_cast<std::size_t>(net)] != net)
            net = m_parent[static_cast<std::size_t>(net)] =
                m_parent[static_cast<std::size_t>(m_parent[static_cast<std::size_t>(net)])];
        return net;
    }
    void join(int a, int b) { m_parent[static_cast<std::size_t>(find(a))] = find(b); }

private:
    std::vector<int> m_parent;
};

} // namespace

std::string namesOf(const std::vector<std::string>& devices) {
    constexpr std::size_t mostNamed = 3;
    const bool areMany = devices.size() > mostNamed;
    const std::size_t named = areMany ? mostNamed - 1 : devices.size();
    std::string text;
    for (std::size_t index = 0; index < named; ++index) {
        if (index > 0) text += !areMany && index + 1 == named ? " and " : ", ";
        text += devices[index];
    }
    return areMany ? fmt::format("{} and {} more", text, devices.size() - named) : text;
}

Result<Bench> Bench::create(const AmplifierUnderTest& amplifier, const EvaluationSettings& settings) {
    Bench bench;
    bench.m_amplifier = &amplifier;
    const structure::Structure& structure = amplifier.structure;
    if (!structure.ports)
        return fail(ErrorCode::Unsupported, structure.portsProblem.empty()
                                                ? "The circuit is no amplifier with known ports."
                                                : structure.portsProblem);
    if (Result<void> chosen = bench.chooseConditions(settings); !chosen) return forward(chosen);
    if (Result<void> collected = bench.collectSlots(); !collected) return forward(collected);
    if (Result<void> chosen = bench.chooseVoltageBiases(settings); !chosen) return forward(chosen);
    if (Result<void> checked = bench.checkNets(); !checked) return forward(checked);
    if (Result<void> translated = bench.translateMeasurements(settings.measurements); !translated)
        return forward(translated);
    if (Result<void> known = amplifier.technology.requireCorner(bench.m_conditions.corner); !known)
        return forward(known);
    bench.m_excerpt = technology::LibraryExcerpt::of(amplifier.technology, bench.m_conditions.corner);
    return bench;
}

Result<void> Bench::chooseConditions(const EvaluationSettings& settings) {
    const technology::Technology& technology = m_amplifier->technology;
    m_conditions.supplyVoltage = settings.supplyVoltage.value_or(technology.supplyVoltage);
    m_conditions.temperature =
        settings.temperature.value_or(m_amplifier->netlist.temperature.value_or(technology.temperature));
    m_conditions.biasCurrent = settings.biasCurrent.value_or(technology.biasCurrent);
    m_conditions.loadCapacitance = technology.loadCapacitance;
    m_conditions.corner = settings.corner;
    if (m_conditions.corner.empty() && !technology.corners.empty())
        m_conditions.corner = technology.corners.front();
    m_conditions.outputVoltage = settings.outputVoltage.value_or(0.5 * m_conditions.supplyVoltage);
    if (!(m_conditions.supplyVoltage > 0) || !(m_conditions.temperature > -273.15))
        return fail(ErrorCode::BadInput,
                    "The supply voltage must be positive and the temperature above absolute zero.");
    if (!(m_conditions.biasCurrent > 0) || !std::isfinite(m_conditions.biasCurrent))
        return fail(ErrorCode::BadInput, "The bias current must be a positive number.");

    bool hasN = false;
    bool hasP = false;
    for (const Device& device : circuit().devices) {
        if (device.type != DeviceType::Mosfet || device.nets.size() < 3) continue;
        if (device.nets[netlist::Gate] != ports().inputPlus) continue;
        const technology::MosfetRules* rules = technology.rulesFor(device);
        (rules != nullptr && rules->polarity == Polarity::P ? hasP : hasN) = true;
    }
    const double share = hasN == hasP ? 0.5 : (hasN ? 0.65 : 0.35);
    m_conditions.commonModeVoltage = settings.commonModeVoltage.value_or(share * m_conditions.supplyVoltage);
    const bool areNumbers =
        std::isfinite(m_conditions.supplyVoltage) && std::isfinite(m_conditions.temperature) &&
        std::isfinite(m_conditions.commonModeVoltage) && std::isfinite(m_conditions.outputVoltage);
    if (!areNumbers)
        return fail(ErrorCode::BadInput,
                    "The voltages and the temperature of the test bench must be numbers.");

    return {};
}

bool Bench::isGround(NetId net) const {
    const std::string name = netlist::lowerCase(circuit().nets[static_cast<std::size_t>(net)]);
    return name == "0" || name == "gnd" || name == "gnd!";
}

bool Bench::isBenchSource(const Device& device) const {
    if (device.type != DeviceType::VoltageSource && device.type != DeviceType::CurrentSource) return false;
    const auto isPort = [&](NetId net) {
        const auto isBias = [&](const structure::AmplifierPorts::Bias& bias) { return bias.net == net; };
        return net == ports().positiveSupply || net == ports().negativeSupply || net == ports().inputPlus ||
               net == ports().inputMinus || isGround(net) ||
               std::any_of(ports().currentBiases.begin(), ports().currentBiases.end(), isBias) ||
               std::count(ports().voltageBiases.begin(), ports().voltageBiases.end(), net) > 0;
    };
    return std::all_of(device.nets.begin(), device.nets.end(), isPort);
}

tl::unexpected<Error> Bench::failAbout(ErrorCode code, const Device& device, std::string message) const {
    const auto& files = m_amplifier->netlist.files;
    const auto file = static_cast<std::size_t>(device.span.file);
    return failAt(code, file < files.size() ? files[file].path.string() : std::string(), device.span.line,
                  std::move(message));
}

Result<void> Bench::collectMosfet(DeviceId id) {
    const Device& device = circuit().devices[static_cast<std::size_t>(id)];
    const technology::MosfetRules* rules = m_amplifier->technology.rulesFor(device);
    if (rules == nullptr || device.nets.size() < 3) {
        return failAbout(ErrorCode::NotFound, device,
                         fmt::format("Device {} has the model \"{}\", which technology {} does not know.",
                                     device.name, device.model, m_amplifier->technology.name));
    }
    if (!m_amplifier->technology.knowsModel(device.model))
        m_standIns[{device.model, rules->model}].push_back(device.name);
    m_rules[static_cast<std::size_t>(id)] = rules;
    m_mosfets.push_back(id);
    m_firstSlot[static_cast<std::size_t>(id)] = m_slots.size();
    m_slots.push_back({id, "w", device.number(device.widthName())});
    m_slots.push_back({id, "l", device.number(device.lengthName())});
    m_slots.push_back({id, "m", device.number("m").value_or(1)});
    m_slots.push_back({id, "nf", device.fingers()});
    m_slots.push_back({id, "delvto", 0, true});
    m_slots.push_back({id, "mulu0", 1, true});
    return {};
}

Result<void> Bench::collectSlots() {
    m_rules.assign(circuit().devices.size(), nullptr);
    m_firstSlot.assign(circuit().devices.size(), 0);
    m_canSaturate = structure::canSaturate(m_amplifier->structure, circuit().devices.size());
    bool hasLoad = false;
    bool hasUnsizedLoad = false;
    for (std::size_t index = 0; index < circuit().devices.size(); ++index) {
        const Device& device = circuit().devices[index];
        const auto id = static_cast<DeviceId>(index);
        const bool atOutput = std::any_of(device.nets.begin(), device.nets.end(), [&](NetId net) {
            return net == ports().output || net == ports().outputMinus;
        });
        const bool atSupply = std::any_of(device.nets.begin(), device.nets.end(), [&](NetId net) {
            return net == ports().positiveSupply || net == ports().negativeSupply || isGround(net);
        });
        switch (device.type) {
        case DeviceType::Mosfet:
            if (Result<void> collected = collectMosfet(id); !collected) return collected;
            break;
        case DeviceType::Capacitor: {
            const bool isLoad = atOutput && atSupply;
            hasLoad = hasLoad || isLoad;
            std::optional<double> nominal = device.number("value");
            hasUnsizedLoad = hasUnsizedLoad || (!nominal && isLoad);
            if (!nominal && isLoad) nominal = m_conditions.loadCapacitance;
            m_firstSlot[index] = m_slots.size();
            m_slots.push_back({id, "value", nominal});
            break;
        }
        case DeviceType::Resistor:
        case DeviceType::Inductor:
            m_firstSlot[index] = m_slots.size();
            m_slots.push_back({id, "value", device.number("value")});
            break;
        case DeviceType::VoltageSource:
        case DeviceType::CurrentSource:
            if (isBenchSource(device))
                m_notes.push_back(fmt::format("Source {} gives way to the test bench's own.", device.name));
            else {
                m_firstSlot[index] = m_slots.size();
                m_slots.push_back({id, "value", device.number("value").value_or(0)});
            }
            break;
        case DeviceType::Bipolar:
        case DeviceType::Diode:
        case DeviceType::Other:
            return failAbout(
                ErrorCode::Unsupported, device,
                fmt::format("Device {} is no MOSFET, resistor, capacitor, inductor or source.", device.name));
        }
    }
    for (const auto& [models, devices] : m_standIns)
        m_notes.push_back(
            fmt::format("{} stands for the model \"{}\" of {}, which technology {} does not name.",
                        models.second, models.first, namesOf(devices), m_amplifier->technology.name));
    m_needsLoad = !hasLoad;
    m_conditions.loadCapacitance = m_needsLoad || hasUnsizedLoad ? m_conditions.loadCapacitance : 0;
    m_isMeasured.assign(circuit().nets.size(), false);
    for (const Device& device : circuit().devices)
        for (const NetId net : device.nets)
            m_isMeasured[static_cast<std::size_t>(net)] = net == ports().negativeSupply || !isGround(net);
    return {};
}

Result<SlotValues> Bench::resolve(const Sizing& sizing) const {
    SlotValues values;
    for (const Slot& slot : m_slots)
        values.push_back(slot.nominal.value_or(0));
    std::vector<bool> given;
    for (const Slot& slot : m_slots)
        given.push_back(slot.nominal.has_value());
    for (const netlist::Assignment& assignment : sizing) {
        const auto device = circuit().findDevice(assignment.device);
        const auto isMeant = [&](const Slot& slot) {
            return device == slot.device && slot.parameter == assignment.parameter && !slot.isMismatch;
        };
        const auto slot = std::find_if(m_slots.begin(), m_slots.end(), isMeant);
        if (!device || slot == m_slots.end())
            return fail(ErrorCode::BadInput,
                        fmt::format("The sizing sets {} of {}, which the circuit does not have.",
                                    assignment.parameter, assignment.device));
        const auto index = static_cast<std::size_t>(slot - m_slots.begin());
        values[index] = assignment.value;
        given[index] = true;
    }
    for (std::size_t index = 0; index < m_slots.size(); ++index) {
        const Slot& slot = m_slots[index];
        const Device& device = circuit().devices[static_cast<std::size_t>(slot.device)];
        const bool isSource =
            device.type == DeviceType::VoltageSource || device.type == DeviceType::CurrentSource;
        if (!given[index])
            return failAbout(ErrorCode::BadInput, device,
                             fmt::format("Device {} has no {}: neither netlist nor sizing gives one.",
                                         device.name, slot.parameter));
        if (!std::isfinite(values[index]) || (!isSource && !slot.isMismatch && !(values[index] > 0)))
            return failAbout(
                ErrorCode::BadInput, device,
                fmt::format("{} of device {} must be a positive number.", slot.parameter, device.name));
        // Rounded to what ngspice will read, so that equal decks are equal values.
        values[index] = std::strtod(written(values[index]).c_str(), nullptr);
    }
    for (const DeviceId id : m_mosfets) {
        const Result<int> bin = technology().requireBin(*m_rules[static_cast<std::size_t>(id)],
                                                        fingerWidth(id, values), lengthOf(id, values));
        if (!bin)
            return fail(bin.error().code, fmt::format("Device {} cannot be simulated. {}",
                                                      circuit().devices[static_cast<std::size_t>(id)].name,
                                                      bin.error().message));
    }
    return values;
}

netlist::Polarity Bench::polarity(DeviceId device) const {
    return m_rules[static_cast<std::size_t>(device)]->polarity;
}

std::array<Sweep, 4> Bench::sweeps() const {
    const double supply = m_conditions.supplyVoltage;
    const double over = procedure::inputOverreach * supply;
    // The difference of two outputs goes twice as far as each of them.
    const double span = isDifferential() ? 2 * supply : supply;
    const auto sweep = [&](Performance performance, bool isInput, double to) {
        const double from = isInput ? m_conditions.commonModeVoltage : restLevel();
        const double steps =
            std::ceil(std::abs(to - from) / (isInput ? supply : span) * procedure::sweepStepsPerSupply);
        return Sweep{performance,
                     isInput ? "v_cm" : "v_t",
                     isInput ? ports().inputPlus : ports().output,
                     from,
                     to,
                     std::max(2, static_cast<int>(steps))};
    };
    const double lowest = isDifferential() ? -span : 0;
    return {sweep(Performance::IcmrMin, true, -over), sweep(Performance::IcmrMax, true, supply + over),
            sweep(Performance::VoutMin, false, lowest), sweep(Performance::VoutMax, false, span)};
}

double Bench::outputOf(const OperatingPoint& point) const {
    const double plus = point.nets.at(circuit().nets[static_cast<std::size_t>(ports().output)]);
    if (!isDifferential()) return plus;
    return plus - point.nets.at(circuit().nets[static_cast<std::size_t>(*ports().outputMinus)]);
}

double Bench::commonOutputOf(const OperatingPoint& point) const {
    const double plus = point.nets.at(circuit().nets[static_cast<std::size_t>(ports().output)]);
    if (!isDifferential()) return plus;
    return 0.5 * (plus + point.nets.at(circuit().nets[static_cast<std::size_t>(*ports().outputMinus)]));
}

double Bench::gateArea(const SlotValues& values) const {
    double area = 0;
    for (const DeviceId id : m_mosfets) {
        // collectMosfet() puts w, l, m and nf of a device one after the other.
        const std::size_t slot = m_firstSlot[static_cast<std::size_t>(id)];
        const bool perFinger = circuit().devices[static_cast<std::size_t>(id)].widthIsPerFinger;
        area += values[slot] * (perFinger ? values.at(slot + 3) : 1) * values[slot + 1] * values[slot + 2];
    }
    return area;
}

std::string Bench::sizeNote(const SlotValues& values) const {
    // Sizes come out of arithmetic on the grid; a limit is not missed by rounding.
    constexpr double tolerance = 1e-12;
    constexpr std::size_t mostNamed = 3;
    std::vector<std::string> found;
    const auto check = [&](DeviceId id, const char* what, double value, double low, double high) {
        if (value >= low - tolerance && value <= high + tolerance) return;
        const auto metres = [](double length) { return formatQuantity(length, "m"); };
        found.push_back(fmt::format("{} of {} is {} ({} to {})", what,
                                    circuit().devices[static_cast<std::size_t>(id)].name, metres(value),
                                    metres(low), metres(high)));
    };
    for (const DeviceId id : m_mosfets) {
        const technology::MosfetRules& rules = *m_rules[static_cast<std::size_t>(id)];
        const bool hasFingers = values[m_firstSlot[static_cast<std::size_t>(id)] + 3] > 1;
        check(id, hasFingers ? "a finger's W" : "W", fingerWidth(id, values), rules.minWidth, rules.maxWidth);
        check(id, "L", lengthOf(id, values), rules.minLength, rules.maxLength);
    }
    if (found.empty()) return {};
    const std::size_t more = found.size() - std::min(found.size(), mostNamed);
    found.resize(found.size() - more);
    return fmt::format("Outside of the limits of technology {}, which its models may not hold for: {}{}.",
                       technology().name, fmt::join(found, ", "),
                       more > 0 ? fmt::format(" and {} more", more) : std::string());
}

std::string Bench::withSourceNames(const std::string& message) const {
    std::string result;
    std::size_t at = 0;
    const auto isWordByte = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    while (at < message.size()) {
        std::size_t end = at;
        while (end < message.size() && isWordByte(message[end]))
            ++end;
        const std::string word = message.substr(at, end - at);
        result += sourceName(word);
        if (end < message.size()) result += message[end++];
        at = end;
    }
    return result;
}

std::string Bench::sourceName(const std::string& word) const {
    const auto numberFrom = [&](std::size_t start) -> std::optional<std::size_t> {
        const std::string digits = word.substr(start);
        const bool isNumber = !digits.empty() && digits.size() <= 6 &&
                              digits.find_first_not_of("0123456789") == std::string::npos;
        if (!isNumber) return std::nullopt;
        return static_cast<std::size_t>(std::stoul(digits));
    };
    if (word.empty()) return word;
    const auto index = numberFrom(1);
    if (!index) return word;
    if (word[0] == 'n' && *index < circuit().nets.size()) return circuit().nets[*index];
    if (*index < circuit().devices.size() && deviceName(static_cast<DeviceId>(*index)) == word)
        return circuit().devices[*index].name;
    return word;
}

Result<void> Bench::checkNets() const {
    const std::size_t count = circuit().nets.size();
    ConductingNets conducting(count + 1);
    const int driven = static_cast<int>(count);
    std::set<NetId> used;
    for (const Device& device : circuit().devices) {
        used.insert(device.nets.begin(), device.nets.end());
        if (device.type == DeviceType::Mosfet) {
            for (std::size_t terminal = netlist::Source; terminal < device.nets.size(); ++terminal)
                conducting.join(device.nets[netlist::Drain], device.nets[terminal]);
        } else if (device.type != DeviceType::Capacitor && device.type != DeviceType::CurrentSource) {
            for (const NetId net : device.nets)
                conducting.join(device.nets.front(), net);
        }
    }
    for (const NetId net :
         {ports().positiveSupply, ports().negativeSupply, ports().inputPlus, ports().inputMinus})
        conducting.join(net, driven);
    for (const auto& control : ports().controls)
        conducting.join(control.net, driven);
    for (const auto& rails : {ports().furtherPositiveSupplies, ports().furtherNegativeSupplies})
        for (const NetId net : rails)
            conducting.join(net, driven);
    for (const NetId net : ports().voltageBiases)
        conducting.join(net, driven);
    for (const NetId net : used)
        if (isGround(net)) conducting.join(net, driven);
    for (const NetId net : used) {
        const std::string& name = circuit().nets[static_cast<std::size_t>(net)];
        if (conducting.find(net) == conducting.find(driven)) continue;
        const auto device =
            std::find_if(circuit().devices.begin(), circuit().devices.end(), [&](const Device& each) {
                return std::count(each.nets.begin(), each.nets.end(), net) > 0;
            });
        return failAbout(
            ErrorCode::BadInput, *device,
            fmt::format("Net {} at {} floats: no direct current can reach it from a supply or an input.",
                        name, device->name));
    }
    return {};
}

} // namespace headroom::simulation
