#pragma once

#include <optional>
#include <vector>

#include "core/structure/functions.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// How each stage that the functions name is built.
std::vector<StageDescription> describeStages(const Wiring& wiring, const Functions& functions);

/// The way from @p input to the output through the fewest transistors: gate to drain, source to drain of
/// cascodes, gate to source of followers. Empty where there is none.
std::vector<SignalStep> findSignalPath(const Wiring& wiring, const Functions& functions, NetId input,
                                       NetId output);

} // namespace headroom::structure
