// Whatever is drawn and written as an xschem schematic connects, read again, what it did before.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/netlist/netlist.h"
#include "core/schematic/export.h"
#include "core/schematic/placer.h"
#include "tests/core/schematic/written_again.h"

namespace headroom::schematic {
namespace {

namespace fs = std::filesystem;
using test::differences;

WrittenXschem written(const netlist::Netlist& netlist) {
    return writeXschem(drawingOf(netlist, structure::recognise(netlist.circuit)), netlist);
}

netlist::Netlist parsed(const std::string& text, const std::string& name) {
    auto netlist = netlist::parseNetlist(text, name);
    EXPECT_TRUE(netlist) << netlist.error().describe();
    return netlist ? std::move(*netlist) : netlist::Netlist{};
}

netlist::Netlist again(const netlist::Netlist& netlist) {
    return parsed(written(netlist).text, "again.sch");
}

const netlist::Device& device(const netlist::Netlist& netlist, const std::string& name) {
    static const netlist::Device none;
    const auto id = netlist.circuit.findDevice(name);
    EXPECT_TRUE(id) << name;
    return id ? netlist.circuit.devices[static_cast<std::size_t>(*id)] : none;
}

TEST(WrittenXschem, KeepsABulkOnItsOwnSource) {
    const auto netlist = parsed(".subckt dp inp inn op on tail vdd vss\n"
                                "M1 op inp s s pch w=1u l=1u\nM2 on inn s s pch w=1u l=1u\n"
                                "M3 s tail vdd vdd pch w=2u l=1u\nR1 op vss 1k\nR2 on vss 1k\n.ends\n",
                                "dp.sp");
    EXPECT_EQ(differences(netlist.circuit, again(netlist).circuit), std::vector<std::string>{});
}

TEST(WrittenXschem, KeepsEveryThirdPartyNetlistAndExample) {
    std::vector<fs::path> roots{fs::path(HEADROOM_TEST_SOURCE_DIR) / "resources/examples"};
    if (const char* data = std::getenv("HEADROOM_TEST_DATA")) roots.push_back(fs::path(data) / "netlists");
    int read = 0;
    for (const fs::path& root : roots) {
        if (!fs::exists(root)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            const std::string suffix = entry.path().extension().string();
            static constexpr std::array kSuffixes{".ckt", ".sp", ".scs", ".sch", ".asc", ".kicad_sch"};
            if (std::find(kSuffixes.begin(), kSuffixes.end(), suffix) == kSuffixes.end()) continue;
            const auto netlist = netlist::readNetlist(entry.path());
            ASSERT_TRUE(netlist) << netlist.error().describe();
            EXPECT_EQ(differences(netlist->circuit, again(*netlist).circuit), std::vector<std::string>{})
                << entry.path();
            ++read;
        }
    }
    EXPECT_GT(read, 1);
}

// LTspice's symbols have their pins elsewhere than xschem's: they come along, and the wires fit.
TEST(WrittenXschem, KeepsTheConnectionsOfAnLtspiceSheet) {
    const std::string sheet = "Version 4\nSHEET 1 880 680\n"
                              "WIRE 160 80 160 48\nWIRE 160 48 320 48\nWIRE 320 80 320 48\n"
                              "WIRE 160 208 160 176\nWIRE 112 160 64 160\nWIRE 320 208 320 144\n"
                              "FLAG 160 208 0\nFLAG 64 160 in\nIOPIN 64 160 In\nFLAG 320 208 out\n"
                              "SYMBOL nmos 112 80 R0\nSYMATTR InstName M1\nSYMATTR Value NX\n"
                              "SYMATTR Value2 l=1u w=10u\n"
                              "SYMBOL cap 304 80 R0\nSYMATTR InstName C1\nSYMATTR Value 4k7\n"
                              "SYMBOL res 480 64 M90\nSYMATTR InstName R1\nSYMATTR Value 6K34\n"
                              "FLAG 464 80 out\nFLAG 384 80 vx\n"
                              "TEXT 0 300 Left 2 !.model NX NMOS(kp=100u)\\n.param a=2\n";
    const auto netlist = parsed(sheet, "sheet.asc");
    ASSERT_EQ(netlist.circuit.devices.size(), 3U);
    const std::string text = written(netlist).text;
    const auto back = parsed(text, "again.sch");
    EXPECT_EQ(differences(netlist.circuit, back.circuit), std::vector<std::string>{});
    // LTspice's way to write 6340 means 6000 to ngspice.
    EXPECT_DOUBLE_EQ(device(back, "R1").number("value").value_or(0), 6340);
    EXPECT_NE(text.find(".model NX NMOS(kp=100u)"), std::string::npos);
    EXPECT_NE(text.find(".param a=2"), std::string::npos);
}

TEST(WrittenXschem, UsesTheKitsOwnSymbolWithItsAttributes) {
    const auto netlist =
        parsed("* kit\n.subckt a d g s b\nXM1 d g s b sky130_fd_pr__nfet_01v8 L=0.5 W=20 nf=4 m=2\n"
               "XM2 d g s b sg13_lv_nmos w=2u l=0.5u ng=2 m=1\n.ends\n",
               "kit.sp");
    const std::string text = written(netlist).text;
    EXPECT_NE(text.find("C {sky130_fd_pr/nfet_01v8.sym}"), std::string::npos) << text;
    EXPECT_NE(text.find("W=20 nf=4 mult=2 model=nfet_01v8"), std::string::npos) << text;
    EXPECT_NE(text.find("C {sg13g2_pr/sg13_lv_nmos.sym}"), std::string::npos) << text;
    const auto back = parsed(text, "again.sch");
    EXPECT_EQ(differences(netlist.circuit, back.circuit), std::vector<std::string>{});
    EXPECT_DOUBLE_EQ(device(back, "XM1").number("w").value_or(0), 20e-6);
    EXPECT_DOUBLE_EQ(device(back, "XM1").number("m").value_or(0), 2);
    EXPECT_DOUBLE_EQ(device(back, "XM2").number("ng").value_or(0), 2);
}

TEST(WrittenXschem, InventsNoValueAndLosesNoParameter) {
    const auto netlist =
        parsed("* values\n.param W2=3u\n.model rpoly r(rsh=100)\nR1 a b rpoly w=1u l=10u\n"
               "M1 a b 0 0 nch w={W2} l=1u nf=2 ad=1p\nV1 a 0 DC 1 AC 2 PULSE(0 1 0 1n 1n 1u 2u)\n"
               "C1 b 0 1p m=2\n",
               "values.sp");
    const WrittenXschem sheet = written(netlist);
    const auto back = parsed(sheet.text, "again.sch");
    EXPECT_EQ(differences(netlist.circuit, back.circuit), std::vector<std::string>{});
    EXPECT_EQ(device(back, "R1").parameter("value"), nullptr);
    EXPECT_EQ(device(back, "R1").model, "rpoly");
    EXPECT_DOUBLE_EQ(device(back, "R1").number("w").value_or(0), 1e-6);
    EXPECT_DOUBLE_EQ(device(back, "M1").number("w").value_or(0), 3e-6);
    EXPECT_EQ(device(back, "M1").parameter("w")->text, "{W2}");
    EXPECT_DOUBLE_EQ(device(back, "M1").number("nf").value_or(0), 2);
    EXPECT_DOUBLE_EQ(device(back, "M1").number("ad").value_or(0), 1e-12);
    EXPECT_DOUBLE_EQ(device(back, "V1").number("value").value_or(0), 1);
    EXPECT_DOUBLE_EQ(device(back, "V1").number("ac").value_or(0), 2);
    EXPECT_NE(device(back, "V1").parameter("waveform"), nullptr);
    EXPECT_DOUBLE_EQ(device(back, "C1").number("m").value_or(0), 2);
}

TEST(WrittenXschem, WritesTheInsideOfSubcircuitsAndNamesTheirDevices) {
    const auto netlist = parsed("* hierarchy\n.subckt half a b\nR1 a b 1k\nM1 a b 0 0 nch w=1u l=1u\n.ends\n"
                                "X1 p q half\nX2 q r half m=2\nV1 p 0 1\n",
                                "hierarchy.sp");
    const auto back = again(netlist);
    EXPECT_EQ(differences(netlist.circuit, back.circuit), std::vector<std::string>{});
    EXPECT_EQ(device(back, "X1_R1").type, netlist::DeviceType::Resistor);
    EXPECT_DOUBLE_EQ(device(back, "X2_M1").number("m").value_or(1), 2);
}

TEST(WrittenXschem, WritesMembersOfArraysBelowTheSheetAndSaysSo) {
    const std::string sheet = "v {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {}\nV {}\nS {}\nE {}\n"
                              "C {devices/res.sym} 0 0 0 0 {name=R[2:0] value=1k}\nC {devices/lab_pin.sym} 0 "
                              "-30 0 0 {name=p1 lab=A[2:0]}\n"
                              "C {devices/lab_pin.sym} 0 30 0 0 {name=p2 lab=b}\n"
                              "C {devices/res.sym} 200 0 0 0 {name=R9 value=2k spice_ignore=short}\n"
                              "C {devices/res.sym} 200 -60 0 0 {name=R8 value=2k}\nC {devices/res.sym} 200 "
                              "60 0 0 {name=R7 value=2k}\n";
    const auto netlist = parsed(sheet, "array.sch");
    ASSERT_EQ(netlist.circuit.devices.size(), 5U);
    const WrittenXschem result = written(netlist);
    EXPECT_EQ(differences(netlist.circuit, parsed(result.text, "again.sch").circuit),
              std::vector<std::string>{});
    ASSERT_FALSE(result.notes.empty());
    EXPECT_NE(result.notes.front().find("R[1]"), std::string::npos) << result.notes.front();
}

} // namespace
} // namespace headroom::schematic
