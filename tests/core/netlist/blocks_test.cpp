// Cards that rule over those behind them: .prot, .alter, .if; directives in comments.

#include "core/netlist/netlist_writer.h"

#include <gtest/gtest.h>

#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

TEST(Blocks, ProtectionOnlySilencesTheListing) {
    for (const char* const form : {".prot|.unprot", ".protect|.unprotect"}) {
        const std::string both = form;
        const std::size_t bar = both.find('|');
        const Netlist netlist = parsed(
            "* p\n" + both.substr(0, bar) + "\n.param w1=3u\n.subckt inv a y\nm1 y a 0 0 nch w=w1 l=1u\n" +
            ".ends\n" + both.substr(bar + 1) + "\nx1 in out inv\nx2 out in inv\n.end\n");
        EXPECT_EQ(netlist.circuit.devices.size(), 2u);
        EXPECT_EQ(device(netlist, "x1/m1").number("w"), 3e-6);
        EXPECT_FALSE(says(netlist, Severity::Note, "Encrypted"));
    }
}

TEST(Blocks, EncryptedTextIsSkippedWithANote) {
    for (const char* const opening : {".prot freelib", ".prot"}) {
        const Netlist netlist = parsed(std::string("* p\n") + opening +
                                       "\n9%Tq&w!\"k=\n)Xx2#s(8v@\n&&d{K0s;d,\nWq'9sd\n.unprot\n"
                                       "r1 a 0 1k\nv1 a 0 1\n.end\n");
        EXPECT_EQ(netlist.circuit.devices.size(), 2u) << opening;
        EXPECT_TRUE(says(netlist, Severity::Note, "Encrypted text cannot be read")) << opening;
        EXPECT_FALSE(says(netlist, Severity::Warning, "")) << opening;
    }
}

TEST(Blocks, AlterationsAreOtherRuns) {
    const Netlist netlist = parsed("* a\n.option post\n.param vd=1\nv1 a 0 vd\nr1 a 0 1k\n.alter slow\n"
                                   ".param vd=1.1\nr1 a 0 2k\n.alter\n.del lib 'x.lib' tt\n.lib 'x.lib' ff\n"
                                   ".param vd=1.2\n.end\n");
    EXPECT_EQ(netlist.circuit.devices.size(), 2u);
    EXPECT_EQ(device(netlist, "v1").number("value"), 1.0);
    EXPECT_EQ(device(netlist, "r1").number("value"), 1e3);
    EXPECT_EQ(netlist.parameters.at("vd"), 1.0);
    EXPECT_TRUE(says(netlist, Severity::Note, "What .alter changes"));
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
    const auto written = writeNetlist(netlist, Dialect::Ngspice);
    ASSERT_TRUE(written);
    EXPECT_EQ(written->text.find("x.lib"), std::string::npos) << written->text;
}

TEST(Blocks, ConditionsSeeAllParametersAndFunctions) {
    const Netlist netlist =
        parsed("* late\n.if (twice(mode) == 4)\nR1 a 0 1\n.param inner=7\n.else\nR2 a 0 1\n"
               ".endif\n.if (inner == 7)\nR3 a 0 {inner}\n.else\nR4 a 0 1\n.endif\n"
               ".subckt s p\n.if (k == 1)\nR5 p 0 1\n.else\nR6 p 0 1\n.endif\n.param k=1\n"
               ".ends\nX1 a s\n.func twice(x) {2*x}\n.param mode=2\nV1 a 0 1\n");
    EXPECT_TRUE(netlist.circuit.findDevice("R1"));
    EXPECT_EQ(device(netlist, "R3").number("value"), 7.0);
    EXPECT_TRUE(netlist.circuit.findDevice("X1/R5"));
    EXPECT_EQ(netlist.circuit.devices.size(), 4u);
    EXPECT_TRUE(netlist.diagnostics.empty()) << netlist.diagnostics.front().message;
    // A branch that only a late parameter excludes may hold what cannot be read.
    EXPECT_EQ(
        parsed("* t\n.if (m != 1)\n.else\nR1 a 0 1\n.endif\nV1 a 0 1\n.param m=1\n").circuit.devices.size(),
        2u);
}

TEST(Blocks, XschemNamesPortDirections) {
    const Netlist netlist =
        parsed("* xschem\n.subckt amp in out vdd vss\n*.ipin in\n*.opin out\n*.iopin vdd\n"
               "*.iopin vss\nM1 out in vss vss nch w=1u l=1u\n"
               "M2 out out vdd vdd pch w=1u l=1u\n.ends\n");
    ASSERT_EQ(netlist.circuit.ports.size(), 4u);
    EXPECT_EQ(netlist.circuit.ports[0].direction, PortDirection::Input);
    EXPECT_EQ(netlist.circuit.ports[1].direction, PortDirection::Output);
    EXPECT_EQ(netlist.circuit.ports[2].direction, PortDirection::InOut);
}

} // namespace
} // namespace headroom::netlist
