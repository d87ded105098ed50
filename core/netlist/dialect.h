#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// What a text is instead of a SPICE netlist, as a noun with its article ("an xschem schematic");
/// nothing if it may be one.
std::optional<std::string> foreignFormat(std::string_view text);

/// The SPICE dialect that a text is written in, told by the marks its tools leave.
Dialect sniffDialect(std::string_view text);

/// Whether a file begins in Spectre's own language: it says so, or its first statements are Spectre's.
bool startsInSpectre(std::string_view text);

} // namespace headroom::netlist
