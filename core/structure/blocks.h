#pragma once

#include <vector>

#include "core/structure/functions.h"
#include "core/structure/mirrors.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// What blocks are looked for in.
struct RuleInput {
    const Wiring& wiring;
    const Functions& functions;
    const std::vector<Mirror>& mirrors;
    const std::vector<bool>& isReference; ///< by transistor index: reference of one of the mirrors
    const std::vector<DeviceRole>& roles; ///< by DeviceId
};

/// A block in terms of transistors and two-terminal devices.
struct FoundBlock {
    std::vector<int> transistors; ///< in the pattern's order, reference first
    std::vector<DeviceId> passives;
    std::vector<BlockPin> pins;

    /// The same for every order of the devices.
    std::vector<int> key() const;
};

struct FoundBlocks {
    std::vector<Block> blocks;
    std::vector<LostMatch> lost;
};

/// Every array, what the library's patterns find, and the stages, after the library's dominance: a block all
/// of whose devices belong to one block of a winning type is dropped, and both sides say so.
FoundBlocks findBlocks(const RuleInput& input, const BlockLibrary& library);

} // namespace headroom::structure
