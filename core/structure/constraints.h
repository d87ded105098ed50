#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/netlist/circuit.h"
#include "core/structure/structure.h"

namespace headroom::structure {

/// Forms in which layout tools take symmetry.
enum class ConstraintForm {
    Json,    ///< our own: pairs, devices on the axis, matched groups, mirror ratios, nets
    Align,   ///< ALIGN's constraint file (JSON): SymmetricBlocks, SymmetricNets, GroupBlocks
    Magical, ///< MAGICAL's .sym: two names per line for a pair, one for what stands on the axis
};
/// "json", "align" or "magical". Errors: BadInput for others.
Result<ConstraintForm> constraintForm(std::string_view name);

/// The recognised symmetry as constraints for layout.
std::string writeConstraints(const netlist::Circuit& circuit, const Structure& structure, ConstraintForm form);

} // namespace headroom::structure
