#include "core/structure/role_corrections.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace headroom::structure {

std::vector<std::string> correctRoles(const netlist::Circuit& circuit,
                                      const std::vector<RoleCorrection>& corrections, Structure& structure) {
    std::vector<std::string> unknown;
    if (corrections.empty()) return unknown;
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < circuit.devices.size(); ++i)
        places.emplace(circuit.devices[i].name, i);
    for (const RoleCorrection& correction : corrections) {
        const auto place = places.find(correction.device);
        if (place == places.end()) {
            unknown.push_back(correction.device);
            continue;
        }
        DeviceRole& role = structure.roles[place->second];
        const std::string stage = toString(role.stage);
        role.reason = fmt::format("Set by hand. Recognised as {}{}{}: {}", toString(role.function),
                                  stage.empty() ? "" : ", ", stage, role.reason);
        role.function = correction.function;
        role.stage = correction.stage;
        const auto device = static_cast<DeviceId>(place->second);
        auto& open = structure.unexplained;
        open.erase(std::remove(open.begin(), open.end(), device), open.end());
        if (role.function == Function::Unexplained) open.push_back(device);
        for (Block& block : structure.blocks) {
            if (block.devices.size() != 1 || block.devices.front() != device) continue;
            block.function = role.function;
            block.stage = role.stage;
        }
    }
    return unknown;
}

Result<Function> functionNamed(const std::string& name) {
    for (int i = 0; i <= static_cast<int>(Function::Unexplained); ++i)
        if (name == toString(static_cast<Function>(i))) return static_cast<Function>(i);
    return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no function of a device.", name));
}

Result<Stage> stageNamed(const std::string& name) {
    for (int i = 0; i <= static_cast<int>(Stage::Bias); ++i)
        if (name == toString(static_cast<Stage>(i))) return static_cast<Stage>(i);
    return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no stage.", name));
}

} // namespace headroom::structure
