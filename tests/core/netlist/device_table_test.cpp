// What the device table says about the devices of open process kits, and what becomes of it in a circuit.

#include "core/netlist/device_table.h"

#include <gtest/gtest.h>

#include "core/netlist/sizing_export.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

TEST(DeviceTable, KnowsTheMosfetsOfOpenKits) {
    struct Case {
        const char* model;
        const char* process;
        Polarity polarity;
        const char* fingers;
        double unit;
    };
    for (const Case& each : {Case{"sky130_fd_pr__nfet_01v8", "sky130", Polarity::N, "nf", 1e-6},
                             Case{"SKY130_FD_PR__PFET_G5V0D10V5", "sky130", Polarity::P, "nf", 1e-6},
                             Case{"sky130_fd_pr__special_nfet_latch", "sky130", Polarity::N, "nf", 1e-6},
                             Case{"nfet_03v3", "gf180mcu", Polarity::N, "nf", 1},
                             Case{"pfet_06v0_dss", "gf180mcu", Polarity::P, "nf", 1},
                             Case{"sg13_lv_nmos", "sg13g2", Polarity::N, "ng", 1},
                             Case{"sg13_hv_pmos", "sg13g2", Polarity::P, "ng", 1},
                             Case{"slvtpfet", "generic", Polarity::P, "nf", 1},
                             Case{"nch_lvt_mac", "generic", Polarity::N, "nf", 1}}) {
        const DeviceRule* rule = findDeviceRule(each.model, 4);
        ASSERT_NE(rule, nullptr) << each.model;
        EXPECT_EQ(rule->type, DeviceType::Mosfet) << each.model;
        EXPECT_EQ(rule->process, each.process) << each.model;
        EXPECT_EQ(rule->polarity, each.polarity) << each.model;
        EXPECT_EQ(rule->fingers, each.fingers) << each.model;
        EXPECT_EQ(rule->lengthUnit, each.unit) << each.model;
        EXPECT_FALSE(rule->widthIsPerFinger) << each.model;
        EXPECT_EQ(findDeviceRule(each.model, DeviceType::Mosfet), rule) << each.model;
        EXPECT_EQ(findDeviceRule(each.model, DeviceType::Resistor), nullptr) << each.model;
    }
}

TEST(DeviceTable, KnowsThePassivesDiodesAndBipolarsOfOpenKits) {
    struct Case {
        const char* model;
        std::size_t nets;
        DeviceType type;
        const char* process;
    };
    for (const Case& each :
         {Case{"sky130_fd_pr__res_high_po_0p35", 3, DeviceType::Resistor, "sky130"},
          Case{"sky130_fd_pr__cap_mim_m3_1", 2, DeviceType::Capacitor, "sky130"},
          Case{"sky130_fd_pr__pnp_05v5_W3p40L3p40", 3, DeviceType::Bipolar, "sky130"},
          Case{"sky130_fd_pr__diode_pw2nd_05v5", 2, DeviceType::Diode, "sky130"},
          Case{"ppolyf_u_1k", 3, DeviceType::Resistor, "gf180mcu"},
          Case{"cap_mim_2f0_m4m5_noshield", 2, DeviceType::Capacitor, "gf180mcu"},
          Case{"pnp_10p00x10p00", 3, DeviceType::Bipolar, "gf180mcu"},
          Case{"rhigh", 3, DeviceType::Resistor, "sg13g2"},
          Case{"cap_cmim", 2, DeviceType::Capacitor, "sg13g2"},
          Case{"npn13G2", 4, DeviceType::Bipolar, "sg13g2"}, Case{"dantenna", 2, DeviceType::Diode, "sg13g2"},
          Case{"rppolywo_rf", 3, DeviceType::Resistor, "generic"}}) {
        const DeviceRule* rule = findDeviceRule(each.model, each.nets);
        ASSERT_NE(rule, nullptr) << each.model;
        EXPECT_EQ(rule->type, each.type) << each.model;
        EXPECT_EQ(rule->process, each.process) << each.model;
    }
    EXPECT_EQ(findDeviceRule("nfet_03v3", 2), nullptr);
    EXPECT_EQ(findDeviceRule("my_amplifier", 4), nullptr);
    EXPECT_EQ(findDeviceRule("", 4), nullptr);
    EXPECT_EQ(findDeviceRule(std::string(100'000, 'n'), 4), nullptr);
}

TEST(DeviceTable, SubcircuitsOfKitsBecomeDevices) {
    const Netlist netlist = parsed("* kit\n"
                                   "XM1 out in tail vss sky130_fd_pr__nfet_01v8 L=0.5 W=20 nf=4 mult=2 m=3\n"
                                   "XR1 out bias vss sky130_fd_pr__res_high_po_0p35 L=10 mult=1 m=1\n"
                                   "XC1 out in sky130_fd_pr__cap_mim_m3_1 W=5 L=4 MF=1 m=1\n"
                                   "XQ1 vss vss bias sky130_fd_pr__pnp_05v5_W3p40L3p40 m=8\n"
                                   "XR2 out bias vss ppolyf_u r_width=1u r_length=20u m=1\n"
                                   "XM2 bias tail vss vss n_18_mm w=2u l=0.18u\n"
                                   "V1 out 0 1\n");
    const Device& m1 = device(netlist, "XM1");
    EXPECT_EQ(m1.type, DeviceType::Mosfet);
    EXPECT_EQ(m1.number("w"), 20e-6);
    EXPECT_EQ(m1.fingers(), 4);
    EXPECT_DOUBLE_EQ(m1.fingerWidth().value(), 5e-6);
    EXPECT_DOUBLE_EQ(m1.unitWidth().value(), 20e-6);
    EXPECT_DOUBLE_EQ(m1.totalWidth().value(), 60e-6); // mult only steers mismatch
    EXPECT_EQ(m1.lengthUnit, 1e-6);
    const Device& r1 = device(netlist, "XR1");
    EXPECT_EQ(r1.type, DeviceType::Resistor);
    EXPECT_EQ(netsOf(netlist, "XR1"), (std::vector<std::string>{"out", "bias", "vss"}));
    EXPECT_EQ(r1.number("l"), 10e-6);
    EXPECT_EQ(device(netlist, "XC1").number("w"), 5e-6);
    EXPECT_EQ(device(netlist, "XQ1").type, DeviceType::Bipolar);
    EXPECT_EQ(device(netlist, "XQ1").polarity, Polarity::P);
    const Device& r2 = device(netlist, "XR2");
    EXPECT_EQ(r2.number(r2.widthName()), 1e-6);
    EXPECT_EQ(r2.number(r2.lengthName()), 20e-6);
    EXPECT_EQ(device(netlist, "XM2").type, DeviceType::Mosfet);
    EXPECT_EQ(device(netlist, "XM2").number("w"), 2e-6);
    EXPECT_TRUE(says(netlist, Severity::Note, "'n_18_mm' has four nets, w and l"));
}

TEST(DeviceTable, FingersAndWidthsOfSg13g2) {
    const Netlist netlist = parsed("* kit\nXM1 d g 0 0 sg13_lv_nmos w=6u l=0.13u ng=3 m=2\nV1 d 0 1\n");
    const Device& m1 = device(netlist, "XM1");
    EXPECT_EQ(m1.fingersName(), "ng");
    EXPECT_DOUBLE_EQ(m1.fingerWidth().value(), 2e-6);
    EXPECT_DOUBLE_EQ(m1.totalWidth().value(), 12e-6);
    EXPECT_EQ(m1.lengthUnit, 1);
}

TEST(DeviceTable, WidthMayBeOneFingers) {
    ReadOptions options;
    options.widthIsPerFinger = true;
    const std::string text = "* magic\nM1 d g 0 0 nmos w=2.5u l=1u ng=4 m=2\nV1 d 0 1\n";
    const Netlist perFinger = parsed(text, options);
    EXPECT_DOUBLE_EQ(device(perFinger, "M1").unitWidth().value(), 10e-6);
    EXPECT_DOUBLE_EQ(device(perFinger, "M1").totalWidth().value(), 20e-6);
    EXPECT_DOUBLE_EQ(device(parsed(text), "M1").totalWidth().value(), 5e-6);
    // RF devices of foundries name the finger's width.
    const Netlist rf = parsed("* rf\nM1 d g 0 0 nmos lr=60n wr=1u nr=28 m=4\nV1 d 0 1\n");
    EXPECT_DOUBLE_EQ(device(rf, "M1").unitWidth().value(), 28e-6);
}

TEST(DeviceTable, SaysHowAFileIsRead) {
    const Netlist netlist = parsed("* kit\nXM1 d g 0 0 sky130_fd_pr__nfet_01v8 L=0.5 W=20 nf=4\n"
                                   "XM2 d g 0 0 sky130_fd_pr__nfet_01v8 L=0.5 W=20 nf=4\n"
                                   "M3 d g 0 0 mynmos L=0.5u W=2u\nV1 d 0 1\n");
    const auto conventions = deviceConventions(netlist.circuit);
    ASSERT_EQ(conventions.size(), 2u);
    EXPECT_EQ(conventions[0].process, "sky130");
    EXPECT_EQ(conventions[0].devices, 2u);
    EXPECT_EQ(conventions[0].sentence(),
              "sky130 MOSFETs: bare W and L are in micrometres; W is the width of all nf fingers.");
}

TEST(DeviceTable, SizesOfKitResistorsAreWrittenInTheirUnit) {
    const Netlist netlist = parsed("* kit\nXR1 a 0 0 sky130_fd_pr__res_high_po_0p35 L=10 mult=1\nV1 a 0 1\n");
    const auto edited = applySizing(netlist, {{"XR1", "l", 12.5e-6}});
    ASSERT_TRUE(edited) << edited.error().describe();
    EXPECT_NE(edited->text.find("L=12.5 mult=1"), std::string::npos) << edited->text;
}

TEST(DeviceTable, OwnCellsAreNeverDevices) {
    const Netlist netlist = parsed("* own\n.subckt res_ladder a b\nR1 a m 1k\nR2 m b 1k\n.ends\n"
                                   "X1 n 0 res_ladder\nV1 n 0 1\n");
    EXPECT_EQ(netlist.circuit.devices.size(), 3u);
    EXPECT_EQ(device(netlist, "X1/R1").number("value"), 1e3);
}

} // namespace
} // namespace headroom::netlist
