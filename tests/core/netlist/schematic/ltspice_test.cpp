#include <gtest/gtest.h>

#include "schematic_fixture.h"

namespace headroom::netlist {
namespace {

const std::string kHead = "Version 4\nSHEET 1 880 680\n";

std::string flag(const std::string& net, double x, double y) {
    return fmt::format("FLAG {} {} {}\n", x, y, net);
}

std::string symbol(const std::string& kind, int x, int y, const std::string& orientation,
                   const std::string& name, const std::string& value = {}) {
    return fmt::format("SYMBOL {} {} {} {}\nSYMATTR InstName {}\n", kind, x, y, orientation, name) +
           (value.empty() ? "" : "SYMATTR Value " + value + "\n");
}

TEST(LtspiceReader, PlacesPinsInAllOrientations) {
    struct Case {
        const char* orientation;
        Point gate;
        Point source;
    };
    const Case cases[] = {{"R0", {0, 80}, {48, 96}},      {"R90", {-80, 0}, {-96, 48}},
                          {"R180", {0, -80}, {-48, -96}}, {"R270", {80, 0}, {96, -48}},
                          {"M0", {0, 80}, {-48, 96}},     {"M90", {80, 0}, {96, 48}},
                          {"M180", {0, -80}, {48, -96}},  {"M270", {-80, 0}, {-96, -48}}};
    for (const Case& each : cases) {
        const Netlist netlist = parsed(kHead + symbol("nmos", 320, 160, each.orientation, "M1", "BSS123") +
                                       flag("gg", 320 + each.gate.x, 160 + each.gate.y) +
                                       flag("0", 320 + each.source.x, 160 + each.source.y));
        EXPECT_EQ(netlist.format, "ltspice");
        const auto nets = netsOf(netlist, "M1");
        ASSERT_EQ(nets.size(), 4u);
        EXPECT_EQ(nets[Gate], "gg") << each.orientation;
        EXPECT_EQ(nets[Source], "0") << each.orientation;
        EXPECT_EQ(nets[Bulk], "0") << each.orientation;
        const SheetSymbol& drawn = netlist.sheet->symbols.front();
        EXPECT_EQ(drawn.pins[1].at, oriented(drawn, {0, 80}));
        EXPECT_EQ(drawn.pins[2].at, oriented(drawn, {48, 96}));
        EXPECT_EQ(drawn.device, DeviceId{0});
    }
}

TEST(LtspiceReader, ReadsPartsPortsAndDirectives) {
    const Netlist netlist =
        parsed(kHead + "WIRE 16 96 16 160\nWIRE 16 128 100 128\n" + symbol("res", 0, 0, "R0", "R1", "4K7") +
               symbol("pmos4", 200, 0, "R0", "M2", "mypmos") +
               "SYMATTR Value2 l={LL} w=2u\nWINDOW 3 56 72 Left 2\n" +
               symbol("voltage", 400, 0, "R0", "V1", "PULSE(0 1 1n)") + "SYMATTR Value2 AC 1\n" +
               symbol("npn", 600, 0, "R0", "Q1", "2N2222") + flag("out", 100, 128) + "IOPIN 100 128 Out\n" +
               flag("in", 16, 16) + "IOPIN 16 16 In\n" +
               "TEXT 0 300 Left 2 !.param LL=1u\\n.model mypmos pmos(level=1)\n"
               "TEXT 0 320 Left 2 ;only words\nTEXT 0 340 Left 2 !R9 in out 5k\n");
    EXPECT_EQ(device(netlist, "R1").number("value"), 4700);
    EXPECT_EQ(netsOf(netlist, "R1"), (std::vector<std::string>{"in", "out"}));
    EXPECT_EQ(device(netlist, "M2").polarity, Polarity::P);
    EXPECT_EQ(device(netlist, "M2").number("l"), 1e-6);
    EXPECT_EQ(device(netlist, "M2").number("w"), 2e-6);
    EXPECT_EQ(device(netlist, "V1").number("ac"), 1);
    EXPECT_EQ(device(netlist, "Q1").type, DeviceType::Bipolar);
    EXPECT_EQ(device(netlist, "R9").number("value"), 5e3);
    EXPECT_EQ(netsOf(netlist, "R9"), (std::vector<std::string>{"in", "out"}));
    ASSERT_EQ(netlist.circuit.ports.size(), 2u);
    EXPECT_EQ(netlist.circuit.ports[0].name, "out");
    EXPECT_EQ(netlist.circuit.ports[0].direction, PortDirection::Output);
    EXPECT_EQ(netlist.sheet->texts.size(), 3u);
}

TEST(LtspiceReader, ReadsAllEncodings) {
    const std::string text =
        kHead + symbol("cap", 0, 0, "R0", "C1", "10\xb5") + symbol("res", 100, 0, "R0", "R1", "1k");
    EXPECT_EQ(device(parsed(text), "C1").number("value"), 10e-6);
    std::string utf8 = text;
    utf8.insert(utf8.find('\xb5'), "\xc2");
    EXPECT_EQ(device(parsed(utf8), "C1").number("value"), 10e-6);
    for (const std::string& mark : {std::string(), std::string("\xff\xfe")}) {
        const std::string wide = mark + utf16(text);
        const Netlist netlist = parsed(wide);
        EXPECT_EQ(device(netlist, "C1").number("value"), 10e-6);
        EXPECT_EQ(device(netlist, "R1").span.line, 6);
        const auto edited = applySizing(netlist, {{"R1", "value", 22e3}});
        ASSERT_TRUE(edited) << edited.error().describe();
        std::string expected = text;
        expected.replace(expected.rfind("1k"), 2, "22k");
        EXPECT_EQ(edited->text, mark + utf16(expected));
    }
}

TEST(LtspiceReader, WritesSizes) {
    const Netlist netlist =
        parsed(kHead + symbol("nmos4", 0, 0, "R0", "M1") + symbol("nmos4", 200, 0, "R0", "M2", "nch") +
               "SYMATTR Value2 l=1u\n" + symbol("res", 400, 0, "R0", "R1") +
               symbol("res", 500, 0, "R0", "R2", "{RR}"));
    const Sizing sizing{
        {"M1", "w", 2e-6}, {"M1", "l", 3e-7}, {"M2", "l", 2e-6}, {"M2", "w", 5e-6}, {"R2", "value", 470}};
    const Netlist again = resized(netlist, sizing);
    for (const Assignment& each : sizing)
        EXPECT_EQ(device(again, each.device).number(each.parameter), each.value)
            << each.device << each.parameter;
    EXPECT_NE(again.files.front().text.find("SYMATTR InstName M1\nSYMATTR Value2 w=2u l="), std::string::npos)
        << again.files.front().text;
    EXPECT_NE(again.files.front().text.find("SYMATTR Value2 l=2u w=5u\n"), std::string::npos);
}

TEST(LtspiceReader, UsesSymbolFilesAndSheetsBesideThem) {
    const SchematicFolder folder;
    folder.write(
        "Cell.asy",
        "Version 4\nSymbolType BLOCK\nRECTANGLE Normal 0 0 64 64\nPIN 0 0 LEFT 8\nPINATTR PinName A\n"
        "PINATTR SpiceOrder 2\nPIN 64 0 RIGHT 8\nPINATTR PinName B\nPINATTR SpiceOrder 1\n");
    folder.write("cell.asc",
                 kHead + symbol("res", 0, 0, "R0", "R1", "{RV}") + flag("A", 16, 16) + flag("B", 16, 96));
    folder.write("chip.asy",
                 "Version 4\nSymbolType CELL\nPIN 0 0 LEFT 8\nPINATTR PinName p\nPINATTR SpiceOrder 1\n"
                 "SYMATTR Prefix X\nSYMATTR Value chip\n");
    folder.write("top.asc", kHead + symbol("CELL", 0, 0, "R0", "X1") + "SYMATTR SpiceLine RV=7k\n" +
                                flag("a", 0, 0) + flag("b", 64, 0) + symbol("chip", 200, 0, "R0", "U1") +
                                flag("a", 200, 0));
    const Netlist netlist = folder.read("top.asc");
    EXPECT_EQ(netsOf(netlist, "X1/R1"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(device(netlist, "X1/R1").number("value"), 7e3);
    EXPECT_EQ(device(netlist, "U1").model, "chip");
    EXPECT_EQ(device(netlist, "U1").type, DeviceType::Other);
    EXPECT_EQ(netlist.sheet->symbols[0].shapes.size(), 1u);
}

TEST(LtspiceReader, TellsWhatItCannotUse) {
    const Netlist netlist = parsed(kHead + "NONSENSE 1 2\nWIRE 1 2\n" + symbol("MyPart", 0, 0, "R0", "U1") +
                                   "TEXT 0 0 Left 2 !M9 a b\n" + symbol("res", 0, 0, "R0", "R1", "1k"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "This line is not understood"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "'MyPart'"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "It is left out"));
    EXPECT_EQ(netlist.diagnostics.front().line, 3);
    EXPECT_EQ(netlist.circuit.devices.size(), 1u);
}

TEST(LtspiceReader, ReadsSineAsTheWaveformSin) {
    const Netlist netlist = parsed(kHead + symbol("voltage", 0, 0, "R0", "V1", "SINE(0 1 1k)") +
                                   flag("a", 0, 16) + flag("0", 0, 96));
    const Device& source = netlist.circuit.devices.front();
    ASSERT_NE(source.parameter("waveform"), nullptr);
    EXPECT_EQ(source.parameter("value"), nullptr);
    const auto ngspice = writeNetlist(netlist, Dialect::Ngspice);
    ASSERT_TRUE(ngspice);
    EXPECT_NE(ngspice->text.find("SIN(0 1 1k)"), std::string::npos) << ngspice->text;
    EXPECT_EQ(ngspice->text.find("SINE"), std::string::npos);
}

TEST(LtspiceReader, NamesABlockWithoutValueAfterItsSymbol) {
    SchematicFolder folder;
    folder.write("stage.asy",
                 "Version 4\nSymbolType BLOCK\nRECTANGLE Normal -32 -32 32 32\nSYMATTR Prefix X\n"
                 "PIN -32 0 LEFT 8\nPINATTR PinName in\nPINATTR SpiceOrder 1\n"
                 "PIN 32 0 RIGHT 8\nPINATTR PinName out\nPINATTR SpiceOrder 2\n"
                 "PIN 0 32 BOTTOM 8\nPINATTR PinName gnda\nPINATTR SpiceOrder 3\n");
    folder.write("top.asc", kHead + symbol("stage", 100, 100, "R0", "X1") + flag("a", 68, 100) +
                                flag("b", 132, 100) + flag("c", 100, 132));
    const Netlist netlist = folder.read("top.asc");
    ASSERT_EQ(netlist.circuit.devices.size(), 1u);
    EXPECT_EQ(netlist.circuit.devices.front().model, "stage");
    EXPECT_EQ(netsOf(netlist, "X1"), (std::vector<std::string>{"a", "b", "c"}));
}

} // namespace
} // namespace headroom::netlist
