#pragma once

#include <filesystem>

#include "core/base/error.h"
#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// Copies a netlist and the files that it includes, byte for byte, into a folder "miller-1a2b3c4d" in @p
/// folder that is named by content: a copy is never overwritten by another. What is included from far away by
/// an absolute name stays where it is. @return the copy of the netlist's own file, relative to @p folder.
/// Errors: those of writeFileAtomically().
Result<std::filesystem::path> copyNetlist(const Netlist& netlist, const std::filesystem::path& folder);

} // namespace headroom::netlist
