#pragma once

#include <optional>

#include "core/schematic/drawing.h"
#include "core/structure/structure.h"

namespace headroom::schematic {

constexpr double kNameSize = 1.1; ///< of a device's name, in grid units
constexpr double kValueSize = 0.95;
constexpr double kLabelSize = 1.0;
/// Between a name or flag and another net's wire: what touches reads as connected.
constexpr double kMarkClearance = 0.2;

/// A name, flag or rail sign at the end of a short wire.
NetLabel netLabelAt(NetId net, const std::string& name, Point at, Side side);
PortFlag portFlagAt(NetId net, const std::string& name, netlist::PortDirection direction, Point at,
                    Side side);
RailSymbol railSymbolAt(NetId net, const std::string& name, Point at, bool positive);

/// The port that a net is: a declared one or, in a flat netlist, one that the structure found, with its
/// direction where either tells it.
std::optional<netlist::Port> portOf(const netlist::Circuit& circuit, const structure::Structure& structure,
                                    NetId net);

Point step(Point from, Side side, double length = 1);

/// How far a label or flag on a stub reaches to the side it points to, stub included.
double labelReach(const std::string& name);

} // namespace headroom::schematic
