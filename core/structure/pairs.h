#pragma once

#include <vector>

#include "core/structure/wiring.h"

namespace headroom::structure {

/// Two transistors with a common source net that is no rail, different gates and different drains.
struct Pair {
    int first = -1, second = -1; ///< indices into Wiring::transistors
    NetId source = -1;           ///< the common source net
};

/// All couples that could be a differential pair. Nets where more than eight sources meet yield none.
std::vector<Pair> findPairs(const Wiring& wiring);

/// The pairs of the input stage: the best candidate and all others on the same two gate nets (the other
/// half of a complementary input, the second half of a split pair). Empty where no pair has a gate that
/// is free to be driven from outside.
std::vector<Pair> findInputPairs(const Wiring& wiring, const std::vector<Pair>& pairs);

} // namespace headroom::structure
