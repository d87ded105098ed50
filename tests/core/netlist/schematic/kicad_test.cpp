#include <gtest/gtest.h>

#include "core/netlist/schematic/kicad_devices.h"

#include "schematic_fixture.h"

namespace headroom::netlist {
namespace {

std::string pin(const std::string& number, const std::string& name, double x, double y,
                const std::string& more = "") {
    return fmt::format(
        "(pin passive line (at {} {} 0) (length 2.54){} (name \"{}\" (effects (font (size 1 1)))) "
        "(number \"{}\"))",
        x, y, more, name, number);
}

const std::string kLibrary =
    "(lib_symbols\n"
    "(symbol \"Device:R\" (symbol \"R_0_1\" (rectangle (start -1 -2) (end 1 2))) (symbol \"R_1_1\" " +
    pin("1", "~", 0, 3.81) + pin("2", "~", 0, -3.81) +
    "))\n"
    "(symbol \"Device:Q_NMOS_GDS\" (property \"ki_description\" \"N-MOSFET\") (symbol \"Q_NMOS_GDS_0_1\" " +
    pin("1", "G", -5.08, 0) + pin("2", "D", 2.54, 5.08) + pin("3", "S", 2.54, -5.08) +
    "))\n"
    "(symbol \"Device:C\" (symbol \"C_1_1\" " +
    pin("1", "~", 0, 3.81) + pin("2", "~", 0, -3.81) +
    "))\n"
    "(symbol \"power:GND\" (power) (symbol \"GND_0_1\" " +
    pin("1", "GND", 0, 0) +
    "))\n"
    "(symbol \"Amp:DUAL\" (symbol \"DUAL_1_1\" " +
    pin("1", "OUT", 0, 0) + ") (symbol \"DUAL_2_1\" " + pin("2", "OUT", 0, 0) + ") (symbol \"DUAL_0_1\" " +
    pin("3", "V+", 0, 2.54) + ")))\n";

std::string part(const std::string& lib, const std::string& reference, const std::string& value,
                 const std::string& at, const std::string& more = "") {
    return fmt::format("(symbol (lib_id \"{}\") (at {}) (unit 1) (property \"Reference\" \"{}\" (at 0 0 0)) "
                       "(property \"Value\" \"{}\" (at 0 0 0)) {})\n",
                       lib, at, reference, value, more);
}

std::string label(const std::string& net, double x, double y, const std::string& kind = "label") {
    return fmt::format("({} \"{}\" (at {} {} 0))\n", kind, net, x, y);
}

std::string file(const std::string& body) {
    return "(kicad_sch (version 20230121) (generator eeschema)\n" + kLibrary + body + ")\n";
}

Netlist sheet(const std::string& body) {
    return parsed(file(body));
}

TEST(KiCadReader, PlacesPinsInAllOrientations) {
    struct Case {
        const char* at;
        const char* mirror;
        Point drain;
    };
    const Case cases[] = {{"50.8 50.8 0", "", {2.54, -5.08}},
                          {"50.8 50.8 90", "", {-5.08, -2.54}},
                          {"50.8 50.8 180", "", {-2.54, 5.08}},
                          {"50.8 50.8 270", "", {5.08, 2.54}},
                          {"50.8 50.8 0", "(mirror x)", {2.54, 5.08}},
                          {"50.8 50.8 90", "(mirror x)", {-5.08, 2.54}},
                          {"50.8 50.8 180", "(mirror x)", {-2.54, -5.08}},
                          {"50.8 50.8 270", "(mirror x)", {5.08, -2.54}},
                          {"50.8 50.8 0", "(mirror y)", {-2.54, -5.08}},
                          {"50.8 50.8 90", "(mirror y)", {5.08, -2.54}},
                          {"50.8 50.8 180", "(mirror y)", {2.54, 5.08}},
                          {"50.8 50.8 270", "(mirror y)", {-5.08, 2.54}}};
    for (const Case& each : cases) {
        const Netlist netlist = sheet(part("Device:Q_NMOS_GDS", "Q1", "BSS138", each.at, each.mirror) +
                                      label("dd", 50.8 + each.drain.x, 50.8 + each.drain.y));
        EXPECT_EQ(netlist.format, "kicad");
        EXPECT_EQ(device(netlist, "Q1").type, DeviceType::Mosfet);
        EXPECT_EQ(device(netlist, "Q1").polarity, Polarity::N);
        EXPECT_EQ(netsOf(netlist, "Q1")[Drain], "dd") << each.at << each.mirror;
        const SheetSymbol& symbol = netlist.sheet->symbols.front();
        const Point expected = oriented(symbol, {2.54, -5.08});
        EXPECT_NEAR(symbol.pins[1].at.x, expected.x, 1e-9) << each.at << each.mirror;
        EXPECT_NEAR(symbol.pins[1].at.y, expected.y, 1e-9) << each.at << each.mirror;
    }
}

TEST(KiCadReader, ConnectsByWiresLabelsAndPowerSymbols) {
    const Netlist netlist =
        sheet(part("Device:R", "R1", "4k7", "0 0 0") + part("Device:C", "C1", "100nF/50V", "0 7.62 0") +
              part("power:GND", "#PWR01", "0", "0 11.43 0") + part("Device:R", "R2", "1M", "20.32 0 0") +
              "(wire (pts (xy 0 -3.81) (xy 20.32 -3.81)))\n" + label("top", 10.16, -3.81, "global_label") +
              "(wire (pts (xy 20.32 3.81) (xy 20.32 20.32) ))\n" + label("A{slash}B", 20.32, 20.32) +
              part("Device:R", "R3", "DNP", "30.48 3.81 90"));
    EXPECT_EQ(netsOf(netlist, "R1"), (std::vector<std::string>{"top", "net1"}));
    EXPECT_EQ(netsOf(netlist, "C1"), (std::vector<std::string>{"net1", "0"}));
    EXPECT_EQ(netsOf(netlist, "R2"), (std::vector<std::string>{"top", "A/B"}));
    EXPECT_EQ(device(netlist, "R1").number("value"), 4700);
    EXPECT_EQ(device(netlist, "C1").number("value"), 100e-9);
    EXPECT_EQ(device(netlist, "R2").number("value"), 1e6);
    EXPECT_TRUE(says(netlist, Severity::Note, "mega-ohms"));
    EXPECT_FALSE(device(netlist, "R3").number("value"));
}

TEST(KiCadReader, WarnsAboutPinsOnWiresWithoutAJunction) {
    const std::string body = part("Device:R", "R1", "1k", "10.16 3.81 0") +
                             "(wire (pts (xy 0 0) (xy 20.32 0)))\n" + label("w", 0, 0);
    const Netlist bare = sheet(body);
    EXPECT_EQ(netsOf(bare, "R1")[0], "w");
    EXPECT_TRUE(says(bare, Severity::Warning, "without a junction"));
    EXPECT_FALSE(says(sheet(body + "(junction (at 10.16 0))\n"), Severity::Warning, "without a junction"));
}

TEST(KiCadReader, FollowsSimulationFields) {
    const Netlist netlist =
        sheet(part("Device:Q_NMOS_GDS", "Q1", "x", "0 0 0",
                   "(property \"Sim.Device\" \"PMOS\") (property \"Sim.Pins\" \"1=D 2=G 3=S\") "
                   "(property \"Sim.Name\" \"mymodel\") (property \"Sim.Params\" \"w=2u l=\\\"180n\\\"\")") +
              part("Device:R", "V1", "DC", "50.8 0 0",
                   "(property \"Sim.Device\" \"V\") (property \"Sim.Params\" \"dc=1.8 ac=1\")") +
              part("Device:R", "U3", "sub", "60.96 0 0",
                   "(property \"Spice_Primitive\" \"X\") (property \"Spice_Model\" \"mysub a=1\") (property "
                   "\"Spice_Node_Sequence\" \"2,1\")") +
              part("Device:R", "R5", "1", "71.12 0 0", "(exclude_from_sim yes)") + label("one", -5.08, 0) +
              label("u1", 60.96, -3.81) +
              "(text \".param k=2\\n.subckt mysub a b\\nR1 a b 1\\n.ends\" (at 0 0 0))\n");
    EXPECT_EQ(device(netlist, "Q1").polarity, Polarity::P);
    EXPECT_EQ(device(netlist, "Q1").model, "mymodel");
    EXPECT_EQ(netsOf(netlist, "Q1")[Drain], "one");
    EXPECT_EQ(device(netlist, "Q1").number("l"), 180e-9);
    EXPECT_EQ(device(netlist, "V1").number("value"), 1.8);
    EXPECT_EQ(device(netlist, "V1").number("ac"), 1);
    EXPECT_EQ(netsOf(netlist, "U3/R1")[1], "u1");
    EXPECT_EQ(netlist.parameters.at("k"), 2);
    EXPECT_FALSE(netlist.circuit.findDevice("R5"));
}

TEST(KiCadReader, JoinsTheUnitsOfAPart) {
    std::string second = part("Amp:DUAL", "U1", "LM358", "50.8 0 0");
    second.replace(second.find("(unit 1)"), 8, "(unit 2)");
    const Netlist netlist = sheet(part("Amp:DUAL", "U1", "LM358", "0 0 0") + second + label("o1", 0, 0) +
                                  label("o2", 50.8, 0) + label("vp", 0, -2.54));
    ASSERT_EQ(netlist.circuit.devices.size(), 1u);
    EXPECT_EQ(netsOf(netlist, "U1"), (std::vector<std::string>{"o1", "o2", "vp"}));
}

TEST(KiCadReader, DescendsIntoSheetsAndThroughBuses) {
    const SchematicFolder folder;
    folder.write("child.kicad_sch",
                 file(part("Device:R", "R1", "1k", "0 0 0") + label("IN", 0, -3.81, "hierarchical_label") +
                      label("D1", 0, 3.81) + "(bus (pts (xy 50 50) (xy 60 50)))\n" +
                      label("D[0..1]", 50, 50, "hierarchical_label")));
    const std::string pins = "(pin \"D[0..1]\" output (at 100 10 0)) (pin \"IN\" input (at 100 20 0))";
    folder.write(
        "top.kicad_sch",
        file("(sheet (at 100 0) (size 20 30) (property \"Sheetname\" \"stage\") (property \"Sheetfile\" "
             "\"child.kicad_sch\") " +
             pins + ")\n" + label("sig", 100, 20) + "(bus (pts (xy 100 10) (xy 80 10)))\n" +
             label("Q[4..5]", 80, 10) + part("Device:R", "R9", "1k", "0 0 0") + label("Q5", 0, -3.81)));
    const Netlist netlist = folder.read("top.kicad_sch");
    EXPECT_EQ(netsOf(netlist, "stage/R1"), (std::vector<std::string>{"sig", "Q5"}));
    EXPECT_EQ(netsOf(netlist, "R9")[0], "Q5");
}

TEST(KiCadReader, WritesSizesIntoProperties) {
    const Netlist netlist =
        sheet(part("Device:R", "R1", "4k7 1%", "0 0 0") + part("Device:Q_NMOS_GDS", "Q1", "nch", "50.8 0 0") +
              part("Device:R", "R2", "R", "20 0 0") +
              part("Device:Q_NMOS_GDS", "Q2", "nch", "80 0 0", "(property \"Sim.Params\" \"w=1u\")"));
    const Sizing sizing{{"R1", "value", 5.6e3}, {"Q1", "w", 2e-6}, {"Q1", "l", 1e-6},
                        {"R2", "value", 100},   {"Q2", "w", 3e-6}, {"Q2", "l", 5e-7}};
    const Netlist again = resized(netlist, sizing);
    for (const Assignment& each : sizing)
        EXPECT_EQ(device(again, each.device).number(each.parameter), each.value)
            << each.device << each.parameter;
    EXPECT_NE(again.files.front().text.find("\"5.6k 1%\""), std::string::npos) << again.files.front().text;
    EXPECT_NE(again.files.front().text.find("(property \"Sim.Params\" \"w=3u l="), std::string::npos);
}

TEST(KiCadReader, ReadsValuesAsDesignersWriteThem) {
    const auto read = [](const std::string& text, bool resistor = true) {
        MappedText mapped;
        mapped.append(text);
        return kiCadValue(mapped, resistor).text();
    };
    EXPECT_EQ(read("10"), "10");
    EXPECT_EQ(read("4R7"), "4.7");
    EXPECT_EQ(read("10R"), "10");
    EXPECT_EQ(read("2M2"), "2.2Meg");
    EXPECT_EQ(read("1M", false), "1M");
    EXPECT_EQ(read("1meg"), "1meg");
    EXPECT_EQ(read("10k\xce\xa9"), "10k");
    EXPECT_EQ(read("4.7\xc2\xb5"
                   "F",
                   false),
              "4.7u");
    EXPECT_EQ(read("1e-6"), "1e-6");
    EXPECT_EQ(read("{RL}"), "{RL}");
    EXPECT_EQ(read("R"), "");
    EXPECT_EQ(read(""), "");
}

TEST(KiCadReader, DoesNotMindDeepNesting) {
    const std::string deep = std::string(200'000, '(') + std::string(200'000, ')');
    const Netlist netlist = sheet(part("Device:R", "R1", "1k", "0 0 0") + deep);
    EXPECT_EQ(netlist.circuit.devices.size(), 1u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "not understood"));
}

std::string field(const std::string& name, const std::string& value) {
    return fmt::format("(property \"{}\" \"{}\" (at 0 0 0))", name, value);
}

TEST(KiCadValue, TakesBlanksUnitsAndDecimalCommas) {
    const auto value = [](const char* text, bool mega = false) {
        MappedText field;
        field.append(text);
        return kiCadValue(field, mega).text();
    };
    EXPECT_EQ(value("100 nF"), "100n");
    EXPECT_EQ(value("4.7 uF"), "4.7u");
    EXPECT_EQ(value("4.7 \xc2\xb5"
                    "F"),
              "4.7u");
    EXPECT_EQ(value("4.7 k"), "4.7k");
    EXPECT_EQ(value("10 k\xce\xa9", true), "10k");
    EXPECT_EQ(value("2 M\xe2\x84\xa6", true), "2Meg");
    EXPECT_EQ(value("4,7k"), "4.7k");
    EXPECT_EQ(value("2,2 mH"), "2.2m");
    EXPECT_EQ(value("100 F"), "100");
    EXPECT_EQ(value("5 V"), "5");
    EXPECT_EQ(value("10 pole"), "10");
    EXPECT_EQ(value("10k, 1%"), "10k");
    EXPECT_EQ(value("4k7"), "4.7k");
}

TEST(KiCadReader, ReadsWaveformsAndTextVariablesOfSimulationFields) {
    const Netlist netlist = sheet(part("Device:R", "V1", "5", "50.8 50.8 0",
                                       field("Sim.Device", "V") + field("Sim.Type", "SIN") +
                                           field("Sim.Params", "dc=1 ampl=2 f=1k ac=1")) +
                                  part("Device:R", "I1", "1", "76.2 50.8 0",
                                       field("Sim.Device", "I") + field("Sim.Type", "PULSE") +
                                           field("Sim.Params", "y1=0 y2=1m tr=1n per=2u")) +
                                  part("Device:C", "C1", "22n", "101.6 50.8 0",
                                       field("Sim.Device", "C") + field("Sim.Params", "c=${VALUE}")));
    const auto device = [&](const char* name) -> const Device& {
        return netlist.circuit.devices[static_cast<std::size_t>(*netlist.circuit.findDevice(name))];
    };
    ASSERT_NE(device("V1").parameter("waveform"), nullptr);
    EXPECT_EQ(device("V1").parameter("waveform")->text, "SIN( 1 2 1k)");
    EXPECT_DOUBLE_EQ(device("V1").number("ac").value_or(0), 1);
    ASSERT_NE(device("I1").parameter("waveform"), nullptr);
    EXPECT_EQ(device("I1").parameter("waveform")->text, "PULSE( 0 1m 0 1n 0 0 2u)");
    EXPECT_DOUBLE_EQ(device("C1").number("value").value_or(0), 22e-9);
}

TEST(KiCadReader, PutsPinsIntoTheOrderOfTheSubcircuitInTheLibrary) {
    SchematicFolder folder;
    const std::string fields = field("Sim.Device", "SUBCKT") + field("Sim.Name", "AMP") +
                               field("Sim.Library", "amp.lib") + field("Sim.Pins", "1=inp 2=vee 3=out");
    folder.write("top.kicad_sch",
                 file(part("Device:Q_NMOS_GDS", "U1", "AMP", "50.8 50.8 0", fields) +
                      label("a", 45.72, 50.8) + label("b", 53.34, 45.72) + label("c", 53.34, 55.88)));
    const Netlist without = folder.read("top.kicad_sch");
    EXPECT_TRUE(says(without, Severity::Note, "order of Sim.Pins"));
    folder.write("amp.lib",
                 "* library\n.subckt other a b\n.ends\n.subckt amp out inp\n+ vee params: gain=1\n.ends\n");
    const Netlist netlist = folder.read("top.kicad_sch");
    EXPECT_EQ(netsOf(netlist, "U1"), (std::vector<std::string>{"c", "a", "b"}));
}

TEST(KiCadReader, KeepsThePolarityOfPartsWithSpiceFields) {
    const Netlist netlist = sheet(part("Device:Q_NMOS_GDS", "M1", "X", "50.8 50.8 0",
                                       field("Spice_Primitive", "M") + field("Spice_Model", "BS170")));
    EXPECT_EQ(netlist.circuit.devices.front().polarity, Polarity::N);
}

TEST(KiCadReader, ReplacesAPlaceholderByTheValue) {
    const Netlist netlist = sheet(part("Device:R", "R1", "R", "50.8 50.8 0") + label("a", 50.8, 46.99));
    const Netlist after = resized(netlist, {{"R1", "value", 4000}});
    EXPECT_DOUBLE_EQ(after.circuit.devices.front().number("value").value_or(0), 4000);
    EXPECT_NE(after.files.front().text.find("\"4k\""), std::string::npos);
}

TEST(KiCadReader, SaysThatNewerFilesCanBeRead) {
    const Error error = refused("EESchema Schematic File Version 4\nEELAYER 30 0\n");
    EXPECT_NE(error.message.find("KiCad 6 or later"), std::string::npos) << error.message;
}

} // namespace
} // namespace headroom::netlist
