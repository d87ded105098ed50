#include <chrono>
#include <cmath>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/netlist_json.h"
#include "app/cli/powergrid_network_commands.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/powergrid/drop_map.h"
#include "core/powergrid/map_comparison.h"

namespace headroom::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct SolveArguments {
    std::string netlist, map, voltages, islands = "exclude", method = "automatic";
    double unitsPerUm = powergrid::DropMapSettings{}.unitsPerUm;
    std::uint64_t rows = 0, columns = 0;
};

struct EvaluateArguments {
    SolveArguments solve;
    std::string golden;
};

/// A solved netlist, and how long it took.
struct Solved {
    powergrid::GridSolution solution;
    double parseMs = 0, solveMs = 0;
};

powergrid::SolveMethod methodOf(const std::string& name) {
    using powergrid::SolveMethod;
    return name == "direct"      ? SolveMethod::Direct
           : name == "multigrid" ? SolveMethod::Multigrid
                                 : SolveMethod::Automatic;
}

Result<Solved> solveNetlist(const SolveArguments& arguments, JobContext& context) {
    Solved solved;
    auto start = Clock::now();
    auto netlist = powergrid::readGridNetlist(arguments.netlist, context);
    if (!netlist) return forward(netlist);
    solved.parseMs = millisecondsSince(start);
    start = Clock::now();
    powergrid::SolverSettings settings;
    settings.method = methodOf(arguments.method);
    const auto policy =
        arguments.islands == "refuse" ? powergrid::IslandPolicy::Refuse : powergrid::IslandPolicy::Exclude;
    auto solution = powergrid::solveGrid(std::make_shared<const powergrid::GridNetlist>(std::move(*netlist)),
                                         policy, settings, context);
    if (!solution) {
        Error error = solution.error();
        if (error.file.empty()) error.file = arguments.netlist;
        return tl::unexpected<Error>(std::move(error));
    }
    solved.solution = std::move(*solution);
    solved.solveMs = millisecondsSince(start);
    return solved;
}

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
    if (arguments.rows > 0 || arguments.columns > 0) return {};
    const auto beside = std::filesystem::path(arguments.netlist).parent_path() / "current_map.csv";
    std::error_code code;
    if (!std::filesystem::exists(beside, code)) return {};
    const auto map = powergrid::readMap(beside);
    if (!map) return forward(map);
    arguments.rows = map->rows;
    arguments.columns = map->columns;
    return {};
}

Result<powergrid::Map> mapOf(const powergrid::GridSolution& solution, const SolveArguments& arguments,
                             JobContext& context) {
    powergrid::DropMapSettings settings;
    settings.unitsPerUm = arguments.unitsPerUm;
    settings.rows = arguments.rows;
    settings.columns = arguments.columns;
    return powergrid::dropMap(solution, settings, context);
}

nlohmann::json netsJson(const powergrid::GridSolution& solution) {
    nlohmann::json nets = nlohmann::json::array();
    const powergrid::GridModel& model = *solution.model;
    constexpr std::size_t kMost = 100; // a grid of shreds has thousands
    for (std::size_t i = 0; i < std::min(model.allNets.size(), kMost); ++i) {
        const powergrid::GridNet& net = model.allNets[i];
        nets.push_back({{"first_node", model.netlist->nodes[net.firstNode]},
                        {"nodes", net.nodes},
                        {"pads", net.pads},
                        {"island", net.isIsland},
                        {"supply", number(net.supplyVolts)},
                        {"supplied_current", number(solution.balances[i].suppliedAmperes)},
                        {"load_current", number(net.loadAmperes)}});
    }
    return nets;
}

Output outputOf(const Solved& solved) {
    const powergrid::GridSolution& solution = solved.solution;
    const powergrid::GridNetlist& netlist = *solution.model->netlist;
    Output output;
    output.json = {{"nodes", netlist.nodes.size() - 1},
                   {"resistors", netlist.resistors.size()},
                   {"sources", netlist.currents.size() + netlist.voltages.size()},
                   {"current_sources", netlist.currents.size()},
                   {"voltage_sources", netlist.voltages.size()},
                   {"unknowns", solution.model->unknownCount()},
                   {"worst_drop", number(solution.worstDrop)},
                   {"worst_node", netlist.nodes[solution.worstNode]},
                   {"residual", number(solution.residual)},
                   {"worst_current_error", number(solution.worstAmperes)},
                   {"method", toString(solution.method)},
                   {"iterations", solution.iterations},
                   {"nets", netsJson(solution)},
                   {"parse_ms", solved.parseMs},
                   {"solve_ms", solved.solveMs},
                   {"diagnostics", toJson(solution.model->diagnostics)}};
    output.text = toText(solution.model->diagnostics);
    output.text +=
        fmt::format("{}: {} nodes, {} resistors, {} sources; read in {:.1f} ms, solved in {:.1f} ms\n",
                    netlist.file, netlist.nodes.size() - 1, netlist.resistors.size(),
                    netlist.currents.size() + netlist.voltages.size(), solved.parseMs, solved.solveMs);
    output.text +=
        fmt::format("worst drop {} at {}; residual {:.1e} ({})\n", formatQuantity(solution.worstDrop, "V"),
                    netlist.nodes[solution.worstNode], solution.residual, toString(solution.method));
    return output;
}

CommandResult runSolve(SolveArguments arguments) {
    TerminalContext context;
    const auto solved = solveNetlist(arguments, context);
    if (!solved) return forward(solved);
    Output output = outputOf(*solved);
    if (!arguments.voltages.empty()) {
        const auto written = writeFileAtomically(arguments.voltages, voltagesCsv(solved->solution));
        if (!written) return forward(written);
        output.json["voltages"] = arguments.voltages;
    }
    if (!arguments.map.empty()) {
        const auto start = Clock::now();
        if (const auto taken = takeSizeOfCase(arguments); !taken) return forward(taken);
        const auto map = mapOf(solved->solution, arguments, context);
        if (!map) return forward(map);
        if (const auto written = powergrid::writeMap(*map, arguments.map); !written) return forward(written);
        output.json["map"] = {{"file", arguments.map}, {"rows", map->rows}, {"columns", map->columns}};
        output.json["map_ms"] = millisecondsSince(start);
        output.text +=
            fmt::format("{}: drop in V, {} x {} pixels of 1 um\n", arguments.map, map->rows, map->columns);
    }
    return output;
}

/// The map of a map file, of a netlist, or of a folder with a netlist.
Result<powergrid::Map> evaluatedMap(SolveArguments arguments, const powergrid::Map& golden,
                                    nlohmann::json& document, JobContext& context) {
    if (powergrid::isMapFile(arguments.netlist)) return powergrid::readMap(arguments.netlist);
    std::error_code code;
    if (std::filesystem::is_directory(arguments.netlist, code))
        arguments.netlist = (std::filesystem::path(arguments.netlist) / "netlist.sp").string();
    const auto solved = solveNetlist(arguments, context);
    if (!solved) return forward(solved);
    document["parse_ms"] = solved->parseMs;
    document["solve_ms"] = solved->solveMs;
    document["diagnostics"] = toJson(solved->solution.model->diagnostics);
    arguments.rows = golden.rows;
    arguments.columns = golden.columns;
    return mapOf(solved->solution, arguments, context);
}

CommandResult runEvaluate(const EvaluateArguments& arguments) {
    TerminalContext context;
    const auto golden = powergrid::readMap(arguments.golden);
    if (!golden) return forward(golden);
    Output output{nlohmann::json::object(), {}};
    const auto start = Clock::now();
    const auto map = evaluatedMap(arguments.solve, *golden, output.json, context);
    if (!map) return forward(map);
    const double elapsed = millisecondsSince(start);
    const auto comparison = powergrid::compareMaps(*map, *golden);
    if (!comparison) {
        Error error = comparison.error();
        error.file = arguments.solve.netlist;
        return tl::unexpected<Error>(std::move(error));
    }
    if (!arguments.solve.map.empty())
        if (const auto written = powergrid::writeMap(*map, arguments.solve.map); !written)
            return forward(written);
    output.json["mae"] = number(comparison->meanAbsoluteError);
    output.json["f1"] = number(comparison->f1);
    output.json["precision"] = number(comparison->precision);
    output.json["recall"] = number(comparison->recall);
    output.json["psnr"] = number(comparison->psnr);
    output.json["max_error"] = number(comparison->largestError);
    output.json["elapsed_ms"] = elapsed;
    output.text = fmt::format("MAE {}, F1 {:.4f}, PSNR {:.1f} dB, largest error {}; {:.1f} ms\n",
                              formatQuantity(comparison->meanAbsoluteError, "V"), comparison->f1,
                              comparison->psnr, formatQuantity(comparison->largestError, "V"), elapsed);
    return output;
}

void addGridOptions(CLI::App& command, SolveArguments& arguments) {
    command
        .add_option("--islands", arguments.islands,
                    "Parts of the grid that no pad supplies: exclude or refuse")
        ->check(CLI::IsMember({"exclude", "refuse"}))
        ->capture_default_str();
    command.add_option("--method", arguments.method, "automatic, direct or multigrid")
        ->check(CLI::IsMember({"automatic", "direct", "multigrid"}))
        ->capture_default_str();
    command.add_option("--units-per-um", arguments.unitsPerUm, "Of the coordinates in node names")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--map", arguments.map, "File for the drop in V: .csv, .npy, or .png with a legend");
}

} // namespace

void addPowergrid(const Registry& registry) {
    CLI::App* command = registry.app.add_subcommand("powergrid", "Voltage drops of power grids");
    command->require_subcommand(1);

    auto solving = std::make_shared<SolveArguments>();
    CLI::App* solve = command->add_subcommand("solve", "Solve a power grid's netlist");
    solve->add_option("netlist", solving->netlist, "SPICE netlist of a power grid")->required();
    addGridOptions(*solve, *solving);
    solve
        ->add_option("--rows", solving->rows,
                     "Pixels of the map along x; 0: as maps beside the netlist, or to the last node")
        ->capture_default_str();
    solve->add_option("--columns", solving->columns, "Pixels of the map along y")->capture_default_str();
    solve->add_option("--voltages", solving->voltages, "CSV file for node,voltage of every node");
    solve->callback(
        [solving, &chosen = registry.chosen] { chosen = [solving] { return runSolve(*solving); }; });

    auto evaluating = std::make_shared<EvaluateArguments>();
    CLI::App* evaluate =
        command->add_subcommand("evaluate", "Compare a netlist's drops, or a map, with a golden map");
    evaluate
        ->add_option("input", evaluating->solve.netlist,
                     "Netlist, folder with one, or map (.csv, .npy, .png)")
        ->required();
    evaluate->add_option("--golden", evaluating->golden, "The golden map")->required();
    addGridOptions(*evaluate, evaluating->solve);
    evaluate->callback([evaluating, &chosen = registry.chosen] {
        chosen = [evaluating] { return runEvaluate(*evaluating); };
    });
    addPowergridNetworks(*command, registry);
}

} // namespace headroom::cli
