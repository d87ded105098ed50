#include "core/delay/cell.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/base/file.h"

namespace headroom::delay {
namespace {

Result<Cell> cellFrom(const std::string& text) {
    const auto netlist = netlist::parseNetlist(text, "cell.sp");
    if (!netlist) return forward(netlist);
    return cellOf(*netlist);
}

std::vector<std::string> names(const Cell& cell, const std::vector<netlist::NetId>& nets) {
    std::vector<std::string> result;
    for (const auto net : nets)
        result.push_back(cell.netName(net));
    return result;
}

TEST(Cells, ComputeTheirFunctions) {
    using Function = std::function<bool(const std::vector<bool>&)>;
    const std::map<std::string, Function> functions{
        {"inv", [](const auto& x) { return !x[0]; }},
        {"buf", [](const auto& x) { return x[0]; }},
        {"nand2", [](const auto& x) { return !(x[0] && x[1]); }},
        {"nand3", [](const auto& x) { return !(x[0] && x[1] && x[2]); }},
        {"nor2", [](const auto& x) { return !(x[0] || x[1]); }},
        {"nor3", [](const auto& x) { return !(x[0] || x[1] || x[2]); }},
        {"and2", [](const auto& x) { return x[0] && x[1]; }},
        {"or2", [](const auto& x) { return x[0] || x[1]; }},
        {"xor2", [](const auto& x) { return x[0] != x[1]; }},
        {"xnor2", [](const auto& x) { return x[0] == x[1]; }},
        {"aoi21", [](const auto& x) { return !((x[0] && x[1]) || x[2]); }},
        {"fulladder", [](const auto& x) { return x[0] + x[1] + x[2] >= 2; }},
    };
    ASSERT_EQ(functions.size(), shippedCells().size());
    for (const std::string& name : shippedCells()) {
        const auto cell = loadCell(name);
        ASSERT_TRUE(cell) << name << ": " << cell.error().describe();
        for (std::size_t state = 0; state < std::size_t{1} << cell->inputs.size(); ++state) {
            std::vector<bool> inputs;
            for (std::size_t input = 0; input < cell->inputs.size(); ++input)
                inputs.push_back(((state >> input) & 1U) != 0);
            const auto levels = settle(*cell, inputs);
            EXPECT_EQ(levels[static_cast<std::size_t>(cell->outputs[0])],
                      functions.at(name)(inputs) ? Level::High : Level::Low)
                << name << " at " << state;
            if (name != "fulladder") continue;
            const bool sum = inputs[0] != (inputs[1] != inputs[2]);
            EXPECT_EQ(levels[static_cast<std::size_t>(cell->outputs[1])], sum ? Level::High : Level::Low);
        }
    }
}

TEST(Cells, HaveAnArcForEveryStateInWhichAnInputCounts) {
    const std::map<std::string, std::size_t> counts{{"inv", 1},   {"nand3", 3}, {"xor2", 4},
                                                    {"aoi21", 5}, {"buf", 1},   {"fulladder", 18}};
    for (const auto& [name, count] : counts) {
        const auto cell = loadCell(name);
        ASSERT_TRUE(cell);
        const auto arcs = arcsOf(*cell);
        ASSERT_TRUE(arcs) << arcs.error().describe();
        EXPECT_EQ(arcs->size(), count) << name;
        std::set<std::string> known;
        for (const Arc& arc : *arcs)
            EXPECT_TRUE(known.insert(nameOf(*cell, arc, *arcs)).second)
                << "twice: " << nameOf(*cell, arc, *arcs);
    }
    const auto inverter = loadCell("inv");
    EXPECT_TRUE(arcsOf(*inverter)->at(0).inverting);
    EXPECT_EQ(nameOf(*inverter, arcsOf(*inverter)->at(0), *arcsOf(*inverter)), "a_y");
    const auto exclusive = loadCell("xor2");
    const auto arcs = arcsOf(*exclusive);
    for (const Arc& arc : *arcs)
        EXPECT_EQ(arc.inverting, arc.others[1 - arc.input]);
    EXPECT_EQ(nameOf(*exclusive, arcs->at(0), *arcs), "a_y_b0");
}

TEST(Cells, PortsAreToldApartInTransmissionGatesToo) {
    const auto cell = cellFrom(".subckt mux a b s y vdd vss\n"
                               "mp1 sn s vdd vdd pmos w=1u l=50n\nmn1 sn s vss vss nmos w=1u l=50n\n"
                               "mp2 a s x vdd pmos w=1u l=50n\nmn2 a sn x vss nmos w=1u l=50n\n"
                               "mp3 b sn x vdd pmos w=1u l=50n\nmn3 b s x vss nmos w=1u l=50n\n"
                               "mp4 n x vdd vdd pmos w=1u l=50n\nmn4 n x vss vss nmos w=1u l=50n\n"
                               "mp5 y n vdd vdd pmos w=1u l=50n\nmn5 y n vss vss nmos w=1u l=50n\n.ends\n");
    ASSERT_TRUE(cell) << cell.error().describe();
    EXPECT_EQ(names(*cell, cell->inputs), (std::vector<std::string>{"a", "b", "s"}));
    EXPECT_EQ(names(*cell, cell->outputs), (std::vector<std::string>{"y"}));
    const auto arcs = arcsOf(*cell);
    ASSERT_TRUE(arcs) << arcs.error().describe();
    // a counts while s is low, b while it is high, s where they differ; each in two states of the third
    // input.
    EXPECT_EQ(arcs->size(), 2U + 2U + 2U);
}

TEST(Cells, ThoseThatCannotBeUsedAreOneSentence) {
    const struct {
        const char* text;
        const char* says;
        int line;
    } cases[] = {
        {".subckt c a y vdd vss\nmp y a vdd vdd pmos w=1u l=50n\nmn y a vss vss nmos w=1u l=50n\nr1 y vss "
         "1k\n.ends\n",
         "r1 is no MOSFET", 4},
        {".subckt c a y p q\nmp y a p p pmos w=1u l=50n\nmn y a q q nmos w=1u l=50n\n.ends\n",
         "no net named like", 0},
        {".subckt c a vdd vss\nmp x a vdd vdd pmos w=1u l=50n\nmn x a vss vss nmos w=1u l=50n\n.ends\n",
         "has no output", 0},
        {".subckt c y vdd vss\nmp y vss vdd vdd pmos w=1u l=50n\n.ends\n", "has no input", 0},
    };
    for (const auto& each : cases) {
        const auto cell = cellFrom(each.text);
        ASSERT_FALSE(cell) << each.says;
        EXPECT_EQ(cell.error().code, ErrorCode::BadInput);
        EXPECT_NE(cell.error().message.find(each.says), std::string::npos) << cell.error().message;
        EXPECT_EQ(cell.error().line, each.line);
    }
    // Output tied high: the input does nothing.
    const auto tied = cellFrom(".subckt c a y vdd vss\nmp y vss vdd vdd pmos w=1u l=50n\n"
                               "mn x a vss vss nmos w=1u l=50n\n.ends\n");
    ASSERT_TRUE(tied) << tied.error().describe();
    EXPECT_NE(arcsOf(*tied).error().message.find("does not switch"), std::string::npos);
    // A pass transistor alone leaves the output floating.
    const auto floating = cellFrom(".subckt c a y vdd vss\nmn y a vss vss nmos w=1u l=50n\n.ends\n");
    ASSERT_FALSE(floating && arcsOf(*floating));
    const auto open = cellFrom(".subckt c a y vdd vss\nmn y a vss vss nmos w=1u l=50n\n"
                               "mp z a vdd vdd pmos w=1u l=50n\n.ends\n");
    ASSERT_TRUE(open) << open.error().describe();
    EXPECT_NE(arcsOf(*open).error().message.find("y floats at a = 0"), std::string::npos)
        << arcsOf(*open).error().message;
    const std::string several = resourcePath("cells/static_cells.sp").string();
    EXPECT_TRUE(loadCell(several + ":inv"));
    ASSERT_FALSE(loadCell(several));
    EXPECT_EQ(loadCell(several).error().code, ErrorCode::BadInput);
    EXPECT_NE(loadCell(several).error().message.find("name one, such as static_cells.sp:"), std::string::npos)
        << loadCell(several).error().message;
    EXPECT_EQ(loadCell("nand9").error().code, ErrorCode::NotFound);
    EXPECT_NE(loadCell("nand9").error().message.find("xnor2"), std::string::npos);
}

} // namespace
} // namespace headroom::delay
