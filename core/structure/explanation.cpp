#include "core/structure/explanation.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/structure/device_names.h"

namespace headroom::structure {
namespace {

bool holds(const std::vector<DeviceId>& devices, DeviceId device) {
    return std::find(devices.begin(), devices.end(), device) != devices.end();
}

std::vector<std::string> symmetryOf(const netlist::Circuit& circuit, const Structure& structure,
                                    DeviceId device) {
    const auto name = [&](DeviceId id) { return circuit.devices[static_cast<std::size_t>(id)].name; };
    std::vector<std::string> sentences;
    for (const auto& [a, b] : structure.symmetry.pairs)
        if (a == device || b == device)
            sentences.push_back(fmt::format("Mirror image of {}.", name(a == device ? b : a)));
    if (holds(structure.symmetry.onAxis, device)) sentences.emplace_back("Stands on the axis of symmetry.");
    for (const MatchedGroup& group : structure.matchedGroups) {
        if (!holds(group.devices, device)) continue;
        std::vector<DeviceId> others = group.devices;
        std::erase(others, device);
        sentences.push_back(fmt::format("Matched with {}: {}.", namesOf(circuit, others), group.reason));
    }
    for (const MirrorRatio& mirror : structure.mirrors) {
        if (mirror.output != device) continue;
        sentences.push_back(mirror.ratio ? fmt::format("Mirrors {}, {:.4g} times its current as drawn.",
                                                       name(mirror.reference), *mirror.ratio)
                                         : fmt::format("Mirrors {}.", name(mirror.reference)));
    }
    return sentences;
}

} // namespace

Explanation explain(const netlist::Circuit& circuit, const Structure& structure, DeviceId device) {
    Explanation result;
    const DeviceRole& role = structure.roles[static_cast<std::size_t>(device)];
    result.role = role.reason;
    for (const Block& block : structure.blocks) {
        if (block.level < 2 || !holds(block.devices, device)) continue;
        result.blocks.push_back({block.type, namesOf(circuit, block.devices), block.reason});
    }
    for (const LostMatch& lost : structure.lostMatches)
        if (holds(lost.devices, device))
            result.lost.push_back({lost.type, namesOf(circuit, lost.devices), lost.reason});
    result.symmetry = symmetryOf(circuit, structure, device);
    return result;
}

std::string Explanation::text() const {
    std::string lines = role + "\n";
    for (const BlockReason& block : blocks)
        lines += fmt::format("In {} ({}). {}\n", block.type, block.devices, block.reason);
    for (const BlockReason& each : lost)
        lines += each.reason + "\n";
    for (const std::string& sentence : symmetry)
        lines += sentence + "\n";
    return lines;
}

} // namespace headroom::structure
