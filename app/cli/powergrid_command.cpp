#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "app/cli/netlist_json.h"
#include "app/cli/powergrid_network_commands.h"
#include "app/cli/powergrid_rebuild_command.h"
#include "app/cli/validators.h"
#include "core/base/file.h"

namespace headroom::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct SolveArguments {
    std::string netlist, voltages;
    GridOptions grid;
};

struct EvaluateArguments {
    std::string input, golden;
    GridOptions grid;
    RebuildArguments rebuild;
    bool isRebuilt = false;
};

/// Every node but ground, those that shorts join among them; "nan" on islands that were left out.
std::string voltagesCsv(const powergrid::GridSolution& solution) {
    fmt::memory_buffer text;
    fmt::format_to(std::back_inserter(text), "node,voltage\n");
    const powergrid::NodeTable& nodes = solution.model->netlist->nodes;
    for (std::size_t node = 1; node < solution.volts.size(); ++node)
        fmt::format_to(std::back_inserter(text), "{},{}\n", nodes[static_cast<powergrid::NodeId>(node)],
                       solution.volts[node]);
    return fmt::to_string(text);
}

/// A case of the contest has maps of one size beside its netlist; their edge is not in the netlist.
Result<void> takeSizeOfCase(SolveArguments& arguments) {
    GridOptions& grid = arguments.grid;
    if (grid.rows > 0 || grid.columns > 0) return {};
    const auto beside = std::filesystem::path(arguments.netlist).parent_path() / "current_map.csv";
    std::error_code code;
    if (!std::filesystem::exists(beside, code)) return {};
    const auto map = powergrid::readMap(beside);
    if (!map) return forward(map);
    grid.rows = map->rows;
    grid.columns = map->columns;
    return {};
}

CommandResult runSolve(SolveArguments arguments) {
    TerminalContext context;
    const auto solved = solveNetlistFile(arguments.netlist, arguments.grid, context);
    if (!solved) return forward(solved);
    Output output = describeSolution(*solved);
    if (!arguments.voltages.empty()) {
        const auto written = writeFileAtomically(arguments.voltages, voltagesCsv(solved->solution));
        if (!written) return forward(written);
        output.json["voltages"] = arguments.voltages;
    }
    if (!arguments.grid.map.empty()) {
        const auto start = Clock::now();
        if (const auto taken = takeSizeOfCase(arguments); !taken) return forward(taken);
        const auto map = dropMapOf(solved->solution, arguments.grid, context);
        if (!map) return forward(map);
        if (const auto written = writeDropMap(*map, arguments.grid, output); !written)
            return forward(written);
        output.json["map_ms"] = millisecondsSince(start);
    }
    return output;
}

/// The map of a map file, of a netlist or a folder with one, or of a grid rebuilt from a folder's maps.
Result<powergrid::Map> evaluatedMap(EvaluateArguments arguments, const powergrid::Map& golden, Output& output,
                                    JobContext& context) {
    namespace fs = std::filesystem;
    if (!arguments.isRebuilt && powergrid::isMapFile(arguments.input))
        return powergrid::readMap(arguments.input);
    std::error_code code;
    const fs::path inside = fs::path(arguments.input) / "netlist.sp";
    if (!arguments.isRebuilt && fs::is_directory(arguments.input, code)) {
        arguments.isRebuilt = !fs::exists(inside, code);
        if (!arguments.isRebuilt) arguments.input = inside.string();
    }
    arguments.rebuild.maps = {arguments.input};
    const auto solved = arguments.isRebuilt ? solveRebuilt(arguments.rebuild, arguments.grid, output, context)
                                            : solveNetlistFile(arguments.input, arguments.grid, context);
    if (!solved) return forward(solved);
    output.json["parse_ms"] = solved->parseMs;
    output.json["solve_ms"] = solved->solveMs;
    output.json["diagnostics"] = toJson(solved->solution.model->diagnostics);
    if (!arguments.isRebuilt) {
        arguments.grid.rows = golden.rows;
        arguments.grid.columns = golden.columns;
    }
    return dropMapOf(solved->solution, arguments.grid, context);
}

CommandResult runEvaluate(const EvaluateArguments& arguments) {
    TerminalContext context;
    const auto golden = powergrid::readMap(arguments.golden);
    if (!golden) return forward(golden);
    Output output{nlohmann::json::object(), {}};
    const auto start = Clock::now();
    const auto map = evaluatedMap(arguments, *golden, output, context);
    if (!map) return forward(map);
    const auto compared = addComparison(*map, *golden, arguments.input, millisecondsSince(start), output);
    if (!compared) return forward(compared);
    if (const auto written = writeDropMap(*map, arguments.grid, output); !written) return forward(written);
    return output;
}

void addUnits(CLI::App& command, GridOptions& options) {
    command.add_option("--units-per-um", options.unitsPerUm, "Of the coordinates in node names")
        ->check(positive())
        ->capture_default_str();
}

} // namespace

void addPowergrid(const Registry& registry) {
    CLI::App* command = registry.app.add_subcommand("powergrid", "Voltage drops of power grids");
    command->require_subcommand(1);

    auto solving = std::make_shared<SolveArguments>();
    CLI::App* solve = command->add_subcommand("solve", "Solve a power grid's netlist");
    solve->add_option("netlist", solving->netlist, "SPICE netlist of a power grid")->required();
    addGridOptions(*solve, solving->grid);
    addUnits(*solve, solving->grid);
    solve
        ->add_option("--rows", solving->grid.rows,
                     "Pixels of the map along x; 0: as maps beside the netlist, or to the last node")
        ->capture_default_str();
    solve->add_option("--columns", solving->grid.columns, "Pixels of the map along y")->capture_default_str();
    solve->add_option("--voltages", solving->voltages, "CSV file for node,voltage of every node");
    solve->callback(
        [solving, &chosen = registry.chosen] { chosen = [solving] { return runSolve(*solving); }; });

    auto evaluating = std::make_shared<EvaluateArguments>();
    CLI::App* evaluate =
        command->add_subcommand("evaluate", "Compare a netlist's drops, or a map, with a golden map");
    evaluate
        ->add_option(
            "input", evaluating->input,
            "Netlist, folder with one, map of drops (.csv, .npy, .png), or folder of maps to rebuild "
            "the grid from")
        ->required();
    evaluate->add_flag("--rebuild", evaluating->isRebuilt,
                       "Rebuild the grid from the folder's maps even where it has a netlist");
    addRebuildOptions(*evaluate, evaluating->rebuild);
    evaluate->add_option("--golden", evaluating->golden, "The golden map")->required();
    addGridOptions(*evaluate, evaluating->grid);
    addUnits(*evaluate, evaluating->grid);
    evaluate->callback([evaluating, &chosen = registry.chosen] {
        chosen = [evaluating] { return runEvaluate(*evaluating); };
    });
    addPowergridRebuild(*command, registry);
    addPowergridNetworks(*command, registry);
}

} // namespace headroom::cli
