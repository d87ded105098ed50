// Reads arbitrary bytes as a power grid and as a map, solves what can be solved and draws it. Nothing may
// crash, hang or leak; what is written reads back as the same grid.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/powergrid/drop_map.h"

namespace {

using namespace headroom;
using namespace headroom::powergrid;

void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "The power grid breaks a promise: %s\n", what);
    std::abort();
}

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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)parseMapCsv(text, "fuzz.csv");
    (void)parseMapNpy("\x93NUMPY" + text, "fuzz.npy");
    (void)parseMapPng(text, "fuzz.png");
    SilentContext context;
    auto netlist = parseGridNetlist(text, "fuzz.sp", context);
    if (!netlist) return 0;
    const auto again = parseGridNetlist(writeGridNetlist(*netlist), "fuzz.sp", context);
    require(again && again->resistors.size() == netlist->resistors.size(), "a written grid reads back");
    solveAndDraw(std::move(*netlist));
    return 0;
}
