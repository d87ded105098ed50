#pragma once

#include <string>
#include <vector>

#include "core/netlist/logical_line.h"

namespace headroom::netlist {

/// A word of a card. Quoted, braced and parenthesised parts are one word with their surroundings.
struct Field {
    std::string text;
    SourceSpan span;
};

/// "name = value"; the name in lower case.
struct NamedField {
    std::string name;
    Field value;
};

/// A card taken apart into words and assignments, in order.
struct CardFields {
    std::vector<Field> words;
    std::vector<NamedField> named;
    std::vector<NamedField> pins;        ///< CDL: $PINS inner=outer
    std::vector<Field> dollarWords;      ///< CDL: $[model]
    std::vector<NamedField> dollarNamed; ///< CDL: $SUB=net, $W=..., without the dollar
    bool strayEquals = false;            ///< an '=' without a name or a value
};

CardFields splitFields(const LogicalLine& line);

/// The assignments of a .param card, where values may contain blanks outside of quotes:
/// ".param a = 2 * 3 b=4". Words that belong to no assignment come back in `words`; "f(x)=..." comes
/// back with the name "f(x)".
CardFields splitParameterFields(const LogicalLine& line);

/// "a, b c" -> {"a","b","c"}, lower case: the arguments of a function definition.
std::vector<std::string> splitArguments(std::string_view text);

} // namespace headroom::netlist
