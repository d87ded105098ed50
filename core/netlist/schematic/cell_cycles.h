#pragma once

#include "core/netlist/schematic/schematic_document.h"

namespace headroom::netlist {

/// A sheet that is placed below itself becomes a symbol without contents there.
void breakCellCycles(SchematicDocument& document);

} // namespace headroom::netlist
