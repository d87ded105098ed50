#pragma once

#include <vector>

#include "core/structure/functions.h"
#include "core/structure/mirrors.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// What the rules look at.
struct RuleInput {
    const Wiring& wiring;
    const Functions& functions;
    const std::vector<Mirror>& mirrors;
    const std::vector<bool>& isReference; ///< by transistor index: reference of one of the mirrors
};

/// A block in terms of transistors, as the rules find it.
struct FoundBlock {
    std::vector<int> transistors; ///< in the rule's order, reference first
    std::vector<BlockPin> pins;
};

/// One kind of block: a name and the search for all its instances. Each search visits nets or mirrors
/// once and looks at their neighbours only, so it is linear in the size of the circuit.
struct BlockRule {
    const char* type;
    int level;
    const char* meaning; ///< for Block::reason
    void (*find)(const RuleInput& input, std::vector<FoundBlock>& found);
};

/// All rules of level 2, in the order of their blocks in Structure::blocks.
const std::vector<BlockRule>& blockRules();

/// Every array, pair, mirror and stage, after the dominance rules: a block all of whose devices belong to
/// one block of a dominating type is dropped, and the winner says so.
std::vector<Block> findBlocks(const RuleInput& input);

} // namespace headroom::structure
