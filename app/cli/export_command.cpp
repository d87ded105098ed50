#include <algorithm>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/netlist/sizing_export.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/design_space.h"

namespace headroom::cli {
namespace {

struct ExportArguments {
    std::string file;
    std::string top;
    std::string sizing;
    std::size_t row = 1;
    std::string out;
    std::string as = "netlist";
    std::size_t mirrorUnits = 0;
};

Result<std::string> render(const std::string& as, const netlist::Netlist& netlist,
                           const netlist::Sizing& sizing, nlohmann::json& changes) {
    if (as == "param") return netlist::writeParameterInclude(netlist, sizing);
    if (as == "csv") return netlist::writeSizingCsv(sizing);
    if (as == "json") return netlist::writeSizingJson(netlist, sizing);
    const auto edited = netlist::applySizing(netlist, sizing);
    if (!edited) return forward(edited);
    for (const netlist::ValueChange& change : edited->changes) {
        changes.push_back({{"device", change.assignment.device},
                           {"parameter", change.assignment.parameter},
                           {"before", change.before},
                           {"after", change.after}});
    }
    return edited->text;
}

/// The first sizing, and what the second one says besides.
netlist::Sizing merged(netlist::Sizing first, const netlist::Sizing& second) {
    for (const netlist::Assignment& assignment : second) {
        const bool isThere = std::any_of(first.begin(), first.end(), [&](const netlist::Assignment& other) {
            return other.device == assignment.device && other.parameter == assignment.parameter;
        });
        if (!isThere) first.push_back(assignment);
    }
    return first;
}

CommandResult runExport(const ExportArguments& arguments, const GlobalOptions& options) {
    const auto top = arguments.top.empty() ? std::nullopt : std::optional(arguments.top);
    const auto amplifier = sizing::openAmplifier(arguments.file, options.technology, top);
    if (!amplifier) return forward(amplifier);
    const auto space = sizing::DesignSpace::create(**amplifier);
    if (!space) return forward(space);
    const auto asked = readSizingFile(arguments.sizing, arguments.row, *space);
    if (!asked) return forward(asked);
    netlist::Sizing snapped = snapSizing(*asked, **amplifier);
    Output output{{{"as", arguments.as}, {"out", arguments.out}}, {}};
    output.json["snapping"] = nlohmann::json::array();
    output.json["changes"] = nlohmann::json::array();
    for (std::size_t i = 0; i < snapped.size(); ++i) {
        output.json["snapping"].push_back({{"device", snapped[i].device},
                                           {"parameter", snapped[i].parameter},
                                           {"before", number((*asked)[i].value)},
                                           {"after", number(snapped[i].value)}});
    }
    if (arguments.mirrorUnits > 0) {
        const auto values = space->collapse((*amplifier)->netlist, snapped);
        if (!values) return forward(values);
        const sizing::DesignSpace units = space->withUnitTransistors(arguments.mirrorUnits);
        const std::vector<double> made = units.snapForExport(*values);
        output.json["mirrors"] = mirrorsJson(units, made);
        snapped = merged(units.expand(made), snapped);
    }
    const auto text = render(arguments.as, (*amplifier)->netlist, snapped, output.json["changes"]);
    if (!text) return forward(text);
    if (const auto written = writeFileAtomically(arguments.out, *text); !written) return forward(written);
    output.text = fmt::format("wrote {}: {} values\n", arguments.out, snapped.size());
    return output;
}

} // namespace

void addExport(const Registry& registry) {
    auto arguments = std::make_shared<ExportArguments>();
    CLI::App* command =
        registry.app.add_subcommand("export", "Put a sizing into the netlist it was made for");
    command->add_option("file", arguments->file, "Netlist")->required();
    command->add_option("--top", arguments->top, "Top cell");
    command
        ->add_option("--sizing", arguments->sizing, "Sizing as CSV or JSON, or the table of `sizing sample`")
        ->required();
    command->add_option("--row", arguments->row, "Row of a table of samples, from 1")->capture_default_str();
    command->add_option("--out", arguments->out, "File to write")->required();
    command->add_option("--as", arguments->as, "netlist, param, csv or json")
        ->check(CLI::IsMember({"netlist", "param", "csv", "json"}))
        ->capture_default_str();
    addUnitOption(*command, arguments->mirrorUnits);
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runExport(*arguments, options); };
    });
}

} // namespace headroom::cli
