#include <gtest/gtest.h>

#include "core/base/file.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

TEST(Hierarchy, FlattensNamesAndNets) {
    const Netlist netlist = parsed("* two inverters\n"
                                   ".subckt inv in out vdd vss\n"
                                   "Mn out in x vss nmos W=1u L=50n\n"
                                   "R1 x vss 10\n"
                                   "Mp out in vdd vdd pmos W=2u L=50n\n"
                                   ".ends\n"
                                   ".subckt buffer A Y vdd vss\n"
                                   "X1 a mid vdd vss inv\n"
                                   "X2 mid y vdd vss inv\n"
                                   ".ends buffer\n");
    EXPECT_EQ(netlist.circuit.name, "buffer");
    ASSERT_EQ(netlist.circuit.ports.size(), 4u);
    EXPECT_EQ(netlist.circuit.ports[1].name, "Y");
    EXPECT_EQ(netlist.circuit.devices.size(), 6u);
    EXPECT_EQ(netsOf(netlist, "X2/Mn"), (std::vector<std::string>{"Y", "mid", "X2/x", "vss"}));
    EXPECT_EQ(netsOf(netlist, "x1/r1"), (std::vector<std::string>{"X1/x", "vss"}));
}

TEST(Hierarchy, PassesParametersAndMultipliers) {
    const Netlist netlist = parsed("* parameters\n"
                                   ".param wbase=1u ratio='2*2'\n"
                                   ".subckt cell d g w=5u l={lmin}\n"
                                   ".param lmin=60n wtot='w*ratio'\n"
                                   "M1 d g 0 0 nmos W='wtot' L=l m=2\n"
                                   "C1 d 0 1p\n"
                                   ".ends\n"
                                   "X1 a b cell w='wbase*3' m=3\n"
                                   "X2 a b cell\n"
                                   "V1 a 0 1\n"
                                   "V2 b 0 DC 1 AC 1\n");
    EXPECT_DOUBLE_EQ(*device(netlist, "X1/M1").number("w"), 12e-6);
    EXPECT_DOUBLE_EQ(*device(netlist, "X2/M1").number("w"), 20e-6);
    EXPECT_EQ(device(netlist, "X1/M1").number("l"), 60e-9);
    EXPECT_EQ(device(netlist, "X1/M1").number("m"), 6.0);
    EXPECT_EQ(device(netlist, "X2/M1").number("m"), 2.0);
    EXPECT_EQ(device(netlist, "X1/C1").number("m"), 3.0);
    EXPECT_EQ(device(netlist, "X1/C1").hierarchyMultiplier, 3.0);
    EXPECT_EQ(device(netlist, "X2/C1").parameter("m"), nullptr);
    EXPECT_EQ(netlist.parameters.at("ratio"), 4.0);
    EXPECT_EQ(netlist.circuit.name, "test");
}

TEST(Hierarchy, ReadsTheShippedExamples) {
    const auto folded = readNetlist(resourcePath("examples/folded_cascode.sp"));
    ASSERT_TRUE(folded) << folded.error().describe();
    EXPECT_EQ(folded->circuit.name, "folded_cascode");
    EXPECT_EQ(folded->circuit.ports.size(), 6u);
    EXPECT_EQ(folded->circuit.devices.size(), 16u);
    EXPECT_TRUE(folded->diagnostics.empty());
    const auto miller = readNetlist(resourcePath("examples/miller.sp"));
    ASSERT_TRUE(miller) << miller.error().describe();
    EXPECT_EQ(miller->circuit.devices.size(), 10u);
    EXPECT_TRUE(miller->diagnostics.empty());
}

TEST(Hierarchy, DefaultsMayNameTheOuterParameter) {
    const Netlist netlist =
        parsed("* w\n.param w=1k\n.subckt s a w=w k={k*2}\nR1 a 0 {w}\nR2 a 0 {k}\n.ends\n"
               ".param k=3\nX1 n s\nX2 n s w={w*3}\nV1 n 0 1\n.subckt t a q=q\nR1 a 0 {q}\n.ends\n"
               "X3 n t\n");
    EXPECT_EQ(device(netlist, "X1/R1").number("value"), 1e3);
    EXPECT_EQ(device(netlist, "X1/R2").number("value"), 6.0);
    EXPECT_EQ(device(netlist, "X2/R1").number("value"), 3e3);
    EXPECT_FALSE(device(netlist, "X3/R1").number("value"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "'q' depends on itself"));
}

} // namespace
} // namespace headroom::netlist
