#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/netlist/netlist.h"
#include "core/structure/structure.h"

namespace headroom::cli {

/// The documents of `import` and `structure`, by the command line's contract.
nlohmann::json toJson(const netlist::Netlist& netlist);
nlohmann::json toJson(const netlist::Circuit& circuit, const structure::Structure& structure);

std::vector<std::string> deviceNames(const netlist::Circuit& circuit,
                                     const std::vector<netlist::DeviceId>& devices);

} // namespace headroom::cli
