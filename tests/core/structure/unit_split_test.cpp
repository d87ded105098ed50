// Layout-minded designers draw one transistor as several units in parallel, and a long one as a stack of
// short ones with a common gate. Both are recognised like the transistor that they stand for.
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "core/netlist/sizing_export.h"
#include "core/structure/structure.h"
#include "tests/core/structure/names.h"
#include "tests/core/structure/unit_split.h"

namespace headroom::structure {
namespace {

constexpr int kUnits = 4;

netlist::Netlist parsed(const std::string& text) {
    auto result = netlist::parseNetlist(text, "split.sp");
    EXPECT_TRUE(result) << result.error().describe();
    return result ? std::move(*result) : netlist::Netlist();
}

class UnitSplit : public testing::TestWithParam<std::tuple<const char*, Split>> {
protected:
    void SetUp() override {
        const auto [file, how] = GetParam();
        const std::string text = readFile(resourcePath(std::string("examples/") + file)).value();
        m_whole = parsed(text);
        m_split = parsed(split(text, kUnits, how));
        m_wholeStructure = recognise(m_whole.circuit);
        m_splitStructure = recognise(m_split.circuit);
    }

    std::vector<DeviceId> unitsOf(const std::string& name) const {
        std::vector<DeviceId> units;
        for (int i = 1; i <= kUnits; ++i) {
            const auto id = m_split.circuit.findDevice(name + '_' + std::to_string(i));
            if (id) units.push_back(*id);
        }
        return units;
    }

    netlist::Netlist m_whole, m_split;
    Structure m_wholeStructure, m_splitStructure;
};

TEST_P(UnitSplit, UnitsHaveTheRoleOfTheWhole) {
    for (std::size_t i = 0; i < m_whole.circuit.devices.size(); ++i) {
        const netlist::Device& device = m_whole.circuit.devices[i];
        if (device.type != netlist::DeviceType::Mosfet) continue;
        const auto units = unitsOf(device.name);
        ASSERT_EQ(units.size(), static_cast<std::size_t>(kUnits));
        for (const DeviceId unit : units) {
            const DeviceRole& role = m_splitStructure.roles[static_cast<std::size_t>(unit)];
            EXPECT_STREQ(toString(role.function), toString(m_wholeStructure.roles[i].function))
                << device.name;
            EXPECT_STREQ(toString(role.stage), toString(m_wholeStructure.roles[i].stage)) << device.name;
        }
    }
}

TEST_P(UnitSplit, BlocksAndPortsAreThoseOfTheWhole) {
    const auto count = [](const Structure& structure) {
        std::map<std::string, int> blocks;
        for (const Block& block : structure.blocks)
            if (block.level > 1) ++blocks[block.type];
        return blocks;
    };
    EXPECT_EQ(count(m_splitStructure), count(m_wholeStructure));
    EXPECT_TRUE(m_splitStructure.unexplained.empty());
    ASSERT_TRUE(m_splitStructure.ports) << m_splitStructure.portsProblem;
    EXPECT_EQ(test::netName(m_split.circuit, m_splitStructure.ports->inputPlus), "inp");
    EXPECT_EQ(test::netName(m_split.circuit, m_splitStructure.ports->output), "out");
    EXPECT_EQ(m_splitStructure.sizingBlocks.size(), m_wholeStructure.sizingBlocks.size());
}

TEST_P(UnitSplit, UnitsInParallelAreMatched) {
    // The devices of a stack may differ: each place of it has a width and a length of its own.
    if (std::get<1>(GetParam()) == Split::Series) return;
    for (const netlist::Device& device : m_whole.circuit.devices) {
        if (device.type != netlist::DeviceType::Mosfet) continue;
        const auto units = unitsOf(device.name);
        bool together = false;
        for (const MatchedGroup& group : m_splitStructure.matchedGroups) {
            const std::set<DeviceId> members(group.devices.begin(), group.devices.end());
            together = together || std::all_of(units.begin(), units.end(),
                                               [&](DeviceId unit) { return members.contains(unit); });
        }
        EXPECT_TRUE(together) << device.name;
    }
}

TEST_P(UnitSplit, SizesAreWrittenToAllUnits) {
    netlist::Sizing sizing;
    for (const DeviceId unit : unitsOf("M1"))
        sizing.push_back({m_split.circuit.devices[static_cast<std::size_t>(unit)].name, "w", 3e-6});
    const auto edited = netlist::applySizing(m_split, sizing);
    ASSERT_TRUE(edited) << edited.error().describe();
    EXPECT_EQ(edited->changes.size(), static_cast<std::size_t>(kUnits));
}

INSTANTIATE_TEST_SUITE_P(Examples, UnitSplit,
                         testing::Combine(testing::Values("folded_cascode.sp", "miller.sp"),
                                          testing::Values(Split::Parallel, Split::Series)),
                         [](const auto& example) {
                             const std::string name = std::get<0>(example.param);
                             return name.substr(0, name.find('.')) +
                                    (std::get<1>(example.param) == Split::Parallel ? "_parallel" : "_series");
                         });

} // namespace
} // namespace headroom::structure
