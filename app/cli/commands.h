#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "app/cli/session.h"

namespace headroom::cli {

/// What the chosen command does once the command line has been read.
using Action = std::function<CommandResult()>;

/// What commands are registered with. `options` is complete by the time the action runs.
struct Registry {
    CLI::App& app;
    const GlobalOptions& options;
    std::string commandLine;
    Action& chosen;
};

void addImport(const Registry& registry);
void addStructure(const Registry& registry);
void addDraw(const Registry& registry);
void addTechnologies(const Registry& registry);
void addSimulate(const Registry& registry);
void addSizing(const Registry& registry);
void addExport(const Registry& registry);
void addExplore(const Registry& registry);
void addCache(const Registry& registry);
void addSlack(const Registry& registry);
void addRobustness(const Registry& registry);
void addPowergrid(const Registry& registry);
void addDelay(const Registry& registry);

} // namespace headroom::cli
