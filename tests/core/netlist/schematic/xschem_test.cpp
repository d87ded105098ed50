#include <gtest/gtest.h>

#include "schematic_fixture.h"

namespace headroom::netlist {
namespace {

const std::string kHead = "v {xschem version=3.4.6 file_version=1.2}\nG {}\nK {}\nV {}\nS {}\nE {}\n";

std::string label(const std::string& net, double x, double y) {
    return fmt::format("C {{lab_pin.sym}} {} {} 0 0 {{name=l{}{}{} lab={}}}\n", x, y, net, x, y, net);
}

std::string fet(const std::string& name, int x, int y, int turn = 0, int flip = 0) {
    return fmt::format("C {{sg13g2_pr/sg13_lv_nmos.sym}} {} {} {} {} {{name={}\nl=0.13u\nw=1.5u\nng=2\nm=1\n"
                       "model=sg13_lv_nmos\nspiceprefix=X\n}}\n",
                       x, y, turn, flip, name);
}

Netlist sheet(const std::string& body) {
    return parsed(kHead + body);
}

TEST(XschemReader, PlacesPinsInAllOrientations) {
    struct Case {
        int turn;
        int flip;
        Point drain;
        Point gate;
    };
    const Case cases[] = {{0, 0, {20, -30}, {-20, 0}}, {1, 0, {30, 20}, {0, -20}},
                          {2, 0, {-20, 30}, {20, 0}},  {3, 0, {-30, -20}, {0, 20}},
                          {0, 1, {-20, -30}, {20, 0}}, {1, 1, {30, -20}, {0, 20}},
                          {2, 1, {20, 30}, {-20, 0}},  {3, 1, {-30, 20}, {0, -20}}};
    for (const Case& each : cases) {
        const Netlist netlist = sheet(fet("M1", 100, 200, each.turn, each.flip) +
                                      label("DD", 100 + each.drain.x, 200 + each.drain.y) +
                                      label("GG", 100 + each.gate.x, 200 + each.gate.y));
        const auto nets = netsOf(netlist, "M1");
        ASSERT_EQ(nets.size(), 4u);
        EXPECT_EQ(nets[Drain], "DD") << each.turn << each.flip;
        EXPECT_EQ(nets[Gate], "GG") << each.turn << each.flip;
        ASSERT_TRUE(netlist.sheet);
        const SheetSymbol& symbol = netlist.sheet->symbols.front();
        EXPECT_EQ(symbol.pins[0].at, oriented(symbol, {20, -30}));
        EXPECT_EQ(netlist.circuit.nets[static_cast<std::size_t>(symbol.pins[0].net)], "DD");
    }
}

TEST(XschemReader, ReadsKitDevices) {
    const Netlist netlist = sheet(
        fet("M1", 0, 0) +
        "C {sky130_fd_pr/pfet_01v8.sym} 200 0 0 0 {name=M2\nL=0.15\nW=2\nnf=4\nmult=3\n"
        "ad=\"'int((nf+1)/2) * W/nf * 0.29'\"\nmodel=pfet_01v8\nspiceprefix=X\n}\n"
        "C {symbols/nfet_03v3.sym} 400 0 0 0 {name=M3 L=0.28u W=1u nf=1 m=1 model=nfet_03v3 spiceprefix=X}\n"
        "C {sg13g2_pr/cap_cmim.sym} 600 0 0 0 {name=C1 model=cap_cmim w=7u l=7u m=1 spiceprefix=X}\n");
    EXPECT_EQ(netlist.format, "xschem");
    EXPECT_EQ(device(netlist, "M1").type, DeviceType::Mosfet);
    EXPECT_EQ(device(netlist, "M1").polarity, Polarity::N);
    EXPECT_EQ(device(netlist, "M1").number("w"), 1.5e-6);
    EXPECT_EQ(device(netlist, "M1").fingers(), 2);
    EXPECT_EQ(device(netlist, "M2").model, "sky130_fd_pr__pfet_01v8");
    EXPECT_EQ(device(sheet("C {sky130_fd_pr/nfet_01v8_lvt.sym} 0 0 0 0 {name=M1 W=1 L=1}\n"), "M1").model,
              "sky130_fd_pr__nfet_01v8_lvt");
    EXPECT_EQ(device(netlist, "M2").polarity, Polarity::P);
    EXPECT_EQ(device(netlist, "M2").number("w"), 2e-6);
    EXPECT_EQ(device(netlist, "M2").number("m"), 3);
    EXPECT_NEAR(*device(netlist, "M2").number("ad"), 2 * 0.5 * 0.29e-12, 1e-18);
    EXPECT_EQ(device(netlist, "M3").number("l"), 0.28e-6);
    EXPECT_EQ(device(netlist, "C1").type, DeviceType::Capacitor);
}

TEST(XschemReader, ConnectsWiresLabelsAndTouchingPins) {
    const Netlist netlist = sheet("C {devices/res.sym} 0 0 0 0 {name=R1 value=1k}\n"
                                  "C {devices/res.sym} 0 60 0 0 {name=R2 value=2k}\n" // pins meet at (0, 30)
                                  "N -50 30 50 30 {lab=stale}\nN 40 30 40 80 {}\n" +
                                  label("mid", 40, 80) + label("mid", 300, -30) +
                                  "C {devices/capa.sym} 300 0 0 0 {name=C1 value=1p}\n"
                                  "C {devices/gnd.sym} 300 30 0 0 {name=g lab=0}\n"
                                  "C {devices/vdd.sym} 0 -30 0 0 {name=v lab=VDD}\n");
    EXPECT_EQ(netsOf(netlist, "R1"), (std::vector<std::string>{"VDD", "mid"}));
    EXPECT_EQ(netsOf(netlist, "R2"), (std::vector<std::string>{"mid", "net1"}));
    EXPECT_EQ(netsOf(netlist, "C1"), (std::vector<std::string>{"mid", "0"}));
    EXPECT_EQ(device(netlist, "R2").number("value"), 2e3);
    EXPECT_TRUE(netlist.circuit.globalNets[static_cast<std::size_t>(*netlist.circuit.findNet("VDD"))]);
    EXPECT_EQ(netlist.sheet->wires.size(), 2u);
    EXPECT_EQ(netlist.sheet->labels[3].kind, LabelKind::Supply);
}

TEST(XschemReader, GivesPortsTheirDirections) {
    const Netlist netlist =
        sheet("C {ipin.sym} 0 0 0 0 {name=p1 lab=in}\nC {opin.sym} 9 0 0 0 {name=p2 lab=out}\n"
              "C {iopin.sym} 0 9 0 0 {name=p3 lab=vdd}\n");
    ASSERT_EQ(netlist.circuit.ports.size(), 3u);
    EXPECT_EQ(netlist.circuit.ports[0].name, "in");
    EXPECT_EQ(netlist.circuit.ports[0].direction, PortDirection::Input);
    EXPECT_EQ(netlist.circuit.ports[1].direction, PortDirection::Output);
    EXPECT_EQ(netlist.circuit.ports[2].direction, PortDirection::InOut);
}

TEST(XschemReader, KeepsTheNamesOfPortsThatAreOneNet) {
    const Netlist netlist =
        sheet("C {iopin.sym} 0 0 0 0 {name=p1 lab=vss}\nC {iopin.sym} 0 0 0 0 {name=p2 lab=sub}\n"
              "C {gnd.sym} 0 0 0 0 {name=g lab=GND}\nC {res.sym} 0 30 0 0 {name=R1 value=1}\n");
    ASSERT_EQ(netlist.circuit.ports.size(), 2u);
    EXPECT_EQ(netlist.circuit.ports[0].name, "vss");
    EXPECT_EQ(netlist.circuit.ports[1].name, "sub");
    EXPECT_EQ(netlist.circuit.ports[0].net, netlist.circuit.ports[1].net);
    EXPECT_EQ(netsOf(netlist, "R1")[0], "GND");
}

TEST(XschemReader, ExpandsArraysAndBuses) {
    const Netlist netlist =
        sheet("C {res.sym} 0 0 0 0 {name=R[1:0] value=1k}\n" + label("A[1:0]", 0, -30) + label("z", 0, 30) +
              "C {res.sym} 100 0 0 0 {name=R9 value=1k}\n" + label("A[0]", 100, -30) + label("z", 100, 30));
    EXPECT_EQ(netsOf(netlist, "R[1]"), (std::vector<std::string>{"A[1]", "z"}));
    EXPECT_EQ(netsOf(netlist, "R[0]"), (std::vector<std::string>{"A[0]", "z"}));
    EXPECT_EQ(netsOf(netlist, "R9"), (std::vector<std::string>{"A[0]", "z"}));
}

TEST(XschemReader, ReadsCodeBlocks) {
    const Netlist netlist =
        sheet("C {code_shown.sym} 0 0 0 0 {name=s1 only_toplevel=true value=\"\n.param W1=3u\n"
              ".model mynmos nmos level=1\n.lib /nowhere/corner.lib tt\n.control\nrun\n.endc\n\"}\n"
              "C {nmos4.sym} 0 0 0 0 {name=M1 model=mynmos w=\\{W1\\} l=1u m=1}\n");
    EXPECT_EQ(netlist.parameters.at("w1"), 3e-6);
    EXPECT_EQ(device(netlist, "M1").number("w"), 3e-6);
    EXPECT_EQ(device(netlist, "M1").parameter("w")->text, "{W1}");
    EXPECT_TRUE(says(netlist, Severity::Note, "/nowhere/corner.lib"));
}

TEST(XschemReader, LeavesOutWhatIsMarkedAndShortsWhatIsToBeShorted) {
    const Netlist netlist = sheet(
        "C {res.sym} 0 0 0 0 {name=R1 value=1k spice_ignore=true}\n"
        "C {res.sym} 100 0 0 0 {name=R2 value=1k spice_ignore=short}\n"
        "C {res.sym} 100 60 0 0 {name=R3 value=1k}\n" +
        label("top", 100, -30) + "C {ammeter.sym} 200 0 0 0 {name=Vm}\nC {noconn.sym} 200 30 0 0 {name=n}\n");
    EXPECT_FALSE(netlist.circuit.findDevice("R1"));
    EXPECT_EQ(netsOf(netlist, "R3")[0], "top");
    EXPECT_EQ(device(netlist, "Vm").type, DeviceType::VoltageSource);
    EXPECT_EQ(device(netlist, "Vm").number("value"), 0.0);
}

TEST(XschemReader, UsesEmbeddedSymbolsAndTheirFormat) {
    const Netlist netlist = sheet(
        "C {odd.sym} 100 0 0 0 {name=M7 wide=3u embed=true}\n[\nv {xschem version=3.4.6 file_version=1.2}\n"
        "K {type=nmos\nformat=\"@name @@S @@G @@D 0 @model w=@wide l=@l\"\ntemplate=\"name=M1 l=2u "
        "model=nch\"}\n"
        "L 4 0 0 10 0 {}\nB 5 -2.5 -2.5 2.5 2.5 {name=S dir=inout}\nB 5 7.5 -2.5 12.5 2.5 {name=G dir=in}\n"
        "B 5 17.5 -2.5 22.5 2.5 {name=D dir=inout}\n]\n" +
        label("s", 100, 0) + label("g", 110, 0) + label("d", 120, 0));
    EXPECT_EQ(netsOf(netlist, "M7"), (std::vector<std::string>{"s", "g", "d", "0"}));
    EXPECT_EQ(device(netlist, "M7").number("w"), 3e-6);
    EXPECT_EQ(device(netlist, "M7").number("l"), 2e-6);
    EXPECT_FALSE(device(netlist, "M7").parameter("l")->span);
    EXPECT_EQ(netlist.sheet->symbols[0].shapes.size(), 1u);
}

TEST(XschemReader, DescendsIntoSheetsBesideTheSymbol) {
    const SchematicFolder folder;
    folder.write("half.sym",
                 "v {xschem version=3.4.6 file_version=1.2}\nK {type=subcircuit\n"
                 "format=\"@name @pinlist @symname RV=@RV\"\ntemplate=\"name=x1 RV=1k\"}\n"
                 "B 5 -2.5 -2.5 2.5 2.5 {name=out dir=out}\nB 5 -2.5 17.5 2.5 22.5 {name=in dir=in}\n");
    folder.write("half.sch",
                 kHead + "C {ipin.sym} 0 30 0 0 {name=p1 lab=in}\nC {opin.sym} 0 -30 0 0 {name=p2 lab=out}\n"
                         "C {res.sym} 0 0 0 0 {name=R1 value=RV}\n");
    folder.write("top.sch", kHead +
                                "C {half.sym} 0 0 0 0 {name=x1 RV=5k}\nC {half.sym} 0 20 0 0 {name=x2}\n" +
                                label("a", 0, 0) + label("c", 0, 40));
    const Netlist netlist = folder.read("top.sch");
    EXPECT_EQ(netsOf(netlist, "x1/R1"), (std::vector<std::string>{"a", "net1"}));
    EXPECT_EQ(netsOf(netlist, "x2/R1"), (std::vector<std::string>{"net1", "c"}));
    EXPECT_EQ(device(netlist, "x1/R1").number("value"), 5e3);
    EXPECT_EQ(device(netlist, "x2/R1").number("value"), 1e3);
    EXPECT_EQ(netlist.subcircuits, (std::vector<std::string>{"half"}));
    EXPECT_EQ(netlist.sheet->symbols[0].hierarchyPrefix, "x1/");
    EXPECT_EQ(netlist.files.size(), 2u);
}

TEST(XschemReader, SurvivesASheetInsideOfItself) {
    const SchematicFolder folder;
    folder.write("loop.sym", "v {xschem version=3.4.6 file_version=1.2}\nK {type=subcircuit\n"
                             "format=\"@name @pinlist @symname\"\ntemplate=\"name=x1\"}\n"
                             "B 5 -2.5 -2.5 2.5 2.5 {name=a dir=inout}\n");
    folder.write("loop.sch",
                 kHead + "C {loop.sym} 0 0 0 0 {name=x1}\nC {res.sym} 0 30 0 0 {name=R1 value=1}\n");
    const Netlist netlist = folder.read("loop.sch");
    EXPECT_EQ(netlist.circuit.devices.size(), 1u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "inside of itself"));
}

TEST(XschemReader, TellsWhatItCannotUse) {
    const Netlist netlist = sheet("C {mylib/strange.sym} 0 0 0 0 {name=x1}\nQ 1 2 3\nN 1 2 x 4 {}\n"
                                  "C {res.sym} 0 0 0 0 {name=R1 value=tcleval([expr 2*3])}\n");
    EXPECT_TRUE(says(netlist, Severity::Warning, "mylib/strange.sym"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "This record is not understood"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "no number"));
    EXPECT_TRUE(says(netlist, Severity::Note, "TCL"));
    EXPECT_EQ(netlist.diagnostics.front().line, 7);
}

TEST(XschemReader, KeepsNamesOfNetsThatLookLikeValuesAndModels) {
    const Netlist netlist = sheet(fet("M1", 0, 0) + label("5", 20, -30) + label("nmos", -20, 0) +
                                  label("a=b", 20, 30) + label("v(x)", 20, 0));
    EXPECT_EQ(netsOf(netlist, "M1"), (std::vector<std::string>{"5", "nmos", "a=b", "v(x)"}));
}

TEST(XschemReader, WritesSizesIntoAttributes) {
    const Netlist netlist =
        sheet("* not a record\n" + fet("M1", 0, 0) +
              "C {res.sym} 100 0 0 0 {name=R1 value=\"1k\" m=1}\n"
              "C {sky130_fd_pr/nfet_01v8.sym} 200 0 0 0 {name=M2 model=nfet_01v8 spiceprefix=X}\n");
    const Sizing sizing{
        {"M1", "w", 4e-6}, {"M1", "ng", 8}, {"R1", "value", 2.5e3}, {"M2", "w", 3e-6}, {"M2", "l", 0.5e-6}};
    const auto edited = applySizing(netlist, sizing);
    ASSERT_TRUE(edited) << edited.error().describe();
    EXPECT_NE(edited->text.find("\nw=4u\nng=8\nm=1\n"), std::string::npos) << edited->text;
    EXPECT_NE(edited->text.find("value=\"2.5k\" m=1}"), std::string::npos) << edited->text;
    EXPECT_NE(edited->text.find("spiceprefix=X W=3 L=0.5}"), std::string::npos) << edited->text;
    const Netlist again = resized(netlist, sizing);
    for (const Assignment& each : sizing)
        EXPECT_EQ(device(again, each.device).number(each.parameter), each.value)
            << each.device << each.parameter;
    const auto unchanged = applySizing(netlist, {});
    EXPECT_EQ(unchanged->text, netlist.files.front().text);
}

TEST(XschemReader, ReadsEarlyFiles) {
    const Netlist netlist = parsed("G {}\nV {}\nS {}\nE {}\nC {devices/res} 0 0 0 0 {name=R1 value=3k}\n");
    EXPECT_EQ(device(netlist, "R1").number("value"), 3e3);
}

TEST(XschemReader, TakesTheSymbolBehindOneComponentForAllWithItsReference) {
    const std::string symbol =
        "[\nv {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {type=resistor\n"
        "format=\"@name @pinlist @value\"\ntemplate=\"name=R1 value=1k\"}\nV {}\nS {}\nE {}\n"
        "B 5 -2.5 -52.5 2.5 -47.5 {name=P dir=inout}\nB 5 -2.5 47.5 2.5 52.5 {name=M dir=inout}\n]\n";
    const Netlist netlist = sheet("C {own.sym} 0 0 0 0 {name=R1 value=7k embed=true}\n" + symbol +
                                  "C {own.sym} 100 0 0 0 {name=R2 value=8k}\n" + label("a", 0, -50) +
                                  label("b", 0, 50) + label("c", 100, -50) + label("d", 100, 50));
    EXPECT_EQ(netsOf(netlist, "R1"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(netsOf(netlist, "R2"), (std::vector<std::string>{"c", "d"}));
}

// Measured with xschem 2.8.1: a pin on a crossing belongs to the wire that was drawn last.
TEST(XschemReader, LeavesWiresApartThatCrossUnderAPin) {
    const Netlist netlist = sheet("N 1000 0 1200 0 {}\nN 1100 -100 1100 100 {}\n" + label("V", 1100, -100) +
                                  label("H", 1000, 0) + "C {res.sym} 1130 0 1 0 {name=R2 value=1k}\n");
    EXPECT_EQ(netsOf(netlist, "R2"), (std::vector<std::string>{"H", "V"}));
    EXPECT_TRUE(says(netlist, Severity::Warning, "crossing of two wires"));
}

TEST(XschemReader, KnowsKitSymbolsThatLookLikeOthers) {
    const Netlist netlist = sheet(
        "C {symbols/cap_nmos_03v3.sym} 0 0 0 0 {name=C1 W=1e-6 L=1e-6 model=cap_nmos_03v3 spiceprefix=X}\n"
        "C {sky130_fd_pr/cap_var_lvt.sym} 200 0 0 0 {name=C7 model=cap_var_lvt W=1 L=1 VM=1 spiceprefix=X}\n"
        "C {sg13g2_pr/sub.sym} 180 0 0 0 {name=l1 lab=sub!}\n");
    ASSERT_EQ(netlist.circuit.devices.size(), 2u);
    EXPECT_EQ(netlist.circuit.devices[0].type, DeviceType::Capacitor);
    EXPECT_EQ(netsOf(netlist, "C1").size(), 2u);
    const auto varactor = netsOf(netlist, "C7");
    ASSERT_EQ(varactor.size(), 3u);
    EXPECT_EQ(varactor[2], "sub!");
    EXPECT_FALSE(says(netlist, Severity::Warning, "is not known"));
}

TEST(XschemReader, KeepsTheSubcircuitFormOfKitDevicesOnConversion) {
    const Netlist netlist = sheet(fet("M4", 0, 0));
    EXPECT_EQ(netlist.circuit.devices.front().name, "M4");
    const auto written = writeNetlist(netlist, Dialect::Ngspice);
    ASSERT_TRUE(written);
    EXPECT_NE(written->text.find("\nXM4 "), std::string::npos) << written->text;
}

} // namespace
} // namespace headroom::netlist
