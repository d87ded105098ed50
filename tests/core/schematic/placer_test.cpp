#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/netlist/netlist.h"
#include "core/schematic/export.h"
#include "core/schematic/placer.h"
#include "tests/core/schematic/drawn_nets.h"
#include "tests/core/structure/amplifiers.h"

namespace headroom::schematic {
namespace {

using netlist::Circuit;
using test::circuitOf;

Drawing draw(const Circuit& circuit) {
    return placeDrawing(circuit, structure::recognise(circuit));
}

const Symbol& symbolNamed(const Drawing& drawing, const std::string& name) {
    const auto found = std::find_if(drawing.symbols.begin(), drawing.symbols.end(),
                                    [&](const Symbol& symbol) { return symbol.name == name; });
    static const Symbol none;
    EXPECT_NE(found, drawing.symbols.end()) << name;
    return found == drawing.symbols.end() ? none : *found;
}

const Pin& pinOf(const Symbol& symbol, std::size_t index) {
    return symbol.pins.at(index);
}

void expectSound(const Drawing& drawing, const Circuit& circuit) {
    ASSERT_EQ(drawing.symbols.size(), circuit.devices.size());
    std::set<DeviceId> drawn;
    for (const Symbol& symbol : drawing.symbols)
        EXPECT_TRUE(drawn.insert(symbol.device).second) << symbol.name << " is drawn twice";
    EXPECT_EQ(test::connectionFaults(drawing, circuit), std::vector<std::string>{});
    EXPECT_EQ(describeOverlaps(drawing), std::vector<std::string>{});
}

TEST(Placer, DrawsEveryDeviceOnceWithItsConnections) {
    for (const Circuit& circuit : {test::foldedCascode(), test::miller()})
        expectSound(draw(circuit), circuit);
}

TEST(Placer, MirrorsTheInputPairAboutItsTail) {
    const Drawing drawing = draw(test::foldedCascode());
    const Symbol& left = symbolNamed(drawing, "M1");
    const Symbol& right = symbolNamed(drawing, "M2");
    const Symbol& tail = symbolNamed(drawing, "M3");
    EXPECT_EQ(left.at.y, right.at.y);
    EXPECT_NE(left.orientation.mirrored, right.orientation.mirrored);
    EXPECT_LT(pinOf(left, netlist::Gate).at.x, pinOf(left, netlist::Drain).at.x) << "gates outwards";
    EXPECT_GT(pinOf(right, netlist::Gate).at.x, pinOf(right, netlist::Drain).at.x);
    EXPECT_EQ(pinOf(tail, netlist::Drain).at.x * 2,
              pinOf(left, netlist::Source).at.x + pinOf(right, netlist::Source).at.x);
    EXPECT_GT(tail.at.y, left.at.y);
}

TEST(Placer, StacksCascodesAndLetsMirrorGatesFaceEachOther) {
    const Drawing drawing = draw(test::foldedCascode());
    const double column = pinOf(symbolNamed(drawing, "M8"), netlist::Drain).at.x;
    for (const char* name : {"M10", "M14", "M12"})
        EXPECT_EQ(pinOf(symbolNamed(drawing, name), netlist::Drain).at.x, column) << name;
    const Symbol& reference = symbolNamed(drawing, "M12");
    const Symbol& output = symbolNamed(drawing, "M13");
    EXPECT_EQ(reference.at.y, output.at.y);
    EXPECT_GT(pinOf(reference, netlist::Gate).at.x, pinOf(reference, netlist::Drain).at.x);
    EXPECT_LT(pinOf(output, netlist::Gate).at.x, pinOf(output, netlist::Drain).at.x);
    EXPECT_LT(pinOf(reference, netlist::Gate).at.x, pinOf(output, netlist::Gate).at.x);
}

TEST(Placer, PutsBiasLeftAndTheLoadRight) {
    const Drawing drawing = draw(test::miller());
    EXPECT_LT(symbolNamed(drawing, "M8").at.x, symbolNamed(drawing, "M1").at.x);
    EXPECT_LT(symbolNamed(drawing, "M2").at.x, symbolNamed(drawing, "M6").at.x);
    EXPECT_LT(symbolNamed(drawing, "M6").at.x, symbolNamed(drawing, "CL").at.x);
    const Symbol& compensation = symbolNamed(drawing, "CC");
    EXPECT_EQ(compensation.orientation.quarterTurns % 2, 1) << "it lies between the stages";
    EXPECT_GT(compensation.at.x, symbolNamed(drawing, "M4").at.x);
    EXPECT_LT(compensation.at.x, pinOf(symbolNamed(drawing, "M6"), netlist::Drain).at.x);
}

TEST(Placer, SuppliesAreOnTopAndGroundBelow) {
    const Circuit circuit = test::foldedCascode();
    const Drawing drawing = draw(circuit);
    double lowestSupply = -1e9, highestGround = 1e9;
    for (const RailSymbol& rail : drawing.rails) {
        if (rail.positive)
            lowestSupply = std::max(lowestSupply, rail.at.y);
        else
            highestGround = std::min(highestGround, rail.at.y);
    }
    EXPECT_LT(lowestSupply, highestGround);
    for (const Symbol& symbol : drawing.symbols) {
        EXPECT_GT(symbol.at.y, lowestSupply);
        EXPECT_LT(symbol.at.y, highestGround);
    }
}

TEST(Placer, SourcesFaceTheirRailHoweverTheNetlistCallsThem) {
    const Circuit swapped = circuitOf(R"(
M1 tail inp n1 vss nmos
M2 n2 inn tail vss nmos
M3 n1 n1 vdd vdd pmos
M4 vdd n1 n2 vdd pmos
M5 vss bias tail vss nmos
)",
                                      {"inp", "inn", "n2", "bias", "vdd", "vss"});
    const Drawing drawing = draw(swapped);
    expectSound(drawing, swapped);
    const Symbol& load = symbolNamed(drawing, "M4");
    EXPECT_TRUE(load.swapped);
    EXPECT_LT(pinOf(load, netlist::Drain).at.y, pinOf(load, netlist::Source).at.y);
    EXPECT_EQ(symbolNamed(drawing, "M1").at.y, symbolNamed(drawing, "M2").at.y);
}

TEST(Placer, DoesNotDependOnAnythingButTheCircuit) {
    const Circuit circuit = test::foldedCascode();
    EXPECT_EQ(writeSvg(draw(circuit)), writeSvg(draw(circuit)));
}

TEST(Placer, KeepsSpecificationsOfQualityForKnownAmplifiers) {
    EXPECT_LE(assess(draw(test::foldedCascode())).crossings, 3);
    EXPECT_EQ(assess(draw(test::miller())).crossings, 0);
}

TEST(Placer, DrawsCircuitsThatAreNoAmplifiers) {
    const Circuit circuits[] = {
        circuitOf("M1 out in vdd vdd pmos\nM2 out in vss vss nmos", {"in", "out", "vdd", "vss"}),
        circuitOf("R1 in mid 1k\nR2 mid out 1k\nC1 mid fb 1n\nC2 out 0 1n\nR3 fb 0 1k"),
        circuitOf("M1 a b tail vss nmos\nM2 b a tail vss nmos\nI1 tail vss 1m\nR1 vdd a 1k\nR2 vdd b 1k\n"
                  "C1 a b 1p",
                  {"a", "b", "vdd", "vss"}),
        circuitOf("Q1 c1 b e pnp\nQ2 c2 b e npn\nV1 e 0 1\nR1 c1 c2 5"),
        circuitOf("M1 x x x x nmos\nM2 vss vss vss vss nmos\nR1 y y 1"),
    };
    for (const Circuit& circuit : circuits)
        expectSound(draw(circuit), circuit);
}

TEST(Placer, UnitsOfArraysAndDummiesAreDrawnAsWell) {
    const Circuit circuit = circuitOf(R"(
M1a n1 inp tail vss nmos
M1b n1 inp tail vss nmos
M2a n2 inn tail vss nmos
M2b n2 inn tail vss nmos
M3 n1 n1 vdd vdd pmos
M4 n2 n1 vdd vdd pmos
M5 tail bias vss vss nmos
MD vss vss vss vss nmos
)",
                                      {"inp", "inn", "n2", "bias", "vdd", "vss"});
    expectSound(draw(circuit), circuit);
}

TEST(Placer, NothingAndNonsenseHaveDrawings) {
    EXPECT_TRUE(draw(Circuit{}).symbols.empty());
    Circuit stray = circuitOf("M1 a b c d nmos");
    stray.devices[0].nets[1] = 77;
    EXPECT_EQ(draw(stray).symbols.size(), 1U);
    Circuit bare = circuitOf("M1 a b c d nmos\nR1 a b 1");
    bare.devices[0].nets = {0};
    EXPECT_EQ(draw(bare).symbols.size(), 2U);
}

TEST(Placer, HugeCircuitsGetPlainRows) {
    Circuit circuit;
    for (int i = 0; i <= 20000; ++i) {
        circuit.nets.push_back("n" + std::to_string(i));
        circuit.globalNets.push_back(false);
    }
    for (int i = 0; i < 20000; ++i) {
        netlist::Device device;
        device.name = "R" + std::to_string(i);
        device.type = netlist::DeviceType::Resistor;
        device.nets = {i, i + 1};
        circuit.devices.push_back(std::move(device));
    }
    const Drawing drawing = placeDrawing(circuit, {});
    EXPECT_EQ(drawing.symbols.size(), 20000U);
    EXPECT_EQ(assess(drawing).overlaps, 0);
}

} // namespace
} // namespace headroom::schematic
