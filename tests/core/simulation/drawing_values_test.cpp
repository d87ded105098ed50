#include <gtest/gtest.h>

#include "core/simulation/drawing_values.h"

namespace headroom::simulation {
namespace {

TEST(DrawingValues, AreThoseOfKnownDevicesAndNets) {
    netlist::Circuit circuit;
    circuit.nets = {"out", "vss"};
    netlist::Device device;
    device.name = "M1";
    circuit.devices = {device};
    OperatingPoint point;
    point.devices["M1"] = {12e-6, 140e-6, 1e-6, 0.6, 0.3, 0.45, 0.12, Region::Saturation};
    point.devices["M9"] = {};
    point.nets = {{"out", 0.55}, {"elsewhere", 1}};
    const schematic::Annotation annotation = drawingValues(point, circuit);
    ASSERT_EQ(annotation.devices.size(), 1U);
    const std::vector<std::string> lines{"12 \u00b5A", "gm 140 \u00b5S", "vov 150 mV"};
    EXPECT_EQ(annotation.devices.at(0).lines, lines);
    EXPECT_EQ(annotation.devices.at(0).region, schematic::Region::Saturation);
    ASSERT_EQ(annotation.nets.size(), 1U);
    EXPECT_EQ(annotation.nets.at(0), "550 mV");
}

TEST(DrawingValues, SayWhichDevicesAreNotSaturated) {
    netlist::Circuit circuit;
    netlist::Device device;
    device.name = "M1";
    circuit.devices = {device};
    OperatingPoint point;
    point.devices["m1"].region = Region::Triode;
    const schematic::Annotation annotation = drawingValues(point, circuit);
    EXPECT_EQ(annotation.devices.at(0).lines.back(), "triode");
}

} // namespace
} // namespace headroom::simulation
