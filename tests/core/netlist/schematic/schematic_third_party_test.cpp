#include <gtest/gtest.h>

#include "schematic_fixture.h"

namespace headroom::netlist {
namespace {

class ThirdPartySchematic : public testing::Test {
protected:
    void SetUp() override {
        if (!thirdPartyNetlists()) GTEST_SKIP() << "HEADROOM_TEST_DATA does not name a folder with netlists";
    }

    static Netlist read(const std::string& name) {
        auto result = readNetlist(*thirdPartyNetlists() / name);
        if (!result) {
            ADD_FAILURE() << result.error().describe();
            return {};
        }
        EXPECT_EQ(result->lines.read, result->lines.accounted) << name;
        const auto same = applySizing(*result, {});
        EXPECT_TRUE(same && same->text == result->files.front().text);
        return std::move(*result);
    }
};

using Nets = std::vector<std::string>;

TEST_F(ThirdPartySchematic, ReadsAnIhpAmplifier) {
    const Netlist netlist = read("xschem_ihp/ota-5t.sch");
    EXPECT_EQ(netlist.circuit.devices.size(), 13u);
    EXPECT_EQ(netlist.circuit.ports.size(), 7u);
    // Read off the drawing by hand.
    EXPECT_EQ(netsOf(netlist, "M1"), (Nets{"gate_p", "vinp", "tail", "vss"}));
    EXPECT_EQ(netsOf(netlist, "M2"), (Nets{"vout", "vinn", "tail", "vss"}));
    EXPECT_EQ(netsOf(netlist, "M3"), (Nets{"gate_p", "gate_p", "vdd", "vdd"}));
    EXPECT_EQ(netsOf(netlist, "M4"), (Nets{"vout", "gate_p", "vdd", "vdd"}));
    EXPECT_EQ(netsOf(netlist, "M5"), (Nets{"tail", "gate_n", "vss", "vss"}));
    EXPECT_EQ(netsOf(netlist, "M6"), (Nets{"ibias_20u", "gate_n", "vss", "vss"}));
    EXPECT_EQ(netsOf(netlist, "M10"), (Nets{"ibias_20u", "ena", "gate_n", "vss"}));
    EXPECT_EQ(netsOf(netlist, "M13"), (Nets{"ena_n", "d_ena", "vdd", "vdd"}));
    EXPECT_EQ(device(netlist, "M6").number("w"), 2.5e-6);
    EXPECT_EQ(device(netlist, "M6").fingers(), 5);
    for (const SheetWire& each : netlist.sheet->wires)
        EXPECT_GE(each.net, 0);
}

TEST_F(ThirdPartySchematic, ReadsALargerIhpAmplifier) {
    const Netlist netlist = read("xschem_ihp/ota-improved.sch");
    EXPECT_GT(netlist.circuit.devices.size(), 20u);
    for (const Device& each : netlist.circuit.devices) {
        if (each.name.starts_with("Vmeas")) {
            EXPECT_EQ(each.type, DeviceType::VoltageSource) << each.name;
            EXPECT_EQ(each.number("value"), 0.0) << each.name;
            continue;
        }
        EXPECT_EQ(each.type, DeviceType::Mosfet) << each.name;
        EXPECT_EQ(each.nets.size(), 4u) << each.name;
    }
}

TEST_F(ThirdPartySchematic, ReadsASky130Amplifier) {
    const Netlist netlist = read("xschem_sky130/ota5t.sch");
    EXPECT_EQ(netlist.circuit.devices.size(), 9u);
    EXPECT_EQ(netsOf(netlist, "M3"), (Nets{"Vout", "Vn", "node", "VSS"}));
    EXPECT_EQ(device(netlist, "M3").number("w"), 20e-6);
    EXPECT_EQ(device(netlist, "M3").number("l"), 0.5e-6);
    EXPECT_EQ(netlist.lengthUnit, 1e-6);
    const Netlist again = resized(netlist, {{"M3", "w", 12e-6}});
    EXPECT_EQ(device(again, "M3").number("w"), 12e-6);
}

TEST_F(ThirdPartySchematic, ReadsAnLtspiceAmplifierInUtf16) {
    const Netlist netlist = read("ltspice/miller_ota.asc");
    EXPECT_EQ(netlist.circuit.devices.size(), 12u);
    EXPECT_EQ(netsOf(netlist, "M8")[Drain], "OUT");
    EXPECT_EQ(netsOf(netlist, "M8")[Source], "0");
    EXPECT_EQ(netsOf(netlist, "M1")[Gate], "IN_N");
    EXPECT_EQ(netsOf(netlist, "M1")[Source], netsOf(netlist, "M2")[Source]);
    EXPECT_EQ(netsOf(netlist, "C1")[1], netsOf(netlist, "M8")[Gate]);
    const Netlist again = resized(netlist, {{"C1", "value", 2e-12}, {"M8", "w", 1e-5}, {"M8", "l", 1e-6}});
    EXPECT_EQ(device(again, "C1").number("value"), 2e-12);
    EXPECT_EQ(device(again, "M8").number("w"), 1e-5);
}

TEST_F(ThirdPartySchematic, ReadsAKiCadAmplifier) {
    const Netlist netlist = read("kicad/TLC2252.kicad_sch");
    EXPECT_EQ(netlist.circuit.devices.size(), 25u);
    ASSERT_EQ(netlist.circuit.ports.size(), 5u);
    EXPECT_EQ(netsOf(netlist, "M6")[Gate], "in1");
    EXPECT_EQ(netsOf(netlist, "M1")[Gate], "in2");
    EXPECT_EQ(netsOf(netlist, "M6")[Source], netsOf(netlist, "M1")[Source]);
    EXPECT_EQ(device(netlist, "M6").polarity, Polarity::P);
    EXPECT_EQ(netsOf(netlist, "M12")[Drain], "out");
    EXPECT_EQ(device(netlist, "R1").number("value"), 37.23);
}

} // namespace
} // namespace headroom::netlist
