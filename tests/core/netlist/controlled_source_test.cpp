// Controlled and behavioural sources: E, F, G, H, W and B cards, and what becomes of them elsewhere.

#include "core/netlist/netlist_writer.h"

#include <gtest/gtest.h>

#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

using Names = std::vector<std::string>;

const std::string kLoads = "V1 a 0 1\nV2 b 0 1\nR1 o 0 1\n";

std::string textOf(const Netlist& netlist, const std::string& name, const std::string& parameter) {
    const Parameter* found = device(netlist, name).parameter(parameter);
    return found ? found->text : std::string();
}

TEST(ControlledSource, LinearForms) {
    const Netlist netlist = parsed("* linear\nE1 o 0 a 0 10\nE2 (o 0) (a 0) 10\nE3 o 0 vcvs a 0 10\n"
                                   "G1 o 0 (a,b) 1m\nG2 o 0 VCCS a b 1m\nG3 (o,0) (a,b) 1m\nF1 o 0 V1 2\n"
                                   "F2 o 0 cccs V1 2\nH1 o 0 V1 100\nH2 o 0 ccvs V1 {k}\n.param k=5\n" +
                                   kLoads);
    for (const char* name : {"E1", "E2", "E3"}) {
        EXPECT_EQ(netsOf(netlist, name), (Names{"o", "0", "a", "0"})) << name;
        EXPECT_EQ(device(netlist, name).number("value"), 10.0) << name;
        EXPECT_TRUE(device(netlist, name).model.empty()) << name;
    }
    for (const char* name : {"G1", "G2", "G3"}) {
        EXPECT_EQ(netsOf(netlist, name), (Names{"o", "0", "a", "b"})) << name;
        EXPECT_EQ(device(netlist, name).number("value"), 1e-3) << name;
    }
    for (const char* name : {"F1", "F2", "H1", "H2"}) {
        EXPECT_EQ(netsOf(netlist, name), (Names{"o", "0"})) << name;
        EXPECT_EQ(textOf(netlist, name, "control"), "V1") << name;
        EXPECT_TRUE(device(netlist, name).model.empty()) << name;
    }
    EXPECT_EQ(device(netlist, "F2").number("value"), 2.0);
    EXPECT_EQ(device(netlist, "H2").number("value"), 5.0);
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
}

const std::string kForms =
    "* forms\nE1 o 0 VALUE={LIMIT(V(a,b),V(b),1)}\nE2 o 0 TABLE {V(a)} = (0,0) (1,1) (2,2)\n"
    "E3 o 0 POLY(2) a 0 b 0 0 1 1\nE4 o 0 a 0 Laplace=1/(1+s*1u)\n"
    "E5 o 0 FREQ {V(a)} = (0,0,0) (1k,1,2)\nE6 o 0 vol='v(a)*2'\n"
    "E7 o 0 LAPLACE {V(a)} = {1/(1+s*1u)}\nE8 o 0 opamp a b\nG1 o 0 vcr pwl(1) a 0 0,1k 1,2k\n"
    "F1 o 0 POLY(1) V1 0 1\nE9 o 0 vcvs a 0 10 max=5\n" +
    kLoads;

TEST(ControlledSource, EverythingElseIsKeptAsText) {
    const Netlist netlist = parsed(kForms);
    EXPECT_EQ(textOf(netlist, "E1", "expression"), "VALUE={LIMIT(V(a,b),V(b),1)}");
    EXPECT_EQ(textOf(netlist, "E2", "expression"), "TABLE {V(a)} = (0,0) (1,1) (2,2)");
    EXPECT_EQ(netsOf(netlist, "E3"), (Names{"o", "0"}));
    EXPECT_EQ(netsOf(netlist, "E4"), (Names{"o", "0", "a", "0"}));
    EXPECT_EQ(textOf(netlist, "E4", "expression"), "a 0 Laplace=1/(1+s*1u)");
    EXPECT_EQ(textOf(netlist, "E5", "expression"), "FREQ {V(a)} = (0,0,0) (1k,1,2)");
    EXPECT_EQ(netsOf(netlist, "E8"), (Names{"o", "0", "a", "b"}));
    EXPECT_EQ(netsOf(netlist, "G1"), (Names{"o", "0", "a", "0"}));
    EXPECT_EQ(textOf(netlist, "F1", "expression"), "POLY(1) V1 0 1");
    EXPECT_EQ(device(netlist, "E9").number("value"), 10.0);
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
}

TEST(ControlledSource, ConversionWritesThemRightOrSaysSo) {
    Netlist netlist = parsed(kForms);
    netlist.dialect = Dialect::Hspice;
    const auto ngspice = writeNetlist(netlist, Dialect::Ngspice);
    ASSERT_TRUE(ngspice);
    for (const char* card :
         {"\nE2 o 0 TABLE {V(a)} = (0,0) (1,1) (2,2)\n", "\nE4 o 0 a 0 Laplace=1/(1+s*1u)\n",
          "\nE8 o 0 opamp a b\n", "\nF1 o 0 POLY(1) V1 0 1\n"}) {
        EXPECT_NE(ngspice->text.find(card), std::string::npos) << card << ngspice->text;
    }
    EXPECT_EQ(ngspice->notes.size(), 11u);
    const auto spectre = writeNetlist(netlist, Dialect::Spectre);
    ASSERT_TRUE(spectre);
    EXPECT_NE(spectre->text.find("// E2 is left out: it cannot be written for spectre: o 0 TABLE {V(a)}"),
              std::string::npos)
        << spectre->text;
    EXPECT_NE(spectre->text.find("E9 (o 0 a 0) vcvs gain=10\n"), std::string::npos) << spectre->text;
}

TEST(ControlledSource, CurrentsAreFollowedThroughTheHierarchy) {
    const Netlist netlist =
        parsed("* hierarchy\n.subckt s p\nF1 p 0 VS 2\nVS p 0 0\nE1 p 0 vcvs p 0 3\n.ends\n"
               "X1 a s\nH1 b 0 V1 5\nR1 a b 1\nV1 a 0 1\n");
    const auto ngspice = writeNetlist(netlist, Dialect::Ngspice);
    ASSERT_TRUE(ngspice);
    EXPECT_NE(ngspice->text.find("\nFX1_F1 a 0 VX1_VS 2\n"), std::string::npos) << ngspice->text;
    EXPECT_NE(ngspice->text.find("\nVX1_VS a 0 DC 0\n"), std::string::npos) << ngspice->text;
    EXPECT_NE(ngspice->text.find("\nEX1_E1 a 0 a 0 3\n"), std::string::npos) << ngspice->text;
    EXPECT_NE(ngspice->text.find("\nH1 b 0 V1 5\n"), std::string::npos) << ngspice->text;
    const auto spectre = writeNetlist(netlist, Dialect::Spectre);
    ASSERT_TRUE(spectre);
    EXPECT_NE(spectre->text.find("\nH1 (b 0) ccvs rm=5 probe=V1\n"), std::string::npos) << spectre->text;
    const Netlist again = parsed(spectre->text);
    EXPECT_EQ(device(again, "H1").number("value"), 5.0);
    const auto back = writeNetlist(again, Dialect::Ngspice);
    ASSERT_TRUE(back);
    EXPECT_NE(back->text.find("\nH1 b 0 V1 5\n"), std::string::npos) << back->text;
    EXPECT_TRUE(back->notes.empty());
}

TEST(ControlledSource, SwitchesNameTheirControl) {
    const Netlist netlist = parsed("* w\nW1 a b V1 wmod\n.model wmod csw\n" + kLoads + "R2 b 0 1\n");
    EXPECT_EQ(device(netlist, "W1").model, "wmod");
    EXPECT_EQ(textOf(netlist, "W1", "control"), "V1");
    const auto hspice = writeNetlist(netlist, Dialect::Hspice);
    ASSERT_TRUE(hspice);
    EXPECT_NE(hspice->text.find("\nW1 a b V1 wmod\n"), std::string::npos) << hspice->text;
}

TEST(ControlledSource, BehaviouralValuesAreKeptWithoutAWarning) {
    const Netlist netlist = parsed("* behavioural\nB1 o 0 V = V(a) * V(b)\nB2 o 0 I=V(a) * 2 ** 3 + i(V1)\n"
                                   "R2 a 0 R=if(time<1,1k,2k)\nR3 a b '1k*(1+v(a))'\nC1 a 0 q='1p*v(a)'\n"
                                   "R4 a b R=V(a) * 2\nB3 o 0 V=ddt(V(a))*k\nR5 a b 1k * a remark\n" +
                                   kLoads);
    EXPECT_EQ(textOf(netlist, "B1", "v"), "V(a) * V(b)");
    EXPECT_EQ(textOf(netlist, "B2", "i"), "V(a) * 2 ** 3 + i(V1)");
    EXPECT_EQ(textOf(netlist, "R2", "value"), "if(time<1,1k,2k)");
    EXPECT_FALSE(device(netlist, "R3").number("value"));
    EXPECT_EQ(device(netlist, "R5").number("value"), 1e3);
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
    EXPECT_TRUE(
        says(parsed("* t\nR1 a 0 '2*unknown'\nV1 a 0 1\n"), Severity::Warning, "'unknown' is not defined"));

    const Netlist spectre =
        parsed("simulator lang=spectre\nB1 (o 0) bsource v=v(a)*2\nR1 (o a) resistor r=1\n"
               "V1 (a 0) vsource dc=1\nM1 (o a 0 0) nch w=1u l=1u region=sat\n"
               "L0 (o a) inductor l=1n\nL1 (o a) inductor l=1n\n"
               "K1 mutual_inductor coupling=0.5 ind1=L0 ind2=L1\n");
    EXPECT_FALSE(says(spectre, Severity::Warning, "")) << spectre.diagnostics.front().message;
}

} // namespace
} // namespace headroom::netlist
