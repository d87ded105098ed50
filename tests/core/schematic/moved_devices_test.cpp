#include <limits>

#include <gtest/gtest.h>

#include "core/schematic/moved_devices.h"
#include "core/schematic/placer.h"
#include "tests/core/schematic/drawn_nets.h"
#include "tests/core/structure/amplifiers.h"

namespace headroom::schematic {
namespace {

struct Example {
    netlist::Circuit circuit = test::foldedCascode();
    Drawing drawing = placeDrawing(circuit, structure::recognise(circuit));

    Point placeOf(const char* device) const { return drawing.symbolOf(*circuit.findDevice(device))->at; }
};

TEST(MovedDevices, StayWhereTheyWerePutAndKeepTheirConnections) {
    const Example example;
    for (const char* device : {"M1", "M3", "M5", "M7", "M10", "M15", "CL"}) {
        for (const Point by : {Point{3, 0}, Point{0, 4}, Point{-40, -20}, Point{120, 30}}) {
            const Point from = example.placeOf(device);
            const Point to{from.x + by.x, from.y + by.y};
            const Drawing moved = withMovedDevices(example.drawing, {{device, to}});
            EXPECT_EQ(moved.symbolOf(*example.circuit.findDevice(device))->at, to);
            EXPECT_EQ(test::connectionFaults(moved, example.circuit), std::vector<std::string>{})
                << device << " by " << by.x << ", " << by.y;
        }
    }
}

TEST(MovedDevices, OthersStayWhereTheyAre) {
    const Example example;
    const Drawing moved = withMovedDevices(example.drawing, {{"M1", {5, 60}}});
    for (std::size_t i = 0; i < moved.symbols.size(); ++i)
        EXPECT_EQ(moved.symbols[i].at == example.drawing.symbols[i].at, moved.symbols[i].name != "M1");
}

TEST(MovedDevices, SnapToTheGrid) {
    const Example example;
    const Point from = example.placeOf("CL");
    const Drawing moved = withMovedDevices(example.drawing, {{"CL", {from.x + 4.4, from.y}}});
    EXPECT_EQ(moved.symbolOf(*example.circuit.findDevice("CL"))->at, (Point{from.x + 4, from.y}));
}

TEST(MovedDevices, NonsenseIsIgnored) {
    const Example example;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Drawing moved =
        withMovedDevices(example.drawing, {{"M99", {1, 1}}, {"M1", {nan, 0}}, {"M2", {1e300, 0}}});
    EXPECT_EQ(moved.wires.size(), example.drawing.wires.size());
    EXPECT_EQ(moved.symbolOf(0)->at, example.drawing.symbolOf(0)->at);
}

} // namespace
} // namespace headroom::schematic
