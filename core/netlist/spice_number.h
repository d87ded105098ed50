#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// How a dialect reads the letters behind a number.
struct NumberRules {
    bool hspiceSuffixes = false;    ///< x = 1e6 and a = 1e-18; elsewhere both are units
    bool digitsAfterSuffix = false; ///< LTspice: 6K34 is 6340; elsewhere the digits are ignored
    bool capitalMIsMega = false;    ///< a CDL file with *.MEGA
    bool spectre = false; ///< case decides: M is 1e6 and m 1e-3; %, c, a, P and _ are suffixes as well

    static NumberRules of(Dialect dialect);
};

/// A literal taken apart: value = mantissa text x 10^exponent (x 25.4 for mil).
struct NumberLiteral {
    std::string_view mantissa; ///< sign, digits, point and exponent: "2.5", "4e-6"
    std::string_view suffix;   ///< the scale letters as written: "u", "MEG", "" where there are none
    int exponent = 0;          ///< of ten, that the suffix stands for
    bool mil = false;
    bool hasExponent = false; ///< written with e or d
    std::string extraDigits;  ///< LTspice's digits after the suffix
};

/// Takes a SPICE number apart; nothing if @p text is no number. Letters behind the scale suffix are a
/// unit and ignored ("10Volts", "4Farads" = 4e-15 as in SPICE).
std::optional<NumberLiteral> splitNumber(std::string_view text, const NumberRules& rules = {});

/// The value, correctly rounded: "2.35u" is the double 2.35e-6.
/// @param decimalShift power of ten to multiply with before rounding
std::optional<double> parseSpiceNumber(std::string_view text, const NumberRules& rules = {},
                                       int decimalShift = 0);

/// The length of the number at the front of @p text, unit letters and '%' (in Spectre) included; 0 if
/// there is none.
std::size_t numberLength(std::string_view text, const NumberRules& rules = {});

} // namespace headroom::netlist
