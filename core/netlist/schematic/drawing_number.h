#pragma once

#include <optional>
#include <string_view>

namespace headroom::netlist {

/// The number that @p text is, whole and finite ("inf", "nan" and "1e400" are none): how all schematic
/// formats write coordinates, angles and counts. A leading '+' is allowed.
std::optional<double> drawingNumber(std::string_view text);

/// @p value towards zero as an int; @p fallback where it is absent or too large to be one.
int wholeNumber(std::optional<double> value, int fallback);

/// The quarter turns, 0 to 3, nearest to an angle in degrees; 0 where it is absent.
int quarterTurnsOf(std::optional<double> degrees);

} // namespace headroom::netlist
