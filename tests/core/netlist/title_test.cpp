// The first line: a title for simulators, a device in netlists that have none.

#include <gtest/gtest.h>

#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

TEST(Title, SentencesAreNoDevices) {
    const std::string rest = "V1 in 0 1\nR1 in a 10\nL1 a b 1m\nC1 b 0 1u\nM1 a in 0 0 NMOS1 W=1u L=1u\n"
                             "D2 a 0 1N4148\n.model NMOS1 NMOS\n.end\n";
    for (const char* title : {"RC low pass 1kHz", "LC tank at 5MHz", "RLC circuit at 10kHz",
                              "IV curve for 2N7002", "CE amp using 2N3904", "D1 is a 1N4148",
                              "MOSFET I-V characteristics of NMOS", "Measuring gm/Id of an NMOS",
                              "Quick test of the 2N3904", "R1 and C1 in a row", "OTA netlist for LVS"}) {
        const Netlist netlist = parsed(std::string(title) + "\n" + rest);
        EXPECT_EQ(netlist.circuit.devices.size(), 6u) << title;
        EXPECT_TRUE(says(netlist, Severity::Note, "taken as the title")) << title;
        EXPECT_FALSE(says(netlist, Severity::Warning, "")) << title;
    }
}

TEST(Title, CdlMayHaveOne) {
    const std::string cell =
        ".SUBCKT inv A Y VSS\n*.PININFO A:I Y:O VSS:G\nMN Y A VSS VSS nch W=1u L=1u\n.ENDS\n";
    const Netlist titled = parsed("OTA netlist for LVS\n" + cell);
    EXPECT_EQ(titled.dialect, Dialect::Cdl);
    EXPECT_EQ(titled.circuit.name, "inv");
    EXPECT_EQ(titled.circuit.devices.size(), 1u);
    EXPECT_EQ(parsed(cell).circuit.ports.size(), 3u);
}

TEST(Title, SpectreMayHaveOne) {
    const std::string rest = "simulator lang=spectre\nV1 (a 0) vsource dc=1\nR1 (a 0) resistor r=1\n";
    const Netlist titled = parsed("A 5 transistor OTA\n" + rest);
    EXPECT_EQ(titled.circuit.devices.size(), 2u);
    EXPECT_TRUE(says(titled, Severity::Note, "taken as the title"));
    EXPECT_FALSE(says(titled, Severity::Warning, ""));
    EXPECT_EQ(parsed("R2 (a 0) resistor r=2\n" + rest).circuit.devices.size(), 3u);
    EXPECT_EQ(parsed("R2 a 0 resistor r=2\n" + rest).circuit.devices.size(), 3u);
}

TEST(Title, TextCardsMayHaveApostrophes) {
    const Netlist netlist = parsed("* t\n.title Bob's amp\nR1 a 0 1\nV1 a 0 1\n.PROBE64 V(*)\n"
                                   ".PREPROCESS REPLACEGROUND TRUE\n.SAMPLING\n.vec 'a.vec'\n.store\n"
                                   ".del lib 'x' tt\n.GLOBAL_PARAM VDD=1.2\nV2 b 0 {VDD}\nR2 b 0 1\n");
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
    EXPECT_EQ(device(netlist, "V2").number("value"), 1.2);
}

} // namespace
} // namespace headroom::netlist
