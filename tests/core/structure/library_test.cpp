// The block library: what a user's file may say, and what it is told where it is wrong.
#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/file.h"
#include "core/structure/block_library.h"
#include "tests/core/structure/circuit_builder.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

using test::Names;
using Groups = std::set<Names>;

constexpr const char* kSquareRooter = R"(format_version: 1
blocks:
  - type: TranslinearLoop
    level: 2
    meaning: two diodes in series beside two followers
    parts:
      top: {diode: yes, drain: in, gate: in, source: mid}
      bottom: {diode: yes, drain: mid, gate: mid, source: rail}
      outer: {drain: out, gate: in, source: low}
    nets: {rail: [rail]}
    pins: {Input: in, Output: out}
    wins_over: [LevelShifter]
)";

constexpr const char* kCircuit = R"(
m1 in in mid vss nmos
m2 mid mid vss vss nmos
m3 out in low vss nmos
)";

BlockLibrary parsed(const std::string& text) {
    const auto library = BlockLibrary::parse(text, "mine.yaml");
    EXPECT_TRUE(library) << (library ? "" : library.error().describe());
    return library.value_or(BlockLibrary::standard());
}

class UserLibrary : public testing::Test {
protected:
    void SetUp() override {
        m_file = std::filesystem::temp_directory_path() /
                 ("headroom_blocks_" + std::to_string(std::hash<std::string>{}(
                                           testing::UnitTest::GetInstance()->current_test_info()->name())) +
                  ".yaml");
    }
    void TearDown() override { std::filesystem::remove(m_file); }

    Result<BlockLibrary> standardWith(const std::string& text) {
        EXPECT_TRUE(writeFileAtomically(m_file, text));
        return BlockLibrary::standardWith(m_file);
    }

    std::filesystem::path m_file;
};

TEST(BlockLibrary, StandardHasEveryKindThatThePaperNames) {
    std::set<std::string> types;
    for (const BlockPattern& pattern : BlockLibrary::standard().patterns())
        types.insert(pattern.type);
    for (const char* type :
         {"DifferentialPair", "CascodedDifferentialPair", "FoldedCascodeDifferentialPair", "CrossCoupledPair",
          "SimpleCurrentMirror", "CascodeCurrentMirror", "FourTransistorCurrentMirror", "WideSwingCurrentMirror",
          "WideSwingCascodeCurrentMirror", "WilsonCurrentMirror", "ImprovedWilsonCurrentMirror", "DiodeStack",
          "VoltageReference", "LevelShifter", "CascodePair", "MixedCascodePair", "CurrentMirrorLoad",
          "CommonSourceStage", "SourceFollower", "DifferentialStage", "CommonModeDetector", "RcCompensation"})
        EXPECT_TRUE(types.contains(type)) << type;
}

TEST(BlockLibrary, FindsABlockOfTheUsersOwn) {
    const BlockLibrary library = parsed(kSquareRooter);
    const auto circuit = test::circuitOf(kCircuit);
    const Structure structure = recognise(circuit, {&library});
    EXPECT_EQ(test::blockNames(circuit, structure, "TranslinearLoop"), (Groups{{"m1", "m2", "m3"}}));
    EXPECT_EQ(test::blockNames(circuit, structure, "LevelShifter"), Groups{}) << "only the user's file counts";
}

TEST_F(UserLibrary, AddsToTheStandardOne) {
    const auto library = standardWith(kSquareRooter);
    ASSERT_TRUE(library) << library.error().describe();
    const auto circuit = test::circuitOf(kCircuit);
    const Structure structure = recognise(circuit, {&*library});
    EXPECT_EQ(test::blockNames(circuit, structure, "TranslinearLoop"), (Groups{{"m1", "m2", "m3"}}));
    EXPECT_EQ(test::blockNames(circuit, structure, "DiodeStack"), (Groups{{"m1", "m2"}}));
    EXPECT_EQ(test::blockNames(circuit, structure, "LevelShifter"), Groups{}) << "loses to the user's block";
    ASSERT_EQ(structure.lostMatches.size(), 1U);
    EXPECT_EQ(structure.lostMatches.front().type, "LevelShifter");
    EXPECT_NE(structure.lostMatches.front().reason.find("TranslinearLoop"), std::string::npos);
}

TEST_F(UserLibrary, ReplacesATypeAndBlocksThatAreMadeOfIt) {
    const auto library = standardWith(R"(format_version: 1
blocks:
  - type: DifferentialPair
    level: 2
    meaning: never, because its source is a rail
    parts:
      first: {gate: in1, drain: out1, source: tail}
      second: {gate: in2, drain: out2, source: tail}
    nets: {tail: [rail, not_rail]}
    pins: {Input1: in1, Input2: in2, Output1: out1, Output2: out2, Source: tail}
)");
    ASSERT_TRUE(library) << library.error().describe();
    const auto circuit = test::circuitOf("m1 a inp t vss nmos\nm2 b inn t vss nmos\nm3 c vb a vss nmos\n"
                                         "m4 d vb b vss nmos\nm5 t vbn vss vss nmos");
    EXPECT_EQ(test::blockNames(circuit, recognise(circuit), "CascodedDifferentialPair").size(), 1U);
    const Structure structure = recognise(circuit, {&*library});
    EXPECT_EQ(test::blockNames(circuit, structure, "DifferentialPair"), Groups{});
    for (const Block& block : structure.blocks)
        EXPECT_TRUE(block.type != "CascodedDifferentialPair" || block.forSizing) << block.reason;
}

TEST(BlockLibrary, BlocksArePartsOfOthersEitherWayRound) {
    // The mirror's input is on the second output of the pair as it happens to be found.
    const auto circuit = test::circuitOf("m1 out inp t vss nmos\nm2 a inn t vss nmos\nm3 a a vdd vdd pmos\n"
                                         "m4 out a vdd vdd pmos\nm5 t vbn vss vss nmos");
    EXPECT_EQ(test::blockNames(circuit, recognise(circuit), "DifferentialStage"),
              (Groups{{"m1", "m2", "m3", "m4", "m5"}}));
}

TEST(BlockLibrary, FindsPassiveBlocks) {
    const auto circuit = test::circuitOf(R"(
m1 mir inn tail vss nmos
m2 o1 inp tail vss nmos
m3 mir mir vdd vdd pmos
m4 o1 mir vdd vdd pmos
m5 tail vb vss vss nmos
m6 out o1 vdd vdd pmos
m7 out vb vss vss nmos
r1 z o1 2k
c1 out z 1p
c2 vss vdd 10p
)");
    const Structure structure = recognise(circuit);
    EXPECT_EQ(test::blockNames(circuit, structure, "RcCompensation"), (Groups{{"c1", "r1"}}));
    EXPECT_EQ(test::blockNames(circuit, structure, "DecouplingCapacitor"), (Groups{{"c2"}}));
}

TEST(BlockLibrary, FollowersAndBufferedMirrors) {
    const char* mirror = "q1 in b vss npn\nq2 out b vss npn\nq3 vcc in b npn";
    const auto circuit = test::circuitOf(mirror);
    EXPECT_EQ(test::blockNames(circuit, recognise(circuit), "BufferedCurrentMirror"),
              (Groups{{"q1", "q2", "q3"}}));
}

struct BadLibrary {
    const char* text;
    int line;
    const char* says;
};

class BadLibraries : public testing::TestWithParam<BadLibrary> {};

TEST_P(BadLibraries, AreToldTheLineAndWhatIsWrong) {
    const auto library = BlockLibrary::parse(GetParam().text, "mine.yaml");
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().code, ErrorCode::BadInput);
    EXPECT_EQ(library.error().file, "mine.yaml");
    EXPECT_EQ(library.error().line, GetParam().line);
    EXPECT_NE(library.error().message.find(GetParam().says), std::string::npos) << library.error().message;
}


INSTANTIATE_TEST_SUITE_P(
    Texts, BadLibraries,
    testing::Values(
        BadLibrary{"blocks: [", 1, "no valid YAML"},
        BadLibrary{"format_version: 2\nblocks: []\n", 1, "must be 1"},
        BadLibrary{"format_version: 1\nblocks:\n  - {type: T, level: 1, meaning: m, parts: {}, pins: {}}\n", 3,
                   "2 or 3"},
        BadLibrary{"format_version: 1\nblocks:\n  - {type: T, level: 2, meaning: m, parts: {a: {drane: x}}, "
                   "pins: {}}\n",
                   3, "drane"},
        BadLibrary{"format_version: 1\nblocks:\n  - {type: T, level: 2, meaning: m, parts: {a: {drain: x}, b: "
                   "{drain: y}}, pins: {}}\n",
                   3, "shares no net"},
        BadLibrary{"format_version: 1\nblocks:\n  - {type: T, level: 2, meaning: m, parts: {a: {is: Nothing}}, "
                   "pins: {}}\n",
                   3, "Nothing"},
        BadLibrary{"format_version: 1\nblocks:\n  - {type: T, level: 2, meaning: m, parts: {a: {drain: x}}, "
                   "pins: {P: y}}\n",
                   3, "terminal on \"y\""},
        BadLibrary{"format_version: 1\nblocks:\n  - {type: T, level: 2, meaning: m, parts: {a: {drain: x}}, "
                   "nets: {x: [cold]}, pins: {}}\n",
                   3, "cold"},
        BadLibrary{"format_version: 1\nblocks:\n  - {type: T, level: 2, meaning: m, parts: {a: {drain: x, "
                   "function: [loud]}}, pins: {}}\n",
                   3, "loud"}));

TEST(BlockLibrary, MissingFileIsNamed) {
    const auto library = BlockLibrary::standardWith("/nonexistent/blocks.yaml");
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().code, ErrorCode::NotFound);
}

} // namespace
} // namespace headroom::structure
