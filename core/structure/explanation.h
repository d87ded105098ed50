#pragma once

#include <string>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/structure/structure.h"

namespace headroom::structure {

/// A block that a device is in, or a pattern that fits it but lost.
struct BlockReason {
    std::string type;
    std::string devices; ///< "M6, M7, M10, M8"
    std::string reason;  ///< which rule matched, or who won and why
};

/// Why a device is what it is, in sentences.
struct Explanation {
    std::string role; ///< the function and its reason
    std::vector<BlockReason> blocks;
    std::vector<BlockReason> lost;
    std::vector<std::string> symmetry; ///< "Mirror image of M2.", "Matched with ...: current mirror load."

    /// All of it as lines of plain text.
    std::string text() const;
};

Explanation explain(const netlist::Circuit& circuit, const Structure& structure, DeviceId device);

/// What was recognised as JSON (the contract's `structure`): devices, blocks, patterns that lost, stages,
/// signal path, symmetry, ports.
std::string writeReport(const netlist::Circuit& circuit, const Structure& structure);

} // namespace headroom::structure
