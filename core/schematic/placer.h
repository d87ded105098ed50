#pragma once

#include "core/netlist/netlist.h"
#include "core/schematic/drawing.h"
#include "core/structure/structure.h"

namespace headroom::schematic {

/// Places a circuit as a designer would: positive supplies on top, negative ones below, inputs left and
/// outputs right, one column for each path of current, pairs mirrored about an axis, mirrors gate to
/// gate, cascodes stacked, rails as symbols, far and much branched nets by name. Total: every circuit
/// gets a drawing. One of more than kMostPlaced devices gets rows of symbols with named pins, which takes
/// time in proportion to its size. The result depends on the circuit alone.
Drawing placeDrawing(const netlist::Circuit& circuit, const structure::Structure& structure);
constexpr std::size_t kMostPlaced = 1500;

/// The author's own geometry where the netlist came with a sheet, else placeDrawing().
Drawing drawingOf(const netlist::Netlist& netlist, const structure::Structure& structure);

} // namespace headroom::schematic
