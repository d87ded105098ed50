#include "core/structure/comparison.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/structure/device_names.h"

namespace headroom::structure {
namespace {

std::string describe(const DeviceRole& role) {
    const std::string stage = toString(role.stage);
    return toString(role.function) + (stage.empty() ? std::string() : ", " + stage + " stage");
}

std::vector<BlockDifference> compareBlocks(const RecognisedCircuit& first, const RecognisedCircuit& second) {
    std::map<std::tuple<std::string, Function, Stage>, BlockDifference> kinds;
    const auto count = [&](const RecognisedCircuit& one, bool isFirst) {
        for (const Block& block : one.structure.blocks) {
            if (block.level < 2 || block.forSizing) continue;
            auto& kind = kinds[{block.type, block.function, block.stage}];
            kind.type = block.type;
            kind.function = block.function;
            kind.stage = block.stage;
            ++(isFirst ? kind.first : kind.second);
            (isFirst ? kind.firstDevices : kind.secondDevices).push_back(namesOf(one.circuit, block.devices));
        }
    };
    count(first, true);
    count(second, false);
    std::vector<BlockDifference> result;
    for (auto& [key, kind] : kinds)
        result.push_back(std::move(kind));
    return result;
}

std::vector<RoleDifference> compareRoles(const RecognisedCircuit& first, const RecognisedCircuit& second) {
    std::map<std::string, RoleDifference> devices;
    const auto add = [&](const RecognisedCircuit& one, bool isFirst) {
        for (std::size_t i = 0; i < one.circuit.devices.size(); ++i) {
            RoleDifference& entry = devices[one.circuit.devices[i].name];
            entry.device = one.circuit.devices[i].name;
            (isFirst ? entry.first : entry.second) = describe(one.structure.roles[i]);
        }
    };
    add(first, true);
    add(second, false);
    std::vector<RoleDifference> result;
    for (auto& [name, entry] : devices)
        if (entry.first != entry.second) result.push_back(std::move(entry));
    return result;
}

std::vector<StageDifference> compareStages(const RecognisedCircuit& first, const RecognisedCircuit& second) {
    std::map<Stage, StageDifference> stages;
    for (const StageDescription& each : first.structure.stages)
        stages[each.stage].first = each.type;
    for (const StageDescription& each : second.structure.stages)
        stages[each.stage].second = each.type;
    std::vector<StageDifference> result;
    for (auto& [stage, entry] : stages) {
        entry.stage = stage;
        result.push_back(std::move(entry));
    }
    return result;
}

} // namespace

bool Comparison::same() const {
    return roles.empty() &&
           std::all_of(blocks.begin(), blocks.end(), [](const auto& each) { return each.same(); }) &&
           std::all_of(stages.begin(), stages.end(),
                       [](const auto& each) { return each.first == each.second; });
}

Comparison compare(const RecognisedCircuit& first, const RecognisedCircuit& second) {
    return {compareStages(first, second), compareBlocks(first, second), compareRoles(first, second)};
}

} // namespace headroom::structure
