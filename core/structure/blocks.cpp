#include "core/structure/blocks.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/structure/block_library.h"
#include "core/structure/device_names.h"
#include "core/structure/passive_arrays.h"
#include "core/structure/pattern_matcher.h"

namespace headroom::structure {

namespace {

const char* arrayType(const Array& array) {
    switch (array.kind) {
    case ArrayKind::Normal:
        return array.bipolar ? "BipolarNormalArray" : "MosfetNormalArray";
    case ArrayKind::Diode:
        return array.bipolar ? "BipolarDiodeArray" : "MosfetDiodeArray";
    case ArrayKind::Capacitor:
        return array.bipolar ? "BipolarCapacitorArray" : "MosfetCapacitorArray";
    case ArrayKind::Dummy:
        return array.bipolar ? "BipolarDummyArray" : "MosfetDummyArray";
    case ArrayKind::Off:
        return array.bipolar ? "BipolarOffArray" : "MosfetOffArray";
    case ArrayKind::Switch:
        return array.bipolar ? "BipolarSwitchArray" : "MosfetSwitchArray";
    }
    return "MosfetNormalArray";
}

class BlockCollector {
public:
    BlockCollector(const RuleInput& input, const BlockLibrary& library)
        : m_input(input)
        , m_library(library)
        , m_wiring(input.wiring) {}

    FoundBlocks collect() {
        arrays();
        stacks();
        m_firstRuleBlock = m_blocks.size();
        PatternMatcher matcher(m_input);
        for (const BlockPattern& pattern : m_library.patterns())
            for (FoundBlock& found : matcher.find(pattern))
                add(pattern.type, pattern.level, std::move(found),
                    fmt::format("{}: {}.", pattern.type, pattern.meaning));
        dominate();
        stages();
        return {std::move(m_blocks), std::move(m_lost)};
    }

private:
    void arrays() {
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i)
            for (const int index : m_wiring.transistors[i].arrays) {
                const Array& array = m_wiring.arrays[at(index)];
                const DeviceRole& role = m_input.functions.roles[i];
                Block block;
                block.type = arrayType(array);
                block.level = 1;
                block.polarity = array.polarity;
                block.devices = array.devices;
                block.pins = {{"Drain", array.drain},
                              {"Gate", array.gate},
                              {"Source", array.source},
                              {"Bulk", array.bulk}};
                block.function = role.function;
                block.stage = role.stage;
                block.reason = array.devices.size() > 1
                                   ? fmt::format("{} transistors in parallel.", array.devices.size())
                                   : "One transistor.";
                m_blocks.push_back(std::move(block));
            }
        addPassiveArrays(m_wiring, m_blocks);
    }

    void stacks() {
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const Transistor& t = m_wiring.transistors[i];
            if (t.arrays.size() < 2) continue;
            add("SeriesStack", 1,
                {{static_cast<int>(i)}, {}, {{"Drain", t.drain}, {"Gate", t.gate}, {"Source", t.source}}},
                fmt::format("{} transistors in series with one gate act as one long transistor.",
                            t.arrays.size()));
        }
    }

    void add(const std::string& type, int level, FoundBlock found, std::string reason) {
        Block block;
        block.type = type;
        block.level = level;
        for (const int t : found.transistors) {
            const auto devices = m_wiring.devicesOf(t);
            block.devices.insert(block.devices.end(), devices.begin(), devices.end());
        }
        block.devices.insert(block.devices.end(), found.passives.begin(), found.passives.end());
        block.pins = std::move(found.pins);
        const DeviceRole& role = tellingRole(found, level);
        block.function = role.function;
        block.stage = role.stage;
        if (!found.transistors.empty()) block.polarity = m_wiring[found.transistors.front()].polarity;
        block.reason = std::move(reason);
        m_blocks.push_back(std::move(block));
    }

    // References may serve others too: the last transistor outside the main bias tells what the block does;
    // a level 3 block is told by its first.
    const DeviceRole& tellingRole(const FoundBlock& found, int level) const {
        if (found.transistors.empty()) return m_input.roles[at(found.passives.front())];
        int telling = found.transistors.back();
        for (const int t : found.transistors)
            if (m_input.functions.roles[at(t)].stage != Stage::Bias) telling = t;
        if (level == 3) telling = found.transistors.front();
        return m_input.functions.roles[at(telling)];
    }

    // Marks what a block of a winning type contains, then tells winners and losers of each other.
    void dominate() {
        std::vector<std::vector<std::size_t>> blocksOf(m_wiring.circuit.devices.size());
        std::vector<std::vector<DeviceId>> sorted(m_blocks.size());
        for (std::size_t i = m_firstRuleBlock; i < m_blocks.size(); ++i) {
            for (const DeviceId device : m_blocks[i].devices)
                blocksOf[at(device)].push_back(i);
            sorted[i] = m_blocks[i].devices;
            std::sort(sorted[i].begin(), sorted[i].end());
        }
        std::vector<std::size_t> winnerOf(m_blocks.size(), m_blocks.size());
        for (std::size_t i = m_firstRuleBlock; i < m_blocks.size(); ++i) {
            if (!m_library.losesAnywhere(m_blocks[i].type)) continue;
            // A winner contains every device of it: look where the fewest blocks are.
            const DeviceId rarest = *std::min_element(
                m_blocks[i].devices.begin(), m_blocks[i].devices.end(), [&](DeviceId a, DeviceId b) {
                    return blocksOf[at(a)].size() < blocksOf[at(b)].size();
                });
            for (const std::size_t w : blocksOf[at(rarest)]) {
                if (w == i || !m_library.winsOver(m_blocks[w].type, m_blocks[i].type)) continue;
                if (!std::includes(sorted[w].begin(), sorted[w].end(), sorted[i].begin(), sorted[i].end()))
                    continue;
                winnerOf[i] = w;
                break;
            }
        }
        drop(winnerOf);
    }

    void drop(const std::vector<std::size_t>& winnerOf) {
        const auto isDropped = [&](std::size_t i) { return winnerOf[i] < winnerOf.size(); };
        std::map<std::size_t, std::string> won;
        for (std::size_t i = 0; i < m_blocks.size(); ++i) {
            if (!isDropped(i)) continue;
            std::string& types = won[winnerOf[i]];
            if (types.find(m_blocks[i].type) == std::string::npos)
                types += (types.empty() ? "" : ", ") + m_blocks[i].type;
        }
        for (const auto& [winner, types] : won)
            m_blocks[winner].reason += fmt::format(" Wins over {}, which it contains.", types);
        std::vector<int> place(m_blocks.size(), -1);
        std::vector<Block> kept;
        for (std::size_t i = 0; i < m_blocks.size(); ++i) {
            if (isDropped(i)) continue;
            place[i] = static_cast<int>(kept.size());
            kept.push_back(std::move(m_blocks[i]));
        }
        for (std::size_t i = 0; i < m_blocks.size(); ++i) {
            if (!isDropped(i)) continue;
            std::size_t winner = winnerOf[i];
            while (isDropped(winner))
                winner = winnerOf[winner];
            LostMatch lost{m_blocks[i].type, std::move(m_blocks[i].devices), place[winner], {}};
            lost.reason = fmt::format("{} fits too ({}), but {} contains it and wins.", lost.type,
                                      namesOf(m_wiring.circuit, lost.devices), kept[at(place[winner])].type);
            m_lost.push_back(std::move(lost));
        }
        m_blocks = std::move(kept);
    }

    // The whole stages, as blocks of their own.
    void stages() {
        constexpr std::array kinds{
            std::pair{Stage::First, "FirstStage"}, std::pair{Stage::Second, "SecondStage"},
            std::pair{Stage::Third, "ThirdStage"}, std::pair{Stage::Feedback, "FeedbackStage"},
            std::pair{Stage::Bias, "BiasCircuit"}};
        for (const auto& [stage, type] : kinds) {
            FoundBlock found;
            for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i)
                if (m_input.functions.roles[i].stage == stage)
                    found.transistors.push_back(static_cast<int>(i));
            if (found.transistors.empty()) continue;
            add(type, 3, std::move(found), fmt::format("All transistors of the {} stage.", toString(stage)));
            m_blocks.back().function = stage == Stage::Bias ? Function::Bias : Function::Transconductance;
            m_blocks.back().stage = stage;
        }
    }

    const RuleInput& m_input;
    const BlockLibrary& m_library;
    const Wiring& m_wiring;
    std::vector<Block> m_blocks;
    std::vector<LostMatch> m_lost;
    std::size_t m_firstRuleBlock = 0;
};

} // namespace

std::vector<int> FoundBlock::key() const {
    // Devices and transistors are numbered apart: devices count down from -1.
    std::vector<int> key = transistors;
    for (const DeviceId device : passives)
        key.push_back(-1 - device);
    std::sort(key.begin(), key.end());
    return key;
}

FoundBlocks findBlocks(const RuleInput& input, const BlockLibrary& library) {
    return BlockCollector(input, library).collect();
}

} // namespace headroom::structure
