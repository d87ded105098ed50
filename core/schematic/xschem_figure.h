#pragma once

#include <string>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// Length of xschem's units: so many make one grid unit.
inline constexpr double kXschemUnits = 10;
/// A coordinate in xschem's units, to a hundredth.
double xschemUnit(double coordinate);

/// A value of an attribute: what means something to xschem is escaped, what has blanks is quoted.
std::string xschemValue(const std::string& value);

/// A symbol's figure as records of an xschem file.
/// @param inSymbol relative to the origin and orientation of @p symbol, else where it stands
std::string xschemFigure(const Symbol& symbol, bool inSymbol);

/// The record of a pin of a symbol that the file brings.
std::string xschemPin(const Symbol& symbol, const std::string& name, Point at);

} // namespace headroom::schematic
