#pragma once

#include <filesystem>
#include <memory>

#include "core/simulation/engine.h"

namespace headroom::simulation {

/// ngspice as a library in a headroom-simulator process of its own, started by this call. Error: Simulator.
Result<std::unique_ptr<Engine>> startWorkerEngine(const std::filesystem::path& executable);

/// What a worker's ngspice says that it is, "39.3"; asked once per executable and process. Error: Simulator.
Result<std::string> workerVersion(const std::filesystem::path& executable);

} // namespace headroom::simulation
