#include "app/cli/powergrid_rebuild_command.h"

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/powergrid/rebuilt_grid.h"

namespace headroom::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct RebuildCommand {
    RebuildArguments rebuild;
    GridOptions grid;
    std::string golden, netlist;
};

void describePads(const powergrid::GridMaps& maps, bool areGiven, Output& output) {
    nlohmann::json places = nlohmann::json::array();
    for (const powergrid::PadPlace& pad : maps.pads)
        places.push_back({{"x", pad.x}, {"y", pad.y}});
    output.json["pads"] = {{"file", maps.padsFile}, {"recovered", !areGiven}, {"places", std::move(places)}};
    output.text += fmt::format("{} pads {} {}\n", maps.pads.size(), areGiven ? "given by" : "recovered from",
                               maps.padsFile);
}

CommandResult runRebuild(RebuildCommand command) {
    TerminalContext context;
    std::optional<powergrid::Map> golden;
    if (!command.golden.empty()) {
        auto read = powergrid::readMap(command.golden);
        if (!read) return forward(read);
        golden = std::move(*read);
    }
    const auto start = Clock::now();
    Output made{nlohmann::json::object(), {}};
    const auto solved = solveRebuilt(command.rebuild, command.grid, made, context);
    if (!solved) return forward(solved);
    const auto map = dropMapOf(solved->solution, command.grid, context);
    if (!map) return forward(map);
    const double elapsed = millisecondsSince(start);
    Output output = describeSolution(*solved);
    output.json.update(made.json);
    output.json["elapsed_ms"] = elapsed;
    output.text = made.text + output.text;
    if (const auto written = writeDropMap(*map, command.grid, output); !written) return forward(written);
    if (!command.netlist.empty()) {
        const auto written = writeFileAtomically(
            command.netlist, powergrid::writeGridNetlist(*solved->solution.model->netlist));
        if (!written) return forward(written);
        output.json["netlist"] = command.netlist;
        output.text += fmt::format("{}: the rebuilt grid as a netlist\n", command.netlist);
    }
    if (golden) {
        const auto compared = addComparison(*map, *golden, command.golden, elapsed, output);
        if (!compared) return forward(compared);
    }
    return output;
}

} // namespace

void addRebuildOptions(CLI::App& command, RebuildArguments& arguments) {
    command
        .add_option("--technology", arguments.technology,
                    "Rules of the grid: name of a shipped technology of grids, or a YAML file")
        ->capture_default_str();
    command.add_option(
        "--pads", arguments.pads,
        "CSV of pads with the columns x and y, um; default: recovered from the map of distances");
    command.add_option("--template", arguments.everywhere,
                       "Number of the template that holds everywhere, for a chip without a map of templates");
}

Result<SolvedGrid> solveRebuilt(const RebuildArguments& arguments, GridOptions& options, Output& output,
                                JobContext& context) {
    const auto start = Clock::now();
    const auto technology = powergrid::loadGridTechnology(arguments.technology);
    if (!technology) return forward(technology);
    const auto files = powergrid::findGridMaps({arguments.maps.begin(), arguments.maps.end()});
    if (!files) return forward(files);
    auto maps = powergrid::readGridMaps(*files, arguments.pads, context);
    if (!maps) return forward(maps);
    maps->everywhere = arguments.everywhere;
    auto netlist = powergrid::rebuildGrid(*maps, *technology, context);
    if (!netlist) return forward(netlist);
    netlist->file = maps->currentsFile;
    options.rows = maps->currents.rows;
    options.columns = maps->currents.columns;
    options.unitsPerUm = technology->unitsPerUm;
    output.json["technology"] = technology->name;
    output.json["rebuilt"] = true;
    describePads(*maps, !arguments.pads.empty(), output);
    const double parseMs = millisecondsSince(start);
    auto solved = solveNetlist(std::move(*netlist), options, context);
    if (solved) solved->parseMs = parseMs;
    return solved;
}

void addPowergridRebuild(CLI::App& group, const Registry& registry) {
    auto command = std::make_shared<RebuildCommand>();
    CLI::App* rebuild = group.add_subcommand(
        "rebuild",
        "Rebuild a power grid from maps, pads and its technology, without a netlist, and solve it");
    rebuild
        ->add_option("maps", command->rebuild.maps,
                     "Folder of maps, or maps, by their names: *current*, *density* (numbers of templates), "
                     "*dist* (effective distances to pads)")
        ->required();
    addRebuildOptions(*rebuild, command->rebuild);
    addGridOptions(*rebuild, command->grid);
    rebuild->add_option("--netlist", command->netlist, "File for the rebuilt grid as a SPICE netlist");
    rebuild->add_option("--golden", command->golden, "Golden map of the drop, to compare with");
    rebuild->callback(
        [command, &chosen = registry.chosen] { chosen = [command] { return runRebuild(*command); }; });
}

} // namespace headroom::cli
