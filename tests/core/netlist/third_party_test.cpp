#include <gtest/gtest.h>

#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

/// Reads one of the third-party netlists; the test is skipped without them.
class ThirdPartyNetlist : public testing::Test {
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
        return std::move(*result);
    }
};

TEST_F(ThirdPartyNetlist, ReadsAnUnsizedHspiceAmplifier) {
    const Netlist netlist = read("acst/focaOpAmp/input.ckt");
    EXPECT_EQ(netlist.dialect, Dialect::Hspice);
    EXPECT_EQ(netlist.temperature, 25.0);
    ASSERT_EQ(netlist.circuit.devices.size(), 16u);
    const Device& cascode = device(netlist, "mplssn");
    EXPECT_EQ(cascode.type, DeviceType::Mosfet);
    EXPECT_EQ(cascode.polarity, Polarity::P);
    EXPECT_EQ(cascode.model, "pmos");
    EXPECT_TRUE(cascode.parameters.empty());
    EXPECT_EQ(netsOf(netlist, "mplssn"), (std::vector<std::string>{"out", "net17", "net24", "vdd!"}));
    EXPECT_EQ(cascode.span.line, 21);
    EXPECT_EQ(device(netlist, "cl").number("value"), 1e-12);
    EXPECT_TRUE(netlist.circuit.globalNets[static_cast<std::size_t>(*netlist.circuit.findNet("gnd!"))]);
    EXPECT_FALSE(netlist.circuit.globalNets[static_cast<std::size_t>(*netlist.circuit.findNet("out"))]);
    EXPECT_TRUE(netlist.circuit.ports.empty());
}

TEST_F(ThirdPartyNetlist, ReadsASizedHspiceAmplifier) {
    const Netlist netlist = read("acst/foca/input.ckt");
    EXPECT_EQ(netlist.circuit.devices.size(), 17u);
    EXPECT_EQ(device(netlist, "mn8").number("l"), 3.68094684482e-6);
    EXPECT_EQ(device(netlist, "MP8").number("w"), 1.83327839777e-6);
    EXPECT_EQ(device(netlist, "i2").type, DeviceType::CurrentSource);
    EXPECT_EQ(device(netlist, "i2").number("value"), 10e-6);
}

TEST_F(ThirdPartyNetlist, ReadsCapacitorsWithoutValue) {
    const Netlist netlist = read("acst/foldedCascodeOpAmp/input.ckt");
    EXPECT_EQ(netlist.circuit.devices.size(), 22u);
    EXPECT_EQ(device(netlist, "cl").type, DeviceType::Capacitor);
    EXPECT_FALSE(device(netlist, "cl").number("value"));
    EXPECT_TRUE(says(netlist, Severity::Note, "'cl' has no value"));
}

TEST_F(ThirdPartyNetlist, ReadsTheLabelledNetlistsAsTheyAre) {
    const Netlist netlist = read("acst/labelled/two_stage_fully_differential_op_amp_38_11.ckt");
    EXPECT_EQ(netlist.circuit.name, "two_stage_fully_differential_op_amp_38_11");
    EXPECT_EQ(netlist.circuit.ports.size(), 8u);
    EXPECT_EQ(netlist.circuit.devices.size(), 41u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "'.suckt' is read as '.subckt'"));
}

TEST_F(ThirdPartyNetlist, ReadsMacrosAndTheirMisnamedCapacitors) {
    const Netlist netlist = read("acst/sized/two_stage_single_output_op_amp_36_7.ckt");
    EXPECT_EQ(netlist.subcircuits, std::vector<std::string>{"two_stage_single_output_op_amp_36_7"});
    EXPECT_EQ(device(netlist, "mMainBias1").model, "nmos4");
    EXPECT_EQ(device(netlist, "mMainBias1").polarity, Polarity::N);
    EXPECT_EQ(device(netlist, "mCompensationCapacitor2").type, DeviceType::Capacitor);
    EXPECT_EQ(device(netlist, "mCompensationCapacitor2").number("value"), 4.60001e-12);
}

TEST_F(ThirdPartyNetlist, ReadsCdlWithHierarchyAndDirections) {
    const Netlist netlist = read("align/single_ended_LG_nmos_cr13_1.sp");
    EXPECT_EQ(netlist.dialect, Dialect::Cdl);
    EXPECT_EQ(netlist.circuit.devices.size(), 11u);
    EXPECT_EQ(netsOf(netlist, "xiLG_nmos/MM10"),
              (std::vector<std::string>{"LG_Vbiasn", "Biasp", "vdd!", "vdd!"}));
    EXPECT_TRUE(says(netlist, Severity::Warning, "parameter 'WA' is not defined"));

    ReadOptions options;
    options.top = "single_ended";
    const auto cell = readNetlist(*thirdPartyNetlists() / "align/single_ended_LG_nmos_cr13_1.sp", options);
    ASSERT_TRUE(cell) << cell.error().describe();
    ASSERT_EQ(cell->circuit.ports.size(), 4u);
    EXPECT_EQ(cell->circuit.ports[0].direction, PortDirection::Input);
    EXPECT_EQ(cell->circuit.ports[3].direction, PortDirection::Output);
    EXPECT_EQ(cell->circuit.devices.size(), 5u);
}

TEST_F(ThirdPartyNetlist, ReadsNetlistsThatStartWithACard) {
    const Netlist netlist = read("align/five_transistor_ota.sp");
    EXPECT_EQ(netlist.circuit.devices.size(), 5u);
    EXPECT_EQ(device(netlist, "mn1").polarity, Polarity::N);
    EXPECT_EQ(device(netlist, "mp4").polarity, Polarity::P);
    EXPECT_EQ(device(netlist, "mp4").number("m"), 4.0);
    EXPECT_TRUE(says(netlist, Severity::Note, "first line"));
    EXPECT_FALSE(says(netlist, Severity::Warning, "floats"));
    EXPECT_EQ(read("align/telescopic_ota_with_bias.sp").circuit.devices.size(), 36u);
}

} // namespace
} // namespace headroom::netlist
