// Reads arbitrary bytes as a power grid, a map and a grid's technology, solves what can be solved and draws
// it. Nothing may crash, hang or leak; what is written reads back as the same grid.

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/powergrid/drop_map.h"
#include "core/powergrid/rebuilt_grid.h"
#include "tests/fuzz/require.h"

namespace {

using namespace headroom;
using namespace headroom::powergrid;

void solveAndDraw(GridNetlist netlist) {
    SilentContext context;
    const auto shared = std::make_shared<const GridNetlist>(std::move(netlist));
    const auto solution = solveGrid(shared, IslandPolicy::Exclude, {}, context);
    if (!solution) {
        require(!solution.error().message.empty(), "an error has a message");
        return;
    }
    require(solution->volts.size() == shared->nodes.size(), "every node has a voltage");
    DropMapSettings settings;
    settings.memoryLimit = 1 << 20;
    (void)dropMap(*solution, settings, context);
}

/// A small chip with a current everywhere and a pad in its middle.
void rebuild(const std::string& text) {
    const auto technology = parseGridTechnology(text, "fuzz.yaml");
    if (!technology) return;
    constexpr std::size_t kSide = 60;
    GridMaps maps{{kSide, kSide, std::vector<double>(kSide * kSide, 1e-8)}, {}, 0, {{30, 30}}};
    SilentContext context;
    auto netlist = rebuildGrid(maps, *technology, context, 1 << 22);
    if (netlist) solveAndDraw(std::move(*netlist));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)parseMapCsv(text, "fuzz.csv");
    (void)parseMapNpy("\x93NUMPY" + text, "fuzz.npy");
    (void)parseMapPng(text, "fuzz.png");
    SilentContext context;
    if (const auto distances = parseMapCsv(text, "fuzz.csv")) (void)recoverPads(*distances, context);
    (void)parsePads(text, "fuzz.csv");
    rebuild(text);
    auto netlist = parseGridNetlist(text, "fuzz.sp", context);
    if (!netlist) return 0;
    const auto again = parseGridNetlist(writeGridNetlist(*netlist), "fuzz.sp", context);
    require(again && again->resistors.size() == netlist->resistors.size(), "a written grid reads back");
    solveAndDraw(std::move(*netlist));
    return 0;
}
