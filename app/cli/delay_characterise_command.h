#pragma once

#include "app/cli/commands.h"

namespace headroom::cli {

/// Adds `characterise` to the group `delay`.
void addCharacterise(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
