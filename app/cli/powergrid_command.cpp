#include <algorithm>
#include <cmath>
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

/// About a golden map that is hardly of this grid: it reaches further than the nodes do, or far less.
void warnOfOtherSize(const powergrid::GridNetlist& netlist, const powergrid::Map& golden,
                     const EvaluateArguments& arguments, Output& output) {
    const powergrid::MapSize extent = powergrid::extentOf(netlist, arguments.grid.unitsPerUm);
    const auto isOff = [](std::size_t pixels, std::uint64_t reached) {
        const double off = std::abs(static_cast<double>(pixels) - static_cast<double>(reached));
        return off > std::max(10.0, 0.1 * static_cast<double>(reached));
    };
    if (!isOff(golden.rows, extent.rows) && !isOff(golden.columns, extent.columns)) return;
    const std::vector<netlist::Diagnostic> found{
        {netlist::Severity::Warning,
         arguments.golden,
         0,
         1,
         fmt::format("The golden map is {} x {} pixels of 1 um, and the grid's nodes reach to {} x {} um.",
                     golden.rows, golden.columns, extent.rows, extent.columns),
         {}}};
    output.json["diagnostics"].push_back(toJson(found)[0]);
    output.text += toText(found);
}

/// The map of a map file, of a netlist or a folder with one, or of a grid rebuilt from a folder's maps.
Result<powergrid::Map> evaluatedMap(EvaluateArguments arguments, const powergrid::Map& golden,
                                    const GlobalOptions& options, Output& output, JobContext& context) {
    namespace fs = std::filesystem;
    if (!arguments.isRebuilt && powergrid::isMapFile(arguments.input))
        return powergrid::readMap(arguments.input);
    std::error_code code;
    const fs::path inside = fs::path(arguments.input) / "netlist.sp";
    if (!arguments.isRebuilt && fs::is_directory(arguments.input, code)) {
        arguments.isRebuilt = !fs::exists(inside, code);
        if (!arguments.isRebuilt) arguments.input = inside.string();
    }
    const auto describe = [&output](const SolvedGrid& solved) {
        output.json["parse_ms"] = solved.parseMs;
        output.json["solve_ms"] = solved.solveMs;
        output.json["diagnostics"] = toJson(solved.solution.model->diagnostics);
    };
    if (arguments.isRebuilt) {
        arguments.rebuild.maps = {arguments.input};
        auto rebuilt = rebuildAndSolve(arguments.rebuild, arguments.grid, options, output, context);
        if (!rebuilt) return forward(rebuilt);
        describe(rebuilt->solved);
        return std::move(rebuilt->map);
    }
    const auto solved = solveNetlistFile(arguments.input, arguments.grid, context);
    if (!solved) return forward(solved);
    describe(*solved);
    arguments.grid.rows = golden.rows;
    arguments.grid.columns = golden.columns;
    auto map = dropMapOf(solved->solution, arguments.grid, context);
    if (map) warnOfOtherSize(*solved->solution.model->netlist, golden, arguments, output);
    return map;
}

CommandResult runEvaluate(const EvaluateArguments& arguments, const GlobalOptions& options) {
    TerminalContext context;
    const auto golden = powergrid::readMap(arguments.golden);
    if (!golden) return forward(golden);
    Output output{nlohmann::json::object(), {}};
    const auto start = Clock::now();
    const auto map = evaluatedMap(arguments, *golden, options, output, context);
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
        ->check(nonNegative())
        ->capture_default_str();
    solve->add_option("--columns", solving->grid.columns, "Pixels of the map along y")
        ->check(nonNegative())
        ->capture_default_str();
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
    addGridOptions(*evaluate, evaluating->grid);
    addRebuildOptions(*evaluate, evaluating->rebuild);
    evaluate->add_option("--golden", evaluating->golden, "The golden map")->required();
    addUnits(*evaluate, evaluating->grid);
    evaluate->callback([evaluating, &options = registry.options, &chosen = registry.chosen] {
        chosen = [evaluating, &options] { return runEvaluate(*evaluating, options); };
    });
    addPowergridRebuild(*command, registry);
    addPowergridNetworks(*command, registry);
}

} // namespace headroom::cli
