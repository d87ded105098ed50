#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/commands.h"
#include "app/cli/netlist_json.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/netlist/netlist.h"
#include "core/structure/structure.h"
#include "core/technology/technology.h"

namespace headroom::cli {
namespace {

using netlist::Dialect;

struct NetlistArguments {
    std::string file;
    std::string top;
    std::string dialect;
    std::string out;

    Result<netlist::Netlist> read() const {
        netlist::ReadOptions options;
        if (!top.empty()) options.top = top;
        if (!dialect.empty()) {
            for (const auto candidate : {Dialect::Spice, Dialect::Hspice, Dialect::Ngspice, Dialect::Ltspice,
                                         Dialect::Cdl, Dialect::Spectre}) {
                if (dialect == netlist::toString(candidate)) options.dialect = candidate;
            }
            if (!options.dialect)
                return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no dialect.", dialect));
        }
        return netlist::readNetlist(file, options);
    }
};

CommandResult runImport(const NetlistArguments& arguments) {
    const auto netlist = arguments.read();
    if (!netlist) return forward(netlist);
    Output output{toJson(*netlist), {}};
    output.text =
        fmt::format("{}: {} devices, {} nets, {} ports; {} of {} lines accounted for\n",
                    netlist->circuit.name, netlist->circuit.devices.size(), netlist->circuit.nets.size(),
                    netlist->circuit.ports.size(), netlist->lines.accounted, netlist->lines.read);
    for (const netlist::Diagnostic& diagnostic : netlist->diagnostics) {
        output.text += fmt::format("{}:{}:{}: {}: {}\n", diagnostic.file, diagnostic.line, diagnostic.column,
                                   netlist::toString(diagnostic.severity), diagnostic.message);
    }
    if (!arguments.out.empty()) {
        const auto written = writeFileAtomically(arguments.out, netlist->files.front().text);
        if (!written) return forward(written);
    }
    return output;
}

CommandResult runStructure(const NetlistArguments& arguments) {
    const auto netlist = arguments.read();
    if (!netlist) return forward(netlist);
    const structure::Structure structure = structure::recognise(netlist->circuit);
    Output output{toJson(netlist->circuit, structure), {}};
    output.text = fmt::format("{}: {} blocks, recognised in {:.0f} \u00b5s\n\n", netlist->circuit.name,
                              structure.blocks.size(), structure.elapsedMicroseconds);
    for (std::size_t i = 0; i < netlist->circuit.devices.size(); ++i) {
        const structure::DeviceRole& role = structure.roles[i];
        output.text +=
            fmt::format("{:<16} {:<20} {:<9} {}\n", netlist->circuit.devices[i].name,
                        structure::toString(role.function), structure::toString(role.stage), role.reason);
    }
    output.text += "\n";
    for (const structure::Block& block : structure.blocks) {
        output.text += fmt::format("{} (level {}): {}\n", block.type, block.level,
                                   fmt::join(deviceNames(netlist->circuit, block.devices), " "));
    }
    for (const structure::MatchedGroup& group : structure.matchedGroups) {
        output.text += fmt::format(
            "matched: {} ({})\n", fmt::join(deviceNames(netlist->circuit, group.devices), " "), group.reason);
    }
    if (!structure.ports) output.text += structure.portsProblem + "\n";
    return output;
}

CommandResult runTechnologies() {
    Output output{nlohmann::json::array(), {}};
    for (const std::string& name : technology::shippedTechnologies()) {
        const auto technology = technology::loadTechnology(name);
        if (!technology) return forward(technology);
        std::vector<std::string> models;
        for (const technology::MosfetRules& rules : technology->mosfets)
            models.push_back(rules.model);
        output.json.push_back({{"name", technology->name},
                               {"title", technology->title},
                               {"source", technology->source},
                               {"licence", technology->licence},
                               {"supply_voltage", technology->supplyVoltage},
                               {"temperature", technology->temperature},
                               {"grid", technology->grid},
                               {"corners", technology->corners},
                               {"models", models}});
        output.text += fmt::format("{:<16} {}, {}, {} ({})\n", technology->name, technology->title,
                                   formatQuantity(technology->supplyVoltage, "V"), technology->source,
                                   technology->licence);
    }
    return output;
}

CLI::App* addNetlistCommand(CLI::App& app, const char* name, const char* description,
                            const std::shared_ptr<NetlistArguments>& arguments) {
    CLI::App* command = app.add_subcommand(name, description);
    command->add_option("file", arguments->file, "Netlist or schematic")->required();
    command->add_option("--top", arguments->top, "Top cell");
    return command;
}

} // namespace

void addImport(const Registry& registry) {
    auto arguments = std::make_shared<NetlistArguments>();
    CLI::App* command =
        addNetlistCommand(registry.app, "import", "Read a netlist and say what is in it", arguments);
    command->add_option("--dialect", arguments->dialect, "spice, hspice, ngspice, ltspice, cdl or spectre");
    command->add_option("--out", arguments->out, "Write the text back, unchanged");
    command->callback(
        [arguments, &chosen = registry.chosen] { chosen = [arguments] { return runImport(*arguments); }; });
}

void addStructure(const Registry& registry) {
    auto arguments = std::make_shared<NetlistArguments>();
    CLI::App* command = addNetlistCommand(registry.app, "structure",
                                          "Recognise building blocks, functions and symmetry", arguments);
    command->callback([arguments, &chosen = registry.chosen] {
        chosen = [arguments] { return runStructure(*arguments); };
    });
}

void addTechnologies(const Registry& registry) {
    registry.app.add_subcommand("technologies", "List the technologies that are shipped")
        ->callback([&chosen = registry.chosen] { chosen = runTechnologies; });
}

} // namespace headroom::cli
