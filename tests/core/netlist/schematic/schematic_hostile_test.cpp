#include <gtest/gtest.h>

#include "core/netlist/schematic/drawing_number.h"

#include "schematic_fixture.h"

namespace headroom::netlist {
namespace {

const std::string kXschem =
    "v {xschem version=3.4.6 file_version=1.2}\nG {}\nK {}\nV {}\nS {.param a=1}\nE {}\nT {words} 0 0 0 0 1 "
    "1 {}\n"
    "N 0 0 10 0 {lab=a}\nC {res.sym} 0 0 1 1 {name=R[1:0] value=\"1k\" m=1}\n"
    "C {code.sym} 0 0 0 0 {name=s value=\"\n.subckt q a b\nR1 a b 1\n.ends\n\"}\n"
    "C {sky130_fd_pr/nfet_01v8.sym} 0 0 0 0 {name=M1 L=1 W=\\{a\\} model=nfet_01v8 spiceprefix=X}\n";
const std::string kLtspice =
    "Version 4\nSHEET 1 880 680\nWIRE 0 0 16 16\nFLAG 16 16 out\nIOPIN 16 16 Out\n"
    "SYMBOL nmos4 0 0 M90\nWINDOW 0 1 1 Left 2\nSYMATTR InstName M1\nSYMATTR Value2 l=1u\n"
    "TEXT 0 0 Left 2 !.param a=1\\n.subckt q a b\\nR1 a b 1\\n.ends\n";
const std::string kKiCad = "(kicad_sch (version 20211123)\n(lib_symbols (symbol \"R\" (symbol \"R_1_1\" (pin "
                           "passive line (at 0 1 0) (length "
                           "1) (name \"~\") (number \"1\")) (pin passive line (at 0 -1 0) (length 1) (name "
                           "\"~\") (number \"2\")))))\n"
                           "(wire (pts (xy 0 0) (xy 1 0)))(label \"x\\\"y\" (at 0 0 0))(symbol (lib_id "
                           "\"R\") (at 0 0 90) (mirror x) (unit 1) "
                           "(property \"Reference\" \"R1\") (property \"Value\" \"1k\")))\n";

/// Reads whatever comes; the result does not matter, only that there is one.
void survives(const std::string& text) {
    const auto result = parseNetlist(text, "bad");
    if (result) {
        EXPECT_EQ(result->lines.read, result->lines.accounted);
    } else {
        EXPECT_FALSE(result.error().message.empty());
    }
}

class HostileSchematic : public testing::TestWithParam<std::string> {};

TEST_P(HostileSchematic, SurvivesBeingCutOffAnywhere) {
    for (std::size_t i = 0; i <= GetParam().size(); ++i)
        survives(GetParam().substr(0, i));
}

TEST_P(HostileSchematic, SurvivesDamagedBytes) {
    for (std::size_t i = 0; i < GetParam().size(); ++i) {
        for (const char c : {'\0', '{', '}', '(', '"', '\\', '\n', '9', '\xff'}) {
            std::string text = GetParam();
            text[i] = c;
            survives(text);
        }
    }
}

TEST_P(HostileSchematic, SurvivesMillionCharacterLines) {
    survives(GetParam() + std::string(1'000'000, 'C'));
    survives(GetParam() + "C {" + std::string(1'000'000, 'x') + "} 0 0 0 0 {name=x}\n");
    survives(GetParam() + "TEXT 0 0 Left 2 !" + std::string(1'000'000, '(') + "\n");
}

TEST_P(HostileSchematic, SurvivesWideText) {
    for (const std::size_t cut : {0u, 1u, 3u})
        survives(utf16(GetParam()).substr(0, 2 * GetParam().size() - cut));
}

INSTANTIATE_TEST_SUITE_P(Formats, HostileSchematic, testing::Values(kXschem, kLtspice, kKiCad));

TEST(HostileSchematicText, BoundsArraysAndEqualNames) {
    std::string arrays = "v {xschem version=3}\n";
    std::string names = arrays;
    for (int i = 0; i < 20'000; ++i) {
        arrays +=
            "C {res.sym} 0 0 0 0 {name=R[9999:0] value=1}\nC {lab_pin.sym} 0 0 0 0 {name=l lab=A[9999:0]}\n";
        names += "C {res.sym} 0 0 0 0 {name=R1 value=1}\n";
    }
    const auto result = parseNetlist(arrays, "arrays");
    ASSERT_TRUE(result);
    EXPECT_TRUE(says(*result, Severity::Error, "too many members"));
    const auto equal = parseNetlist(names, "names");
    ASSERT_TRUE(equal);
    EXPECT_EQ(equal->circuit.devices.size(), 20'000u);
}

TEST(DrawingNumber, IsWholeAndFinite) {
    EXPECT_EQ(drawingNumber("-12.5"), -12.5);
    EXPECT_EQ(drawingNumber("+3"), 3);
    for (const char* text : {"", "+", "x", "1x", "inf", "nan", "1e400", "1 "})
        EXPECT_FALSE(drawingNumber(text)) << text;
    EXPECT_EQ(wholeNumber(2.9, 7), 2);
    for (const double huge : {1e120, -1e120, 2147483648.0})
        EXPECT_EQ(wholeNumber(huge, 7), 7);
    EXPECT_EQ(wholeNumber(std::nullopt, 7), 7);
    EXPECT_EQ(quarterTurnsOf(-90), 3);
    EXPECT_EQ(quarterTurnsOf(450), 1);
    EXPECT_EQ(quarterTurnsOf(std::nullopt), 0);
}

TEST_P(HostileSchematic, SurvivesNumbersThatNothingHolds) {
    for (std::size_t i = 0; i < GetParam().size(); ++i) {
        if (GetParam()[i] < '0' || GetParam()[i] > '9') continue;
        for (const char* number : {"1e120", "-1e120", "inf", "nan", "99999999999999999999"}) {
            std::string text = GetParam();
            survives(text.replace(i, 1, number));
        }
    }
}

TEST(HostileSchematicText, NamesTheLineOfAnOpenText) {
    EXPECT_EQ(refused("v {xschem version=3}\nC {res.sym} 0 0 0 0 {name=R1\n").line, 2);
    EXPECT_EQ(refused("(kicad_sch\n(version 1)\n(wire (pts").line, 3);
}

} // namespace
} // namespace headroom::netlist
