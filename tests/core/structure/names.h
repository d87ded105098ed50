#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/structure/structure.h"

namespace headroom::test {

/// Sets of device names, so that expectations read like the netlist.
using Names = std::set<std::string>;

inline Names namesOf(const netlist::Circuit& circuit, const std::vector<netlist::DeviceId>& devices) {
    Names names;
    for (const auto device : devices)
        names.insert(circuit.devices[static_cast<std::size_t>(device)].name);
    return names;
}

inline std::string netName(const netlist::Circuit& circuit, netlist::NetId net) {
    return net >= 0 ? circuit.nets[static_cast<std::size_t>(net)] : "";
}

inline std::set<Names> matchedNames(const netlist::Circuit& circuit, const structure::Structure& structure) {
    std::set<Names> groups;
    for (const auto& group : structure.matchedGroups)
        groups.insert(namesOf(circuit, group.devices));
    return groups;
}

inline std::set<Names> sizingNames(const netlist::Circuit& circuit, const structure::Structure& structure) {
    std::set<Names> groups;
    for (const int block : structure.sizingBlocks)
        groups.insert(namesOf(circuit, structure.blocks[static_cast<std::size_t>(block)].devices));
    return groups;
}

/// "M4->M3" for each mirror.
inline Names mirrorNames(const netlist::Circuit& circuit, const structure::Structure& structure) {
    Names names;
    for (const auto& mirror : structure.mirrors)
        names.insert(circuit.devices[static_cast<std::size_t>(mirror.reference)].name + "->" +
                     circuit.devices[static_cast<std::size_t>(mirror.output)].name);
    return names;
}

/// The device sets of all blocks of one type.
inline std::set<Names> blockNames(const netlist::Circuit& circuit, const structure::Structure& structure,
                                  const std::string& type) {
    std::set<Names> groups;
    for (const auto& block : structure.blocks)
        if (block.type == type) groups.insert(namesOf(circuit, block.devices));
    return groups;
}

/// "transconductance first"; "load_capacitance" where there is no stage.
inline std::string roleOf(const netlist::Circuit& circuit, const structure::Structure& structure,
                          const std::string& device) {
    for (std::size_t i = 0; i < circuit.devices.size(); ++i) {
        if (circuit.devices[i].name != device) continue;
        const auto& role = structure.roles[i];
        const std::string stage = structure::toString(role.stage);
        return std::string(structure::toString(role.function)) + (stage.empty() ? "" : " " + stage);
    }
    return "no such device";
}

} // namespace headroom::test
