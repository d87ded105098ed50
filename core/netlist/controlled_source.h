#pragma once

#include "core/netlist/element.h"

namespace headroom::netlist {

/// Interprets an E, F, G or H card. Linear sources have the parameter "value", F and H also "control", the
/// source whose current they follow. Everything that is more than a gain (POLY, VALUE, TABLE, Laplace,
/// ...) stands in "expression", as written behind the first two nets.
void readControlledSource(Element& element, char kind, const CardFields& fields,
                          const SpiceDocument& document);

/// The nets of an XSPICE device: "[a b] %vd(c d) ~e model" has a, b, c, d and e.
std::vector<std::string> codeModelNets(const std::vector<Field>& words);

} // namespace headroom::netlist
