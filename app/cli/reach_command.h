#pragma once

#include "app/cli/commands.h"

namespace headroom::cli {

/// `sizing reach`: how near the circuit comes to a specification, and what stands in the way.
void addSizingReach(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
