#pragma once

#include <filesystem>
#include <optional>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

enum class SchematicFormat { Xschem, Ltspice, KiCad };

/// Which of the schematic formats that we read a file is in, by its content.
std::optional<SchematicFormat> schematicFormat(std::string_view bytes);

/// Reads Netlist::files[0], a schematic: sheets below it, circuit, drawing. Errors: BadInput where the
/// file cannot be understood at all.
Result<void> readSchematic(Netlist& netlist, SchematicFormat format, const ReadOptions& options,
                           const std::filesystem::path& folder);

} // namespace headroom::netlist
