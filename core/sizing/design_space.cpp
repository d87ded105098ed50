#include "core/sizing/design_space.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/netlist/letter_case.h"

namespace headroom::sizing {
namespace {

using netlist::Device;
using netlist::DeviceType;

constexpr double kCapacitorLow = 50e-15;
constexpr double kCapacitorHigh = 20e-12;
constexpr double kResistorLow = 100;
constexpr double kResistorHigh = 1e6;
/// Relative difference of widths that are the same but for rounding.
constexpr double kSameWidth = 1e-9;

/// Disjoint sets of devices: which share a parameter.
class DeviceSets {
public:
    explicit DeviceSets(std::size_t count)
        : m_parent(count) {
        std::iota(m_parent.begin(), m_parent.end(), 0);
    }
    int find(int device) {
        while (m_parent[static_cast<std::size_t>(device)] != device)
            device = m_parent[static_cast<std::size_t>(device)];
        return device;
    }
    /// The smaller device number becomes the representative.
    void join(int a, int b) {
        const int first = find(a);
        const int second = find(b);
        m_parent[static_cast<std::size_t>(std::max(first, second))] = std::min(first, second);
    }

private:
    std::vector<int> m_parent;
};

/// What shares a width, and what shares a length: matched devices and those that act as one transistor both,
/// a mirror's devices their length.
struct SharedParameters {
    DeviceSets widths, lengths;

    explicit SharedParameters(const structure::Structure& structure, std::size_t devices)
        : widths(devices)
        , lengths(devices) {
        for (const structure::MatchedGroup& group : structure.matchedGroups)
            joinAll(widths, group.devices, group.devices.front());
        for (const structure::CompositeTransistor& transistor : structure.transistors) {
            for (const auto& row : transistor.rows)
                joinAll(widths, row.devices, transistor.rows.front().devices.front());
        }
        lengths = widths;
        for (const structure::MirrorRatio& mirror : structure.mirrors)
            lengths.join(mirror.reference, mirror.output);
    }

private:
    static void joinAll(DeviceSets& sets, const std::vector<DeviceId>& devices, DeviceId first) {
        for (const DeviceId id : devices)
            sets.join(first, id);
    }
};

bool isLegal(const Device& device, const technology::MosfetRules& rules) {
    const auto width = device.fingerWidth();
    const auto length = device.number(device.lengthName());
    return width && length && *width >= rules.minWidth && *width <= rules.maxWidth &&
           *length >= rules.minLength && *length <= rules.maxLength;
}

/// Dummies, switches, decoupling and load capacitors stay as they are drawn, since no performance is sized by
/// them. Where the netlist does not say how large they are, or the technology has no such sizes, they cannot.
bool staysAsDrawn(const simulation::AmplifierUnderTest& amplifier, const std::vector<bool>& conducts,
                  DeviceId id) {
    const auto index = static_cast<std::size_t>(id);
    const Device& device = amplifier.netlist.circuit.devices[index];
    const structure::Function function = amplifier.structure.roles.at(index).function;
    if (device.type == DeviceType::Mosfet) {
        const technology::MosfetRules* rules = amplifier.technology.rulesFor(device);
        return !conducts[index] && function == structure::Function::Auxiliary && rules != nullptr &&
               isLegal(device, *rules);
    }
    return function == structure::Function::LoadCapacitance ||
           (function == structure::Function::Auxiliary && device.number("value"));
}

std::vector<bool> conductingDevices(const structure::Structure& structure, std::size_t devices) {
    std::vector<bool> conducts(devices, true);
    for (const structure::CompositeTransistor& transistor : structure.transistors) {
        for (const auto& row : transistor.rows) {
            for (const DeviceId id : row.devices)
                conducts[static_cast<std::size_t>(id)] = transistor.conducts;
        }
    }
    return conducts;
}

std::string blockName(const netlist::Circuit& circuit, const structure::Block& block) {
    std::vector<std::string> names;
    for (const DeviceId id : block.devices)
        names.push_back(circuit.devices[static_cast<std::size_t>(id)].name);
    return fmt::format("{} {}", block.type, fmt::join(names, " "));
}

} // namespace

Result<DesignSpace> DesignSpace::create(const simulation::AmplifierUnderTest& amplifier) {
    DesignSpace space;
    if (const auto added = space.addVariables(amplifier); !added) return forward(added);
    space.nameVariables(amplifier.netlist.circuit);
    space.listDeviceValues(amplifier.netlist.circuit);
    space.listBlocks(amplifier.netlist.circuit, amplifier.structure);
    space.listMirrorBanks(amplifier);
    return space;
}

Result<void> DesignSpace::addVariables(const simulation::AmplifierUnderTest& amplifier) {
    const netlist::Circuit& circuit = amplifier.netlist.circuit;
    const structure::Structure& structure = amplifier.structure;
    SharedParameters shared(structure, circuit.devices.size());
    const std::vector<bool> conducts = conductingDevices(structure, circuit.devices.size());
    std::map<std::pair<int, std::string>, std::size_t> indexOf;
    const auto addDevice = [&](DeviceId id, int set, const std::string& parameter, const std::string& unit,
                               double low, double high, double grid) {
        const auto [found, isNew] = indexOf.try_emplace({set, parameter}, m_variables.size());
        if (isNew) {
            m_variables.push_back({{}, {}, parameter, unit, low, high, grid});
            m_deviceNames.emplace_back();
        }
        Variable& variable = m_variables[found->second];
        variable.devices.push_back(id);
        variable.low = std::max(variable.low, low);
        variable.high = std::min(variable.high, high);
        variable.grid = std::max(variable.grid, grid);
        m_deviceNames[found->second].push_back(circuit.devices[static_cast<std::size_t>(id)].name);
    };
    for (DeviceId id = 0; id < static_cast<DeviceId>(circuit.devices.size()); ++id) {
        const Device& device = circuit.devices[static_cast<std::size_t>(id)];
        if (staysAsDrawn(amplifier, conducts, id)) continue;
        if (device.type == DeviceType::Mosfet) {
            const technology::MosfetRules* rules = amplifier.technology.rulesFor(device);
            if (rules == nullptr) {
                return fail(ErrorCode::NotFound,
                            fmt::format("The technology {} does not know the model {} of {}.",
                                        amplifier.technology.name, device.model, device.name));
            }
            // Rules are those of one finger.
            const double fingers = device.widthIsPerFinger ? 1 : device.fingers();
            addDevice(id, shared.widths.find(id), "w", "m", fingers * rules->minWidth,
                      fingers * rules->maxWidth, fingers * amplifier.technology.grid);
            addDevice(id, shared.lengths.find(id), "l", "m", rules->minLength, rules->maxLength,
                      amplifier.technology.grid);
        } else if (device.type == DeviceType::Capacitor) {
            addDevice(id, shared.widths.find(id), "value", "F", kCapacitorLow, kCapacitorHigh, 0);
        } else if (device.type == DeviceType::Resistor) {
            addDevice(id, shared.widths.find(id), "value", "Ohm", kResistorLow, kResistorHigh, 0);
        }
    }
    return {};
}

void DesignSpace::nameVariables(const netlist::Circuit& circuit) {
    for (std::size_t i = 0; i < m_variables.size(); ++i) {
        Variable& variable = m_variables[i];
        variable.name = fmt::format("{} {}", fmt::join(m_deviceNames[i], ","), variable.parameter);
        if (variable.parameter != "w") continue;
        for (const std::string& name : m_deviceNames[i])
            m_deviceWidths.emplace_back(name, i);
    }
    const auto positionOf = [&](const auto& entry) { return *circuit.findDevice(entry.first); };
    std::sort(m_deviceWidths.begin(), m_deviceWidths.end(),
              [&](const auto& a, const auto& b) { return positionOf(a) < positionOf(b); });
}

void DesignSpace::listDeviceValues(const netlist::Circuit& circuit) {
    for (std::size_t v = 0; v < m_variables.size(); ++v) {
        for (const DeviceId id : m_variables[v].devices) {
            const Device& device = circuit.devices[static_cast<std::size_t>(id)];
            m_deviceValues.push_back({id, device.name, v, device.number("m").value_or(1)});
        }
    }
    const auto order = [&](const DeviceValue& entry) {
        return std::pair(entry.device, m_variables[entry.variable].parameter == "l");
    };
    std::stable_sort(m_deviceValues.begin(), m_deviceValues.end(),
                     [&](const DeviceValue& a, const DeviceValue& b) { return order(a) < order(b); });
}

void DesignSpace::listBlocks(const netlist::Circuit& circuit, const structure::Structure& structure) {
    for (const int index : structure.sizingBlocks) {
        const structure::Block& block = structure.blocks.at(static_cast<std::size_t>(index));
        BlockVariables entry{blockName(circuit, block), index, {}};
        for (std::size_t v = 0; v < m_variables.size(); ++v) {
            const auto& devices = m_variables[v].devices;
            const bool touches = std::any_of(devices.begin(), devices.end(), [&](DeviceId id) {
                return std::find(block.devices.begin(), block.devices.end(), id) != block.devices.end();
            });
            if (touches) entry.variables.push_back(v);
        }
        if (!entry.variables.empty()) m_blocks.push_back(std::move(entry));
    }
}

void DesignSpace::listMirrorBanks(const simulation::AmplifierUnderTest& amplifier) {
    std::map<DeviceId, std::size_t> widthOf;
    for (std::size_t v = 0; v < m_variables.size(); ++v) {
        if (m_variables[v].parameter != "w") continue;
        for (const DeviceId id : m_variables[v].devices)
            widthOf[id] = v;
    }
    DeviceSets sets(m_variables.size());
    std::vector<std::size_t> references;
    for (const structure::MirrorRatio& mirror : amplifier.structure.mirrors) {
        const auto reference = widthOf.find(mirror.reference), output = widthOf.find(mirror.output);
        if (reference == widthOf.end() || output == widthOf.end()) continue;
        sets.join(static_cast<int>(reference->second), static_cast<int>(output->second));
        references.push_back(reference->second);
    }
    std::map<int, MirrorBank> banks;
    const auto isReference = [&](std::size_t v) {
        return std::find(references.begin(), references.end(), v) != references.end();
    };
    for (const bool wanted : {true, false}) {
        for (std::size_t v = 0; v < m_variables.size(); ++v) {
            if (m_variables[v].parameter == "w" && isReference(v) == wanted)
                banks[sets.find(static_cast<int>(v))].widths.push_back(v);
        }
    }
    for (auto& [set, bank] : banks) {
        if (bank.widths.size() < 2) continue;
        describeBank(bank, amplifier);
        m_mirrorBanks.push_back(std::move(bank));
    }
}

std::size_t DesignSpace::copiesOf(DeviceId device) const {
    const auto entry = std::find_if(m_deviceValues.begin(), m_deviceValues.end(),
                                    [&](const DeviceValue& each) { return each.device == device; });
    return entry == m_deviceValues.end()
               ? 1
               : static_cast<std::size_t>(std::max(1L, std::lround(entry->multiplier)));
}

void DesignSpace::describeBank(MirrorBank& bank, const simulation::AmplifierUnderTest& amplifier) const {
    std::vector<std::size_t> fingers;
    for (const std::size_t v : bank.widths) {
        const DeviceId first = m_variables[v].devices.front();
        const Device& device = amplifier.netlist.circuit.devices[static_cast<std::size_t>(first)];
        fingers.push_back(device.widthIsPerFinger
                              ? 1
                              : static_cast<std::size_t>(std::max(1L, std::lround(device.fingers()))));
        std::size_t copies = 1;
        for (const DeviceId id : m_variables[v].devices)
            copies = std::max(copies, copiesOf(id));
        bank.copies.push_back(copies);
    }
    std::size_t common = 0; // fingers in each of them
    for (const std::size_t each : fingers)
        common = std::gcd(common, each);
    const double grid = amplifier.technology.grid;
    long steps = 1;
    for (std::size_t i = 0; i < bank.widths.size(); ++i) {
        const Variable& variable = m_variables[bank.widths[i]];
        bank.pieces.push_back(fingers[i] / common);
        const auto pieces = static_cast<double>(bank.pieces.back());
        bank.leastWidth = std::max(bank.leastWidth, variable.low / pieces);
        if (grid > 0) steps = std::lcm(steps, std::max(1L, std::lround(variable.grid / pieces / grid)));
    }
    bank.grid = static_cast<double>(steps) * grid;
}

std::optional<std::size_t> DesignSpace::find(std::string_view device, std::string_view parameter) const {
    const auto found =
        std::find_if(m_deviceValues.begin(), m_deviceValues.end(), [&](const DeviceValue& entry) {
            return netlist::equalIgnoringCase(entry.name, device) &&
                   netlist::equalIgnoringCase(m_variables[entry.variable].parameter, parameter);
        });
    return found == m_deviceValues.end() ? std::nullopt : std::optional(found->variable);
}

Sizing DesignSpace::expand(std::span<const double> values) const {
    std::map<std::size_t, std::pair<double, std::size_t>> unitOf;
    for (const MirrorBank& bank : m_mirrorBanks) {
        const auto units = unitsOf(bank, values);
        for (std::size_t i = 0; units && i < bank.widths.size(); ++i)
            unitOf[bank.widths[i]] = {static_cast<double>(bank.pieces[i]) * units->width, units->counts[i]};
    }
    Sizing sizing;
    for (const DeviceValue& entry : m_deviceValues) {
        const std::string& parameter = m_variables[entry.variable].parameter;
        const auto unit = unitOf.find(entry.variable);
        if (unit == unitOf.end()) {
            sizing.push_back({entry.name, parameter, values[entry.variable]});
            continue;
        }
        const auto [width, count] = unit->second;
        sizing.push_back({entry.name, parameter, width});
        if (count > 1) sizing.push_back({entry.name, "m", static_cast<double>(count) * entry.multiplier});
    }
    return sizing;
}

Result<std::vector<double>> DesignSpace::collapse(const netlist::Netlist& netlist,
                                                  const Sizing& sizing) const {
    const auto assignmentOf = [&](const std::string& device, const std::string& parameter) {
        return std::find_if(sizing.begin(), sizing.end(), [&](const netlist::Assignment& a) {
            return a.device == device && a.parameter == parameter;
        });
    };
    std::vector<double> values;
    for (std::size_t i = 0; i < m_variables.size(); ++i) {
        const Variable& variable = m_variables[i];
        const std::string& name = m_deviceNames[i].front();
        const auto assigned = assignmentOf(name, variable.parameter);
        const Device& device = netlist.circuit.devices[static_cast<std::size_t>(variable.devices.front())];
        if (assigned != sizing.end()) {
            const auto units = assignmentOf(name, "m");
            const bool isInUnits = variable.parameter == "w" && units != sizing.end();
            values.push_back(isInUnits ? assigned->value * units->value / device.number("m").value_or(1)
                                       : assigned->value);
            continue;
        }
        const std::string_view own = variable.parameter == "w"   ? device.widthName()
                                     : variable.parameter == "l" ? device.lengthName()
                                                                 : variable.parameter;
        const auto number = device.number(own);
        if (!number) {
            return fail(ErrorCode::NotFound,
                        fmt::format("{} has no value for \"{}\".", name, variable.parameter));
        }
        values.push_back(*number);
    }
    return values;
}

DesignSpace DesignSpace::withUnitTransistors(std::size_t mostUnits) const {
    DesignSpace space = *this;
    space.m_mostUnits = mostUnits;
    return space;
}

std::optional<UnitTransistors> DesignSpace::findUnits(const MirrorBank& bank, std::span<const double> values,
                                                      std::span<const PinnedSize> pinned) const {
    std::vector<MirrorWidth> widths;
    for (std::size_t i = 0; i < bank.widths.size(); ++i) {
        const std::size_t v = bank.widths[i];
        const bool isHeld = std::any_of(pinned.begin(), pinned.end(),
                                        [&](const PinnedSize& pin) { return pin.variable == v; });
        const auto pieces = static_cast<double>(bank.pieces[i]);
        widths.push_back({values[v] / pieces, m_variables[v].low / pieces, m_variables[v].high / pieces,
                          isHeld, bank.pieces[i] * bank.copies[i]});
    }
    return unitTransistors(widths,
                           {.grid = bank.grid, .leastWidth = bank.leastWidth, .mostUnits = m_mostUnits});
}

std::optional<UnitTransistors> DesignSpace::unitsOf(const MirrorBank& bank,
                                                    std::span<const double> values) const {
    if (m_mostUnits == 0) return std::nullopt;
    auto units = findUnits(bank, values, {});
    for (std::size_t i = 0; units && i < bank.widths.size(); ++i) {
        const double made = static_cast<double>(units->counts[i] * bank.pieces[i]) * units->width;
        if (std::abs(made / values[bank.widths[i]] - 1) > kSameWidth) return std::nullopt;
    }
    return units;
}

std::vector<DesignSpace::Mirror> DesignSpace::mirrorsOf(std::span<const double> values) const {
    std::vector<Mirror> mirrors;
    for (const MirrorBank& bank : m_mirrorBanks) {
        const auto units = unitsOf(bank, values);
        if (!units) continue;
        Mirror mirror{units->width, {}};
        for (std::size_t i = 0; i < bank.widths.size(); ++i) {
            const std::size_t v = bank.widths[i];
            for (std::size_t d = 0; d < m_deviceNames[v].size(); ++d)
                mirror.transistors.emplace_back(m_deviceNames[v][d], units->counts[i] * bank.pieces[i] *
                                                                         copiesOf(m_variables[v].devices[d]));
        }
        mirrors.push_back(std::move(mirror));
    }
    return mirrors;
}

std::vector<double> DesignSpace::snap(std::span<const double> values,
                                      std::span<const PinnedSize> pinned) const {
    std::vector<double> snapped(values.begin(), values.end());
    for (const PinnedSize& pin : pinned)
        snapped[pin.variable] = pin.value;
    for (std::size_t i = 0; i < m_variables.size(); ++i) {
        const Variable& variable = m_variables[i];
        snapped[i] = technology::snapToGrid(snapped[i], variable.grid, variable.low, variable.high);
    }
    if (m_mostUnits == 0) return snapped;
    for (const MirrorBank& bank : m_mirrorBanks) {
        const auto units = findUnits(bank, snapped, pinned);
        for (std::size_t i = 0; units && i < bank.widths.size(); ++i) {
            const std::size_t v = bank.widths[i];
            const double made = static_cast<double>(units->counts[i] * bank.pieces[i]) * units->width;
            snapped[v] =
                technology::snapToGrid(made, m_variables[v].grid, m_variables[v].low, m_variables[v].high);
        }
    }
    return snapped;
}

std::vector<double> DesignSpace::snapForExport(std::span<const double> values,
                                               std::span<const PinnedSize> pinned) const {
    std::vector<double> snapped = snap(values, pinned);
    for (std::size_t i = 0; i < snapped.size(); ++i) {
        if (m_variables[i].grid > 0) continue;
        snapped[i] = std::strtod(fmt::format("{:.4g}", snapped[i]).c_str(), nullptr);
    }
    return snapped;
}

} // namespace headroom::sizing
