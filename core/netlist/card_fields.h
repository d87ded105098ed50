#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/netlist/logical_line.h"

namespace headroom::netlist {

/// A word of a card. Quoted, braced and parenthesised parts are one word with their surroundings.
struct Field {
    std::string text;
    SourceSpan span;
};

/// "name = value"; the name in lower case, in Spectre as written.
struct NamedField {
    std::string name;
    Field value;
    bool spectre = false; ///< the value is written in Spectre's language
};

/// A card taken apart into words and assignments, in order.
struct CardFields {
    std::vector<Field> words;
    std::vector<NamedField> named;
    std::vector<NamedField> pins;        ///< CDL: $PINS inner=outer
    std::vector<Field> dollarWords;      ///< CDL: $[model]
    std::vector<NamedField> dollarNamed; ///< CDL: $SUB=net, $W=..., without the dollar
    Field tail;                          ///< E, F, G and H cards: everything behind the first two nets
    bool strayEquals = false;            ///< an '=' without a name or a value
    std::size_t groupEnd = 0; ///< Spectre: number of words up to the end of the first parentheses, or 0
};

/// Whether text[@p at] is the '=' of an assignment, and not part of "==", "<=", ">=" or "!=".
bool isAssignment(std::string_view text, std::size_t at);

/// @param group number of words behind which words in parentheses are nets: "M1 (d g s b) nch"
CardFields splitFields(const LogicalLine& line, std::size_t group = 1);

/// The assignments of a .param card, where values may contain blanks outside of quotes:
/// ".param a = 2 * 3 b=4". Words that belong to no assignment come back in `words`; "f(x)=..." comes
/// back with the name "f(x)".
CardFields splitParameterFields(const LogicalLine& line);

/// The words and assignments of a Spectre statement: "M1 (d g s b) nch w=1u l = 2 * a". Words in the
/// parentheses behind the first word (or, for "subckt", behind the second) are taken out of them; escapes
/// of names are resolved ("out\<3\>" is out<3>); a value ends where the next assignment begins.
CardFields splitSpectreFields(const LogicalLine& line);

/// Number of braces that a Spectre statement opens less those that it closes.
int openBraces(std::string_view text);

/// The first word of a card, lower case: ".subckt".
std::string cardKeyword(const LogicalLine& line);
/// The text without the quotes around it, where there are some.
std::string withoutQuotes(std::string_view text);

/// "a, b c" -> {"a","b","c"}, lower case: the arguments of a function definition.
std::vector<std::string> splitArguments(std::string_view text);

} // namespace headroom::netlist
