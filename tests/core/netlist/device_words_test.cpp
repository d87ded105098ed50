// What the words of a device's card are: nets, model, positional values, lists, attributes.

#include <gtest/gtest.h>

#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

using Names = std::vector<std::string>;

TEST(DeviceWords, PartNumbersAreModels) {
    const Netlist ltspice =
        parsed("* C:\\a.asc\nQ1 N001 N002 N003 0 2N3904\nQ2 N001 N002 N003 0 BC547B\n"
               "M1 N003 N002 0 IRF530\nM2 N003 N002 0 2N7002\nR1 N001 N002 1k\n.backanno\n");
    EXPECT_EQ(netsOf(ltspice, "Q1"), (Names{"N001", "N002", "N003", "0"}));
    EXPECT_EQ(device(ltspice, "Q1").model, "2N3904");
    EXPECT_EQ(device(ltspice, "Q2").model, "BC547B");
    EXPECT_EQ(device(ltspice, "M1").model, "IRF530");
    EXPECT_EQ(netsOf(ltspice, "M2"), (Names{"N003", "N002", "0", "0"}));
    EXPECT_EQ(device(ltspice, "M2").model, "2N7002");

    const Netlist plain = parsed("* parts\nQ1 c b e sub 2N3904\nQ2 c b e 2N2222\nM1 c b e BSS138\n"
                                 "M2 c b e 2N7002\nM3 c b e e 1N60\nD1 c e 1N4148\nD2 c e 1N914 1.5 ic=0.5\n"
                                 "D3 c e 1N5819 OFF\nJ1 c b e 2N5457\n");
    EXPECT_EQ(netsOf(plain, "Q1"), (Names{"c", "b", "e", "sub"}));
    EXPECT_EQ(device(plain, "Q1").model, "2N3904");
    EXPECT_EQ(netsOf(plain, "Q2"), (Names{"c", "b", "e"}));
    EXPECT_EQ(device(plain, "M1").model, "BSS138");
    EXPECT_EQ(device(plain, "M2").model, "2N7002");
    EXPECT_EQ(device(plain, "M3").model, "1N60");
    EXPECT_EQ(device(plain, "D1").model, "1N4148");
    EXPECT_EQ(device(plain, "D2").number("area"), 1.5);
    EXPECT_FALSE(device(plain, "D3").number("area"));
    EXPECT_EQ(device(plain, "J1").model, "2N5457");
}

TEST(DeviceWords, AreasAndFlagsStandBehindTheModel) {
    const Netlist netlist = parsed("* flags\n.param ar=3\nQ5 c b e qun OFF\nQ6 c b e qun 1.5\n"
                                   "Q7 c b e qun 1.5 OFF\nQ8 c b e s qun ar\nR1 c s 1\nR2 b e 1\n");
    for (const char* name : {"Q5", "Q6", "Q7", "Q8"})
        EXPECT_EQ(device(netlist, name).model, "qun") << name;
    EXPECT_EQ(netsOf(netlist, "Q5"), (Names{"c", "b", "e"}));
    EXPECT_EQ(device(netlist, "Q6").number("area"), 1.5);
    EXPECT_EQ(device(netlist, "Q7").number("area"), 1.5);
    EXPECT_EQ(netsOf(netlist, "Q8"), (Names{"c", "b", "e", "s"}));
    EXPECT_EQ(device(netlist, "Q8").number("area"), 3.0);
    EXPECT_FALSE(says(netlist, Severity::Warning, "not understood"));
}

TEST(DeviceWords, JfetsMayHaveABulk) {
    const Netlist netlist =
        parsed("* j\nJ1 d g s b jm 2\nJ2 d g s jm 3 OFF\nJ3 d g s b other\nR1 d g 1\nR2 s b 1\n"
               ".model jm njf\n");
    EXPECT_EQ(netsOf(netlist, "J1"), (Names{"d", "g", "s", "b"}));
    EXPECT_EQ(device(netlist, "J1").number("area"), 2.0);
    EXPECT_EQ(netsOf(netlist, "J2"), (Names{"d", "g", "s"}));
    EXPECT_EQ(device(netlist, "J2").number("area"), 3.0);
    EXPECT_EQ(device(netlist, "J3").model, "other");
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
}

TEST(DeviceWords, ListsAreOneValue) {
    const Netlist netlist = parsed("* lists\nQ1 c b e qm IC=0.65,5\nQ2 c b e qm 2 IC=0.6, 5\n"
                                   "M1 d g s 0 nm W=1u IC=0.5,1,0\nM2 d g s 0 nm w=1u,l=2u\n"
                                   "R1 a b rmod L=1u TC=1m,2u\nX1 a b res tc=0.1,0.2\n"
                                   ".model qm npn\n.model nm nmos\n.model rmod r rsh=10\n"
                                   "V1 d 0 1\nV2 g 0 1\nV3 s 0 1\nV4 c b 1\nV5 b e 1\nV6 e 0 1\n");
    EXPECT_FALSE(device(netlist, "Q1").number("area"));
    EXPECT_FALSE(says(parsed("* t\nT1 a 0 b 0 Z0=50 TD=1n IC=0,0,0,0\nV1 a b 1\n"), Severity::Warning, ""));
    EXPECT_EQ(device(netlist, "Q1").parameter("ic")->text, "0.65,5");
    EXPECT_EQ(device(netlist, "Q2").number("area"), 2.0);
    EXPECT_FALSE(device(netlist, "M1").number("l"));
    EXPECT_EQ(device(netlist, "M1").number("w"), 1e-6);
    EXPECT_EQ(device(netlist, "M2").number("l"), 2e-6);
    EXPECT_FALSE(device(netlist, "R1").parameter("value"));
    EXPECT_EQ(device(netlist, "X1").model, "res");
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
}

TEST(DeviceWords, CdlAttributes) {
    const Netlist netlist = parsed(".SUBCKT rc A B C VSS\nRR0 A B 1K $[rp] $SUB=VSS\nRR1 A B 2K $.MODEL=rp\n"
                                   "DD0 A B $[ndio] 1.5p\nDD1 A B 2p 4u $[ndio]\n"
                                   "QQ1 A B C VSS $[vpnp]\nQQ2 A B C $[vpnp] $SUB=VSS M=2\n"
                                   "QQ3 A B C pnp5 $SUB=VSS\n"
                                   "MM0 A B C VSS nch $LDD[NL] W=1u L=2u topography=normal\n"
                                   "X2 A B nwdio $T=0 0 0 0 $X=-10 $Y=2\n.ENDS\n");
    EXPECT_EQ(netlist.dialect, Dialect::Cdl);
    EXPECT_EQ(device(netlist, "RR1").model, "rp");
    EXPECT_EQ(netsOf(netlist, "DD0"), (Names{"A", "B"}));
    EXPECT_EQ(device(netlist, "DD0").model, "ndio");
    EXPECT_EQ(device(netlist, "DD0").number("area"), 1.5e-12);
    EXPECT_EQ(device(netlist, "DD1").number("area"), 2e-12);
    EXPECT_EQ(device(netlist, "DD1").number("pj"), 4e-6);
    for (const char* name : {"QQ1", "QQ2", "QQ3"})
        EXPECT_EQ(netsOf(netlist, name), (Names{"A", "B", "C", "VSS"})) << name;
    EXPECT_EQ(device(netlist, "QQ2").number("m"), 2.0);
    EXPECT_EQ(device(netlist, "MM0").number("w"), 1e-6);
    EXPECT_EQ(device(netlist, "MM0").parameter("topography")->text, "normal");
    EXPECT_EQ(netsOf(netlist, "X2"), (Names{"A", "B"}));
    ASSERT_EQ(netlist.diagnostics.size(), 2u); // the first line, the black box
    EXPECT_TRUE(says(netlist, Severity::Note, "The first line is a card"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "Subcircuit 'nwdio' is not defined"));
}

TEST(DeviceWords, PartDataIsText) {
    const Netlist netlist =
        parsed("* C:\\a.asc\nC1 a 0 10u V=25 Rser=0.01 mfg=\"KEMET\" pn=\"C12\" type=\"X5R\" lot=\"12\"\n"
               "V1 a 0 1\nV6 f 0 PWL FILE=\"a.txt\"\nR1 f 0 1k tol=1\n.backanno\n");
    EXPECT_EQ(device(netlist, "C1").number("rser"), 0.01);
    EXPECT_EQ(device(netlist, "C1").parameter("mfg")->text, "\"KEMET\"");
    EXPECT_FALSE(device(netlist, "C1").number("lot"));
    EXPECT_EQ(device(netlist, "V6").parameter("waveform")->text, "PWL file=\"a.txt\"");
    EXPECT_FALSE(says(netlist, Severity::Warning, ""));
    EXPECT_EQ(device(parsed("* t\nM1 d g 0 0 nmos W=\"10u\" L=1u\nV1 d 0 1\nV2 g 0 1\n"), "M1").number("w"),
              10e-6);
}

TEST(DeviceWords, CodeModels) {
    const Netlist netlist = parsed("* xspice\nV1 a 0 1\nR1 b 0 1\nR2 c 0 1\nR3 d e 1\na2 %v(a) %v(b) g\n"
                                   "a3 [a b] c s\na4 %vd(a b) ~c g\na5 [~d e] c s\n.model g gain(gain=3)\n"
                                   ".model s summer\n");
    EXPECT_EQ(netsOf(netlist, "a2"), (Names{"a", "b"}));
    EXPECT_EQ(netsOf(netlist, "a3"), (Names{"a", "b", "c"}));
    EXPECT_EQ(netsOf(netlist, "a4"), (Names{"a", "b", "c"}));
    EXPECT_EQ(netsOf(netlist, "a5"), (Names{"d", "e", "c"}));
    EXPECT_EQ(device(netlist, "a3").model, "s");
}

TEST(DeviceWords, BracketsRoundPortsAndNets) {
    const Netlist netlist =
        parsed("* hspice\n.subckt inv (a y)\nm1 (y a 0 0) nch w=1u l=1u\n.ends\nx1 (in out) inv\n"
               "x2 out in inv\nr1 in out 1k\n");
    EXPECT_EQ(netsOf(netlist, "x1/m1"), (Names{"out", "in", "0", "0"}));
    EXPECT_EQ(netsOf(netlist, "x2/m1"), (Names{"in", "out", "0", "0"}));
}

TEST(DeviceWords, EqualNamesDeserveAWarning) {
    const Netlist netlist = parsed("* twice\nR1 a 0 1k\nV1 a 0 1\nr1 a 0 2k\n.subckt s a\nR1 a 0 1\n.ends\n"
                                   "X1 a s\n");
    EXPECT_EQ(netlist.circuit.devices.size(), 4u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "'r1' in line 4 has the name of the device in line 2."));
    EXPECT_EQ(netlist.diagnostics.size(), 1u);
}

} // namespace
} // namespace headroom::netlist
