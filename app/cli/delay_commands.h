#pragma once

#include "app/cli/commands.h"

namespace headroom::cli {

/// Add `characterise`, `augment` and `study` to the group `delay`.
void addCharacterise(CLI::App& group, const Registry& registry);
void addAugment(CLI::App& group, const Registry& registry);
void addStudy(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
