#include "app/cli/powergrid_answer.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "app/cli/netlist_json.h"
#include "core/base/quantity.h"

namespace headroom::cli {
namespace {

using Clock = std::chrono::steady_clock;

powergrid::SolveMethod methodOf(const std::string& name) {
    using powergrid::SolveMethod;
    return name == "direct"      ? SolveMethod::Direct
           : name == "multigrid" ? SolveMethod::Multigrid
                                 : SolveMethod::Automatic;
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

} // namespace

void addGridOptions(CLI::App& command, GridOptions& options) {
    command
        .add_option("--islands", options.islands, "Parts of the grid that no pad supplies: exclude or refuse")
        ->check(CLI::IsMember({"exclude", "refuse"}))
        ->capture_default_str();
    command.add_option("--method", options.method, "automatic, direct or multigrid")
        ->check(CLI::IsMember({"automatic", "direct", "multigrid"}))
        ->capture_default_str();
    command
        .add_option("--rough", options.roughIterations,
                    "Stop after so many iterations of multigrid, settled or not; 0: solve exactly")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command.add_option("--map", options.map, "File for the drop in V: .csv, .npy, or .png with a legend");
}

Result<SolvedGrid> solveNetlist(powergrid::GridNetlist netlist, const GridOptions& options,
                                JobContext& context) {
    SolvedGrid solved;
    const auto start = Clock::now();
    powergrid::SolverSettings settings;
    settings.method = methodOf(options.method);
    settings.roughIterations = options.roughIterations;
    const auto policy =
        options.islands == "refuse" ? powergrid::IslandPolicy::Refuse : powergrid::IslandPolicy::Exclude;
    const std::string file = netlist.file;
    auto solution = powergrid::solveGrid(std::make_shared<const powergrid::GridNetlist>(std::move(netlist)),
                                         policy, settings, context);
    if (!solution) {
        Error error = solution.error();
        if (error.file.empty()) error.file = file;
        return tl::unexpected<Error>(std::move(error));
    }
    solved.solution = std::move(*solution);
    solved.solveMs = millisecondsSince(start);
    return solved;
}

Result<SolvedGrid> solveNetlistFile(const std::string& file, const GridOptions& options,
                                    JobContext& context) {
    const auto start = Clock::now();
    auto netlist = powergrid::readGridNetlist(file, context);
    if (!netlist) return forward(netlist);
    const double parseMs = millisecondsSince(start);
    auto solved = solveNetlist(std::move(*netlist), options, context);
    if (solved) solved->parseMs = parseMs;
    return solved;
}

Result<powergrid::Map> dropMapOf(const powergrid::GridSolution& solution, const GridOptions& options,
                                 JobContext& context) {
    powergrid::DropMapSettings settings;
    settings.unitsPerUm = options.unitsPerUm;
    settings.rows = options.rows;
    settings.columns = options.columns;
    return powergrid::dropMap(solution, settings, context);
}

Output describeSolution(const SolvedGrid& solved) {
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

Result<void> writeDropMap(const powergrid::Map& map, const GridOptions& options, Output& output) {
    if (options.map.empty()) return {};
    if (const auto written = powergrid::writeMap(map, options.map); !written) return forward(written);
    output.json["map"] = {{"file", options.map}, {"rows", map.rows}, {"columns", map.columns}};
    output.text += fmt::format("{}: drop in V, {} x {} pixels of 1 um\n", options.map, map.rows, map.columns);
    return {};
}

nlohmann::json toJson(const powergrid::MapComparison& compared) {
    return {{"mae", number(compared.meanAbsoluteError)},
            {"f1", number(compared.f1)},
            {"precision", number(compared.precision)},
            {"recall", number(compared.recall)},
            {"psnr", number(compared.psnr)},
            {"max_error", number(compared.largestError)}};
}

Result<void> addComparison(const powergrid::Map& map, const powergrid::Map& golden, const std::string& file,
                           double elapsedMs, Output& output) {
    const auto comparison = powergrid::compareMaps(map, golden);
    if (!comparison) {
        Error error = comparison.error();
        error.file = file;
        return tl::unexpected<Error>(std::move(error));
    }
    output.json.update(toJson(*comparison));
    output.json["elapsed_ms"] = elapsedMs;
    output.text += fmt::format("MAE {}, F1 {:.4f}, PSNR {:.1f} dB, largest error {}; {:.1f} ms\n",
                               formatQuantity(comparison->meanAbsoluteError, "V"), comparison->f1,
                               comparison->psnr, formatQuantity(comparison->largestError, "V"), elapsedMs);
    return {};
}

} // namespace headroom::cli
