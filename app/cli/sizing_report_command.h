#pragma once

#include "app/cli/commands.h"

namespace headroom::cli {

/// Adds `sizing report` to the group `sizing`.
void addSizingReport(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
