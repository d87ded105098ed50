#pragma once

#include <vector>

#include "core/structure/functions.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// A reference and an output that share gate and source nets.
struct Mirror {
    int reference = -1, output = -1; ///< indices into Wiring::transistors
    bool throughCascode = false;     ///< the reference's gate is tied to the drain of a cascode above it
};

/// All mirrors. A reference is diode-connected, by itself or through the cascode that stands on it.
/// Several references on one gate net: each output belongs to the first.
std::vector<Mirror> findMirrors(const Wiring& wiring);

/// By transistor index: whether it is the reference of one of the mirrors.
std::vector<bool> referencesOf(const Wiring& wiring, const std::vector<Mirror>& mirrors);

} // namespace headroom::structure
