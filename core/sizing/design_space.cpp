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

bool isSizablePassive(const structure::Structure& structure, DeviceId id, DeviceType type) {
    if (type != DeviceType::Capacitor && type != DeviceType::Resistor) return false;
    return structure.roles.at(static_cast<std::size_t>(id)).function != structure::Function::LoadCapacitance;
}

std::string blockName(const netlist::Circuit& circuit, const structure::Block& block) {
    std::vector<std::string> names;
    for (const DeviceId id : block.devices)
        names.push_back(circuit.devices[static_cast<std::size_t>(id)].name);
    return fmt::format("{} {}", block.type, fmt::join(names, " "));
}

} // namespace

Result<DesignSpace> DesignSpace::create(const simulation::AmplifierUnderTest& amplifier) {
    const netlist::Circuit& circuit = amplifier.netlist.circuit;
    const structure::Structure& structure = amplifier.structure;
    DeviceSets widths(circuit.devices.size());
    for (const structure::MatchedGroup& group : structure.matchedGroups) {
        for (const DeviceId id : group.devices)
            widths.join(group.devices.front(), id);
    }
    DeviceSets lengths = widths;
    for (const structure::MirrorRatio& mirror : structure.mirrors)
        lengths.join(mirror.reference, mirror.output);

    DesignSpace space;
    std::map<std::pair<int, std::string>, std::size_t> indexOf;
    const auto addDevice = [&](DeviceId id, int set, const std::string& parameter, const std::string& unit,
                               double low, double high, double grid) {
        const Device& device = circuit.devices[static_cast<std::size_t>(id)];
        const auto [found, isNew] = indexOf.try_emplace({set, parameter}, space.m_variables.size());
        if (isNew) {
            space.m_variables.push_back({{}, {}, parameter, unit, low, high, grid});
            space.m_deviceNames.emplace_back();
        }
        Variable& variable = space.m_variables[found->second];
        variable.devices.push_back(id);
        variable.low = std::max(variable.low, low);
        variable.high = std::min(variable.high, high);
        space.m_deviceNames[found->second].push_back(device.name);
    };
    for (DeviceId id = 0; id < static_cast<DeviceId>(circuit.devices.size()); ++id) {
        const Device& device = circuit.devices[static_cast<std::size_t>(id)];
        if (device.type == DeviceType::Mosfet) {
            const technology::MosfetRules* rules = amplifier.technology.rulesFor(device);
            if (rules == nullptr) {
                return fail(ErrorCode::NotFound,
                            fmt::format("The technology {} does not know the model {} of {}.",
                                        amplifier.technology.name, device.model, device.name));
            }
            const double grid = amplifier.technology.grid;
            addDevice(id, widths.find(id), "w", "m", rules->minWidth, rules->maxWidth, grid);
            addDevice(id, lengths.find(id), "l", "m", rules->minLength, rules->maxLength, grid);
        } else if (isSizablePassive(structure, id, device.type)) {
            const bool capacitor = device.type == DeviceType::Capacitor;
            addDevice(id, widths.find(id), "value", capacitor ? "F" : "Ohm",
                      capacitor ? kCapacitorLow : kResistorLow, capacitor ? kCapacitorHigh : kResistorHigh,
                      0);
        }
    }
    for (std::size_t i = 0; i < space.m_variables.size(); ++i) {
        Variable& variable = space.m_variables[i];
        variable.name = fmt::format("{} {}", fmt::join(space.m_deviceNames[i], ","), variable.parameter);
        if (variable.parameter != "w") continue;
        for (const std::string& name : space.m_deviceNames[i])
            space.m_deviceWidths.emplace_back(name, i);
    }
    const auto positionOf = [&](const auto& entry) { return *circuit.findDevice(entry.first); };
    std::sort(space.m_deviceWidths.begin(), space.m_deviceWidths.end(),
              [&](const auto& a, const auto& b) { return positionOf(a) < positionOf(b); });

    for (std::size_t v = 0; v < space.m_variables.size(); ++v) {
        for (const DeviceId id : space.m_variables[v].devices) {
            space.m_deviceValues.push_back({id, circuit.devices[static_cast<std::size_t>(id)].name, v});
        }
    }
    std::stable_sort(space.m_deviceValues.begin(), space.m_deviceValues.end(),
                     [&](const DeviceValue& a, const DeviceValue& b) {
                         const auto isLength = [&](const DeviceValue& entry) {
                             return space.m_variables[entry.variable].parameter == "l";
                         };
                         return std::pair(a.device, isLength(a)) < std::pair(b.device, isLength(b));
                     });

    for (const int index : structure.sizingBlocks) {
        const structure::Block& block = structure.blocks.at(static_cast<std::size_t>(index));
        BlockVariables entry{blockName(circuit, block), index, {}};
        for (std::size_t v = 0; v < space.m_variables.size(); ++v) {
            const auto& devices = space.m_variables[v].devices;
            const bool touches = std::any_of(devices.begin(), devices.end(), [&](DeviceId id) {
                return std::find(block.devices.begin(), block.devices.end(), id) != block.devices.end();
            });
            if (touches) entry.variables.push_back(v);
        }
        if (!entry.variables.empty()) space.m_blocks.push_back(std::move(entry));
    }
    return space;
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
    Sizing sizing;
    for (const DeviceValue& entry : m_deviceValues) {
        sizing.push_back({entry.name, m_variables[entry.variable].parameter, values[entry.variable]});
    }
    return sizing;
}

Result<std::vector<double>> DesignSpace::collapse(const netlist::Netlist& netlist,
                                                  const Sizing& sizing) const {
    std::vector<double> values;
    for (std::size_t i = 0; i < m_variables.size(); ++i) {
        const Variable& variable = m_variables[i];
        const std::string& name = m_deviceNames[i].front();
        const auto assigned = std::find_if(sizing.begin(), sizing.end(), [&](const netlist::Assignment& a) {
            return a.device == name && a.parameter == variable.parameter;
        });
        if (assigned != sizing.end()) {
            values.push_back(assigned->value);
            continue;
        }
        const Device& device = netlist.circuit.devices[static_cast<std::size_t>(variable.devices.front())];
        const auto number = device.number(variable.parameter);
        if (!number) {
            return fail(ErrorCode::NotFound,
                        fmt::format("{} has no value for \"{}\".", name, variable.parameter));
        }
        values.push_back(*number);
    }
    return values;
}

std::vector<double> DesignSpace::snap(std::span<const double> values) const {
    std::vector<double> snapped;
    for (std::size_t i = 0; i < m_variables.size(); ++i) {
        const Variable& variable = m_variables[i];
        snapped.push_back(variable.grid > 0
                              ? technology::snapToGrid(values[i], variable.grid, variable.low, variable.high)
                              : std::clamp(values[i], variable.low, variable.high));
    }
    return snapped;
}

std::vector<double> DesignSpace::snapForExport(std::span<const double> values) const {
    std::vector<double> snapped = snap(values);
    for (std::size_t i = 0; i < snapped.size(); ++i) {
        if (m_variables[i].grid > 0) continue;
        snapped[i] = std::strtod(fmt::format("{:.4g}", snapped[i]).c_str(), nullptr);
    }
    return snapped;
}

} // namespace headroom::sizing
