#pragma once

#include "app/cli/commands.h"

namespace headroom::cli {

/// Adds `predict`, `train` and `judge` to the group `powergrid`.
void addPowergridNetworks(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
