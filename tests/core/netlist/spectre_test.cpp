// Netlists in Spectre's own language, alone and mixed with SPICE.

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/netlist/sizing_export.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

TEST(Spectre, ReadsInstancesWithAndWithoutParentheses) {
    const Netlist netlist = parsed("// two ways\n"
                                   "simulator lang=spectre\n"
                                   "parameters wn=2u ln=0.1u\n"
                                   "M1 (d g s b) nch w=wn l=ln m=2\n"
                                   "M2 d g s b pch w=2*wn \\\n"
                                   "    l=ln\n"
                                   "M3 ( d g\n"
                                   "+ s b ) nch w = 3u l=1u // comment\n"
                                   "V1 (d 0) vsource dc=1.2 type=dc mag=1\n"
                                   "R1 (d s) resistor r=1M\n"
                                   "C1 (d s) capacitor c=10m\n"
                                   "P1 (g s) iprobe\n");
    EXPECT_EQ(netlist.format, "spectre");
    EXPECT_EQ(netlist.dialect, Dialect::Spectre);
    EXPECT_EQ(device(netlist, "M1").type, DeviceType::Mosfet);
    EXPECT_EQ(device(netlist, "M1").polarity, Polarity::N);
    EXPECT_EQ(device(netlist, "M1").number("w"), 2e-6);
    EXPECT_EQ(netsOf(netlist, "M1"), (std::vector<std::string>{"d", "g", "s", "b"}));
    EXPECT_EQ(device(netlist, "M2").polarity, Polarity::P);
    EXPECT_EQ(device(netlist, "M2").number("w"), 4e-6);
    EXPECT_EQ(device(netlist, "M3").number("w"), 3e-6);
    EXPECT_EQ(device(netlist, "M3").span.line, 7);
    EXPECT_EQ(device(netlist, "V1").type, DeviceType::VoltageSource);
    EXPECT_EQ(device(netlist, "V1").number("value"), 1.2);
    EXPECT_EQ(device(netlist, "V1").number("ac"), 1.0);
    EXPECT_EQ(device(netlist, "R1").number("value"), 1e6);
    EXPECT_EQ(device(netlist, "C1").number("value"), 10e-3);
    EXPECT_EQ(device(netlist, "P1").type, DeviceType::VoltageSource);
    EXPECT_EQ(device(netlist, "P1").number("value"), 0.0);
    EXPECT_FALSE(device(netlist, "P1").parameter("value")->span);
}

TEST(Spectre, IsToldByContent) {
    EXPECT_EQ(
        parsed("// no language statement\nsubckt amp (a b)\nR1 (a b) resistor r=1k\nends amp\n").dialect,
        Dialect::Spectre);
    EXPECT_EQ(parsed("parameters a=1\nR1 (a 0) resistor r=a\nV1 (a 0) vsource dc=1\n").dialect,
              Dialect::Spectre);
    EXPECT_EQ(parsed("* spice\n.subckt amp a b\nR1 a b 1k\n.ends\n").dialect, Dialect::Spice);
    EXPECT_EQ(parsed("* spice\nM1 (d g s b) nmos w=1u l=1u\n.end\n").dialect, Dialect::Spice);
}

TEST(Spectre, CaseMatters) {
    const Netlist netlist = parsed("simulator lang=spectre\nparameters W1=2u w1=3u\n"
                                   "M1 (Out in 0 0) nch w=W1 l=1u\nm1 (out in 0 0) nch w=w1 l=1u\n"
                                   "V1 (Out out) vsource dc=1\nV2 (in 0) vsource dc=1\n");
    EXPECT_EQ(netlist.circuit.devices.size(), 4u);
    EXPECT_EQ(netlist.circuit.nets.size(), 4u);
    EXPECT_EQ(device(netlist, "M1").number("w"), 2e-6);
    EXPECT_EQ(device(netlist, "m1").number("w"), 3e-6);
    EXPECT_EQ(netsOf(netlist, "m1").front(), "out");
}

TEST(Spectre, ResolvesHierarchyAndItsParameters) {
    const Netlist netlist = parsed("simulator lang=spectre\nglobal gnd! vdd!\n"
                                   "inline subckt nch_w (d g s b)\nparameters w=1u l=1u nf=1\n"
                                   "nch_w (d g s b) nmod w=w*nf l=l\nmodel nmod bsim4 type=n vth0=0.4\n"
                                   "ends nch_w\n"
                                   "subckt amp in out\nparameters scale=2\n"
                                   "X1 (out in gnd! gnd!) nch_w w=3u*scale nf=2\n"
                                   "R1 (vdd! out) resistor r=1k\nends amp\n"
                                   "I1 (a b) amp scale=3 m=2\nV1 (vdd! gnd!) vsource dc=1.8\n"
                                   "V2 (a gnd!) vsource dc=1\n");
    const Device& m = device(netlist, "I1/X1/nch_w");
    EXPECT_EQ(m.type, DeviceType::Mosfet);
    EXPECT_EQ(m.polarity, Polarity::N);
    EXPECT_DOUBLE_EQ(m.number("w").value(), 18e-6);
    EXPECT_EQ(m.number("m"), 2.0);
    EXPECT_EQ(netlist.subcircuits, (std::vector<std::string>{"nch_w", "amp"}));
    EXPECT_TRUE(netlist.circuit.globalNets[static_cast<std::size_t>(*netlist.circuit.findNet("gnd!"))]);
}

TEST(Spectre, TopCellHasPorts) {
    const Netlist netlist = parsed("subckt inv (A Y VDD VSS)\nMN (Y A VSS VSS) nmos w=1u l=1u\n"
                                   "MP (Y A VDD VDD) pmos w=2u l=1u\nends inv\n");
    ASSERT_EQ(netlist.circuit.ports.size(), 4u);
    EXPECT_EQ(netlist.circuit.ports[1].name, "Y");
    EXPECT_EQ(netlist.circuit.name, "inv");
}

TEST(Spectre, SwitchesLanguagesInTheMiddle) {
    const Netlist netlist = parsed("simulator lang=spectre\nparameters rl=2k\n"
                                   "subckt load (a b)\nR1 (a b) resistor r=rl\nends load\n"
                                   "simulator lang=spice\n"
                                   ".param cl=1p\n* a comment\nC1 OUT 0 cl\nR2 out 0 1meg\nX1 Out 0 load\n"
                                   "simulator lang=spectre\n"
                                   "// another\nR3 (out 0) resistor r=1M\nV1 (out 0) vsource dc=1\n");
    EXPECT_EQ(netlist.circuit.nets.size(), 2u);
    EXPECT_EQ(device(netlist, "C1").number("value"), 1e-12);
    EXPECT_EQ(device(netlist, "R2").number("value"), 1e6);
    EXPECT_EQ(device(netlist, "R3").number("value"), 1e6);
    EXPECT_EQ(device(netlist, "X1/R1").number("value"), 2e3);
    // And a file that begins as SPICE.
    EXPECT_EQ(parsed("simulator lang=spice\nR1 a 0 1k\nV1 a 0 1\n").circuit.devices.size(), 2u);
}

TEST(Spectre, ReadsNumbersByItsOwnRules) {
    const Netlist netlist = parsed("simulator lang=spectre\n"
                                   "R1 (a 0) resistor r=2K\nR2 (a 0) resistor r=2M\nR3 (a 0) resistor r=2m\n"
                                   "R4 (a 0) resistor r=50%\nR5 (a 0) resistor r=3_\nR6 (a 0) resistor r=2G\n"
                                   "L1 (a 0) inductor l=925pH\nR7 (a 0) resistor r=1e3\n"
                                   "R8 (a 0) resistor r=(1M + 1m)*2\nV1 (a 0) vsource dc=1\n");
    EXPECT_EQ(device(netlist, "R1").number("value"), 2e3);
    EXPECT_EQ(device(netlist, "R2").number("value"), 2e6);
    EXPECT_EQ(device(netlist, "R3").number("value"), 2e-3);
    EXPECT_EQ(device(netlist, "R4").number("value"), 0.5);
    EXPECT_EQ(device(netlist, "R5").number("value"), 3.0);
    EXPECT_EQ(device(netlist, "R6").number("value"), 2e9);
    EXPECT_DOUBLE_EQ(device(netlist, "L1").number("value").value(), 925e-12);
    EXPECT_EQ(device(netlist, "R7").number("value"), 1e3);
    EXPECT_DOUBLE_EQ(device(netlist, "R8").number("value").value(), 2000000.002);
}

TEST(Spectre, KeepsStatementsAboutTheSimulation) {
    const Netlist netlist = parsed("simulator lang=spectre\nR1 (out\\<3\\> 0) resistor r=1k\n"
                                   "V1 (out\\<3\\> 0) vsource type=pulse val0=0 val1=1 wave=[0 0 1n 1]\n"
                                   "simulatorOptions options reltol=1e-3 temp=85 \\\n    scale=1\n"
                                   "dcOp dc write=\"x.dc\"\nnoise1 ( out\\<3\\> 0 ) noise start=1 stop=1G\n"
                                   "save R1:1 out\\<3\\>\nic out=0\n"
                                   "mc1 montecarlo numruns=10 {\n  dc1 dc\n  ac1 ac start=1\n}\n"
                                   "statistics {\n  process {\n    vary rl dist=gauss std=1\n  }\n}\n"
                                   "myalter alter param=temp value=50\n");
    EXPECT_EQ(netlist.circuit.devices.size(), 2u);
    EXPECT_EQ(netsOf(netlist, "R1").front(), "out<3>");
    EXPECT_EQ(netlist.temperature, 85.0);
    EXPECT_TRUE(says(netlist, Severity::Note, "Analyses, options and saved signals"));
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
}

TEST(Spectre, TakesTheBranchThatHolds) {
    const std::string text = "simulator lang=spectre\nparameters mode=MODE\nV1 (a 0) vsource dc=1\n"
                             "if (mode == 1) {\n  R1 (a 0) resistor r=1\n} else if (mode == 2) {\n"
                             "  if (mode > 1) {\n    R2 (a 0) resistor r=2\n  }\n}\nelse\n{\n"
                             "  R3 (a 0) resistor r=3\n}\nR4 (a 0) resistor r=4\n";
    for (int mode = 1; mode <= 3; ++mode) {
        std::string chosen = text;
        chosen.replace(chosen.find("MODE"), 4, std::to_string(mode));
        const Netlist netlist = parsed(chosen);
        ASSERT_EQ(netlist.circuit.devices.size(), 3u) << mode;
        EXPECT_EQ(netlist.circuit.devices[1].name, "R" + std::to_string(mode));
    }
    EXPECT_EQ(refused("simulator lang=spectre\nif (1) {\nR1 (a 0) resistor r=1\n").line, 2);
    std::string deep = "simulator lang=spectre\n";
    for (int i = 0; i < 2'000; ++i)
        deep += "if (1) {\n";
    EXPECT_GT(refused(deep + "R1 (a 0) resistor r=1\n" +
                      [] {
                          std::string closing;
                          for (int i = 0; i < 2'000; ++i)
                              closing += "}\n";
                          return closing;
                      }())
                  .line,
              0);
}

TEST(Spectre, CallsFunctionsOfItsOwn) {
    const Netlist netlist = parsed("simulator lang=spectre\nreal twice(real x) { return x*2; }\n"
                                   "R1 (a 0) resistor r=twice(1.5K)\nV1 (a 0) vsource dc=1\n");
    EXPECT_EQ(device(netlist, "R1").number("value"), 3e3);
}

TEST(Spectre, SizesAreWrittenInPlace) {
    const std::string text = "simulator lang=spectre\n// keep\nM1 (d g 0 0) nch w=2u \\\n   l=100n // tail\n"
                             "M2 (d g 0 0) nch l=1u\nV1 (d 0) vsource dc=1\nV2 (g 0) vsource dc=1\n";
    const Netlist netlist = parsed(text);
    const auto edited = applySizing(netlist, {{"M1", "l", 180e-9}, {"M2", "w", 5e-6}});
    ASSERT_TRUE(edited) << edited.error().describe();
    EXPECT_EQ(edited->text, "simulator lang=spectre\n// keep\nM1 (d g 0 0) nch w=2u \\\n   l=180n // tail\n"
                            "M2 (d g 0 0) nch l=1u w=5u\nV1 (d 0) vsource dc=1\nV2 (g 0) vsource dc=1\n");
}

TEST(Spectre, ReadsSectionsOfLibraries) {
    const auto folder = std::filesystem::path(testing::TempDir()) / "headroom_spectre_library";
    std::filesystem::create_directories(folder);
    ASSERT_TRUE(writeFileAtomically(folder / "models.scs",
                                    "library models\nsection ff\nparameters vt=0.3\nendsection ff\n"
                                    "section tt\nparameters vt=0.4\nmodel nch bsim4 type=n\n"
                                    "endsection tt\nendlibrary models\n"));
    const auto netlist = parseNetlist("simulator lang=spectre\ninclude \"models.scs\" section=tt\n"
                                      "include \"missing.scs\" section=tt\n"
                                      "M1 (a a 0 0) nch w=1u l=1u\nR1 (a 0) resistor r=vt*10\n"
                                      "V1 (a 0) vsource dc=1\n",
                                      "top.scs", {}, folder);
    ASSERT_TRUE(netlist) << netlist.error().describe();
    EXPECT_EQ(netlist->lines.read, netlist->lines.accounted);
    EXPECT_EQ(device(*netlist, "R1").number("value"), 4.0);
    EXPECT_EQ(device(*netlist, "M1").type, DeviceType::Mosfet);
    EXPECT_TRUE(says(*netlist, Severity::Note, "'missing.scs'"));
    std::filesystem::remove_all(folder);
}

TEST(Spectre, RefusesASubcircuitWithoutAName) {
    const auto netlist = parseNetlist("simulator lang=spectre\ninline=2 l=1\nR1 (a b) resistor r=1k\n", "t.scs");
    ASSERT_FALSE(netlist);
    EXPECT_EQ(netlist.error().line, 2);
}

TEST(Spectre, ReadsTheThirdPartyTestBench) {
    if (!thirdPartyNetlists()) GTEST_SKIP() << "HEADROOM_TEST_DATA does not name a folder with netlists";
    const auto netlist = readNetlist(*thirdPartyNetlists() / "align/LNA_TB.scs");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    EXPECT_EQ(netlist->lines.read, netlist->lines.accounted);
    EXPECT_EQ(netlist->circuit.devices.size(), 27u);
    const Device& m4 = device(*netlist, "I0/M4");
    EXPECT_EQ(m4.type, DeviceType::Mosfet);
    EXPECT_DOUBLE_EQ(m4.totalWidth().value(), 4 * 28e-6);
    EXPECT_EQ(device(*netlist, "V6").number("value"), 0.43);
    EXPECT_EQ(device(*netlist, "I0/R5").type, DeviceType::Resistor);
    EXPECT_EQ(netlist->temperature, 27.0);
    ReadOptions options;
    options.top = "LNA_QM_V1";
    const auto cell = readNetlist(*thirdPartyNetlists() / "align/LNA_TB.scs", options);
    ASSERT_TRUE(cell) << cell.error().describe();
    EXPECT_EQ(cell->circuit.ports.size(), 10u);
}

TEST(Spectre, BlocksOverSeveralLines) {
    const Netlist netlist =
        parsed("simulator lang=spectre\nreal g(real a) {\n  return a*2;\n}\n"
               "real h(real a)\n{\n  return g(a)+1;\n}\nff altergroup {\n  parameters w=1\n}\n"
               "p paramset {\n  w l\n  1 2\n}\nparameters w=3\n"
               "R1 (a 0) resistor r=g(w)\nR2 (a 0) resistor r=h(w)\nV1 (a 0) vsource dc=1\n");
    EXPECT_EQ(netlist.circuit.devices.size(), 3u);
    EXPECT_EQ(device(netlist, "R1").number("value"), 6.0);
    EXPECT_EQ(device(netlist, "R2").number("value"), 7.0);
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
}

} // namespace
} // namespace headroom::netlist
