// What is said about a recognised circuit: stages, signal path, symmetry, constraints, explanations,
// comparison, corrections, and circuits that are no amplifiers.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "core/structure/comparison.h"
#include "core/structure/constraints.h"
#include "core/structure/explanation.h"
#include "core/structure/role_corrections.h"
#include "tests/core/structure/amplifiers.h"
#include "tests/core/structure/composed_amplifiers.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

using test::Names;

netlist::DeviceId idOf(const netlist::Circuit& circuit, const std::string& name) {
    return circuit.findDevice(name).value_or(-1);
}

std::string stageType(const Structure& structure, Stage stage) {
    for (const StageDescription& each : structure.stages)
        if (each.stage == stage) return each.type;
    return {};
}

TEST(Stages, AreNamedByTheirConstruction) {
    EXPECT_EQ(stageType(recognise(test::foldedCascode()), Stage::First), "folded cascode");
    const Structure miller = recognise(test::miller());
    EXPECT_EQ(stageType(miller, Stage::First), "simple");
    EXPECT_EQ(stageType(miller, Stage::Second), "common source");
    for (const test::ComposedAmplifier& amplifier : test::composedAmplifiers()) {
        const std::string first = stageType(recognise(amplifier.circuit), Stage::First);
        for (const char* kind : {"telescopic", "folded", "symmetrical", "complementary"})
            if (amplifier.name.find(kind) != std::string::npos) {
                EXPECT_EQ(first.substr(0, std::string(kind).size()), kind) << amplifier.name;
            }
    }
}

TEST(SignalPath, LeadsFromBothInputsToTheOutput) {
    const auto circuit = test::foldedCascode();
    const Structure structure = recognise(circuit);
    const auto names = [&](const std::vector<SignalStep>& path) {
        std::vector<std::string> result;
        for (const SignalStep& step : path)
            result.push_back(circuit.devices[static_cast<std::size_t>(step.device)].name);
        return result;
    };
    ASSERT_TRUE(structure.ports);
    ASSERT_FALSE(structure.pathFromPlus.empty());
    EXPECT_EQ(structure.pathFromPlus.back().to, structure.ports->output);
    EXPECT_EQ(structure.pathFromPlus.front().from, structure.ports->inputPlus);
    const auto direct = std::min(names(structure.pathFromPlus), names(structure.pathFromMinus),
                                 [](const auto& a, const auto& b) { return a.size() < b.size(); });
    EXPECT_EQ(direct, (std::vector<std::string>{"M2", "M11"}));
}

TEST(Symmetry, HasPairsAxisAndNets) {
    const auto circuit = test::foldedCascode();
    const Symmetry symmetry = recognise(circuit).symmetry;
    std::set<Names> pairs;
    for (const auto& [a, b] : symmetry.pairs)
        pairs.insert(test::namesOf(circuit, {a, b}));
    EXPECT_EQ(pairs, (std::set<Names>{{"M1", "M2"}, {"M8", "M9"}, {"M10", "M11"}, {"M12", "M13"}, {"M14", "M15"}}));
    EXPECT_EQ(test::namesOf(circuit, symmetry.onAxis), (Names{"M3"}));
    ASSERT_EQ(symmetry.netsOnAxis.size(), 1U);
    EXPECT_EQ(test::netName(circuit, symmetry.netsOnAxis.front()), "tail");
}

TEST(Symmetry, MirrorRatiosAreThoseDrawn) {
    auto circuit = test::circuitOf("m1 a a vss vss nmos\nm2 b a vss vss nmos\nm3 c a vss vss nmos");
    const auto size = [&](std::size_t i, double width, double length) {
        circuit.devices[i].parameters = {{"w", "", width, {}}, {"l", "", length, {}}};
    };
    size(0, 2e-6, 1e-6);
    size(1, 5e-6, 1e-6);
    const Structure structure = recognise(circuit);
    ASSERT_EQ(structure.mirrors.size(), 2U);
    for (const MirrorRatio& mirror : structure.mirrors) {
        if (mirror.output == 1) {
            EXPECT_DOUBLE_EQ(mirror.ratio.value(), 2.5);
        } else {
            EXPECT_FALSE(mirror.ratio) << "m3 has no size yet";
        }
    }
}

TEST(Constraints, AreWrittenInThreeForms) {
    const auto circuit = test::miller();
    const Structure structure = recognise(circuit);
    EXPECT_EQ(writeConstraints(circuit, structure, ConstraintForm::Magical), "M1 M2\nM3 M4\nM5\n");
    const std::string align = writeConstraints(circuit, structure, ConstraintForm::Align);
    EXPECT_NE(align.find("\"SymmetricBlocks\""), std::string::npos);
    EXPECT_NE(align.find("\"direction\": \"V\""), std::string::npos);
    EXPECT_NE(align.find("\"net1\": \"INP\""), std::string::npos) << align;
    const std::string json = writeConstraints(circuit, structure, ConstraintForm::Json);
    EXPECT_NE(json.find("\"on_axis\""), std::string::npos);
    EXPECT_TRUE(constraintForm("align"));
    EXPECT_FALSE(constraintForm("lisp"));
}

TEST(Explanation, NamesRuleWinnerAndLosers) {
    const auto circuit = test::foldedCascode();
    const Structure structure = recognise(circuit);
    const Explanation explanation = explain(circuit, structure, idOf(circuit, "M10"));
    EXPECT_NE(explanation.role.find("load of the first stage"), std::string::npos);
    const auto has = [](const std::vector<BlockReason>& reasons, const std::string& type) {
        return std::any_of(reasons.begin(), reasons.end(),
                           [&](const BlockReason& each) { return each.type == type; });
    };
    EXPECT_TRUE(has(explanation.blocks, "CascodeCurrentMirror"));
    EXPECT_TRUE(has(explanation.lost, "CascodePair"));
    for (const BlockReason& each : explanation.lost)
        EXPECT_NE(each.reason.find("wins"), std::string::npos) << each.reason;
    EXPECT_NE(explanation.text().find("Mirror image of M11."), std::string::npos) << explanation.text();
}

TEST(Comparison, FindsWhatDiffers) {
    const auto folded = test::foldedCascode();
    const auto miller = test::miller();
    const Structure a = recognise(folded);
    const Structure b = recognise(miller);
    EXPECT_TRUE(compare({folded, a}, {folded, a}).same());
    const Comparison comparison = compare({folded, a}, {miller, b});
    EXPECT_FALSE(comparison.same());
    const auto block = std::find_if(comparison.blocks.begin(), comparison.blocks.end(),
                                    [](const auto& each) { return each.type == "WideSwingCurrentMirror"; });
    ASSERT_NE(block, comparison.blocks.end());
    EXPECT_EQ(block->first, 1);
    EXPECT_EQ(block->second, 0);
    const auto m3 = std::find_if(comparison.roles.begin(), comparison.roles.end(),
                                 [](const auto& each) { return each.device == "M3"; });
    ASSERT_NE(m3, comparison.roles.end());
    EXPECT_EQ(m3->first, "bias, first stage");
    EXPECT_EQ(m3->second, "load, first stage");
}

TEST(Corrections, StandOverWhatWasRecognised) {
    const auto circuit = test::miller();
    Structure structure = recognise(circuit);
    const std::vector<RoleCorrection> corrections{{"M8", Function::Auxiliary, Stage::None},
                                                  {"M99", Function::Load, Stage::First}};
    EXPECT_EQ(correctRoles(circuit, corrections, structure), std::vector<std::string>{"M99"});
    EXPECT_EQ(test::roleOf(circuit, structure, "M8"), "auxiliary");
    const DeviceRole& role = structure.roles[static_cast<std::size_t>(idOf(circuit, "M8"))];
    EXPECT_NE(role.reason.find("Set by hand. Recognised as bias, bias:"), std::string::npos) << role.reason;
    EXPECT_TRUE(functionNamed("common_mode_feedback"));
    EXPECT_FALSE(functionNamed("hope"));
    EXPECT_EQ(stageNamed("").value(), Stage::None);
}

TEST(NoAmplifier, IsToldInOneSentence) {
    EXPECT_NE(recognise(test::circuitOf("r1 a b 1k\nc1 b 0 1p")).portsProblem.find("no transistors"),
              std::string::npos);
    // Names and topology leave the upper rail open: both PMOS sources stand on a net with a gate's resistor.
    const auto circuit = test::circuitOf(R"(
m1 a inp t gnd nmos
m2 b inn t gnd nmos
m3 a a x y pmos
m4 b a x y pmos
m5 t vb gnd gnd nmos
m6 gnd x gnd gnd nmos
)",
                                         {"inp", "inn", "b", "vb", "gnd"});
    const Structure structure = recognise(circuit);
    EXPECT_TRUE(structure.ports || !structure.portsProblem.empty());
    const Structure told = recognise(circuit, {nullptr, {"X"}, {}});
    ASSERT_TRUE(told.ports) << told.portsProblem;
    EXPECT_EQ(test::netName(circuit, told.ports->positiveSupply), "x");
}

TEST(NoAmplifier, DigitalNetlistIsLeftAlone) {
    constexpr int gates = 100'000;
    netlist::Circuit circuit;
    circuit.nets = {"vdd", "gnd"};
    circuit.globalNets = {true, true};
    const auto net = [&] {
        circuit.nets.push_back(fmt::format("n{}", circuit.nets.size()));
        circuit.globalNets.push_back(false);
        return static_cast<netlist::NetId>(circuit.nets.size() - 1);
    };
    netlist::NetId a = net(), b = net();
    for (int gate = 0; gate < gates; ++gate) {
        const netlist::NetId out = net(), inner = net();
        const auto add = [&](netlist::NetId drain, netlist::NetId input, netlist::NetId source, bool isN) {
            netlist::Device device;
            device.name = fmt::format("m{}", circuit.devices.size());
            device.type = netlist::DeviceType::Mosfet;
            device.polarity = isN ? netlist::Polarity::N : netlist::Polarity::P;
            device.nets = {drain, input, source, isN ? 1 : 0};
            circuit.devices.push_back(std::move(device));
        };
        add(out, a, inner, true);
        add(inner, b, 1, true);
        add(out, a, 0, false);
        add(out, b, 0, false);
        a = b;
        b = out;
    }
    const Structure structure = recognise(circuit);
    EXPECT_FALSE(structure.ports);
    EXPECT_NE(structure.portsProblem.find("no analog block"), std::string::npos) << structure.portsProblem;
    EXPECT_EQ(structure.unexplained.size(), circuit.devices.size());
    EXPECT_TRUE(structure.blocks.empty());
}

TEST(NoAmplifier, ShortedAndOddDevicesAreNoReasonToStop) {
    const auto circuit = test::circuitOf(R"(
m1 n1 inn tail odd nmos
m2 n2 inp tail vdd nmos
m3 n1 n1 vdd vdd pmos
m4 n2 n1 vdd vdd pmos
m5 tail ibias vss n2 nmos
m6 ibias ibias vss vss nmos
m7 n2 n2 n2 n2 nmos
m8 float1 float2 float3 vss nmos
)",
                                         {"inp", "inn", "n2", "ibias", "vdd", "vss"});
    const Structure structure = recognise(circuit);
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::roleOf(circuit, structure, "m1"), "transconductance first");
    EXPECT_EQ(test::roleOf(circuit, structure, "m7"), "auxiliary");
    EXPECT_EQ(test::roleOf(circuit, structure, "m8"), "unexplained");
}

} // namespace
} // namespace headroom::structure
