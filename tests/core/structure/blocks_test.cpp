// One small circuit per rule, and who wins where several rules fit.
#include <gtest/gtest.h>

#include "core/structure/structure.h"
#include "tests/core/structure/circuit_builder.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

using test::Names;
using Groups = std::set<Names>;

Groups blocksOf(const char* lines, const char* type) {
    const auto circuit = test::circuitOf(lines);
    return test::blockNames(circuit, recognise(circuit), type);
}

TEST(Blocks, SimpleMirrorHasOneBlockPerOutput) {
    const char* lines = R"(
m1 ref ref vss vss nmos
m2 o1 ref vss vss nmos
m3 o2 ref vss vss nmos
)";
    EXPECT_EQ(blocksOf(lines, "SimpleCurrentMirror"), (Groups{{"m1", "m2"}, {"m1", "m3"}}));
}

TEST(Blocks, MirrorNeedsOneSourceAndOnePolarity) {
    EXPECT_EQ(blocksOf("m1 ref ref vss vss nmos\nm2 o ref a vss nmos", "SimpleCurrentMirror"), Groups{});
    EXPECT_EQ(blocksOf("m1 ref ref vss vss nmos\nm2 o ref vdd vdd pmos", "SimpleCurrentMirror"), Groups{});
    EXPECT_EQ(blocksOf("m1 ref ref vss vss nmos\nm2 o ref a vss nmos", "LevelShifter"),
              (Groups{{"m1", "m2"}}));
}

constexpr const char* cascodeMirror = R"(
m1 in in a vss nmos
m2 a a vss vss nmos
m3 out in b vss nmos
m4 b a vss vss nmos
)";

TEST(Blocks, CascodeMirrorWinsOverItsParts) {
    EXPECT_EQ(blocksOf(cascodeMirror, "CascodeCurrentMirror"), (Groups{{"m1", "m2", "m3", "m4"}}));
    for (const char* loser : {"SimpleCurrentMirror", "LevelShifter", "DiodeStack", "CascodePair"})
        EXPECT_EQ(blocksOf(cascodeMirror, loser), Groups{}) << loser;
    const auto circuit = test::circuitOf(cascodeMirror);
    for (const Block& block : recognise(circuit).blocks) {
        if (block.type != "CascodeCurrentMirror") continue;
        EXPECT_NE(block.reason.find("SimpleCurrentMirror"), std::string::npos) << block.reason;
        EXPECT_EQ(test::netName(circuit, block.pins.front().net), "in");
    }
}

TEST(Blocks, LoserStaysWhereItIsNotContained) {
    const std::string more = std::string(cascodeMirror) + "m5 o5 a vss vss nmos\n";
    EXPECT_EQ(blocksOf(more.c_str(), "SimpleCurrentMirror"), (Groups{{"m2", "m5"}}));
}

TEST(Blocks, WideSwingMirrorWithForeignAndWithOwnBias) {
    const std::string core = R"(
m1 in vb a vss nmos
m2 a in vss vss nmos
m3 out vb b vss nmos
m4 b in vss vss nmos
)";
    EXPECT_EQ(blocksOf(core.c_str(), "WideSwingCurrentMirror"), (Groups{{"m1", "m2", "m3", "m4"}}));
    EXPECT_EQ(blocksOf(core.c_str(), "VoltageReference"), Groups{});
    EXPECT_EQ(blocksOf(core.c_str(), "CascodePair"), Groups{});
    const std::string own = core + "m5 vb vb vss vss nmos\n";
    EXPECT_EQ(blocksOf(own.c_str(), "WideSwingCascodeCurrentMirror"),
              (Groups{{"m1", "m2", "m3", "m4", "m5"}}));
    EXPECT_EQ(blocksOf(own.c_str(), "WideSwingCurrentMirror"), Groups{});
    const std::string shared = own + "m6 x vb vss vss nmos\n";
    EXPECT_EQ(blocksOf(shared.c_str(), "WideSwingCascodeCurrentMirror"), Groups{})
        << "the diode serves others";
    EXPECT_EQ(blocksOf(shared.c_str(), "WideSwingCurrentMirror"), (Groups{{"m1", "m2", "m3", "m4"}}));
}

TEST(Blocks, FourTransistorMirror) {
    const char* lines = R"(
m1 in in a vss nmos
m2 a in vss vss nmos
m3 out in b vss nmos
m4 b in vss vss nmos
)";
    EXPECT_EQ(blocksOf(lines, "FourTransistorCurrentMirror"), (Groups{{"m1", "m2", "m3", "m4"}}));
    EXPECT_EQ(blocksOf(lines, "SeriesStack"), (Groups{{"m1", "m2"}, {"m3", "m4"}}));
    const std::string tapped = std::string(lines) + "m5 x y a vss nmos\nm6 x y b vss nmos\n";
    EXPECT_EQ(blocksOf(tapped.c_str(), "FourTransistorCurrentMirror"), (Groups{{"m1", "m2", "m3", "m4"}}));
}

TEST(Blocks, WilsonMirrors) {
    const char* wilson = R"(
m1 a a vss vss nmos
m2 in a vss vss nmos
m3 out in a vss nmos
)";
    EXPECT_EQ(blocksOf(wilson, "WilsonCurrentMirror"), (Groups{{"m1", "m2", "m3"}}));
    EXPECT_EQ(blocksOf(wilson, "SimpleCurrentMirror"), Groups{});
    const char* improved = R"(
m1 a a vss vss nmos
m2 b a vss vss nmos
m3 out in a vss nmos
m4 in in b vss nmos
)";
    EXPECT_EQ(blocksOf(improved, "ImprovedWilsonCurrentMirror"), (Groups{{"m1", "m2", "m3", "m4"}}));
    EXPECT_EQ(blocksOf(improved, "WilsonCurrentMirror"), Groups{});
    EXPECT_EQ(blocksOf(improved, "SimpleCurrentMirror"), Groups{});
}

TEST(Blocks, CascodedAndFoldedPairs) {
    const char* telescopic = R"(
m1 a inp t vss nmos
m2 b inn t vss nmos
m3 c vb a vss nmos
m4 out vb b vss nmos
m5 t vbn vss vss nmos
)";
    EXPECT_EQ(blocksOf(telescopic, "CascodedDifferentialPair"), (Groups{{"m1", "m2", "m3", "m4"}}));
    EXPECT_EQ(blocksOf(telescopic, "DifferentialPair"), (Groups{{"m1", "m2"}}));
    const char* folded = R"(
m1 a inp t vss nmos
m2 b inn t vss nmos
m3 c vb a vdd pmos
m4 out vb b vdd pmos
m5 t vbn vss vss nmos
m6 a vbp vdd vdd pmos
m7 b vbp vdd vdd pmos
)";
    EXPECT_EQ(blocksOf(folded, "FoldedCascodeDifferentialPair"), (Groups{{"m1", "m2", "m3", "m4"}}));
    EXPECT_EQ(blocksOf(folded, "CurrentMirrorLoad"), (Groups{{"m6", "m7"}}));
}

TEST(Blocks, CrossCoupledPairIsNoDifferentialPair) {
    const char* lines = "m1 a b t vss nmos\nm2 b a t vss nmos\nm3 t vb vss vss nmos";
    EXPECT_EQ(blocksOf(lines, "CrossCoupledPair"), (Groups{{"m1", "m2"}}));
    EXPECT_EQ(blocksOf(lines, "DifferentialPair"), Groups{});
}

TEST(Blocks, GateConnectedCoupleAndMixedCascodePair) {
    EXPECT_EQ(blocksOf("m1 a g x vss nmos\nm2 b g y vss nmos", "GateConnectedCouple"),
              (Groups{{"m1", "m2"}}));
    EXPECT_EQ(blocksOf("m1 a a x vss nmos\nm2 x g vss vss nmos", "MixedCascodePair"), (Groups{{"m1", "m2"}}));
    EXPECT_EQ(blocksOf("m1 a a x vss nmos\nm2 x x vss vss nmos", "DiodeStack"), (Groups{{"m1", "m2"}}));
}

TEST(Blocks, ArraysByTheirOwnWiring) {
    const char* lines = R"(
m1a d g vss vss nmos
m1b d g vss vss nmos
m1c vss g d vss nmos
m2 d2 d2 vss vss nmos
m3 vss g3 vss vss nmos
m4 d vss vss vss nmos
m5 vss vss vss vss nmos
m6 d vdd vdd vdd pmos
)";
    EXPECT_EQ(blocksOf(lines, "MosfetNormalArray"), (Groups{{"m1a", "m1b", "m1c"}})) << "one drawn reversed";
    EXPECT_EQ(blocksOf(lines, "MosfetDiodeArray"), (Groups{{"m2"}}));
    EXPECT_EQ(blocksOf(lines, "MosfetCapacitorArray"), (Groups{{"m3"}}));
    EXPECT_EQ(blocksOf(lines, "MosfetOffArray"), (Groups{{"m4"}, {"m6"}}));
    EXPECT_EQ(blocksOf(lines, "MosfetDummyArray"), (Groups{{"m5"}}));
}

TEST(Blocks, ResistorsAndCapacitorsInParallelAndInSeries) {
    const char* lines = R"(
r1 a b 1k
r2 b a 1k
r3 b c 1k
r4 c d 1k
c1 d e 1p
c2 e f 1p
c3 e f 1p
m1 d d vss vss nmos
)";
    EXPECT_EQ(blocksOf(lines, "ResistorArray"), (Groups{{"r1", "r2"}, {"r3"}, {"r4"}}));
    EXPECT_EQ(blocksOf(lines, "ResistorRow"), (Groups{{"r1", "r2", "r3", "r4"}}));
    EXPECT_EQ(blocksOf(lines, "CapacitorArray"), (Groups{{"c1"}, {"c2", "c3"}}));
    EXPECT_EQ(blocksOf(lines, "CapacitorRow"), (Groups{{"c1", "c2", "c3"}}));
    EXPECT_EQ(blocksOf("r1 a b 1k\nr2 b c 1k\nm1 x b vss vss nmos", "ResistorRow"), Groups{}) << "a gate taps it";
    EXPECT_EQ(blocksOf("r1 a b 1k\nr2 b c 1k\nr3 c a 1k", "ResistorRow"), Groups{}) << "a ring has no ends";
}

TEST(Blocks, BipolarMirrorAndPair) {
    const char* lines = R"(
q1 ref ref vss npn
q2 t ref vss npn
q3 a inp t npn
q4 out inn t npn
)";
    EXPECT_EQ(blocksOf(lines, "SimpleCurrentMirror"), (Groups{{"q1", "q2"}}));
    EXPECT_EQ(blocksOf(lines, "DifferentialPair"), (Groups{{"q3", "q4"}}));
}

TEST(Blocks, CommonSourceStageTakesItsCurrentSource) {
    const char* lines = R"(
m1 a inp t vss nmos
m2 b inn t vss nmos
m3 a a vdd vdd pmos
m4 b a vdd vdd pmos
m5 t vb vss vss nmos
m6 out b vdd vdd pmos
m7 out vb vss vss nmos
)";
    EXPECT_EQ(blocksOf(lines, "CommonSourceStage"), (Groups{{"m6", "m7"}}));
    EXPECT_EQ(blocksOf(lines, "SecondStage"), (Groups{{"m6", "m7"}}));
    EXPECT_EQ(blocksOf(lines, "FirstStage"), (Groups{{"m1", "m2", "m3", "m4", "m5"}}));
}

} // namespace
} // namespace headroom::structure
