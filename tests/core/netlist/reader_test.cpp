#include <gtest/gtest.h>

#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

// Drives the nets a and b, so that tests have nothing that floats.
const std::string kSources = "Va a 0 1\nVb b 0 1\n";

TEST(Reader, JoinsContinuations) {
    const Netlist netlist = parsed("* title\n"
                                   "M1 a b\n"
                                   "* a comment between\n"
                                   "\n"
                                   "   + 0 0 nmos ; words\n"
                                   "+ W='1u\n"
                                   "+ * 2' $ words\n"
                                   "+ L=50n\n"
                                   "M2 a b 0 0 \\\n"
                                   "  nmos W=3u L=1u\n" +
                                   kSources);
    EXPECT_EQ(netlist.circuit.devices.size(), 4u);
    EXPECT_EQ(device(netlist, "M1").number("w"), 2e-6);
    EXPECT_EQ(device(netlist, "M1").number("l"), 50e-9);
    EXPECT_EQ(device(netlist, "M2").number("w"), 3e-6);
    const SourceSpan& span = device(netlist, "M1").span;
    const std::string& text = netlist.files.front().text;
    EXPECT_EQ(span.line, 2);
    EXPECT_TRUE(text.substr(span.offset, span.length).starts_with("M1 a b\n"));
    EXPECT_TRUE(text.substr(span.offset, span.length).ends_with("+ L=50n"));
    const SourceSpan length = *device(netlist, "M1").parameter("l")->span;
    EXPECT_EQ(text.substr(length.offset, length.length), "50n");
    EXPECT_EQ(length.line, 8);
    EXPECT_EQ(length.column, 5);
}

TEST(Reader, CutsCommentsOff) {
    const Netlist netlist = parsed("* title\n"
                                   "M1 a b 0 0 nmos W=1u L=1u * input pair\n"
                                   "R1 a b 1k;load\n"
                                   "R2 a b 2k $ load\n"
                                   "R3 a b 3k $load\n"
                                   "R4 a b 4k // load\n"
                                   "R5 a$1 a$1 5k\n"
                                   "# comment\n"
                                   "  ; comment\n"
                                   "R6 a b '2 * 3'\n" +
                                   kSources);
    EXPECT_EQ(netlist.circuit.devices.size(), 9u);
    for (int i = 1; i <= 4; ++i)
        EXPECT_EQ(device(netlist, "R" + std::to_string(i)).number("value"), i * 1e3);
    EXPECT_EQ(netsOf(netlist, "R5").front(), "a$1");
    EXPECT_EQ(device(netlist, "R6").number("value"), 6.0);
    EXPECT_TRUE(says(netlist, Severity::Note, "Text behind '*'"));
}

TEST(Reader, DecidesAboutTheFirstLine) {
    const std::string rest = "R1 a b 1k\n" + kSources;
    EXPECT_TRUE(says(parsed("Miller amplifier, two stages\n" + rest), Severity::Note, "taken as the title"));
    EXPECT_TRUE(says(parsed("My nmos amplifier\n" + rest), Severity::Note, "taken as the title"));
    EXPECT_TRUE(says(parsed("Resistor divider with 10k\n" + rest), Severity::Note, "taken as the title"));
    EXPECT_TRUE(says(parsed("42 is the answer\n" + rest), Severity::Note, "taken as the title"));
    for (const char* line : {"M1 a b 0 0 nmos", "M1 a b 0 0 mod W=1u L=1u", "R9 a b 10k", "Cload a b 1p",
                             "V9 a b DC 1", "M1 a b 0 nch"}) {
        const bool isLoad = std::string(line).starts_with("Cload");
        const Netlist netlist = parsed(std::string(line) + "\n" + rest);
        EXPECT_EQ(netlist.circuit.devices.size(), isLoad ? 3u : 4u) << line;
        EXPECT_EQ(says(netlist, Severity::Note, "The first line is a device"), !isLoad) << line;
    }
    EXPECT_EQ(parsed("R0 a b 1\n" + rest).circuit.devices.front().name, "R0");
    EXPECT_EQ(parsed("\nR0 a b 1\n" + rest).circuit.devices.size(), 4u);
    EXPECT_EQ(parsed("\xef\xbb\xbf* bom\n" + rest).circuit.devices.size(), 3u);
}

TEST(Reader, ReadsMosfetsAsPeopleWriteThem) {
    const Netlist netlist = parsed("* mosfets\n"
                                   ".model weird NMOS (level=1 vto=0.5)\n"
                                   ".model nch.1 nmos level=14\n"
                                   ".model 2n7000 nmos\n"
                                   "M1 a b 0 NMOS\n"
                                   "M2 1 2 3 0 weird 0.18u 10u\n"
                                   "M3 a b 0 0 nch W = 4u L= 1u M =2\n"
                                   "M4 a b 0 0 2n7000\n"
                                   "M5 a b nmos_gate 0 pmos_lvt l=1u\n"
                                   "XM6 a b 0 0 sg13_lv_nmos w=1u l=0.13u ng=2 m=3\n"
                                   "M7 (a b 0 0) nfet\n"
                                   "M8 a b 0 0 strange\n"
                                   "R1 1 2 1\nR2 2 3 1\nR3 3 nmos_gate 1\n" +
                                   kSources);
    EXPECT_EQ(netsOf(netlist, "M1"), (std::vector<std::string>{"a", "b", "0", "0"}));
    EXPECT_EQ(device(netlist, "M2").model, "weird");
    EXPECT_EQ(device(netlist, "M2").polarity, Polarity::N);
    EXPECT_EQ(device(netlist, "M2").number("l"), 0.18e-6);
    EXPECT_EQ(device(netlist, "M2").number("w"), 10e-6);
    EXPECT_EQ(device(netlist, "M3").number("w"), 4e-6);
    EXPECT_EQ(device(netlist, "M3").number("m"), 2.0);
    EXPECT_EQ(device(netlist, "M4").model, "2n7000");
    EXPECT_EQ(device(netlist, "M5").model, "pmos_lvt");
    EXPECT_EQ(device(netlist, "M5").polarity, Polarity::P);
    EXPECT_EQ(device(netlist, "XM6").type, DeviceType::Mosfet);
    EXPECT_EQ(device(netlist, "XM6").number("ng"), 2.0);
    EXPECT_EQ(netsOf(netlist, "M7").size(), 4u);
    EXPECT_FALSE(device(netlist, "M8").polarity);
    EXPECT_TRUE(says(netlist, Severity::Warning, "Model 'strange' does not tell"));
}

TEST(Reader, ReadsTheOtherElements) {
    const Netlist netlist = parsed("* elements\n"
                                   ".param rval=2k\n"
                                   "R1 a b rval\n"
                                   "R2 a b r='rval*2' m=2\n"
                                   "R3 a b rpoly L=10u W=1u\n"
                                   "C1 a b C=1p\n"
                                   "L1 a b 1n\n"
                                   "D1 a b dio 2\n"
                                   "Q1 a b 0 npnmod\n"
                                   "Q2 a b 0 sub pnpmod\nR5 sub 0 1\n"
                                   "V1 a c DC 1.8 AC 1 45\n"
                                   "V2 c b PULSE (0 1 1n\n+ 1n)\n"
                                   "V3 c 0 AC=1 DC=0.5\n"
                                   "I1 a b SIN(0 1 1k) AC 2\n"
                                   "E1 a 0 b c 10\n"
                                   "G1 a b value={v(a)*2}\n"
                                   "B1 a b v = v(a) * 2\n"
                                   "K1 L1 L2 0.9\n" +
                                   kSources);
    EXPECT_EQ(device(netlist, "R1").number("value"), 2e3);
    EXPECT_EQ(device(netlist, "R2").number("value"), 4e3);
    EXPECT_EQ(device(netlist, "R2").number("m"), 2.0);
    EXPECT_EQ(device(netlist, "R3").model, "rpoly");
    EXPECT_EQ(device(netlist, "R3").number("w"), 1e-6);
    EXPECT_FALSE(device(netlist, "R3").parameter("value"));
    EXPECT_EQ(device(netlist, "C1").number("value"), 1e-12);
    EXPECT_EQ(device(netlist, "L1").type, DeviceType::Inductor);
    EXPECT_EQ(device(netlist, "D1").model, "dio");
    EXPECT_EQ(device(netlist, "D1").number("area"), 2.0);
    EXPECT_EQ(device(netlist, "Q1").polarity, Polarity::N);
    EXPECT_EQ(netsOf(netlist, "Q2"), (std::vector<std::string>{"a", "b", "0", "sub"}));
    EXPECT_EQ(device(netlist, "V1").number("value"), 1.8);
    EXPECT_EQ(device(netlist, "V1").number("ac"), 1.0);
    EXPECT_EQ(device(netlist, "V1").number("acphase"), 45.0);
    EXPECT_EQ(device(netlist, "V2").parameter("waveform")->text, "PULSE (0 1 1n  1n)");
    EXPECT_EQ(device(netlist, "V3").number("value"), 0.5);
    EXPECT_EQ(device(netlist, "I1").number("ac"), 2.0);
    EXPECT_EQ(device(netlist, "E1").type, DeviceType::Other);
    EXPECT_EQ(netsOf(netlist, "E1").size(), 4u);
    EXPECT_EQ(netsOf(netlist, "G1").size(), 2u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "Mutual inductances"));
    EXPECT_FALSE(netlist.circuit.findDevice("K1"));
}

TEST(Reader, KeepsWhatSimulatorsNeed) {
    const Netlist netlist = parsed("* cards\n"
                                   ".option reltol=1e-4\n"
                                   ".tran 1n 1u\n"
                                   ".MEAS tran x find v(a) at=1n\n"
                                   ".control\n"
                                   "* run; let x = $var\n"
                                   "let y = 'unclosed\n"
                                   "R9 in the control block\n"
                                   ".endc\n"
                                   ".frobnicate a b\n"
                                   "@ what\n"
                                   "R1 a b 1\n" +
                                   kSources + ".end\nRubbish behind the end\n");
    EXPECT_EQ(netlist.dialect, Dialect::Ngspice);
    EXPECT_EQ(netlist.circuit.devices.size(), 3u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "Card '.frobnicate' is not known"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "This line is not understood"));
    EXPECT_TRUE(says(netlist, Severity::Note, "Text behind .end"));
    ASSERT_GE(netlist.diagnostics.size(), 2u);
    const Diagnostic& unknown = netlist.diagnostics.front();
    EXPECT_EQ(unknown.line, 10);
    EXPECT_EQ(unknown.column, 1);
    EXPECT_EQ(unknown.file, "test.sp");
    EXPECT_EQ(unknown.text, ".frobnicate a b");
    EXPECT_EQ(netlist.lines.read, 16);
}

TEST(Reader, NamesNetsOnce) {
    const Netlist netlist = parsed(
        "* nets\n"
        ".global VDD\n"
        ".subckt cell a\nR1 a vdd 1\nR2 a gnd 1\nR3 a 0 1\nR4 a vss! 1\nR5 a inner 1\nR6 inner a 1\n.ends\n"
        "X1 N1 cell\nX2 n1 cell\nV1 vdd GND 1\n");
    EXPECT_EQ(netsOf(netlist, "X1/R1").back(), "vdd");
    EXPECT_EQ(netsOf(netlist, "X2/R2").back(), netsOf(netlist, "X1/R3").back());
    EXPECT_EQ(netsOf(netlist, "X2/R5").back(), "X2/inner");
    EXPECT_EQ(netsOf(netlist, "X2/R4").back(), "vss!");
    EXPECT_EQ(netlist.circuit.nets.size(), 6u);
    EXPECT_TRUE(netlist.circuit.globalNets[static_cast<std::size_t>(*netlist.circuit.findNet("VDD"))]);
}

TEST(Reader, ReportsFloatingNets) {
    const Netlist netlist = parsed("* floating\n"
                                   ".subckt amp in out vdd vss\n"
                                   "M1 out in vss vss nmos\n"
                                   "M2 out bias vdd vdd pmos\n"
                                   "M3 loose in vss vss nmos\n"
                                   "M4 out gates vdd vdd pmos\n"
                                   "M5 out gates vdd vdd pmos\n"
                                   ".ends\n");
    EXPECT_TRUE(
        says(netlist, Severity::Warning, "Net 'bias' floats: it is connected only to terminal g of 'M2'."));
    EXPECT_TRUE(
        says(netlist, Severity::Warning, "Net 'loose' floats: it is connected only to terminal d of 'M3'."));
    EXPECT_TRUE(says(netlist, Severity::Warning,
                     "Net 'gates' floats: it is connected only to gates (M4 and 1 more)."));
    EXPECT_EQ(netlist.diagnostics.size(), 3u);
    EXPECT_EQ(netlist.diagnostics.front().line, 4);
}

TEST(Reader, ChoosesTheTopCell) {
    const std::string cells = "* cells\n.subckt a1 x\nR1 x 0 1\n.ends\n.subckt b1 x\nX1 x a1\n.ends\n";
    EXPECT_EQ(parsed(cells).circuit.name, "b1");
    EXPECT_EQ(parsed(cells).subcircuits, (std::vector<std::string>{"a1", "b1"}));
    const Netlist two = parsed(cells + ".subckt c1 x\nC1 x 0 1p\n.ends\n");
    EXPECT_EQ(two.circuit.name, "c1");
    EXPECT_TRUE(says(two, Severity::Note, "'c1' is taken as the top cell; the file also has b1."));
    const Netlist bench = parsed(cells + "X9 n b1\nV1 n 0 1\n");
    EXPECT_EQ(bench.circuit.name, "test");
    EXPECT_TRUE(bench.circuit.ports.empty());
    EXPECT_TRUE(bench.circuit.findDevice("X9/X1/R1"));
    EXPECT_EQ(parsed(cells + "V1 n 0 1\nR1 n 0 1\n").circuit.name, "b1");

    ReadOptions options;
    options.top = "A1";
    EXPECT_EQ(parsed(cells, options).circuit.name, "a1");
    options.top = "nowhere";
    const Error error = refused(cells, options);
    EXPECT_EQ(error.code, ErrorCode::NotFound);
    EXPECT_NE(error.detail.find("a1, b1"), std::string::npos);
}

TEST(Reader, ReadsCdl) {
    const Netlist netlist = parsed("* auCdl Netlist:\n"
                                   "*.SCALE METER\n"
                                   ".PARAM\n"
                                   "*.GLOBAL vdd!:P\n"
                                   "+        gnd!:G\n"
                                   ".SUBCKT inv A Y\n"
                                   "*.PININFO A:I Y:O\n"
                                   "*+ vb:B\n"
                                   "MM1 Y A gnd! gnd! $[nch_lvt] w=1u l=0.1u $X=10 $Y=20 $ words\n"
                                   "MM2 Y A vdd! vdd! pch w=1u l=0.1u\n"
                                   "RR1 Y A 1K $SUB=gnd! $[rpoly] $W=2u\n"
                                   ".ENDS\n"
                                   ".SUBCKT top in out\n"
                                   "XI1 in mid / inv\n"
                                   "XI2 / inv $PINS A=mid Y=out\n"
                                   ".ENDS\n");
    EXPECT_EQ(netlist.dialect, Dialect::Cdl);
    EXPECT_EQ(netlist.circuit.name, "top");
    EXPECT_EQ(device(netlist, "XI1/MM1").model, "nch_lvt");
    EXPECT_EQ(device(netlist, "XI1/MM1").polarity, Polarity::N);
    EXPECT_EQ(netsOf(netlist, "XI2/MM1"), (std::vector<std::string>{"out", "mid", "gnd!", "gnd!"}));
    EXPECT_EQ(device(netlist, "XI1/MM2").number("l"), 0.1e-6);
    EXPECT_EQ(netsOf(netlist, "XI1/RR1"), (std::vector<std::string>{"mid", "in", "gnd!"}));
    EXPECT_EQ(device(netlist, "XI1/RR1").model, "rpoly");
    EXPECT_EQ(device(netlist, "XI1/RR1").number("w"), 2e-6);
    EXPECT_TRUE(netlist.diagnostics.empty());
}

TEST(Reader, UnderstandsScaledFiles) {
    const Netlist scaled = parsed("* magic\n.option scale=1u\n"
                                  "M1 a b 0 0 nmos w=650000u l=150000u ad=0.4\n"
                                  "M2 a b 0 0 nmos w=2 l=0.15\n"
                                  "M3 a b 0 0 nmos w=2u l='3*50n'\n" +
                                  kSources);
    EXPECT_DOUBLE_EQ(*device(scaled, "M1").number("w"), 0.65e-6);
    EXPECT_DOUBLE_EQ(*device(scaled, "M1").number("ad"), 0.4e-12);
    EXPECT_EQ(device(scaled, "M2").number("w"), 2e-6);
    EXPECT_EQ(device(scaled, "M2").number("l"), 0.15e-6);
    EXPECT_EQ(device(scaled, "M3").number("w"), 2e-6);
    EXPECT_DOUBLE_EQ(*device(scaled, "M3").number("l"), 0.15e-6);

    ReadOptions options;
    options.lengthUnit = 1e-6;
    EXPECT_EQ(device(parsed("* t\nM1 a b 0 0 nmos w=2 l=1\n" + kSources, options), "M1").number("w"), 2e-6);
    const Netlist metres = parsed("* t\nM1 a b 0 0 nmos w=2 l=1\n" + kSources);
    EXPECT_EQ(device(metres, "M1").number("w"), 2.0);
    EXPECT_TRUE(says(metres, Severity::Warning, "w of 'M1' is 2 m"));
}

TEST(Reader, FollowsConditions) {
    const Netlist netlist = parsed("* conditions\n.param mode=2\n"
                                   ".if (mode == 1)\nR1 a b 1\n"
                                   ".if (mode == 2)\nR7 a b 1\n.endif\n"
                                   ".elseif (mode == 2)\nR2 a b 2\n.else\nR3 a b 3\n.endif\n"
                                   ".if (unknown > 1)\nR4 a b 4\n.else\nR5 a b 5\n.endif\n" +
                                   kSources);
    EXPECT_EQ(netlist.circuit.devices.size(), 4u);
    EXPECT_TRUE(netlist.circuit.findDevice("R2"));
    EXPECT_TRUE(netlist.circuit.findDevice("R5"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "The condition is taken as false: parameter 'unknown'"));
}

TEST(Reader, PointsAtWhatItCannotUse) {
    const Error mosfet = refused("* t\nR1 a b 1\nM1 a b\n");
    EXPECT_EQ(mosfet.code, ErrorCode::BadInput);
    EXPECT_EQ(mosfet.file, "test.sp");
    EXPECT_EQ(mosfet.line, 3);
    EXPECT_EQ(mosfet.message, "MOSFET 'M1' needs three or four nets and a model.");
    EXPECT_EQ(refused("* t\nM1 a b c vss W=1u L=1u\n").line, 2);
    EXPECT_EQ(refused("* t\n\nR1 a\n").line, 3);
    EXPECT_EQ(refused("* t\nR1 a b 'x\n").message, "A quote or bracket of 'R1' is not closed.");
    EXPECT_EQ(refused("* t\nX1\n").line, 2);
    EXPECT_EQ(refused("* t\n.subckt a b\nR1 b 0 1\n").line, 2);
    EXPECT_EQ(refused("* t\nR1 a b 1\n.ends\n").line, 3);
    EXPECT_EQ(refused("* t\n.subckt\n").line, 2);
    EXPECT_EQ(refused("* t\n.subckt c a b\nR1 a b 1\n.ends\nX1 a c\n").line, 5);
    EXPECT_EQ(refused("* nothing here\n").message, "The netlist contains no devices.");
    EXPECT_EQ(refused("").code, ErrorCode::BadInput);
    EXPECT_EQ(readNetlist("/nonexistent/file.sp").error().code, ErrorCode::NotFound);
}

TEST(Reader, UnusedCellsDoNotMatter) {
    const Netlist netlist =
        parsed("* t\n.subckt broken a\nM1 a\n.ends\n.subckt good a\nR1 a 0 1\n.ends\nX1 n good\nV1 n 0 1\n");
    EXPECT_TRUE(says(netlist, Severity::Warning, "MOSFET 'M1' needs"));
    EXPECT_EQ(netlist.circuit.devices.size(), 2u);
}

TEST(Reader, KeepsUnknownCellsAsBlackBoxes) {
    const Netlist netlist = parsed("* t\nX1 a b 0 opamp gain=10\nX2 a b 0 opamp\n" + kSources);
    EXPECT_EQ(device(netlist, "X1").type, DeviceType::Other);
    EXPECT_EQ(device(netlist, "X1").model, "opamp");
    EXPECT_EQ(netsOf(netlist, "X1").size(), 3u);
    EXPECT_EQ(netlist.diagnostics.size(), 1u);
}

TEST(Reader, RefusesWhatIsNoText) {
    EXPECT_EQ(refused(std::string("R1 a b 1\n\0\n", 11)).code, ErrorCode::Unsupported);
    std::string binary;
    for (int i = 0; i < 1000; ++i)
        binary += static_cast<char>(i * 37 % 256);
    EXPECT_EQ(refused("R1 a b 1\n" + binary).code, ErrorCode::Unsupported);
}

} // namespace
} // namespace headroom::netlist
