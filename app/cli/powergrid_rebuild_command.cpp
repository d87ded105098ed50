#include "app/cli/powergrid_rebuild_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/cli/powergrid_network_commands.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
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
    output.text += fmt::format("{} {} {} {}\n", maps.pads.size(), maps.pads.size() == 1 ? "pad" : "pads",
                               areGiven ? "given by" : "recovered from", maps.padsFile);
}

/// Says what the network answers where describeSolution() tells of the rough solution that it starts from.
void describeCorrection(const RebuiltDrops& rebuilt, const std::string& model, Output& output) {
    const auto& values = rebuilt.map.values;
    const auto place =
        static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
    output.json["method"] = "network";
    output.json["worst_drop"] = number(values[place]);
    output.json.erase("worst_node");
    output.json["worst_row"] = place / rebuilt.map.columns;
    output.json["worst_column"] = place % rebuilt.map.columns;
    output.text += fmt::format("corrected by the network {}: worst drop {} at x = {} um, y = {} um\n", model,
                               formatQuantity(values[place], "V"), place / rebuilt.map.columns,
                               place % rebuilt.map.columns);
}

CommandResult runRebuild(RebuildCommand command, const GlobalOptions& options) {
    TerminalContext context;
    std::optional<powergrid::Map> golden;
    if (!command.golden.empty()) {
        auto read = powergrid::readMap(command.golden);
        if (!read) return forward(read);
        golden = std::move(*read);
    }
    const auto start = Clock::now();
    Output made{nlohmann::json::object(), {}};
    const auto rebuilt = rebuildAndSolve(command.rebuild, command.grid, options, made, context);
    if (!rebuilt) return forward(rebuilt);
    const double elapsed = millisecondsSince(start);
    Output output = describeSolution(rebuilt->solved);
    output.json.update(made.json);
    output.json["elapsed_ms"] = elapsed;
    output.text = made.text + output.text;
    if (!command.rebuild.model.empty()) describeCorrection(*rebuilt, command.rebuild.model, output);
    if (const auto written = writeDropMap(rebuilt->map, command.grid, output); !written)
        return forward(written);
    if (!command.netlist.empty()) {
        const auto written = writeFileAtomically(
            command.netlist, powergrid::writeGridNetlist(*rebuilt->solved.solution.model->netlist));
        if (!written) return forward(written);
        output.json["netlist"] = command.netlist;
        output.text += fmt::format("{}: the rebuilt grid as a netlist\n", command.netlist);
    }
    if (golden) {
        const auto compared = addComparison(rebuilt->map, *golden, command.golden, elapsed, output);
        if (!compared) return forward(compared);
    }
    return output;
}

/// The network that corrects a rough solution, from which the solver then stops.
Result<std::optional<powergrid::DropModel>> loadCorrection(const std::string& name, GridOptions& options,
                                                           const GlobalOptions& global, Output& output) {
    std::optional<powergrid::DropModel> model;
    if (name.empty()) return model;
    auto loaded = loadDropModel(name, global);
    if (!loaded) return forward(loaded);
    model.emplace(std::move(*loaded));
    options.roughIterations = model->card().training.roughIterations;
    output.json["model"] = name;
    return model;
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
    command
        .add_option("--model", arguments.model,
                    "Network that corrects a rough solution (ir_drop_grid, or a folder); without one the "
                    "grid is solved")
        ->excludes("--rough");
}

Result<RebuiltDrops> rebuildAndSolve(const RebuildArguments& arguments, GridOptions& options,
                                     const GlobalOptions& global, Output& output, JobContext& context) {
    auto model = loadCorrection(arguments.model, options, global, output);
    if (!model) return forward(model);
    const auto start = Clock::now();
    auto technology = powergrid::loadGridTechnology(arguments.technology);
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
    if (!solved) return forward(solved);
    solved->parseMs = parseMs;
    auto map = dropMapOf(solved->solution, options, context);
    if (!map) return forward(map);
    if (!*model) return RebuiltDrops{std::move(*solved), std::move(*map)};
    const auto correcting = Clock::now();
    const powergrid::LaidGrid grid{std::move(*maps), std::move(*technology), solved->solution.model};
    auto corrected = (*model)->correct(grid, {solved->solution, *map}, compute::threadBudget(), context);
    if (!corrected) return forward(corrected);
    output.json["network_ms"] = millisecondsSince(correcting);
    return RebuiltDrops{std::move(*solved), std::move(*corrected)};
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
    addGridOptions(*rebuild, command->grid);
    addRebuildOptions(*rebuild, command->rebuild);
    rebuild->add_option("--netlist", command->netlist, "File for the rebuilt grid as a SPICE netlist");
    rebuild->add_option("--golden", command->golden, "Golden map of the drop, to compare with");
    rebuild->callback([command, &options = registry.options, &chosen = registry.chosen] {
        chosen = [command, &options] { return runRebuild(*command, options); };
    });
}

} // namespace headroom::cli
