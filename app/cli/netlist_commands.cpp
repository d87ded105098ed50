#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/commands.h"
#include "app/cli/netlist_json.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/netlist/device_table.h"
#include "core/netlist/netlist.h"
#include "core/netlist/netlist_writer.h"
#include "core/technology/technology.h"

namespace headroom::cli {
namespace {

using netlist::Dialect;

struct NetlistArguments {
    std::string file;
    std::string top;
    std::string dialect;
    std::string readAs;
    std::string out;

    /// Nothing where @p name is empty.
    static Result<std::optional<Dialect>> dialectNamed(const std::string& name) {
        for (const auto candidate : {Dialect::Spice, Dialect::Hspice, Dialect::Ngspice, Dialect::Ltspice,
                                     Dialect::Cdl, Dialect::Spectre}) {
            if (name == netlist::toString(candidate)) return candidate;
        }
        if (name.empty()) return std::nullopt;
        return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no dialect.", name));
    }

    Result<netlist::Netlist> read() const {
        netlist::ReadOptions options;
        if (!top.empty()) options.top = top;
        // Without a file to write, --dialect says what the file is written in.
        const auto source = dialectNamed(readAs.empty() && out.empty() ? dialect : readAs);
        if (!source) return forward(source);
        options.dialect = *source;
        return netlist::readNetlist(file, options);
    }

    /// The imported text as it is, or converted where a dialect is asked for.
    Result<void> write(const netlist::Netlist& netlist, Output& output) const {
        const auto target = dialectNamed(dialect);
        if (!target) return forward(target);
        if (!*target) return writeFileAtomically(out, netlist.files.front().text);
        const auto written = netlist::writeNetlist(netlist, **target);
        if (!written) return forward(written);
        for (const std::string& note : written->notes)
            output.text += note + "\n";
        output.json["notes"] = written->notes;
        return writeFileAtomically(out, written->text);
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
    for (const auto& convention : netlist::deviceConventions(netlist->circuit))
        output.text += convention.sentence() + "\n";
    output.text += toText(netlist->diagnostics);
    if (!arguments.out.empty()) {
        const auto written = arguments.write(*netlist, output);
        if (!written) return forward(written);
    }
    return output;
}

nlohmann::json toJson(const technology::MosfetRules& rules) {
    return {{"model", rules.model},
            {"polarity", rules.polarity == netlist::Polarity::N ? "n" : "p"},
            {"aliases", rules.aliases},
            {"width", {rules.minWidth, rules.maxWidth}},
            {"length", {rules.minLength, rules.maxLength}},
            {"mismatch",
             {{"threshold", rules.thresholdMismatch},
              {"current_factor", rules.currentFactorMismatch},
              {"width_offset", rules.mismatchWidthOffset},
              {"length_offset", rules.mismatchLengthOffset}}}};
}

std::string lineOf(const technology::MosfetRules& rules) {
    std::string line =
        fmt::format("  {:<12} W {} to {}, L {} to {}", rules.model, formatQuantity(rules.minWidth, "m"),
                    formatQuantity(rules.maxWidth, "m"), formatQuantity(rules.minLength, "m"),
                    formatQuantity(rules.maxLength, "m"));
    if (rules.thresholdMismatch > 0)
        line += fmt::format(", A_VT {:.4g} mV µm", rules.thresholdMismatch * 1e9);
    if (rules.currentFactorMismatch > 0)
        line += fmt::format(", A_beta {:.4g} % µm", rules.currentFactorMismatch * 1e8);
    return line + '\n';
}

CommandResult runTechnologies() {
    Output output{nlohmann::json::array(), {}};
    for (const std::string& name : technology::shippedTechnologies()) {
        const auto technology = technology::loadTechnology(name);
        if (!technology) return forward(technology);
        nlohmann::json devices = nlohmann::json::array();
        std::vector<std::string> models;
        for (const technology::MosfetRules& rules : technology->mosfets) {
            devices.push_back(toJson(rules));
            models.push_back(rules.model);
        }
        output.json.push_back({{"name", technology->name},
                               {"title", technology->title},
                               {"source", technology->source},
                               {"licence", technology->licence},
                               {"supply_voltage", technology->supplyVoltage},
                               {"temperature", technology->temperature},
                               {"grid", technology->grid},
                               {"corners", technology->corners},
                               {"models", models},
                               {"devices", devices}});
        output.text +=
            fmt::format("{:<16} {}, {}, {} ({}); corners {}\n", technology->name, technology->title,
                        formatQuantity(technology->supplyVoltage, "V"), technology->source,
                        technology->licence, fmt::join(technology->corners, ", "));
        for (const technology::MosfetRules& rules : technology->mosfets)
            output.text += lineOf(rules);
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
    command->add_option(
        "--dialect", arguments->dialect,
        "With --out: write in this dialect (spice, hspice, ngspice, ltspice, cdl or spectre), else read as "
        "this one");
    command->add_option("--out", arguments->out, "Write the netlist: unchanged, or flattened in --dialect");
    command->add_option("--read-as", arguments->readAs, "Dialect that the file is written in");
    command->callback(
        [arguments, &chosen = registry.chosen] { chosen = [arguments] { return runImport(*arguments); }; });
}

void addTechnologies(const Registry& registry) {
    registry.app.add_subcommand("technologies", "List the technologies that are shipped")
        ->callback([&chosen = registry.chosen] { chosen = runTechnologies; });
}

} // namespace headroom::cli
