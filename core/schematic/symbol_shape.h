#pragma once

#include <vector>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// Pins of a symbol before orientation, in the order of Device::nets. The distances are those of xschem's
/// own symbols (1 grid unit = 10 of its units), so that exports line up: drain (2, -3), gate (-2, 0),
/// source (2, 3) and bulk (2, 0) of an NMOS transistor; (0, -3) and (0, 3) for two terminals.
std::vector<Point> pinPlaces(SymbolKind kind, std::size_t pinCount);

/// The figure before orientation.
/// @param pinCount of a Box; other kinds have their own
std::vector<netlist::Shape> figureOf(SymbolKind kind, BulkStyle bulk, std::size_t pinCount);

/// Fills pins' places, shapes and box from kind, position, orientation, bulk and the pins' nets.
void layOut(Symbol& symbol);

/// Moves a symbol with everything that belongs to it.
void move(Symbol& symbol, double dx, double dy);

netlist::Shape moved(const netlist::Shape& shape, double dx, double dy);
Box boxOf(const netlist::Shape& shape);

/// The kind of symbol that a device is drawn with.
/// @param polarity where the device does not tell it
SymbolKind symbolKindOf(const netlist::Device& device, netlist::Polarity polarity);

/// "10u/0.5u", "2p", ... as it stands beside the symbol; empty where nothing is known.
std::string sizeText(const netlist::Device& device);
/// A name that fits beside a symbol: long ones lose their middle.
std::string shortName(const std::string& name, std::size_t most = 14);

} // namespace headroom::schematic
