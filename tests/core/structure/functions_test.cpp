// Amplifiers beyond the textbook: what each device does, what must match, what the test bench needs.
#include <gtest/gtest.h>

#include "core/structure/structure.h"
#include "tests/core/structure/circuit_builder.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

using test::Names;
using Groups = std::set<Names>;

// All devices with a role ("load first").
Names devicesWith(const netlist::Circuit& circuit, const Structure& structure, const std::string& role) {
    Names names;
    for (const auto& device : circuit.devices)
        if (test::roleOf(circuit, structure, device.name) == role) names.insert(device.name);
    return names;
}

// Three stages with nested compensation; a mirror makes the second stage non-inverting.
netlist::Circuit nestedMiller() {
    return test::circuitOf(R"(
m1 a inn t vdd pmos
m2 b inp t vdd pmos
m3 a a vss vss nmos
m4 b a vss vss nmos
m5 t ib vdd vdd pmos
m6 ib ib vdd vdd pmos
m7 c b vss vss nmos
m8 c c vdd vdd pmos
m9 d c vdd vdd pmos
m10 d vbn vss vss nmos
m13 vbn ib vdd vdd pmos
m14 vbn vbn vss vss nmos
m11 out d vss vss nmos
m12 out ib vdd vdd pmos
cm1 b x 1p
rz x out 1k
cm2 d out 1p
cl out vss 10p
)",
                           {"inp", "inn", "out", "ib", "vdd", "vss"});
}

// Floating class-AB control between the gates of a push-pull output.
netlist::Circuit classAb() {
    return test::circuitOf(R"(
m1 f1 inp t vss nmos
m2 f2 inn t vss nmos
m3 t ib vss vss nmos
m4 ib ib vss vss nmos
m5 f1 vbp vdd vdd pmos
m6 f2 vbp vdd vdd pmos
m7 g1 vcp f1 vdd pmos
m8 gp vcp f2 vdd pmos
m9 g1 vcn s1 vss nmos
m10 gn vcn s2 vss nmos
m11 s1 g1 vss vss nmos
m12 s2 g1 vss vss nmos
m13 gp vabn gn vss nmos
m14 gn vabp gp vdd pmos
m15 out gp vdd vdd pmos
m16 out gn vss vss nmos
cc1 out f2 1p
cc2 out s2 1p
cl out vss 10p
)",
                           {"inp", "inn", "out", "ib", "vdd", "vss"});
}

// Regulated cascodes and resistive common-mode sensing.
netlist::Circuit boostedFullyDifferential() {
    return test::circuitOf(R"(
m1 f1 inp t vss nmos
m2 f2 inn t vss nmos
m3 t ib vss vss nmos
m4 ib ib vss vss nmos
m5 f1 cmfb vdd vdd pmos
m6 f2 cmfb vdd vdd pmos
m7 outn vcp1 f1 vdd pmos
m8 outp vcp2 f2 vdd pmos
mb1 vcp1 f1 vdd vdd pmos
mb2 vcp2 f2 vdd vdd pmos
mb3 vcp1 ib vss vss nmos
mb4 vcp2 ib vss vss nmos
m9 outn vcn s1 vss nmos
m10 outp vcn s2 vss nmos
m11 s1 ib vss vss nmos
m12 s2 ib vss vss nmos
r1 outp cm 100k
r2 outn cm 100k
cc1 outp cm 1p
cc2 outn cm 1p
m20 x cm tt vss nmos
m21 cmfb vcm tt vss nmos
m22 tt ib vss vss nmos
m23 x x vdd vdd pmos
m24 cmfb cmfb vdd vdd pmos
cl1 outp vss 1p
cl2 outn vss 1p
cl3 outp outn 1p
)",
                           {"inp", "inn", "outp", "outn", "ib", "vdd", "vss", "vcm"});
}

netlist::Circuit recyclingFoldedCascode() {
    return test::circuitOf(R"(
m1a f1 inp t vdd pmos
m1b k1 inp t vdd pmos
m2a f2 inn t vdd pmos
m2b k2 inn t vdd pmos
m0 t ib vdd vdd pmos
mib ib ib vdd vdd pmos
m3a f1 k2 vss vss nmos
m3b k2 k2 vss vss nmos
m4a f2 k1 vss vss nmos
m4b k1 k1 vss vss nmos
m5 o1 vcn f1 vss nmos
m6 out vcn f2 vss nmos
m7 o1 vcp p1 vdd pmos
m8 out vcp p2 vdd pmos
m9 p1 o1 vdd vdd pmos
m10 p2 o1 vdd vdd pmos
cl out vss 1p
)",
                           {"inp", "inn", "out", "ib", "vcn", "vcp", "vdd", "vss"});
}

// Pass switch, pull switches, inverter, dummy, decoupling, positive feedback.
netlist::Circuit poweredDown() {
    return test::circuitOf(R"(
m1 a inp t vss nmos
m2 b inn t vss nmos
m3 a a vdd vdd pmos
m4 b b vdd vdd pmos
m3x a b vdd vdd pmos
m4x b a vdd vdd pmos
m5 t g vss vss nmos
m6 ib g vss vss nmos
mpass ib ena g vss nmos
mpd g enan vss vss nmos
mi1 enan ena vdd vdd pmos
mi2 enan ena vss vss nmos
m7 out b vdd vdd pmos
m8 c a vdd vdd pmos
m9 c c vss vss nmos
m10 out c vss vss nmos
mpu a ena vdd vdd pmos
mdum t vss vss vss nmos
mdec vss vdd vss vss nmos
cl out vss 1p
)",
                           {"inp", "inn", "out", "ib", "ena", "vdd", "vss"});
}

TEST(Functions, ThreeStages) {
    const auto circuit = nestedMiller();
    const Structure structure = recognise(circuit);
    const auto with = [&](const char* role) { return devicesWith(circuit, structure, role); };
    EXPECT_EQ(with("transconductance first"), (Names{"m1", "m2"}));
    EXPECT_EQ(with("transconductance second"), (Names{"m7"}));
    EXPECT_EQ(with("bias second"), (Names{"m8", "m9", "m10"}));
    EXPECT_EQ(with("transconductance third"), (Names{"m11"}));
    EXPECT_EQ(with("bias third"), (Names{"m12"}));
    EXPECT_EQ(with("compensation"), (Names{"cm1", "cm2", "rz"}));
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(circuit, structure.ports->inputPlus), "inp");
}

TEST(Functions, PushPullOutputHasTwoTransconductors) {
    const auto circuit = classAb();
    const Structure structure = recognise(circuit);
    EXPECT_EQ(devicesWith(circuit, structure, "transconductance second"), (Names{"m15", "m16"}));
    EXPECT_EQ(devicesWith(circuit, structure, "compensation"), (Names{"cc1", "cc2"}));
    EXPECT_EQ(test::matchedNames(circuit, structure),
              (Groups{{"m1", "m2"}, {"m5", "m6"}, {"m7", "m8"}, {"m9", "m10"}, {"m11", "m12"}}));
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(circuit, structure.ports->inputPlus), "inn") << "the output stage inverts";
}

TEST(Functions, GainBoostingAndResistiveCommonModeFeedback) {
    const auto circuit = boostedFullyDifferential();
    const Structure structure = recognise(circuit);
    EXPECT_EQ(devicesWith(circuit, structure, "auxiliary first"), (Names{"mb1", "mb2", "mb3", "mb4"}));
    EXPECT_EQ(devicesWith(circuit, structure, "common_mode_feedback feedback"),
              (Names{"r1", "r2", "cc1", "cc2"}));
    EXPECT_EQ(devicesWith(circuit, structure, "transconductance feedback"), (Names{"m20", "m21"}));
    EXPECT_EQ(devicesWith(circuit, structure, "load_capacitance"), (Names{"cl1", "cl2", "cl3"}));
    EXPECT_TRUE(structure.unexplained.empty());
    const auto groups = test::matchedNames(circuit, structure);
    for (const Names& group :
         Groups{{"m5", "m6"}, {"m7", "m8"}, {"mb1", "mb2"}, {"mb3", "mb4"}, {"m11", "m12"}})
        EXPECT_TRUE(groups.count(group)) << *group.begin();
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(circuit, structure.ports->output), "outp");
    ASSERT_TRUE(structure.ports->outputMinus);
    EXPECT_EQ(test::netName(circuit, *structure.ports->outputMinus), "outn");
}

TEST(Functions, SplitPairsKeepTheirOwnSizes) {
    const auto circuit = recyclingFoldedCascode();
    const Structure structure = recognise(circuit);
    EXPECT_EQ(devicesWith(circuit, structure, "transconductance first"), (Names{"m1a", "m1b", "m2a", "m2b"}));
    EXPECT_EQ(test::matchedNames(circuit, structure), (Groups{{"m1a", "m2a"},
                                                              {"m1b", "m2b"},
                                                              {"m3a", "m4a"},
                                                              {"m3b", "m4b"},
                                                              {"m5", "m6"},
                                                              {"m7", "m8"},
                                                              {"m9", "m10"}}));
    EXPECT_EQ(test::mirrorNames(circuit, structure).count("m3b->m3a"), 1U) << "the ratio stays free";
}

TEST(Functions, PowerDownDoesNotHideTheAmplifier) {
    const auto circuit = poweredDown();
    const Structure structure = recognise(circuit);
    EXPECT_EQ(devicesWith(circuit, structure, "auxiliary"),
              (Names{"mpass", "mpd", "mi1", "mi2", "mpu", "mdum", "mdec"}));
    EXPECT_EQ(devicesWith(circuit, structure, "positive_feedback first"), (Names{"m3x", "m4x"}));
    EXPECT_EQ(devicesWith(circuit, structure, "bias bias"), (Names{"m6"}));
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    ASSERT_EQ(structure.ports->controls.size(), 1U);
    EXPECT_EQ(test::netName(circuit, structure.ports->controls[0].net), "ena");
    EXPECT_TRUE(structure.ports->controls[0].high);
    ASSERT_EQ(structure.ports->currentBiases.size(), 1U) << "through the pass switch";
    EXPECT_EQ(test::netName(circuit, structure.ports->currentBiases[0].net), "ib");
    EXPECT_TRUE(structure.ports->currentBiases[0].intoNet);
    EXPECT_EQ(test::mirrorNames(circuit, structure).count("m6->m5"), 1U) << "a diode through the pass switch";
    EXPECT_TRUE(test::sizingNames(circuit, structure)
                    .count(Names{"mpass", "mpd", "mi1", "mi2", "mpu", "mdum", "mdec"}));
}

// A switch on an inner node must not make it look near to the rail.
TEST(Functions, OpenSwitchesDoNotTurnCascodesRound) {
    auto circuit = test::circuitOf(R"(
m1 a inp t vss nmos
m2 b inn t vss nmos
m3 c vb a vss nmos
m4 out vb b vss nmos
m5 d c vdd vdd pmos
m6 e c vdd vdd pmos
m7 c vbp d vdd pmos
m8 out vbp e vdd pmos
m9 t g vss vss nmos
m10 g g vss vss nmos
mpd g pd vss vss nmos
mclamp out pd vss vss nmos
)");
    const Structure structure = recognise(circuit);
    EXPECT_EQ(test::blockNames(circuit, structure, "CascodedDifferentialPair"),
              (Groups{{"m1", "m2", "m3", "m4"}}));
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(circuit, structure.ports->output), "out");
    ASSERT_EQ(structure.ports->controls.size(), 1U);
    EXPECT_FALSE(structure.ports->controls[0].high) << "a pull-down is open at a low level";
}

TEST(Functions, PassivesByTheNetsTheyTouch) {
    const auto circuit = test::circuitOf(R"(
m1 a inp t vss nmos
m2 b inn t vss nmos
m3 a a vdd vdd pmos
m4 b a vdd vdd pmos
rt t vss 1e4
m6 out b vdd vdd pmos
rl out vss 1e5
mc vss b vss vss nmos
cc b z 1e-12
rz z out 1e3
cl out vss 1e-12
cdec vdd vss 1e-11
ro orphan1 orphan2 1
)");
    const Structure structure = recognise(circuit);
    const auto role = [&](const char* device) { return test::roleOf(circuit, structure, device); };
    EXPECT_EQ(role("rt"), "bias first");
    EXPECT_EQ(role("rl"), "load second");
    EXPECT_EQ(role("mc"), "compensation") << "a MOS capacitor from the inner node";
    EXPECT_EQ(role("cc"), "compensation");
    EXPECT_EQ(role("rz"), "compensation");
    EXPECT_EQ(role("cl"), "load_capacitance");
    EXPECT_EQ(role("cdec"), "auxiliary");
    EXPECT_EQ(test::namesOf(circuit, structure.unexplained), (Names{"ro"}));
}

TEST(Functions, StacksOfOneGateActAsOneTransistor) {
    const auto circuit = test::circuitOf(R"(
m1u a inp p vss nmos
m1l p inp t vss nmos
m2u out inn q vss nmos
m2l q inn t vss nmos
m3 a a vdd vdd pmos
m4 out a vdd vdd pmos
m5u t ib r vss nmos
m5l r ib vss vss nmos
m6u ib ib s vss nmos
m6l s ib vss vss nmos
)");
    const Structure structure = recognise(circuit);
    EXPECT_EQ(devicesWith(circuit, structure, "transconductance first"), (Names{"m1u", "m1l", "m2u", "m2l"}));
    EXPECT_EQ(test::matchedNames(circuit, structure), (Groups{{"m1u", "m2u"}, {"m1l", "m2l"}, {"m3", "m4"}}));
    EXPECT_EQ(test::mirrorNames(circuit, structure), (Names{"m3->m4", "m6u->m5u", "m6l->m5l"}));
}

TEST(Functions, ParallelUnitsAreOneTransistor) {
    const auto circuit = test::circuitOf(R"(
m1a a inp t vss nmos
m2a out inn t vss nmos
m2b t inn out vss nmos
m1b a inp t vss nmos
m3 a a vdd vdd pmos
m4 out a vdd vdd pmos
m5 t vb vss vss nmos
)");
    const Structure structure = recognise(circuit);
    EXPECT_EQ(test::matchedNames(circuit, structure), (Groups{{"m1a", "m1b", "m2a", "m2b"}, {"m3", "m4"}}));
    EXPECT_EQ(test::blockNames(circuit, structure, "DifferentialPair"),
              (Groups{{"m1a", "m1b", "m2a", "m2b"}}));
}

} // namespace
} // namespace headroom::structure
