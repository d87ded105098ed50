#pragma once

#include "core/structure/blocks.h"
#include "core/structure/structure.h"

namespace headroom::structure {

/// Divides the transistors into the blocks that sizing trains one model each for: differential pairs
/// with their own cascodes, banks of mirrors and current sources with their cascodes, and the gated
/// stages, which overlap with the banks in their current sources and own the compensation. Blocks that
/// do not exist yet are appended to structure.blocks.
/// Needs structure.blocks, roles and matchedGroups; sets structure.sizingBlocks.
void chooseSizingBlocks(const RuleInput& input, Structure& structure);

} // namespace headroom::structure
