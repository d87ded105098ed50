#pragma once

#include <filesystem>

#include "core/base/error.h"
#include "core/netlist/schematic/schematic_document.h"

namespace headroom::netlist {

bool isLtspice(std::string_view text);

/// Reads Netlist::files[0] and the sheets below it into @p document. Symbols are looked for beside the
/// sheet; the pins of standard ones are known without files.
Result<void> readLtspice(SchematicDocument& document, const std::filesystem::path& folder);

} // namespace headroom::netlist
