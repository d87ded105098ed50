#include "core/structure/sizing_blocks.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace headroom::structure {

namespace {

class SizingPartition {
public:
    SizingPartition(const RuleInput& input, Structure& structure)
        : m_wiring(input.wiring)
        , m_functions(input.functions)
        , m_mirrors(input.mirrors)
        , m_isReference(input.isReference)
        , m_structure(structure)
        , m_parent(input.wiring.transistors.size()) {
        std::iota(m_parent.begin(), m_parent.end(), 0);
    }

    void choose() {
        for (const auto* pairs :
             {&m_functions.inputPairs, &m_functions.feedbackPairs, &m_functions.otherPairs})
            for (const Pair& pair : *pairs)
                unite(pair.first, pair.second);
        for (const MatchedGroup& group : m_structure.matchedGroups)
            for (const DeviceId device : group.devices)
                unite(m_wiring.transistorOf[at(group.devices.front())], m_wiring.transistorOf[at(device)]);
        for (const Mirror& mirror : m_mirrors)
            unite(mirror.reference, mirror.output);
        uniteInert();
        uniteBranches();
        uniteSources();
        adoptLoneDiodes();
        emit();
    }

private:
    int root(int t) {
        while (m_parent[at(t)] != t) {
            m_parent[at(t)] = m_parent[at(m_parent[at(t)])];
            t = m_parent[at(t)];
        }
        return t;
    }
    void unite(int a, int b) {
        const int x = root(a);
        const int y = root(b);
        m_parent[at(std::max(x, y))] = std::min(x, y);
    }

    // Dummies, switches and MOS capacitors carry no signal current: one block for all of them.
    void uniteInert() {
        int first = -1;
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            if (m_wiring.transistors[i].conducts()) continue;
            if (first < 0) first = static_cast<int>(i);
            unite(first, static_cast<int>(i));
        }
    }

    // Transistors of one type in series belong together; a cascode on a pair belongs to the pair, a pair
    // on its tail does not.
    void uniteBranches() {
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const int lower = static_cast<int>(i);
            const Transistor& t = m_wiring[lower];
            if (!t.conducts() || m_wiring.isRail(t.drain)) continue;
            if (m_functions.pairSource[at(t.drain)]) continue; // bias diodes may stand on a tail
            for (const int upper : m_wiring.sourcesAt[at(t.drain)])
                if (m_wiring[upper].polarity == t.polarity && !m_functions.pairHalf[at(upper)] &&
                    upper != lower)
                    unite(lower, upper);
        }
    }

    // Current sources on one gate net and one rail, also where their gate voltage comes from elsewhere.
    void uniteSources() {
        for (std::size_t net = 0; net < m_wiring.gatesAt.size(); ++net) {
            std::map<std::pair<Polarity, NetId>, int> first;
            for (const int t : m_wiring.gatesAt[net]) {
                if (m_functions.pairHalf[at(t)]) continue;
                const auto [entry, fresh] = first.try_emplace({m_wiring[t].polarity, m_wiring[t].source}, t);
                if (!fresh && !isTransconductor(t) && !isTransconductor(entry->second))
                    unite(entry->second, t);
            }
        }
    }

    bool isTransconductor(int t) const {
        return m_functions.roles[at(t)].function == Function::Transconductance;
    }

    // A diode that nothing mirrors makes the gate voltage of cascodes: it is sized with them.
    void adoptLoneDiodes() {
        std::vector<int> size(m_wiring.transistors.size(), 0);
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i)
            ++size[at(root(static_cast<int>(i)))];
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const int diode = static_cast<int>(i);
            if (!m_wiring[diode].diode() || size[at(root(diode))] > 1) continue;
            for (const int t : m_wiring.gatesAt[at(m_wiring[diode].gate)])
                if (t != diode && m_wiring[t].polarity == m_wiring[diode].polarity &&
                    !m_functions.pairHalf[at(t)]) {
                    unite(diode, t);
                    break;
                }
        }
    }

    void emit() {
        std::map<int, std::vector<int>> clusters;
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i)
            clusters[root(static_cast<int>(i))].push_back(static_cast<int>(i));
        for (std::size_t i = 0; i < m_structure.blocks.size(); ++i) {
            auto key = m_structure.blocks[i].devices;
            std::sort(key.begin(), key.end());
            m_known.try_emplace(std::move(key), static_cast<int>(i));
        }
        std::vector<Draft> drafts;
        drafts.reserve(clusters.size());
        for (auto& [key, members] : clusters)
            drafts.push_back(draft(members));
        dropContained(drafts);
        for (Draft& one : drafts)
            take(std::move(one));
    }

    struct Draft {
        std::vector<int> transistors;
        std::vector<DeviceId> devices; // sorted
        std::string type;
    };

    Draft draft(const std::vector<int>& members) const {
        Draft result;
        result.transistors = members;
        const bool stage = std::any_of(members.begin(), members.end(), [&](int t) {
            const Stage s = m_functions.roles[at(t)].stage;
            return isTransconductor(t) && !m_functions.pairHalf[at(t)] &&
                   (s == Stage::Second || s == Stage::Third);
        });
        if (stage) {
            addStageBias(result.transistors);
            result.type = "CommonSourceStage";
        } else {
            result.type = bankType(members);
        }
        for (const int t : result.transistors)
            for (const DeviceId device : m_wiring.devicesOf(t))
                result.devices.push_back(device);
        if (stage) addCompensation(result);
        std::sort(result.devices.begin(), result.devices.end());
        return result;
    }

    // The current sources on the stage's outputs: shared with the bank that they belong to.
    void addStageBias(std::vector<int>& transistors) const {
        const std::size_t own = transistors.size();
        std::vector<NetId> open;
        for (std::size_t i = 0; i < own; ++i)
            open.push_back(m_wiring[transistors[i]].drain);
        const Stage stage = m_functions.roles[at(transistors.front())].stage;
        for (std::size_t k = 0; k < open.size(); ++k) {
            if (m_wiring.isRail(open[k])) continue;
            for (const int t : m_wiring.drainsAt[at(open[k])]) {
                const DeviceRole& role = m_functions.roles[at(t)];
                if (role.function != Function::Bias || role.stage != stage) continue;
                if (std::find(transistors.begin(), transistors.end(), t) != transistors.end()) continue;
                transistors.push_back(t);
                open.push_back(m_wiring[t].source);
            }
        }
    }

    void addCompensation(Draft& result) const {
        for (std::size_t i = 0; i < m_structure.roles.size(); ++i) {
            if (m_structure.roles[i].function != Function::Compensation || m_wiring.transistorOf[i] >= 0)
                continue;
            const auto& nets = m_wiring.circuit.devices[i].nets;
            const bool touches = std::any_of(nets.begin(), nets.end(), [&](NetId raw) {
                const NetId net = m_wiring.canonical[at(raw)];
                return std::any_of(result.transistors.begin(), result.transistors.end(), [&](int t) {
                    return m_wiring[t].drain == net || (isTransconductor(t) && m_wiring[t].gate == net);
                });
            });
            if (touches) result.devices.push_back(static_cast<DeviceId>(i));
        }
    }

    std::string bankType(const std::vector<int>& members) const {
        if (!m_wiring[members.front()].conducts()) return "InertDevices";
        const auto some = [&](auto predicate) {
            return std::any_of(members.begin(), members.end(), predicate);
        };
        if (some([&](int t) { return m_functions.pairHalf[at(t)]; })) {
            if (some([&](int t) { return !m_functions.pairHalf[at(t)]; })) return "CascodedDifferentialPair";
            return members.size() > 2 ? "DifferentialPairBank" : "DifferentialPair";
        }
        const bool cascodes =
            some([&](int t) { return m_wiring[t].conducts() && !m_wiring.isRail(m_wiring[t].source); });
        const bool reference = some([&](int t) { return m_isReference[at(t)]; });
        if (reference) return cascodes ? "CascodeCurrentMirrorBank" : "CurrentMirrorBank";
        return cascodes ? "CascodeCurrentSourceBank" : "CurrentSourceBank";
    }

    // A bank that lies within a stage's block altogether needs no model of its own.
    static void dropContained(std::vector<Draft>& drafts) {
        const auto contained = [&](const Draft& one) {
            return std::any_of(drafts.begin(), drafts.end(), [&](const Draft& other) {
                return &other != &one && other.type == "CommonSourceStage" &&
                       other.devices.size() > one.devices.size() &&
                       std::includes(other.devices.begin(), other.devices.end(), one.devices.begin(),
                                     one.devices.end());
            });
        };
        std::vector<Draft> kept;
        for (const Draft& one : drafts)
            if (!contained(one)) kept.push_back(one);
        drafts = std::move(kept);
    }

    void take(Draft draft) {
        const auto known = m_known.find(draft.devices);
        if (known != m_known.end()) {
            m_structure.sizingBlocks.push_back(known->second);
            return;
        }
        Block block;
        block.type = draft.type;
        block.level = 3;
        block.forSizing = true;
        block.polarity = m_wiring[draft.transistors.front()].polarity;
        const DeviceRole& role = m_functions.roles[at(draft.transistors.front())];
        block.function = role.function;
        block.stage = role.stage;
        block.devices = std::move(draft.devices);
        block.reason = block.type == "CommonSourceStage"
                           ? "Sized together: a gated stage with its current sources and compensation."
                           : "Sized together: transistors that share references, branches or symmetry.";
        m_structure.sizingBlocks.push_back(static_cast<int>(m_structure.blocks.size()));
        m_structure.blocks.push_back(std::move(block));
    }

    const Wiring& m_wiring;
    const Functions& m_functions;
    const std::vector<Mirror>& m_mirrors;
    const std::vector<bool>& m_isReference;
    Structure& m_structure;
    std::vector<int> m_parent;                    // union-find over transistors
    std::map<std::vector<DeviceId>, int> m_known; // sorted devices -> index in blocks
};

} // namespace

void chooseSizingBlocks(const RuleInput& input, Structure& structure) {
    SizingPartition(input, structure).choose();
}

} // namespace headroom::structure
