#pragma once

#include <filesystem>

#include "core/base/error.h"
#include "core/netlist/schematic/schematic_document.h"

namespace headroom::netlist {

bool isKiCadSchematic(std::string_view text);

/// Reads Netlist::files[0] and the sheets below it into @p document. Symbols are embedded in the file.
Result<void> readKiCad(SchematicDocument& document, const std::filesystem::path& folder);

} // namespace headroom::netlist
