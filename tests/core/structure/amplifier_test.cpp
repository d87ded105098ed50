#include "tests/core/structure/amplifiers.h"

#include <gtest/gtest.h>

#include "core/structure/structure.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

using test::Names;

TEST(FoldedCascode, EveryDeviceHasItsFunctionAndAReason) {
    const auto circuit = test::foldedCascode();
    const Structure structure = recognise(circuit);
    const auto role = [&](const char* device) { return test::roleOf(circuit, structure, device); };
    for (const char* device : {"M1", "M2"})
        EXPECT_EQ(role(device), "transconductance first") << device;
    for (const char* device : {"M8", "M9", "M10", "M11", "M12", "M13", "M14", "M15"})
        EXPECT_EQ(role(device), "load first") << device;
    EXPECT_EQ(role("M3"), "bias first");
    for (const char* device : {"M4", "M5", "M6", "M7"})
        EXPECT_EQ(role(device), "bias bias") << device;
    EXPECT_EQ(role("CL"), "load_capacitance");
    EXPECT_TRUE(structure.unexplained.empty());
    for (const DeviceRole& one : structure.roles)
        EXPECT_FALSE(one.reason.empty());
}

TEST(FoldedCascode, HasFiveMatchedPairs) {
    const auto circuit = test::foldedCascode();
    const std::set<Names> expected{
        {"M1", "M2"}, {"M8", "M9"}, {"M10", "M11"}, {"M12", "M13"}, {"M14", "M15"}};
    EXPECT_EQ(test::matchedNames(circuit, recognise(circuit)), expected);
}

TEST(FoldedCascode, MirrorsKeepReferenceAndOutputsApart) {
    const auto circuit = test::foldedCascode();
    const Names expected{"M4->M3", "M4->M5", "M7->M8", "M7->M9", "M12->M13"};
    EXPECT_EQ(test::mirrorNames(circuit, recognise(circuit)), expected);
}

TEST(FoldedCascode, PortsWithSignsAndBias) {
    const auto circuit = test::foldedCascode();
    const Structure structure = recognise(circuit);
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(circuit, structure.ports->positiveSupply), "vdd");
    EXPECT_EQ(test::netName(circuit, structure.ports->negativeSupply), "vss");
    EXPECT_EQ(test::netName(circuit, structure.ports->inputPlus), "inp");
    EXPECT_EQ(test::netName(circuit, structure.ports->inputMinus), "inn");
    EXPECT_EQ(test::netName(circuit, structure.ports->output), "out");
    EXPECT_FALSE(structure.ports->outputMinus);
    ASSERT_EQ(structure.ports->currentBiases.size(), 1U);
    EXPECT_EQ(test::netName(circuit, structure.ports->currentBiases[0].net), "ibias");
    EXPECT_TRUE(structure.ports->currentBiases[0].intoNet);
    EXPECT_TRUE(structure.ports->voltageBiases.empty());
}

TEST(FoldedCascode, BlocksAndSizingBlocks) {
    const auto circuit = test::foldedCascode();
    const Structure structure = recognise(circuit);
    EXPECT_EQ(test::blockNames(circuit, structure, "DifferentialPair"), (std::set<Names>{{"M1", "M2"}}));
    EXPECT_EQ(test::blockNames(circuit, structure, "WideSwingCurrentMirror"),
              (std::set<Names>{{"M12", "M13", "M14", "M15"}}));
    EXPECT_EQ(test::blockNames(circuit, structure, "CascodeCurrentMirror"),
              (std::set<Names>{{"M6", "M7", "M8", "M10"}, {"M6", "M7", "M9", "M11"}}));
    EXPECT_TRUE(test::blockNames(circuit, structure, "DiodeStack").empty())
        << "dominated by the cascode mirror";
    const std::set<Names> expected{{"M1", "M2"},
                                   {"M3", "M4", "M5"},
                                   {"M6", "M7", "M8", "M9", "M10", "M11"},
                                   {"M12", "M13", "M14", "M15"}};
    EXPECT_EQ(test::sizingNames(circuit, structure), expected);
}

TEST(Miller, FunctionsPairsAndPorts) {
    const auto circuit = test::miller();
    const Structure structure = recognise(circuit);
    const auto role = [&](const char* device) { return test::roleOf(circuit, structure, device); };
    EXPECT_EQ(role("M1"), "transconductance first");
    EXPECT_EQ(role("M3"), "load first");
    EXPECT_EQ(role("M4"), "load first");
    EXPECT_EQ(role("M5"), "bias first");
    EXPECT_EQ(role("M6"), "transconductance second");
    EXPECT_EQ(role("M7"), "bias second");
    EXPECT_EQ(role("M8"), "bias bias");
    EXPECT_EQ(role("CC"), "compensation");
    EXPECT_EQ(role("CL"), "load_capacitance");
    EXPECT_TRUE(structure.unexplained.empty());
    EXPECT_EQ(test::matchedNames(circuit, structure), (std::set<Names>{{"M1", "M2"}, {"M3", "M4"}}));
    EXPECT_EQ(test::mirrorNames(circuit, structure), (Names{"M3->M4", "M8->M5", "M8->M7"}));
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(circuit, structure.ports->inputPlus), "inp");
    EXPECT_EQ(test::netName(circuit, structure.ports->inputMinus), "inn");
    ASSERT_EQ(structure.ports->currentBiases.size(), 1U);
    EXPECT_FALSE(structure.ports->currentBiases[0].intoNet) << "a PMOS diode delivers its current";
}

TEST(Miller, SizingBlocksOverlapInTheSecondStage) {
    const auto circuit = test::miller();
    const std::set<Names> expected{{"M1", "M2"}, {"M3", "M4"}, {"M5", "M7", "M8"}, {"M6", "M7", "CC"}};
    EXPECT_EQ(test::sizingNames(circuit, recognise(circuit)), expected);
}

TEST(Orientation, DrainAndSourceMayBeDrawnEitherWay) {
    for (auto circuit : {test::foldedCascode(), test::miller()}) {
        const Structure drawn = recognise(circuit);
        for (auto& device : circuit.devices)
            if (device.type == netlist::DeviceType::Mosfet)
                std::swap(device.nets[netlist::Drain], device.nets[netlist::Source]);
        const Structure swapped = recognise(circuit);
        for (std::size_t i = 0; i < circuit.devices.size(); ++i) {
            EXPECT_EQ(swapped.roles[i].function, drawn.roles[i].function) << circuit.devices[i].name;
            EXPECT_EQ(swapped.roles[i].stage, drawn.roles[i].stage) << circuit.devices[i].name;
        }
        EXPECT_EQ(test::matchedNames(circuit, swapped), test::matchedNames(circuit, drawn));
        ASSERT_TRUE(swapped.ports);
        EXPECT_EQ(swapped.ports->inputPlus, drawn.ports->inputPlus);
    }
}

} // namespace
} // namespace headroom::structure
