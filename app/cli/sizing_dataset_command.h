#pragma once

#include "app/cli/commands.h"

namespace headroom::cli {

/// `sizing dataset`, `sizing inspect` and `sizing import`.
void addSizingDataset(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
