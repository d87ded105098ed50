#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/simulator.h"

namespace headroom::sizing {

/// Reads a netlist, recognises it and loads the technology: everything that simulation and sizing start
/// from. A circuit without recognised ports is returned all the same; whoever simulates it is told why not.
Result<std::shared_ptr<const simulation::AmplifierUnderTest>>
openAmplifier(const std::filesystem::path& netlist, const std::string& technology,
              const std::optional<std::string>& top = std::nullopt);

/// What a model's fit to a circuit depends on, a line per device: its name, its model and its nets.
std::vector<std::string> deviceLines(const netlist::Circuit& circuit);

/// Hash of deviceLines().
std::string circuitHash(const netlist::Circuit& circuit);

} // namespace headroom::sizing
