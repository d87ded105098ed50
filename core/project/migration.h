#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"

namespace YAML {
class Node;
}

namespace headroom::project {

/// Brings the document tree of one version to the next one.
using Migration = Result<void> (*)(YAML::Node& document, const std::string& fileName);

/// migrations()[v] leads from version v to v + 1; there are formatVersion of them.
const std::vector<Migration>& migrations();

} // namespace headroom::project
