#include <algorithm>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/validators.h"
#include "core/compute/device.h"

namespace {

/// CLI11 reads "-1" as the largest number that there is.
void refuseNegativeCounts(CLI::App& command) {
    for (CLI::Option* option : command.get_options()) {
        if (option->get_type_name().rfind("UINT", 0) == 0) option->check(headroom::cli::unsignedNumber());
    }
    for (CLI::App* each : command.get_subcommands({}))
        refuseNegativeCounts(*each);
}

} // namespace

int main(int argc, char** argv) {
    using namespace headroom;
    cli::GlobalOptions options;
    cli::Action chosen;
    CLI::App app("Headroom: explore how much room a circuit design has left.", "headroom-cli");
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", HEADROOM_VERSION);
    app.add_flag("--json", options.json, "One JSON document on standard output, nothing else");
    app.add_option("--seed", options.seed, "Seed of everything random")->capture_default_str();
    app.add_option("--threads", options.threads, "Threads and simulator processes; 0: one per core")
        ->check(cli::nonNegative())
        ->capture_default_str();
    app.add_option("--device", options.device, "Where networks run")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->capture_default_str();
    app.add_option("--technology", options.technology, "Name of a shipped technology, or a YAML file")
        ->capture_default_str();
    const cli::Registry registry{app, options, cli::commandLine(argc, argv), chosen};
    cli::addImport(registry);
    cli::addStructure(registry);
    cli::addDraw(registry);
    cli::addTechnologies(registry);
    cli::addSimulate(registry);
    cli::addSizing(registry);
    cli::addExport(registry);
    cli::addExplore(registry);
    cli::addCache(registry);
    cli::addSlack(registry);
    cli::addRobustness(registry);
    cli::addPowergrid(registry);
    cli::addDelay(registry);
    refuseNegativeCounts(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) {
            // The flag may stand behind what was not understood.
            const bool wantsJson = std::any_of(
                argv + 1, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
            return cli::finishBadUsage(wantsJson, error.what());
        }
        std::ostringstream help;
        app.exit(error, help, help);
        return cli::print(help.str()) ? cli::Success : cli::Failure;
    }
    if (options.threads > 0) compute::setThreadBudget(options.threads);
    try {
        return cli::finish(options, chosen());
    } catch (const std::bad_alloc&) {
    } catch (const std::length_error&) { // more than any memory can hold
    }
    return cli::finish(options, fail(ErrorCode::Unsupported, "The memory does not suffice for this."));
}
