#pragma once

#include <vector>

#include "core/structure/functions.h"
#include "core/structure/mirrors.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

struct SymmetryAnswer {
    std::vector<MatchedGroup> groups;
    Symmetry symmetry;
};

/// Devices that must be alike: both halves of the signal path, followed in step from the differential
/// pairs outwards, and the two sides of load mirrors.
SymmetryAnswer findSymmetry(const Wiring& wiring, const Functions& functions,
                            const std::vector<Mirror>& mirrors);

} // namespace headroom::structure
