#pragma once

#include <string>
#include <vector>

#include "core/structure/structure.h"

namespace headroom::structure {

/// What a designer says a device does, against what was recognised.
struct RoleCorrection {
    std::string device; ///< name as in the netlist
    Function function = Function::Unexplained;
    Stage stage = Stage::None;

    bool operator==(const RoleCorrection&) const = default;
};

/// Puts the corrections over the recognised roles, and into the blocks of one device. Blocks, matched groups
/// and ports stay as they are: they follow from the wiring.
/// @return names of devices that the circuit does not have
std::vector<std::string> correctRoles(const netlist::Circuit& circuit,
                                      const std::vector<RoleCorrection>& corrections, Structure& structure);

/// The function or stage of this name; Errors: BadInput.
Result<Function> functionNamed(const std::string& name);
Result<Stage> stageNamed(const std::string& name); ///< "" is Stage::None

} // namespace headroom::structure
