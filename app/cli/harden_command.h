#pragma once

#include "app/cli/commands.h"

namespace headroom::cli {

/// `sizing harden`: a sizing that holds a specification at all corners.
void addSizingHarden(CLI::App& group, const Registry& registry);

} // namespace headroom::cli
