#pragma once

#include <vector>

#include "core/structure/functions.h"
#include "core/structure/mirrors.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// Divides the transistors into the blocks that sizing trains one model each for: differential pairs
/// with their own cascodes, banks of mirrors and current sources with their cascodes, and the gated
/// stages, which overlap with the banks in their current sources and own the compensation. Blocks that
/// do not exist yet are appended to structure.blocks.
/// Needs structure.blocks, roles and matchedGroups; sets structure.sizingBlocks.
void chooseSizingBlocks(const Wiring& wiring, const Functions& functions, const std::vector<Mirror>& mirrors,
                        Structure& structure);

} // namespace headroom::structure
