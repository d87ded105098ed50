#pragma once

#include <vector>

#include "core/structure/wiring.h"

namespace headroom::structure {

/// Two transistors with different gates and different drains whose sources meet on a net that is no rail, or
/// across degeneration resistors.
struct Pair {
    int first = -1, second = -1; ///< indices into Wiring::transistors
    NetId source = -1;           ///< of the first
    NetId secondSource = -1;     ///< of the second: the same unless the pair is degenerated

    bool degenerated() const { return source != secondSource; }
    bool hasSource(NetId net) const { return source == net || secondSource == net; }
};

/// All couples that could be a differential pair. Nets where more than eight sources meet yield none.
std::vector<Pair> findPairs(const Wiring& wiring);

/// The pairs of the input stage: the best candidate and all others on the same two gate nets (the other
/// half of a complementary input, the second half of a split pair). Empty where no pair has a gate that
/// is free to be driven from outside.
std::vector<Pair> findInputPairs(const Wiring& wiring, const std::vector<Pair>& pairs);

} // namespace headroom::structure
