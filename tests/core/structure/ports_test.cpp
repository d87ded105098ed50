#include <gtest/gtest.h>

#include "core/structure/structure.h"
#include "tests/core/structure/amplifiers.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

// Five-transistor amplifier with a choice of names, bias and extras.
std::string fiveTransistors(const std::string& more = "", const std::string& supply = "vdd",
                            const std::string& ground = "vss") {
    return "m1 a inp t " + ground + " nmos\nm2 out inn t " + ground + " nmos\nm3 a a " + supply + " " +
           supply + " pmos\nm4 out a " + supply + " " + supply + " pmos\nm5 t vb " + ground + " " + ground +
           " nmos\n" + more;
}

struct Named {
    std::string plus, minus, output, outputMinus, positive, negative;
    std::vector<std::string> currents, voltages;
    std::string problem;
};

Named portsOf(const netlist::Circuit& circuit) {
    const Structure structure = recognise(circuit);
    Named named;
    named.problem = structure.portsProblem;
    if (!structure.ports) return named;
    const auto name = [&](NetId net) { return test::netName(circuit, net); };
    named.plus = name(structure.ports->inputPlus);
    named.minus = name(structure.ports->inputMinus);
    named.output = name(structure.ports->output);
    if (structure.ports->outputMinus) named.outputMinus = name(*structure.ports->outputMinus);
    named.positive = name(structure.ports->positiveSupply);
    named.negative = name(structure.ports->negativeSupply);
    for (const auto& bias : structure.ports->currentBiases)
        named.currents.push_back(name(bias.net) + (bias.intoNet ? " in" : " out"));
    for (const NetId net : structure.ports->voltageBiases)
        named.voltages.push_back(name(net));
    return named;
}

TEST(Ports, FlatNetlistWithVoltageBias) {
    const Named ports = portsOf(test::circuitOf(fiveTransistors()));
    EXPECT_EQ(ports.plus, "inp");
    EXPECT_EQ(ports.minus, "inn");
    EXPECT_EQ(ports.output, "out");
    EXPECT_EQ(ports.voltages, std::vector<std::string>{"vb"});
    EXPECT_TRUE(ports.currents.empty());
}

TEST(Ports, SignsFollowTheSignalNotTheNames) {
    // The mirror's diode on the other side turns the amplifier round.
    const Named ports = portsOf(test::circuitOf(R"(
m1 a inp t vss nmos
m2 out inn t vss nmos
m3 a out vdd vdd pmos
m4 out out vdd vdd pmos
m5 t vb vss vss nmos
)",
                                                {"inp", "inn", "a", "vb", "vdd", "vss"}));
    EXPECT_EQ(ports.output, "a");
    EXPECT_EQ(ports.plus, "inn");
    EXPECT_EQ(ports.minus, "inp");
}

TEST(Ports, SuppliesByTopologyAlone) {
    const Named ports = portsOf(test::circuitOf(fiveTransistors("", "upper", "lower")));
    EXPECT_EQ(ports.positive, "upper");
    EXPECT_EQ(ports.negative, "lower");
    EXPECT_EQ(ports.output, "out");
}

TEST(Ports, SupplyNamesInUse) {
    for (const auto& [supply, ground] :
         {std::pair{"vdd!", "gnd!"}, std::pair{"VCC", "0"}, std::pair{"avdd", "agnd"},
          std::pair{"sourcePmos", "sourceNmos"}, std::pair{"vdda_1v8", "VSS"}}) {
        const Named ports = portsOf(test::circuitOf(fiveTransistors("", supply, ground)));
        EXPECT_EQ(ports.positive, supply);
        EXPECT_EQ(ports.negative, ground);
    }
}

TEST(Ports, ReferenceDiodeWantsACurrentUnlessThereIsASource) {
    EXPECT_EQ(portsOf(test::circuitOf(fiveTransistors("m6 vb vb vss vss nmos"))).currents,
              std::vector<std::string>{"vb in"});
    EXPECT_TRUE(
        portsOf(test::circuitOf(fiveTransistors("m6 vb vb vss vss nmos\ni1 vdd vb 1e-5"))).currents.empty());
    EXPECT_TRUE(
        portsOf(test::circuitOf(fiveTransistors("m6 vb vb vss vss nmos\nr1 vdd vb 1e5"))).currents.empty());
}

TEST(Ports, TestBenchSourcesDoNotConfuse) {
    const Named ports = portsOf(test::circuitOf(fiveTransistors(
        "vsup vdd 0 1.8\nvgnd vss 0 0\nvip inp 0 0.9\nvin inn 0 0\nvbias vb 0 0.6\ncl out 0 1e-12")));
    EXPECT_EQ(ports.plus, "inp");
    EXPECT_EQ(ports.minus, "inn");
    EXPECT_EQ(ports.output, "out");
    EXPECT_EQ(ports.positive, "vdd");
    EXPECT_TRUE(ports.voltages.empty()) << "a source sets it already";
}

TEST(Ports, AmmetersDoNotCutTheSignal) {
    const auto circuit = test::circuitOf(R"(
m1 a inp t vss nmos
m2 x inn t vss nmos
m3 a a vdd vdd pmos
m4 out a vdd vdd pmos
vmeter out x 0
m5 t vb vss vss nmos
)");
    const Structure structure = recognise(circuit);
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(circuit, structure.ports->output), "out");
    EXPECT_EQ(structure.matchedGroups.size(), 2U);
}

TEST(Ports, FullyDifferential) {
    const Named ports =
        portsOf(test::circuitOf(R"(
m1 outn inp t vss nmos
m2 outp inn t vss nmos
m3 outn vbp vdd vdd pmos
m4 outp vbp vdd vdd pmos
m5 t ibias vss vss nmos
m6 ibias ibias vss vss nmos
)",
                                {"inp", "inn", "outp", "outn", "vbp", "ibias", "vdd", "vss"}));
    EXPECT_EQ(ports.plus, "inp");
    EXPECT_EQ(ports.output, "outp");
    EXPECT_EQ(ports.outputMinus, "outn");
    EXPECT_EQ(ports.voltages, std::vector<std::string>{"vbp"});
    EXPECT_EQ(ports.currents, std::vector<std::string>{"ibias in"});
}

TEST(Ports, TailCurrentFromOutside) {
    const Named ports = portsOf(test::circuitOf(
        "m1 a inp t vss nmos\nm2 out inn t vss nmos\nm3 a a vdd vdd pmos\nm4 out a vdd vdd pmos",
        {"inp", "inn", "out", "t", "vdd", "vss"}));
    EXPECT_EQ(ports.currents, std::vector<std::string>{"t out"});
}

TEST(Ports, FurtherSuppliesAreKept) {
    auto circuit = test::circuitOf(
        fiveTransistors("m6 vb vb vss vss nmos\nm7 x x avdd avdd pmos\nm8 x vb vss vss nmos"));
    const Structure structure = recognise(circuit);
    ASSERT_TRUE(structure.ports);
    ASSERT_EQ(structure.ports->furtherPositiveSupplies.size(), 1U);
    EXPECT_EQ(test::netName(circuit, structure.ports->furtherPositiveSupplies[0]), "avdd");
}

TEST(Ports, ProblemsAreOneSentence) {
    const Named none = portsOf(test::circuitOf("m1 out in vss vss nmos\nm2 out in vdd vdd pmos"));
    EXPECT_NE(none.problem.find("differential pair"), std::string::npos) << none.problem;
    const Named closed = portsOf(test::circuitOf(R"(
m1 a inp t vss nmos
m2 out out2 t vss nmos
m3 a a vdd vdd pmos
m4 out a vdd vdd pmos
m5 t vb vss vss nmos
v1 out out2 0
)"));
    EXPECT_FALSE(closed.problem.empty());
    for (const auto& problem : {none.problem, closed.problem})
        EXPECT_EQ(problem.back(), '.');
}

} // namespace
} // namespace headroom::structure
