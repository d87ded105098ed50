#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/netlist/netlist.h"

namespace headroom::cli {

/// The document of `import`, by the command line's contract.
nlohmann::json toJson(const netlist::Netlist& netlist);

/// Findings, by the same contract; and for people: "file:line:column: severity: message", one a line.
nlohmann::json toJson(const std::vector<netlist::Diagnostic>& diagnostics);
std::string toText(const std::vector<netlist::Diagnostic>& diagnostics);

std::vector<std::string> deviceNames(const netlist::Circuit& circuit,
                                     const std::vector<netlist::DeviceId>& devices);

} // namespace headroom::cli
