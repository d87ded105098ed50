#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace headroom {

/// Whether a unit begins with a power, as "m2/Vs" and "m-3" do.
bool beginsWithPower(std::string_view unit);

/// Whether an SI prefix may stand before a unit: not before decibels, degrees, temperatures, percentages and
/// bare numbers, nor before a power, where it would count as often: 45 mm2/Vs are no 0.045 m2/Vs.
bool takesPrefix(std::string_view unit);

/// A number with an SI prefix and unit as engineers write it: formatQuantity(1.23e7, "Hz") is
/// "12.3 MHz", where the unit takes one. Areas ("m2") are written in square micrometres.
/// @param digits significant digits, 1 to 15
std::string formatQuantity(double value, std::string_view unit, int digits = 4);

/// Reads what formatQuantity writes, and what people type: "12.3 MHz", "12.3M", "1meg", "10u", "1e-6", "1f"
/// of farads as a femtofarad. Unlike SPICE, "M" is mega and "m" is milli; "meg" is mega in any case. The
/// unit, if given, must be @p unit.
Result<double> parseQuantity(std::string_view text, std::string_view unit);

/// The shortest decimal text that reads back as the same double ("2e-06", "0.35", "17").
std::string formatExact(double value);

/// Compact SPICE number with an engineering suffix: 2.5e-06 is "2.5u", 3e6 is "3meg".
/// The text reads back (as SPICE) to @p value within a relative 1e-12.
std::string formatSpice(double value);

} // namespace headroom
