#pragma once

#include <string>
#include <string_view>

#include "core/netlist/spice_number.h"

namespace headroom::netlist {

/// How a value is written in a netlist.
struct ValueStyle {
    enum class Kind {
        Plain,    ///< "8", "0.18", "1e-06": no suffix
        Exponent, ///< "2.35e-06"
        Suffix,   ///< "2.35u"
    };
    Kind kind = Kind::Suffix;
    std::string suffix;     ///< as written; empty: whichever fits
    int suffixExponent = 0; ///< of ten, that `suffix` stands for
    std::string unit;       ///< letters behind the suffix: the "m" of "4um"
    int shift = 0;          ///< power of ten of the figures' unit: -6 for bare micrometres
    double divisor = 1;     ///< what a value is divided by before it is written: units like 0.09 um
    bool spectre = false;   ///< suffixes that are chosen are Spectre's: M and not meg
};

/// The style of a literal token. Anything else (an expression, a parameter's name) has the default one.
/// @param shift as in ValueStyle, where the token is a bare figure in a unit of its own
ValueStyle styleOf(std::string_view token, const NumberRules& rules, int shift = 0);

/// Writes @p value, divided already, so that it reads back as the same double; up to 4 units in the last
/// place of arithmetic noise are rounded away ("2.35u", not "2.3500000000000003u").
std::string writeValue(double value, const ValueStyle& style);

} // namespace headroom::netlist
