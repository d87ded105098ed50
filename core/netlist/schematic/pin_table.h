#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/netlist/sheet.h"

namespace headroom::netlist {

/// The short hand of the tables of standard symbols.

struct TablePin {
    std::string name;
    Point at;
};

/// "D 20 -30 G -20 0" -> D at (20, -30), G at (-20, 0).
std::vector<TablePin> pinsOfTable(std::string_view text);

/// Whether @p name is one of @p names, which are separated by single blanks.
bool isListed(std::string_view names, std::string_view name);

} // namespace headroom::netlist
