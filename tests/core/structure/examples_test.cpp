// The amplifiers that ship with the program must come out perfect: the main job starts from them.
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "core/structure/structure.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

struct Example {
    const char* file;
    std::size_t matched;
    std::size_t sizingBlocks;
};

class ShippedExample : public testing::TestWithParam<Example> {};

TEST_P(ShippedExample, IsRecognisedCompletely) {
    const auto netlist = netlist::readNetlist(resourcePath(std::string("examples/") + GetParam().file));
    ASSERT_TRUE(netlist) << netlist.error().describe();
    const Structure structure = recognise(netlist->circuit);
    EXPECT_TRUE(structure.unexplained.empty());
    EXPECT_EQ(structure.matchedGroups.size(), GetParam().matched);
    EXPECT_EQ(structure.sizingBlocks.size(), GetParam().sizingBlocks);
    ASSERT_TRUE(structure.ports) << structure.portsProblem;
    EXPECT_EQ(test::netName(netlist->circuit, structure.ports->inputPlus), "inp");
    EXPECT_EQ(test::netName(netlist->circuit, structure.ports->inputMinus), "inn");
    EXPECT_EQ(test::netName(netlist->circuit, structure.ports->output), "out");
    ASSERT_EQ(structure.ports->currentBiases.size(), 1U);
    EXPECT_EQ(test::netName(netlist->circuit, structure.ports->currentBiases[0].net), "ibias");
}

INSTANTIATE_TEST_SUITE_P(Examples, ShippedExample,
                         testing::Values(Example{"folded_cascode.sp", 5, 4}, Example{"miller.sp", 2, 4},
                                         Example{"five_transistor.sp", 2, 3}, Example{"symmetrical.sp", 4, 4},
                                         Example{"telescopic.sp", 4, 5}, Example{"three_stage.sp", 2, 7}),
                         [](const auto& example) {
                             const std::string name = example.param.file;
                             return name.substr(0, name.find('.'));
                         });

} // namespace
} // namespace headroom::structure
