// Reads arbitrary bytes as a netlist or schematic, recognises its structure, and draws it: as its author
// did and as the placer would. Nothing may crash, hang or leak, and every place must be a number.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/netlist/netlist.h"
#include "core/schematic/export.h"
#include "core/schematic/moved_devices.h"
#include "core/schematic/placer.h"
#include "core/structure/structure.h"
#include "tests/fuzz/require.h"

namespace {

using namespace headroom;

// Enough for pairs, mirrors and cascodes; few enough that the placer's search, slow under sanitizers, does
// not become what is measured.
constexpr std::size_t kMostDevices = 10;

void requirePlaced(const schematic::Drawing& drawing) {
    const auto finite = [](const schematic::Point& point) {
        return std::isfinite(point.x) && std::isfinite(point.y);
    };
    for (const schematic::Symbol& symbol : drawing.symbols) {
        require(finite(symbol.at), "a symbol has a place");
        for (const schematic::Pin& pin : symbol.pins)
            require(finite(pin.at), "a pin has a place");
    }
    for (const schematic::Wire& wire : drawing.wires)
        require(finite(wire.from) && finite(wire.to), "a wire has two ends");
}

void draw(const netlist::Circuit& circuit, const schematic::Drawing& drawing) {
    requirePlaced(drawing);
    (void)schematic::writeSvg(drawing);
    (void)schematic::writeXschem(drawing, circuit);
    if (drawing.symbols.empty()) return;
    const schematic::Symbol& first = drawing.symbols.front();
    requirePlaced(schematic::withMovedDevices(drawing, {{first.name, {first.at.x + 7, first.at.y - 9}}}));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto netlist = netlist::parseNetlist(text, "fuzz.sp", {}, "/nonexistent");
    if (!netlist || netlist->circuit.devices.size() > kMostDevices) return 0;
    const structure::Structure structure = structure::recognise(netlist->circuit);
    draw(netlist->circuit, schematic::placeDrawing(netlist->circuit, structure));
    draw(netlist->circuit, schematic::drawingOf(*netlist, structure));
    return 0;
}
