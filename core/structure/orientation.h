#pragma once

#include <vector>

#include "core/structure/wiring.h"

namespace headroom::structure {

/// Decides which channel end of each array is the source: the one towards which current flows (N) or from
/// which it comes (P); where none flows, the one nearer to its own rail; whatever the netlist calls it. Swaps Array::drain and Array::source in place. Bipolars keep their terminals.
void orient(std::vector<Array>& arrays, const netlist::Circuit& circuit, const std::vector<NetId>& canonical,
            const std::vector<Rail>& rails);

} // namespace headroom::structure
