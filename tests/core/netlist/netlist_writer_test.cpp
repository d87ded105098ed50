// A circuit written in any dialect reads back as the same circuit.

#include "core/netlist/netlist_writer.h"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

constexpr std::array kDialects{Dialect::Spice,   Dialect::Hspice, Dialect::Ngspice,
                               Dialect::Ltspice, Dialect::Cdl,    Dialect::Spectre};

/// The same net structure, whatever the names: each net of one circuit is one net of the other.
void expectSameCircuit(const Circuit& a, const Circuit& b) {
    ASSERT_EQ(a.devices.size(), b.devices.size());
    ASSERT_EQ(a.ports.size(), b.ports.size());
    std::vector<NetId> partner(a.nets.size(), -1);
    std::set<NetId> taken;
    const auto expectSameNet = [&](NetId mine, NetId other) {
        NetId& known = partner[static_cast<std::size_t>(mine)];
        if (known < 0) {
            EXPECT_TRUE(taken.insert(other).second) << a.nets[static_cast<std::size_t>(mine)];
            known = other;
            EXPECT_EQ(a.globalNets[static_cast<std::size_t>(mine)],
                      b.globalNets[static_cast<std::size_t>(other)])
                << a.nets[static_cast<std::size_t>(mine)];
        }
        EXPECT_EQ(known, other) << a.nets[static_cast<std::size_t>(mine)];
    };
    for (std::size_t i = 0; i < a.ports.size(); ++i)
        expectSameNet(a.ports[i].net, b.ports[i].net);
    for (std::size_t i = 0; i < a.devices.size(); ++i) {
        const Device& mine = a.devices[i];
        const Device& other = b.devices[i];
        SCOPED_TRACE(mine.name + " and " + other.name);
        EXPECT_EQ(mine.type, other.type);
        EXPECT_EQ(mine.polarity, other.polarity);
        // A controlled source is its letter in SPICE and its master in Spectre.
        const bool controlled = mine.type == DeviceType::Other && mine.number("value");
        if (mine.type != DeviceType::VoltageSource && !controlled) {
            EXPECT_EQ(mine.model, other.model);
        }
        ASSERT_EQ(mine.nets.size(), other.nets.size());
        for (std::size_t n = 0; n < mine.nets.size(); ++n)
            expectSameNet(mine.nets[n], other.nets[n]);
        for (const Parameter& parameter : mine.parameters) {
            if (!parameter.number || mine.type == DeviceType::VoltageSource) continue;
            EXPECT_EQ(other.number(parameter.name), parameter.number) << parameter.name;
        }
        EXPECT_EQ(mine.number("value"), other.number("value"));
        EXPECT_EQ(mine.number("ac"), other.number("ac"));
        EXPECT_EQ(mine.totalWidth(), other.totalWidth());
    }
}

void expectRoundTrips(const Netlist& netlist) {
    for (const Dialect dialect : kDialects) {
        SCOPED_TRACE(toString(dialect));
        const auto written = writeNetlist(netlist, dialect);
        ASSERT_TRUE(written) << written.error().describe();
        ReadOptions options;
        if (dialect == Dialect::Spice) options.dialect = Dialect::Spice;
        const auto again = parseNetlist(written->text, "written.sp", options);
        ASSERT_TRUE(again) << again.error().describe() << '\n' << written->text;
        EXPECT_EQ(again->dialect, dialect) << written->text;
        EXPECT_EQ(again->lines.read, again->lines.accounted);
        expectSameCircuit(netlist.circuit, again->circuit);
        if (testing::Test::HasFailure()) FAIL() << written->text;
    }
}

const std::string kAmplifier =
    "* amplifier\n.param w1=2.35u\n.global vdd! vss!\n"
    ".subckt pair a b t out w=1u\nM1 out a t vss! nmos W=w L=0.13u m=2\n"
    "M2 t b out vss! nmos W='w*2' L={l0} nf=4\n.param l0=0.18u\nC1 out t 1.5p\n.ends\n"
    "X1 in+ in- tail out pair w='w1'\nX2 in- in+ tail out<3> pair m=3\n"
    "M3 tail bias vss! vss! nmos W=10u L=1u\nMP out out<3> vdd! vdd! pmos W=4u L=0.5u nf=2\n"
    "R1 out 0 1meg\nL1 out 0 1n\nQ1 out bias 0 npn1 area=2\nD1 0 out dmod\n.model npn1 npn\n.model dmod d\n"
    "V1 vdd! 0 DC 1.8\nV2 in+ 0 0.9 AC 1 180\nI1 vdd! bias 10u\nXB out in+ blackbox gain=3\n"
    "E1 out tail in+ in- 100\n.end\n";

TEST(NetlistWriter, SpiceReadsBackInEveryDialect) {
    expectRoundTrips(parsed(kAmplifier));
}

TEST(NetlistWriter, EveryDialectReadsBackInEveryOther) {
    const Netlist source = parsed(kAmplifier);
    for (const Dialect dialect : kDialects) {
        SCOPED_TRACE(toString(dialect));
        const auto written = writeNetlist(source, dialect);
        ASSERT_TRUE(written);
        expectRoundTrips(parsed(written->text));
    }
}

TEST(NetlistWriter, CellsKeepTheirPorts) {
    const Netlist netlist = parsed(".subckt ota-5t inp inn out vdd vss ib\n*.PININFO inp:I out:O\n"
                                   "M1 a inp t vss nmos W=1u L=1u\nM2 out inn t vss nmos W=1u L=1u\n"
                                   "M3 a a vdd vdd pmos W=1u L=1u\nM4 out a vdd vdd pmos W=1u L=1u\n"
                                   "M5 t ib vss vss nmos W=WT L='2*LT'\n.ends\n");
    expectRoundTrips(netlist);
    const auto hspice = writeNetlist(netlist, Dialect::Hspice);
    EXPECT_NE(hspice->text.find("w='WT' l='2*LT'"), std::string::npos) << hspice->text;
    const auto spectre = writeNetlist(netlist, Dialect::Spectre);
    EXPECT_NE(spectre->text.find("w=WT l=(2*LT)"), std::string::npos) << spectre->text;
    const auto ngspice = writeNetlist(netlist, Dialect::Ngspice);
    EXPECT_NE(ngspice->text.find("w={WT} l={2*LT}"), std::string::npos) << ngspice->text;
}

TEST(NetlistWriter, KitDevicesKeepTheirFormAndUnit) {
    const Netlist sky = parsed("* kit\nXM1 out in 0 0 sky130_fd_pr__nfet_01v8 L=0.5 W=20.25 nf=4 m=1 ad=5.2\n"
                               "XR1 out in 0 sky130_fd_pr__res_high_po_0p35 L=10 mult=1\n"
                               "XC1 out in sky130_fd_pr__cap_mim_m3_1 W=5 L=4\n"
                               "XQ1 0 0 out sky130_fd_pr__pnp_05v5_W3p40L3p40 m=8\nV1 in 0 1\n");
    expectRoundTrips(sky);
    const auto ngspice = writeNetlist(sky, Dialect::Ngspice);
    EXPECT_NE(ngspice->text.find("XM1 out in 0 0 sky130_fd_pr__nfet_01v8 l=0.5 w=20.25 nf=4 m=1 ad=5.2"),
              std::string::npos)
        << ngspice->text;
    expectRoundTrips(parsed("* kit\nXM1 d g 0 0 sg13_lv_nmos w=6u l=0.13u ng=3 m=2\n"
                            "XR1 d g 0 rhigh w=0.5u l=10u m=1\nXC1 d g cap_cmim w=5u l=5u\n"
                            "XR2 d g 0 ppolyf_u r_width=1u r_length=20u m=1\nV1 g 0 1\n"));
}

TEST(NetlistWriter, NamesBecomeLegalAndStayDifferent) {
    const Netlist netlist =
        parsed("simulator lang=spectre\nsubckt c a b\nM1 (a b 0 0) nch w=1u l=1u\nends c\n"
               "X1 (Out out) c\nX1_M1 (out Out 0 0) nch w=1u l=1u\n"
               "save\\-me (out\\<1\\> Out) resistor r=1k\nV1 (out 0) vsource dc=1\n"
               "V2 (Out 0) vsource dc=1 type=pulse val0=0 val1=1 delay=1n\n"
               "V3 (out\\<1\\> 0) vsource dc=1\nP0 (Out out) iprobe\n");
    expectRoundTrips(netlist);
    const auto spice = writeNetlist(netlist, Dialect::Ngspice);
    EXPECT_NE(spice->text.find("PULSE(0 1 1n"), std::string::npos) << spice->text;
}

TEST(NetlistWriter, ModelsAndLibrariesGoAlong) {
    const Netlist netlist = parsed("* t\n.lib 'models.lib' tt\n.model n1 nmos level=1 vto=0.4\n"
                                   "M1 a b 0 0 n1 w=1u l=1u\nV1 a 0 1\nV2 b 0 1\n");
    const auto ngspice = writeNetlist(netlist, Dialect::Ngspice);
    EXPECT_NE(ngspice->text.find(".lib 'models.lib' tt\n.model n1 nmos level=1 vto=0.4\n"),
              std::string::npos);
    EXPECT_TRUE(ngspice->notes.empty());
    const auto spectre = writeNetlist(netlist, Dialect::Spectre);
    EXPECT_EQ(spectre->notes.size(), 2u);
    EXPECT_NE(spectre->text.find("// Not converted: .model n1"), std::string::npos);
}

TEST(NetlistWriter, LongCardsAreContinued) {
    std::string cell = ".subckt wide";
    std::string body;
    for (int i = 0; i < 200; ++i) {
        cell += " port" + std::to_string(i);
        body += "R" + std::to_string(i) + " port" + std::to_string(i) + " 0 1k\n";
    }
    const Netlist netlist = parsed(cell + "\n" + body + ".ends\n");
    for (const Dialect dialect : kDialects) {
        const auto written = writeNetlist(netlist, dialect);
        ASSERT_TRUE(written);
        std::size_t longest = 0;
        for (std::size_t at = 0; at < written->text.size();) {
            const std::size_t end = written->text.find('\n', at);
            longest = std::max(longest, end - at);
            at = end + 1;
        }
        if (dialect != Dialect::Cdl) {
            EXPECT_LT(longest, 130u);
        }
    }
    expectRoundTrips(netlist);
}

TEST(NetlistWriter, ThirdPartyNetlistsReadBack) {
    if (!thirdPartyNetlists()) GTEST_SKIP() << "HEADROOM_TEST_DATA does not name a folder with netlists";
    int count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*thirdPartyNetlists())) {
        const std::string suffix = entry.path().extension().string();
        if (suffix != ".ckt" && suffix != ".sp" && suffix != ".scs") continue;
        SCOPED_TRACE(entry.path().filename().string());
        const auto netlist = readNetlist(entry.path());
        ASSERT_TRUE(netlist) << netlist.error().describe();
        expectRoundTrips(*netlist);
        ++count;
    }
    EXPECT_GT(count, 10);
}

TEST(NetlistWriter, RefusesAnEmptyCircuit) {
    EXPECT_FALSE(writeNetlist({}, Dialect::Spice));
}

} // namespace
} // namespace headroom::netlist
