#include <random>

#include <fmt/format.h>

#include "core/powergrid/node_place.h"
#include "tests/core/powergrid/grid_fixture.h"
#include "tests/core/powergrid/synthetic_grid.h"

namespace headroom::powergrid {
namespace {

TEST(NodeTable, ForgetsCaseAndKeepsTheFirstSpelling) {
    NodeTable nodes;
    EXPECT_EQ(nodes.size(), 1U);
    const NodeId first = nodes.intern("Node_Metal1_1_2");
    EXPECT_EQ(nodes.intern("node_metal1_1_2"), first);
    EXPECT_EQ(nodes[first], "Node_Metal1_1_2");
    EXPECT_EQ(nodes.intern("GND"), kGround);
    EXPECT_EQ(nodes.find("0"), kGround);
    EXPECT_FALSE(nodes.find("node_metal1_1_3"));
    EXPECT_NE(nodes.intern("a@"), nodes.intern("a`"));
}

TEST(NodeTable, FindsAHundredThousandNames) {
    NodeTable nodes;
    for (int i = 0; i < 100'000; ++i)
        ASSERT_EQ(nodes.intern(fmt::format("n1_m{}_{}_{}", i % 9, i * 400, i % 77)), i + 1);
    for (int i = 0; i < 100'000; ++i)
        ASSERT_EQ(nodes.find(fmt::format("N1_M{}_{}_{}", i % 9, i * 400, i % 77)), i + 1);
}

TEST(NodePlace, IsReadFromEveryDialect) {
    EXPECT_EQ(placeOf("n1_m1_1000_2000"), (NodePlace{1, 1000, 2000}));
    EXPECT_EQ(placeOf("Node_metal7_92140_106230"), (NodePlace{7, 92140, 106230}));
    EXPECT_EQ(placeOf("ITermNode_metal1_117548_86681"), (NodePlace{1, 117548, 86681}));
    EXPECT_EQ(placeOf("n3_123_456"), (NodePlace{3, 123, 456}));
    EXPECT_EQ(placeOf("_X_n3_123_456"), (NodePlace{3, 123, 456}));
    EXPECT_EQ(placeOf("n1_m10_-5_0"), (NodePlace{10, -5, 0}));
    for (const char* name : {"vdd", "0", "a_b", "n1_m1_x_2000", "m1_99999999999_2", "1_2", "", "_", "__"})
        EXPECT_FALSE(placeOf(name)) << name;
}

TEST(GridNetlist, ReadsTheContestsDialect) {
    const auto netlist = parse("R0 n1_m1_0_0 n1_m1_4000_0 4.463529 \n"
                               "I1 n1_m1_4000_0 0 1.453273e-07 \nV0 n1_m1_0_0 0 1.100000\n.op\n.end");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    EXPECT_EQ(netlist->nodes.size(), 3U);
    ASSERT_EQ(netlist->resistors.size(), 1U);
    EXPECT_EQ(netlist->resistors[0].ohms, 4.463529);
    EXPECT_EQ(netlist->resistors[0].line, 1);
    ASSERT_EQ(netlist->currents.size(), 1U);
    EXPECT_EQ(netlist->currents[0].amperes, 1.453273e-07);
    EXPECT_EQ(netlist->currents[0].to, kGround);
    ASSERT_EQ(netlist->voltages.size(), 1U);
    EXPECT_EQ(netlist->voltages[0].volts, 1.1);
    EXPECT_TRUE(netlist->diagnostics.empty());
}

TEST(GridNetlist, ReadsKeywordsSuffixesCommentsAndContinuations) {
    const auto netlist = parse("* Netlist for VDD on default\r\n"
                               "\n"
                               "r0 a b R=1.000000e-03 ; a comment\r\n"
                               "R1 A c r = 2.5k $ another\n"
                               "Rlong a\n"
                               "* in between\n"
                               "+ d\n"
                               "+ 1MEG\n"
                               "V0 a 0 DC 1.1\n"
                               "V1 c 0 dc=1100mV\n"
                               "I0 b 0 DC 2u AC 1\n"
                               "I1 d 0 3n pulse(0 1 2 3)\n"
                               "C1 d 0 1p\n"
                               "L1 b d 1n\n"
                               ".OPTION NUMDGT=6\n.SAVE TYPE=IC FILE=compare.ic\n.print v(a)\n"
                               ".control\nrun\nanything goes\n.endc\n"
                               ".END\nbehind the end\n");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    ASSERT_EQ(netlist->resistors.size(), 3U);
    EXPECT_EQ(netlist->resistors[0].ohms, 1e-3);
    EXPECT_EQ(netlist->resistors[1].ohms, 2500);
    EXPECT_EQ(netlist->resistors[1].a, netlist->resistors[0].a);
    EXPECT_EQ(netlist->resistors[2].ohms, 1e6);
    EXPECT_EQ(netlist->resistors[2].line, 5);
    ASSERT_EQ(netlist->voltages.size(), 3U);
    EXPECT_EQ(netlist->voltages[0].line, 9);
    EXPECT_EQ(netlist->voltages[1].volts, 1.1);
    EXPECT_EQ(netlist->voltages[2].volts, 0);
    ASSERT_EQ(netlist->currents.size(), 2U);
    EXPECT_EQ(netlist->currents[0].amperes, 2e-6);
    EXPECT_EQ(netlist->currents[1].amperes, 3e-9);
    ASSERT_EQ(netlist->diagnostics.size(), 1U);
    EXPECT_NE(netlist->diagnostics[0].message.find("1 capacitors"), std::string::npos);
}

TEST(GridNetlist, TakesAFirstLineThatIsNoCardAsTitle) {
    const auto netlist = parse("Resistive network of a chip\nR1 a b 1\n.end\n");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    EXPECT_EQ(netlist->nodes.size(), 3U);
    ASSERT_EQ(netlist->diagnostics.size(), 1U);
    EXPECT_EQ(netlist->diagnostics[0].line, 1);
}

TEST(GridNetlist, TakesAByteOrderMarkForNoTitle) {
    const auto netlist = parse("\xef\xbb\xbfR1 p a 1\nV1 p 0 1\n.end\n");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    EXPECT_EQ(netlist->resistors.size(), 1U);
    EXPECT_TRUE(netlist->diagnostics.empty());
    const auto wide = parse(std::string("\xff\xfeR\0001\0", 6));
    ASSERT_FALSE(wide);
    EXPECT_EQ(wide.error().code, ErrorCode::Unsupported);
    EXPECT_NE(wide.error().message.find("UTF-16"), std::string::npos);
}

TEST(GridNetlist, NamesTheLineOfWhatIsWrong) {
    const struct {
        const char* text;
        int line;
        const char* part;
    } cases[] = {
        {"R1 a b 1\nR2 b c -1\n.end\n", 2, "negative"},
        {"R1 a b -1\n.end\n", 1, "negative"},
        {"R1 a b nan\n.end\n", 1, "finite"},
        {"R1 a b 1\n\nR2 b c inf\n.end\n", 3, "finite"},
        {"R1 a b 1\nI1 b 0 nan\n.end\n", 2, "finite"},
        {"R1 a b 1\nR2 b c\n.end\n", 2, "no value"},
        {"R1 a b 1\nR2 b\n.end\n", 2, "two nodes"},
        {"R1 a b 1\nR2 b c one\n.end\n", 2, "no number"},
        {"R1 a b 1\nR2 b c 1 2\n.end\n", 2, "behind its value"},
        {"R1 a b 1\nR2 b c {x}\n.end\n", 2, "expression"},
        {"R1 a b 1\nM1 a b c d nmos\n.end\n", 2, "no card"},
        {"R1 a b 1\n.include \"other.sp\"\n.end\n", 2, "not supported"},
        {"R1 a b 1\n.wonder\n.end\n", 2, "unknown"},
        {"R1 a b 1\n.control\nrun\n", 2, "never closed"},
        {"R1 a b 1\nR2 b c 1.0", 2, "cut off"},
        {"R1 a b 1\nR2 b c 1.0\nR3 c", 3, "two nodes"},
        {"R1 a b 1\n.en", 2, "unknown"},
        {"", 0, "no resistors"},
        {"I1 a 0 1\n.end\n", 0, "no resistors"},
    };
    for (const auto& each : cases) {
        const auto netlist = parse(each.text);
        ASSERT_FALSE(netlist) << each.text;
        EXPECT_EQ(netlist.error().file, "grid.sp");
        EXPECT_EQ(netlist.error().line, each.line) << each.text;
        EXPECT_NE(netlist.error().message.find(each.part), std::string::npos) << netlist.error().message;
    }
}

TEST(GridNetlist, WarnsWhereEndIsMissing) {
    const auto netlist = parse("R1 a b 1\nV1 a 0 1\n");
    ASSERT_TRUE(netlist);
    ASSERT_EQ(netlist->diagnostics.size(), 1U);
    EXPECT_EQ(netlist->diagnostics[0].severity, netlist::Severity::Warning);
}

TEST(GridNetlist, StopsWhenCancelled) {
    SilentContext context;
    context.cancel();
    const auto netlist = parseGridNetlist(meshNetlist(200, 20), "mesh.sp", context);
    ASSERT_FALSE(netlist);
    EXPECT_EQ(netlist.error().code, ErrorCode::Cancelled);
}

TEST(GridNetlist, IsWrittenAndReadAgain) {
    const auto first = parse(contestLikeNetlist(60));
    ASSERT_TRUE(first);
    const auto second = parse(writeGridNetlist(*first));
    ASSERT_TRUE(second) << second.error().describe();
    ASSERT_EQ(second->nodes.size(), first->nodes.size());
    ASSERT_EQ(second->resistors.size(), first->resistors.size());
    for (std::size_t i = 0; i < first->resistors.size(); ++i) {
        EXPECT_EQ(second->nodes[second->resistors[i].b], first->nodes[first->resistors[i].b]);
        EXPECT_EQ(second->resistors[i].ohms, first->resistors[i].ohms);
    }
    ASSERT_EQ(second->currents.size(), first->currents.size());
    EXPECT_EQ(second->currents.back().amperes, first->currents.back().amperes);
    EXPECT_EQ(second->voltages.size(), first->voltages.size());
}

/// Cut anywhere, a file is an error or a shorter grid; it never becomes another one in silence.
TEST(GridNetlist, SurvivesBeingCutAndGarbled) {
    const std::string whole = contestLikeNetlist(40);
    std::mt19937 random(1);
    for (int i = 0; i < 300; ++i) {
        const auto cut = parse(whole.substr(0, random() % whole.size()));
        if (cut) {
            EXPECT_FALSE(cut->diagnostics.empty());
        } else {
            EXPECT_FALSE(cut.error().message.empty());
        }
        std::string garbled = whole;
        for (int k = 0; k < 5; ++k)
            garbled[random() % garbled.size()] = static_cast<char>(random() % 256);
        const auto read = parse(garbled);
        if (!read) {
            EXPECT_FALSE(read.error().message.empty());
        }
    }
}

} // namespace
} // namespace headroom::powergrid
