#include "core/powergrid/least_resistance.h"

#include "tests/core/powergrid/grid_fixture.h"

namespace headroom::powergrid {
namespace {

class LeastResistanceOfNetlists : public testing::Test {
protected:
    /// Two ways from d to the pad p: 5 ohms by b, 4 ohms by c and a short.
    static GridNetlist twoWays() {
        auto netlist = parse("V0 n1_m4_0_0 0 1\n"
                             "R1 n1_m4_0_0 n1_m1_2000_0 2\nR2 n1_m1_2000_0 n1_m1_4000_0 3\n"
                             "R3 n1_m4_0_0 n1_m1_0_2000 1\nV4 n1_m1_0_2000 n1_m1_2000_2000 0\n"
                             "R5 n1_m1_2000_2000 n1_m1_4000_0 3\n"
                             "R6 alone n1_m1_9000_9000 1\nR7 n1_m1_4000_0 0 0.1\n.end\n");
        EXPECT_TRUE(netlist);
        return std::move(*netlist);
    }
    SilentContext m_context;
};

TEST_F(LeastResistanceOfNetlists, GoesThroughResistorsAndShortsToAPad) {
    const GridNetlist netlist = twoWays();
    const auto path = pathOfLeastResistance(netlist, *netlist.nodes.find("n1_m1_4000_0"), m_context);
    ASSERT_TRUE(path) << path.error().describe();
    EXPECT_DOUBLE_EQ(path->ohms, 4);
    std::vector<std::string> names;
    for (const NodeId node : path->nodes)
        names.emplace_back(netlist.nodes[node]);
    EXPECT_EQ(names,
              (std::vector<std::string>{"n1_m1_4000_0", "n1_m1_2000_2000", "n1_m1_0_2000", "n1_m4_0_0"}));
    const auto pad = pathOfLeastResistance(netlist, *netlist.nodes.find("n1_m4_0_0"), m_context);
    ASSERT_TRUE(pad);
    EXPECT_EQ(pad->ohms, 0);
    EXPECT_EQ(pad->nodes.size(), 1U);
    EXPECT_EQ(pathOfLeastResistance(netlist, *netlist.nodes.find("alone"), m_context).error().code,
              ErrorCode::NotFound);
    for (const NodeId none : {kGround, NodeId{-1}, NodeId{1000}})
        EXPECT_EQ(pathOfLeastResistance(netlist, none, m_context).error().code, ErrorCode::BadInput);
}

TEST_F(LeastResistanceOfNetlists, ANodeIsFoundByItsPlace) {
    const GridNetlist netlist = twoWays();
    const auto nameAt = [&](double x, double y) {
        return std::string(netlist.nodes[nearestNode(netlist, x, y, 2000)]);
    };
    EXPECT_EQ(nameAt(1.9, 0.2), "n1_m1_4000_0");
    EXPECT_EQ(nameAt(-3, -3), "n1_m4_0_0");
    EXPECT_EQ(nameAt(100, 100), "n1_m1_9000_9000");
    const auto stacked = parse("V0 n1_m4_0_0 0 1\nR1 n1_m4_0_0 n1_m1_0_0 2\n.end\n");
    ASSERT_TRUE(stacked);
    EXPECT_EQ(stacked->nodes[nearestNode(*stacked, 0, 0, 2000)], "n1_m1_0_0");
    const auto nameless = parse("V0 p 0 1\nR1 p a 2\n.end\n");
    ASSERT_TRUE(nameless);
    EXPECT_EQ(nearestNode(*nameless, 0, 0, 2000), kGround);
}

} // namespace
} // namespace headroom::powergrid
