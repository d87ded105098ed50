// Netlists by other authors: every one gets a drawing without overlaps that connects what the file does.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/netlist/netlist.h"
#include "core/schematic/placer.h"
#include "tests/core/schematic/drawn_nets.h"

namespace headroom::schematic {
namespace {

namespace fs = std::filesystem;

TEST(ThirdPartyNetlists, AreDrawnWithoutOverlaps) {
    const char* data = std::getenv("HEADROOM_TEST_DATA");
    if (!data || !fs::exists(fs::path(data) / "netlists"))
        GTEST_SKIP() << "HEADROOM_TEST_DATA does not name a folder with netlists.";
    int drawn = 0;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(data) / "netlists")) {
        const std::string suffix = entry.path().extension().string();
        if (suffix != ".ckt" && suffix != ".sp") continue;
        const auto netlist = netlist::readNetlist(entry.path());
        ASSERT_TRUE(netlist) << netlist.error().describe();
        const Drawing drawing = placeDrawing(netlist->circuit, structure::recognise(netlist->circuit));
        EXPECT_EQ(drawing.symbols.size(), netlist->circuit.devices.size()) << entry.path();
        EXPECT_EQ(test::connectionFaults(drawing, netlist->circuit), std::vector<std::string>{})
            << entry.path();
        EXPECT_EQ(describeOverlaps(drawing), std::vector<std::string>{}) << entry.path();
        EXPECT_LE(assess(drawing).crossings, 12) << entry.path();
        ++drawn;
    }
    EXPECT_GT(drawn, 10);
}

TEST(ThirdPartySchematics, AreDrawnWhereTheirAuthorsPutThem) {
    const char* data = std::getenv("HEADROOM_TEST_DATA");
    const fs::path path = data ? fs::path(data) / "netlists/xschem_ihp/ota-5t.sch" : fs::path();
    if (!data || !fs::exists(path))
        GTEST_SKIP() << "HEADROOM_TEST_DATA does not name a folder with netlists.";
    const auto netlist = netlist::readNetlist(path);
    ASSERT_TRUE(netlist) << netlist.error().describe();
    const Drawing drawing = drawingOf(*netlist, structure::recognise(netlist->circuit));
    EXPECT_TRUE(drawing.fromSheet);
    EXPECT_EQ(drawing.symbols.size(), netlist->circuit.devices.size());
    const auto m1 = netlist->circuit.findDevice("M1");
    ASSERT_TRUE(m1);
    const Symbol* symbol = drawing.symbolOf(*m1);
    ASSERT_NE(symbol, nullptr);
    // Its pins are those of the wires that the file draws to them, in tenths of the file's units.
    EXPECT_EQ(symbol->pins[0].at, (Point{82, -62}));
    EXPECT_EQ(symbol->pins[2].at, (Point{82, -56}));
}

} // namespace
} // namespace headroom::schematic
