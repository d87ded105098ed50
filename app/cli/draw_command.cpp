#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/netlist/netlist.h"
#include "core/schematic/export.h"
#include "core/schematic/placer.h"
#include "core/structure/structure.h"

namespace headroom::cli {
namespace {

struct DrawArguments {
    std::string file;
    std::string top;
    std::string out;
};

CommandResult runDraw(const DrawArguments& arguments) {
    netlist::ReadOptions options;
    if (!arguments.top.empty()) options.top = arguments.top;
    const auto netlist = netlist::readNetlist(arguments.file, options);
    if (!netlist) return forward(netlist);
    const structure::Structure structure = structure::recognise(netlist->circuit);
    const auto start = std::chrono::steady_clock::now();
    const schematic::Drawing drawing = schematic::drawingOf(*netlist, structure);
    const double elapsed =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    const schematic::DrawingQuality quality = schematic::assess(drawing);
    const auto written = schematic::writeDrawing(arguments.out, drawing, *netlist);
    if (!written) return forward(written);
    Output output;
    output.json = {{"symbols", drawing.symbols.size()},
                   {"crossings", quality.crossings},
                   {"overlaps", quality.overlaps},
                   {"elapsed_ms", elapsed},
                   {"wires", drawing.wires.size()},
                   {"wire_length", quality.wireLength},
                   {"bends", quality.bends},
                   {"labels", drawing.labels.size()},
                   {"from_sheet", drawing.fromSheet},
                   {"notes", *written},
                   {"out", arguments.out}};
    output.text = fmt::format("{}: {} symbols, {} crossings, {} overlaps, drawn in {:.1f} ms: {}\n",
                              netlist->circuit.name, drawing.symbols.size(), quality.crossings,
                              quality.overlaps, elapsed, arguments.out);
    for (const std::string& note : *written)
        output.text += note + "\n";
    if (!drawing.fromSheet)
        for (const std::string& sentence : schematic::describeOverlaps(drawing))
            output.text += sentence + "\n";
    return output;
}

} // namespace

void addDraw(const Registry& registry) {
    auto arguments = std::make_shared<DrawArguments>();
    CLI::App* command = registry.app.add_subcommand(
        "draw", "Draw the schematic: the author's own, or placed from the recognised structure");
    command->add_option("file", arguments->file, "Netlist or schematic")->required();
    command->add_option("--top", arguments->top, "Top cell");
    command->add_option("--out", arguments->out, "Picture to write: .svg, .pdf or .sch (xschem)")->required();
    command->callback(
        [arguments, &chosen = registry.chosen] { chosen = [arguments] { return runDraw(*arguments); }; });
}

} // namespace headroom::cli
