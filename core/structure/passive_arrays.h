#pragma once

#include <vector>

#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// Appends the blocks of level 1 that are made of resistors and capacitors: ResistorArray and CapacitorArray,
/// one or several in parallel, and ResistorRow and CapacitorRow, several arrays in series whose inner nets
/// touch nothing else.
void addPassiveArrays(const Wiring& wiring, std::vector<Block>& blocks);

} // namespace headroom::structure
