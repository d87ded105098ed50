#include <algorithm>

#include "tests/core/powergrid/grid_fixture.h"

namespace headroom::powergrid {
namespace {

bool tells(const GridModel& model, const std::string& part, int line) {
    return std::any_of(model.diagnostics.begin(), model.diagnostics.end(), [&](const auto& each) {
        return each.line == line && each.message.find(part) != std::string::npos;
    });
}

TEST(GridModel, MergesZeroOhmsAndZeroVoltsAndNamesThem) {
    const auto model = modelOf("V0 p 0 1\nR1 p a 1\nRzero a b 0\nVvia b c 0\nR2 c d 1\nI1 d 0 1m\n.end\n");
    ASSERT_TRUE(model) << model.error().describe();
    EXPECT_EQ(model->unknownCount(), 2U);
    EXPECT_EQ(model->shorts, 2U);
    EXPECT_TRUE(tells(*model, "Rzero has 0 ohms; a and b", 3));
}

TEST(GridModel, NamesIslandsAndExcludesOrRefusesThem) {
    const std::string text = "V0 p 0 1\nR1 p a 1\nI1 a 0 1m\nR2 x y 1\nI2 y 0 2m\nI3 alone 0 1m\n.end\n";
    const auto model = modelOf(text);
    ASSERT_TRUE(model) << model.error().describe();
    EXPECT_TRUE(tells(*model, "island of 2 nodes at x, which draws 2 mA", 4));
    EXPECT_TRUE(tells(*model, "island of 1 node at alone", 6));
    EXPECT_EQ(model->unknowns[static_cast<std::size_t>(*model->netlist->nodes.find("y"))],
              GridModel::kExcluded);
    const auto refused = modelOf(text, IslandPolicy::Refuse);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::BadInput);
    EXPECT_EQ(refused.error().line, 4);
    EXPECT_EQ(refused.error().file, "grid.sp");
    // The model that leaves them out knows what it would have been refused for.
    const auto refusal = islandRefusal(*model);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->message, refused.error().message);
    EXPECT_EQ(refusal->line, 4);
    EXPECT_FALSE(islandRefusal(*modelOf("V0 p 0 1\nR1 p a 1\nI1 a 0 1m\n.end\n")));
}

TEST(GridModel, RefusesAGridWithoutPads) {
    const auto model = modelOf("R1 a b 1\nI1 a 0 1m\n.end\n");
    ASSERT_FALSE(model);
    EXPECT_NE(model.error().message.find("no pads"), std::string::npos);
}

TEST(GridModel, RefusesSourcesThatContradictEachOther) {
    const auto pads = modelOf("V0 a 0 1\nR1 a b 1\nV1 a 0 1.1\n.end\n");
    ASSERT_FALSE(pads);
    EXPECT_EQ(pads.error().line, 3);
    const auto shorted = modelOf("V0 a 0 1\nR1 a 0 0\nR2 a b 1\n.end\n");
    ASSERT_FALSE(shorted);
    const auto agreeing = modelOf("V0 a 0 1\nR1 a b 1\nV1 a 0 1\n.end\n");
    EXPECT_TRUE(agreeing);
}

TEST(GridModel, NamesResistorsThatDoNothing) {
    const auto model = modelOf("V0 a 0 1\nR1 a b 1\nR2 b b 5\n.end\n");
    ASSERT_TRUE(model);
    EXPECT_TRUE(tells(*model, "both ends at one node", 3));
}

TEST(GridModel, KeepsSeveralSuppliesApart) {
    const auto model = modelOf("V0 a 0 1.8\nR1 a b 1\nI1 b 0 1m\nV1 c 0 0.9\nR2 c d 1\nI2 d 0 2m\n"
                               "V2 g 0 0\nR3 g h 1\nI3 0 h 3m\n.end\n");
    ASSERT_TRUE(model);
    ASSERT_EQ(model->allNets.size(), 3U);
    EXPECT_EQ(model->allNets[0].supplyVolts, 1.8);
    EXPECT_EQ(model->allNets[1].supplyVolts, 0.9);
    EXPECT_EQ(model->allNets[1].loadAmperes, 2e-3);
    EXPECT_EQ(model->allNets[2].dropSign, -1);
    EXPECT_EQ(model->allNets[2].loadAmperes, 3e-3);
    EXPECT_FALSE(model->allNets[2].isSourcesReversed);
}

} // namespace
} // namespace headroom::powergrid
