#pragma once

#include <filesystem>
#include <memory>

#include "core/simulation/engine.h"

namespace headroom::simulation {

/// The `ngspice` program: $HEADROOM_NGSPICE, else from PATH. Error: Simulator, where there is none.
Result<std::filesystem::path> findNgspiceProgram();

/// What the program says that it is, "39". Error: Simulator.
Result<std::string> programVersion(const std::filesystem::path& program);

/// Starts the program in batch mode anew for every analysis, with the deck and all alterations since it was
/// loaded, in a temporary folder of its own; reads the raw file that it writes. Error: Simulator.
Result<std::unique_ptr<Engine>> makeProgramEngine(const std::filesystem::path& program);

/// Runs a deck with `ngspice -b` in the deck's folder; what it printed. Errors: Simulator (it cannot be
/// started, died, or took too long), Cancelled.
Result<std::string> runNgspice(const std::filesystem::path& program, const std::filesystem::path& deck,
                               Engine::Clock::time_point deadline, const JobContext& context);

} // namespace headroom::simulation
