#include "core/structure/blocks.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace headroom::structure {

using netlist::Device;
using netlist::DeviceType;

namespace {

struct Dominance {
    const char* winner;
    const char* loser;
};

// The loser is dropped where one winner contains all its devices (Massier et al., TCAD 2008, section
// on assignment ambiguities).
constexpr std::array dominances{
    Dominance{"CascodeCurrentMirror", "SimpleCurrentMirror"},
    Dominance{"CascodeCurrentMirror", "LevelShifter"},
    Dominance{"CascodeCurrentMirror", "DiodeStack"},
    Dominance{"CascodeCurrentMirror", "CascodePair"},
    Dominance{"FourTransistorCurrentMirror", "SimpleCurrentMirror"},
    Dominance{"FourTransistorCurrentMirror", "LevelShifter"},
    Dominance{"FourTransistorCurrentMirror", "CascodePair"},
    Dominance{"FourTransistorCurrentMirror", "VoltageReference"},
    Dominance{"WideSwingCurrentMirror", "CascodePair"},
    Dominance{"WideSwingCurrentMirror", "VoltageReference"},
    Dominance{"WideSwingCurrentMirror", "GateConnectedCouple"},
    Dominance{"WideSwingCurrentMirror", "CurrentMirrorLoad"},
    Dominance{"WideSwingCascodeCurrentMirror", "WideSwingCurrentMirror"},
    Dominance{"WideSwingCascodeCurrentMirror", "CascodePair"},
    Dominance{"WideSwingCascodeCurrentMirror", "VoltageReference"},
    Dominance{"WideSwingCascodeCurrentMirror", "LevelShifter"},
    Dominance{"WideSwingCascodeCurrentMirror", "GateConnectedCouple"},
    Dominance{"WideSwingCascodeCurrentMirror", "CurrentMirrorLoad"},
    Dominance{"WilsonCurrentMirror", "SimpleCurrentMirror"},
    Dominance{"WilsonCurrentMirror", "MixedCascodePair"},
    Dominance{"ImprovedWilsonCurrentMirror", "SimpleCurrentMirror"},
    Dominance{"ImprovedWilsonCurrentMirror", "WilsonCurrentMirror"},
    Dominance{"ImprovedWilsonCurrentMirror", "MixedCascodePair"},
    Dominance{"ImprovedWilsonCurrentMirror", "LevelShifter"},
    Dominance{"SimpleCurrentMirror", "CurrentMirrorLoad"},
};

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
    explicit BlockCollector(const RuleInput& input)
        : m_input(input)
        , m_wiring(input.wiring) {}

    std::vector<Block> collect() {
        arrays();
        stacks();
        m_firstRuleBlock = m_blocks.size();
        for (const BlockRule& rule : blockRules())
            apply(rule);
        dominate();
        stages();
        return std::move(m_blocks);
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
        for (std::size_t i = 0; i < m_wiring.circuit.devices.size(); ++i)
            passiveArray(static_cast<DeviceId>(i));
    }

    void passiveArray(DeviceId id) {
        const Device& device = m_wiring.circuit.devices[at(id)];
        const bool capacitor = device.type == DeviceType::Capacitor;
        if ((!capacitor && device.type != DeviceType::Resistor) || device.nets.size() < 2) return;
        Block block;
        block.type = capacitor ? "CapacitorArray" : "ResistorArray";
        block.level = 1;
        block.devices = {id};
        block.pins = {{"Plus", device.nets[0]}, {"Minus", device.nets[1]}};
        block.reason = capacitor ? "One capacitor." : "One resistor.";
        m_blocks.push_back(std::move(block));
    }

    void stacks() {
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const Transistor& t = m_wiring.transistors[i];
            if (t.arrays.size() < 2) continue;
            add("SeriesStack", 1,
                {{static_cast<int>(i)}, {{"Drain", t.drain}, {"Gate", t.gate}, {"Source", t.source}}},
                fmt::format("{} transistors in series with one gate act as one long transistor.",
                            t.arrays.size()));
        }
    }

    void apply(const BlockRule& rule) {
        m_found.clear();
        rule.find(m_input, m_found);
        for (FoundBlock& found : m_found)
            add(rule.type, rule.level, std::move(found), fmt::format("{}: {}.", rule.type, rule.meaning));
    }

    void add(const char* type, int level, FoundBlock found, std::string reason) {
        Block block;
        block.type = type;
        block.level = level;
        block.polarity = m_wiring[found.transistors.front()].polarity;
        for (const int t : found.transistors) {
            const auto devices = m_wiring.devicesOf(t);
            block.devices.insert(block.devices.end(), devices.begin(), devices.end());
        }
        block.pins = std::move(found.pins);
        // References may serve others too: the last transistor outside the main bias tells what the block
        // does; a level 3 block is told by its first.
        int telling = found.transistors.back();
        for (const int t : found.transistors)
            if (m_input.functions.roles[at(t)].stage != Stage::Bias) telling = t;
        if (level == 3) telling = found.transistors.front();
        block.function = m_input.functions.roles[at(telling)].function;
        block.stage = m_input.functions.roles[at(telling)].stage;
        block.reason = std::move(reason);
        m_blocks.push_back(std::move(block));
    }

    void dominate() {
        std::vector<std::vector<std::size_t>> blocksOf(m_wiring.circuit.devices.size());
        for (std::size_t i = m_firstRuleBlock; i < m_blocks.size(); ++i)
            for (const DeviceId device : m_blocks[i].devices)
                blocksOf[at(device)].push_back(i);
        std::vector<bool> dropped(m_blocks.size(), false);
        std::vector<std::vector<DeviceId>> sorted(m_blocks.size());
        for (std::size_t i = m_firstRuleBlock; i < m_blocks.size(); ++i) {
            sorted[i] = m_blocks[i].devices;
            std::sort(sorted[i].begin(), sorted[i].end());
        }
        for (std::size_t i = m_firstRuleBlock; i < m_blocks.size(); ++i) {
            if (!isLoser(m_blocks[i].type)) continue;
            for (const std::size_t w : blocksOf[at(m_blocks[i].devices.front())]) {
                if (w == i || !dominates(m_blocks[w].type, m_blocks[i].type)) continue;
                if (!std::includes(sorted[w].begin(), sorted[w].end(), sorted[i].begin(), sorted[i].end()))
                    continue;
                dropped[i] = true;
                std::string& won = m_won[w];
                if (won.find(m_blocks[i].type) == std::string::npos)
                    won += (won.empty() ? "" : ", ") + m_blocks[i].type;
                break;
            }
        }
        for (const auto& [winner, losers] : m_won)
            m_blocks[winner].reason += fmt::format(" Wins over {}, which it contains.", losers);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_blocks.size(); ++i) {
            if (dropped[i]) continue;
            if (kept != i) m_blocks[kept] = std::move(m_blocks[i]);
            ++kept;
        }
        m_blocks.resize(kept);
    }

    static bool isLoser(std::string_view type) {
        return std::any_of(dominances.begin(), dominances.end(),
                           [&](const Dominance& d) { return d.loser == type; });
    }
    static bool dominates(std::string_view winner, std::string_view loser) {
        return std::any_of(dominances.begin(), dominances.end(),
                           [&](const Dominance& d) { return d.winner == winner && d.loser == loser; });
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
    const Wiring& m_wiring;
    std::vector<Block> m_blocks;
    std::vector<FoundBlock> m_found;
    std::size_t m_firstRuleBlock = 0;
    std::map<std::size_t, std::string> m_won;
};

} // namespace

std::vector<Block> findBlocks(const RuleInput& input) {
    return BlockCollector(input).collect();
}

} // namespace headroom::structure
