#include <memory>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/commands.h"
#include "app/cli/netlist_json.h"
#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "core/schematic/export.h"
#include "core/schematic/placer.h"
#include "core/structure/block_library.h"
#include "core/structure/comparison.h"
#include "core/structure/constraints.h"
#include "core/structure/explanation.h"

namespace headroom::cli {
namespace {

struct StructureArguments {
    std::string file, top, library, explain, compare, constraints, form = "json", report;
    structure::RecognitionOptions options;
};

struct Recognised {
    netlist::Netlist netlist;
    structure::Structure structure;
};

Result<Recognised> recognise(const std::string& file, const std::string& top,
                             const structure::RecognitionOptions& options) {
    netlist::ReadOptions reading;
    if (!top.empty()) reading.top = top;
    auto netlist = netlist::readNetlist(file, reading);
    if (!netlist) return forward(netlist);
    auto structure = structure::recognise(netlist->circuit, options);
    return Recognised{std::move(*netlist), std::move(structure)};
}

nlohmann::json toJson(const structure::Comparison& comparison) {
    nlohmann::json document{{"same", comparison.same()},
                            {"stages", nlohmann::json::array()},
                            {"blocks", nlohmann::json::array()},
                            {"devices", nlohmann::json::array()}};
    for (const auto& each : comparison.stages)
        document["stages"].push_back(
            {{"stage", structure::toString(each.stage)}, {"first", each.first}, {"second", each.second}});
    for (const auto& each : comparison.blocks)
        document["blocks"].push_back({{"type", each.type},
                                      {"function", structure::toString(each.function)},
                                      {"stage", structure::toString(each.stage)},
                                      {"first", each.firstDevices},
                                      {"second", each.secondDevices}});
    for (const auto& each : comparison.roles)
        document["devices"].push_back(
            {{"name", each.device}, {"first", each.first}, {"second", each.second}});
    return document;
}

std::string toText(const structure::Comparison& comparison) {
    const auto orNone = [](const std::string& text) { return text.empty() ? "-" : text; };
    std::string text;
    for (const auto& each : comparison.stages)
        text += fmt::format("{} {:<10} {} | {}\n", each.first == each.second ? "=" : "#",
                            structure::toString(each.stage), orNone(each.first), orNone(each.second));
    for (const auto& each : comparison.blocks)
        text += fmt::format("{} {} ({}): {} | {}\n", each.same() ? "=" : "#", each.type,
                            structure::toString(each.function), each.first, each.second);
    for (const auto& each : comparison.roles)
        text += fmt::format("# {}: {} | {}\n", each.device, orNone(each.first), orNone(each.second));
    return text;
}

std::string describe(const Recognised& recognised) {
    const netlist::Circuit& circuit = recognised.netlist.circuit;
    const structure::Structure& structure = recognised.structure;
    std::string text = fmt::format("{}: {} blocks, recognised in {:.0f} \u00b5s\n\n", circuit.name,
                                   structure.blocks.size(), structure.elapsedMicroseconds);
    for (std::size_t i = 0; i < circuit.devices.size(); ++i) {
        const structure::DeviceRole& role = structure.roles[i];
        text += fmt::format("{:<16} {:<20} {:<9} {}\n", circuit.devices[i].name,
                            structure::toString(role.function), structure::toString(role.stage), role.reason);
    }
    text += "\n";
    for (const structure::Block& block : structure.blocks)
        text += fmt::format("{} (level {}): {}\n", block.type, block.level,
                            fmt::join(deviceNames(circuit, block.devices), " "));
    for (const structure::StageDescription& stage : structure.stages)
        text += fmt::format("{} stage: {}. {}\n", structure::toString(stage.stage), stage.type, stage.reason);
    for (const structure::MatchedGroup& group : structure.matchedGroups)
        text += fmt::format("matched: {} ({})\n", fmt::join(deviceNames(circuit, group.devices), " "),
                            group.reason);
    if (!structure.ports) text += structure.portsProblem + "\n";
    return text;
}

Result<void> writeReport(const std::string& path, const Recognised& recognised) {
    const netlist::Circuit& circuit = recognised.netlist.circuit;
    if (path.ends_with(".json"))
        return writeFileAtomically(path, structure::writeReport(circuit, recognised.structure));
    const auto drawing = schematic::drawingOf(recognised.netlist, recognised.structure);
    return schematic::writeStructureDrawing(path, drawing, recognised.structure);
}

CommandResult runStructure(const StructureArguments& arguments) {
    structure::RecognitionOptions options = arguments.options;
    std::optional<structure::BlockLibrary> library;
    if (!arguments.library.empty()) {
        auto read = structure::BlockLibrary::standardWith(arguments.library);
        if (!read) return forward(read);
        library = std::move(*read);
        options.library = &*library;
    }
    const auto recognised = recognise(arguments.file, arguments.top, options);
    if (!recognised) return forward(recognised);
    const netlist::Circuit& circuit = recognised->netlist.circuit;
    Output output{nlohmann::json::parse(structure::writeReport(circuit, recognised->structure)),
                  describe(*recognised)};
    if (!arguments.explain.empty()) {
        const auto device = circuit.findDevice(arguments.explain);
        if (!device)
            return fail(ErrorCode::BadInput, fmt::format("There is no device \"{}\".", arguments.explain));
        output.text = structure::explain(circuit, recognised->structure, *device).text();
        output.json["explanation"] = output.text;
    }
    if (!arguments.compare.empty()) {
        const auto other = recognise(arguments.compare, {}, options);
        if (!other) return forward(other);
        const auto comparison = structure::compare({circuit, recognised->structure},
                                                   {other->netlist.circuit, other->structure});
        output.json["comparison"] = toJson(comparison);
        output.text = toText(comparison);
    }
    if (!arguments.constraints.empty()) {
        const auto form = structure::constraintForm(arguments.form);
        if (!form) return forward(form);
        const auto written = writeFileAtomically(
            arguments.constraints, structure::writeConstraints(circuit, recognised->structure, *form));
        if (!written) return forward(written);
    }
    if (!arguments.report.empty()) {
        const auto written = writeReport(arguments.report, *recognised);
        if (!written) return forward(written);
    }
    return output;
}

} // namespace

void addStructure(const Registry& registry) {
    auto arguments = std::make_shared<StructureArguments>();
    CLI::App* command =
        registry.app.add_subcommand("structure", "Recognise building blocks, functions and symmetry");
    command->add_option("file", arguments->file, "Netlist or schematic")->required();
    command->add_option("--top", arguments->top, "Top cell");
    command->add_option("--library", arguments->library, "YAML file with blocks of your own");
    command->add_option("--positive", arguments->options.positiveSupplies, "Nets that are positive supplies");
    command->add_option("--negative", arguments->options.negativeSupplies, "Nets that are negative supplies");
    command->add_option("--explain", arguments->explain, "Say why this device is what it is");
    command->add_option("--compare", arguments->compare, "Another circuit to compare with");
    command->add_option("--constraints", arguments->constraints, "File for the symmetry as constraints");
    command->add_option("--form", arguments->form, "Of the constraints: json, align or magical")
        ->capture_default_str();
    command->add_option("--report", arguments->report,
                        "File for the report: .json, or .svg or .pdf with the functions shaded");
    command->callback([arguments, &chosen = registry.chosen] {
        chosen = [arguments] { return runStructure(*arguments); };
    });
}

} // namespace headroom::cli
