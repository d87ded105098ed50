#pragma once

#include <vector>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// Our own figure of a device, stretched so that its leads end at the pins that the author's symbol has: for
/// symbols whose file gives pins and no figure. The pins are in the order of Device::nets. Empty where they
/// lie too close together or in a line that the figure does not know.
std::vector<netlist::Shape> fittedFigure(SymbolKind kind, const std::vector<Pin>& pins);

} // namespace headroom::schematic
