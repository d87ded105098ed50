#include "core/structure/symmetry.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace headroom::structure {

namespace {

enum class Terminal { Drain, Gate, Source };

class SymmetryWalk {
public:
    SymmetryWalk(const Wiring& wiring, const Functions& functions, const std::vector<Mirror>& mirrors)
        : m_wiring(wiring)
        , m_functions(functions)
        , m_mirrors(mirrors)
        , m_partnerNet(wiring.circuit.nets.size(), -1)
        , m_partner(wiring.transistors.size(), -1)
        , m_group(wiring.transistors.size())
        , m_reason(wiring.transistors.size(), nullptr)
        , m_inLoadMirror(wiring.transistors.size(), false) {
        std::iota(m_group.begin(), m_group.end(), 0);
        for (const Mirror& mirror : mirrors)
            if (isLoad(mirror.reference) && isLoad(mirror.output))
                m_inLoadMirror[at(mirror.reference)] = m_inLoadMirror[at(mirror.output)] = true;
    }

    SymmetryAnswer find() {
        for (const Pair& pair : m_functions.inputPairs)
            start(pair);
        walk();
        for (const Pair& pair : m_functions.feedbackPairs)
            start(pair);
        walk();
        for (const Mirror& mirror : m_mirrors)
            loadMirror(mirror);
        walk();
        return {collect(), symmetry()};
    }

private:
    bool isLoad(int t) const { return m_functions.roles[at(t)].function == Function::Load; }

    void start(const Pair& pair) {
        if (m_partner[at(pair.first)] >= 0 || m_partner[at(pair.second)] >= 0) {
            if (root(pair.first) == root(pair.second) || splitPair(pair)) return;
            // Both are matched with transistors of another pair already: all of them are alike.
            if (sameSize(pair.first, pair.second)) unite(pair.first, pair.second, "differential pairs");
            joinNets(m_wiring[pair.first].drain, m_wiring[pair.second].drain);
            return;
        }
        match(pair.first, pair.second, "differential pair");
        const Transistor& a = m_wiring[pair.first];
        const Transistor& b = m_wiring[pair.second];
        // The common-mode pair's gates are an output and the reference: they are no symmetric nets.
        const bool input = m_functions.signalStage[at(a.gate)] == m_functions.signalStage[at(b.gate)];
        if (input) joinNets(a.gate, b.gate);
        joinNets(a.drain, b.drain);
    }

    // The halves of a split pair (recycling amplifiers) have partners on the same tail; their sizes may
    // differ from those of the other split.
    bool splitPair(const Pair& pair) const {
        const int partner =
            m_partner[at(pair.first)] >= 0 ? m_partner[at(pair.first)] : m_partner[at(pair.second)];
        return pair.hasSource(m_wiring[partner].source);
    }

    bool joinNets(NetId a, NetId b) {
        if (a == b || m_partnerNet[at(a)] == b) return true;
        if (m_wiring.isRail(a) || m_wiring.isRail(b)) return false;
        if (m_partnerNet[at(a)] >= 0 || m_partnerNet[at(b)] >= 0) return false;
        m_partnerNet[at(a)] = b;
        m_partnerNet[at(b)] = a;
        m_open.emplace_back(a, b);
        return true;
    }

    bool canJoin(NetId a, NetId b) const {
        if (a == b || m_partnerNet[at(a)] == b) return true;
        if (m_wiring.isRail(a) || m_wiring.isRail(b)) return false;
        return m_partnerNet[at(a)] < 0 && m_partnerNet[at(b)] < 0;
    }

    void walk() {
        while (!m_open.empty()) {
            const auto [a, b] = m_open.back();
            m_open.pop_back();
            step(a, b, m_wiring.drainsAt, Terminal::Drain);
            step(a, b, m_wiring.sourcesAt, Terminal::Source);
            step(a, b, m_wiring.gatesAt, Terminal::Gate);
        }
    }

    void step(NetId a, NetId b, const std::vector<std::vector<int>>& index, Terminal terminal) {
        for (const int t : index[at(a)]) {
            if (m_partner[at(t)] >= 0) continue;
            int found = -1;
            int fits = 0;
            for (const int u : index[at(b)]) {
                if (u == t || m_partner[at(u)] >= 0 || !mirrorImages(t, u, terminal)) continue;
                found = u;
                ++fits;
            }
            if (fits != 1 || !signalRole(t) || !signalRole(found)) continue;
            match(t, found, reasonFor(t));
            const Transistor& x = m_wiring[t];
            const Transistor& y = m_wiring[found];
            joinNets(x.drain, y.drain);
            joinNets(x.source, y.source);
            // A mirror's two sides share one gate; tied gates of diodes are the drains just joined.
            if (x.gate != y.gate) joinNets(x.gate, y.gate);
        }
    }

    // The two differ only by nets that are each other's image, apart from the terminal they were met by.
    bool mirrorImages(int t, int u, Terminal terminal) const {
        const Transistor& a = m_wiring[t];
        const Transistor& b = m_wiring[u];
        if (a.polarity != b.polarity || a.bipolar != b.bipolar || !sameSize(t, u)) return false;
        if (m_functions.roles[at(t)].function != m_functions.roles[at(u)].function) return false;
        if (m_functions.roles[at(t)].stage != m_functions.roles[at(u)].stage) return false;
        const bool gates = terminal == Terminal::Gate || sameDrive(a, b);
        // Cascodes with one gate on symmetric nets are alike wherever their drains lead.
        const bool drains = terminal == Terminal::Drain || canJoin(a.drain, b.drain) ||
                            (terminal == Terminal::Source && a.gate == b.gate);
        const bool sources = terminal == Terminal::Source || canJoin(a.source, b.source);
        return gates && drains && sources && a.source != b.drain;
    }

    // One gate net, images of each other, or two nets of the signal path; never two different bias lines.
    bool sameDrive(const Transistor& a, const Transistor& b) const {
        if (a.gate == b.gate || m_partnerNet[at(a.gate)] == b.gate) return true;
        const auto isSignal = [&](NetId net) { return m_functions.signalStage[at(net)] != Stage::None; };
        return isSignal(a.gate) && isSignal(b.gate) && canJoin(a.gate, b.gate);
    }

    bool signalRole(int t) const {
        const DeviceRole& role = m_functions.roles[at(t)];
        if (role.stage == Stage::Bias || role.stage == Stage::None) return false;
        return role.function != Function::Unexplained;
    }

    // Equal sizes can be asked of stacks and arrays only where both have the same number of devices.
    bool sameSize(int t, int u) const {
        const auto& a = m_wiring[t].arrays;
        const auto& b = m_wiring[u].arrays;
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (m_wiring.arrays[at(a[i])].devices.size() != m_wiring.arrays[at(b[i])].devices.size())
                return false;
        return true;
    }

    const char* reasonFor(int t) const {
        const DeviceRole& role = m_functions.roles[at(t)];
        const Transistor& transistor = m_wiring[t];
        switch (role.function) {
        case Function::Load:
            if (!m_wiring.onOwnRail(transistor)) return "symmetric cascodes of the load";
            return m_inLoadMirror[at(t)] ? "current mirror load" : "symmetric current sources of the load";
        case Function::Transconductance:
            return "symmetric transconductors";
        case Function::Bias:
            return "symmetric stage bias";
        case Function::PositiveFeedback:
            return "cross-coupled pair";
        case Function::Auxiliary:
            return "symmetric gain boosting";
        default:
            return "symmetric devices";
        }
    }

    void loadMirror(const Mirror& mirror) {
        if (!isLoad(mirror.reference) || !isLoad(mirror.output)) return;
        const Stage stage = m_functions.roles[at(mirror.reference)].stage;
        if (stage != m_functions.roles[at(mirror.output)].stage ||
            root(mirror.reference) == root(mirror.output))
            return;
        // Where both have images of their own, the mirror may have any ratio (recycling amplifiers).
        if (m_partner[at(mirror.reference)] >= 0 && m_partner[at(mirror.output)] >= 0) return;
        if (!sameSize(mirror.reference, mirror.output)) return;
        unite(mirror.reference, mirror.output, "current mirror load");
        if (mirror.throughCascode) joinNets(m_wiring[mirror.reference].drain, m_wiring[mirror.output].drain);
    }

    int root(int t) const {
        while (m_group[at(t)] != t)
            t = m_group[at(t)];
        return t;
    }

    void unite(int a, int b, const char* reason) {
        const int low = std::min(root(a), root(b));
        const int high = std::max(root(a), root(b));
        m_group[at(high)] = low;
        if (m_reason[at(low)] == nullptr) m_reason[at(low)] = reason;
    }

    void match(int a, int b, const char* reason) {
        m_partner[at(a)] = b;
        m_partner[at(b)] = a;
        unite(a, b, reason);
    }

    /// Units in parallel that are drawn alike are one transistor and stay alike.
    void collectUnits(int transistor, std::vector<MatchedGroup>& groups) const {
        for (const int array : m_wiring[transistor].arrays) {
            const std::vector<DeviceId>& units = m_wiring.arrays[at(array)].devices;
            const auto alike = [&](DeviceId unit) {
                const netlist::Device& first = m_wiring.circuit.devices[at(units.front())];
                const netlist::Device& other = m_wiring.circuit.devices[at(unit)];
                return first.number("w") == other.number("w") && first.number("l") == other.number("l");
            };
            if (units.size() > 1 && std::all_of(units.begin(), units.end(), alike))
                groups.push_back({units, "units of one transistor"});
        }
    }

    std::vector<MatchedGroup> collect() const {
        const std::size_t count = m_wiring.transistors.size();
        std::vector<std::vector<int>> members(count);
        for (std::size_t t = 0; t < count; ++t)
            members[at(root(static_cast<int>(t)))].push_back(static_cast<int>(t));
        std::vector<MatchedGroup> groups;
        for (std::size_t r = 0; r < count; ++r) {
            if (members[r].size() < 2) {
                if (members[r].size() == 1) collectUnits(static_cast<int>(r), groups);
                continue;
            }
            // One group for each place of a stack: its own width and length, equal in all members.
            for (std::size_t place = 0; place < m_wiring.transistors[r].arrays.size(); ++place) {
                MatchedGroup group;
                group.reason = m_reason[r] != nullptr ? m_reason[r] : "symmetric devices";
                for (const int t : members[r]) {
                    const auto& devices = m_wiring.arrays[at(m_wiring[t].arrays[place])].devices;
                    group.devices.insert(group.devices.end(), devices.begin(), devices.end());
                }
                groups.push_back(std::move(group));
            }
        }
        return groups;
    }

    // Images of each other, and what stands on the axis: the pairs' tails and all that feeds them.
    Symmetry symmetry() const {
        Symmetry result;
        const std::size_t count = m_wiring.transistors.size();
        for (std::size_t i = 0; i < count; ++i)
            if (m_partner[i] > static_cast<int>(i)) addImages(static_cast<int>(i), m_partner[i], result);
        for (std::size_t i = 0; i < m_partnerNet.size(); ++i)
            if (m_partnerNet[i] > static_cast<NetId>(i))
                result.netPairs.emplace_back(static_cast<NetId>(i), m_partnerNet[i]);
        std::vector<bool> taken(count, false);
        for (const Pair& pair : m_functions.inputPairs) {
            if (pair.degenerated()) continue;
            std::vector<NetId> open{pair.source};
            while (!open.empty()) {
                const NetId net = open.back();
                open.pop_back();
                const auto& known = result.netsOnAxis;
                if (m_wiring.isRail(net) || std::find(known.begin(), known.end(), net) != known.end())
                    continue;
                result.netsOnAxis.push_back(net);
                for (const int t : m_wiring.drainsAt[at(net)]) {
                    if (taken[at(t)] || m_partner[at(t)] >= 0) continue;
                    taken[at(t)] = true;
                    for (const DeviceId device : m_wiring.devicesOf(t))
                        result.onAxis.push_back(device);
                    open.push_back(m_wiring[t].source);
                }
            }
        }
        return result;
    }

    void addImages(int t, int u, Symmetry& result) const {
        const auto a = m_wiring.devicesOf(t);
        const auto b = m_wiring.devicesOf(u);
        for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
            result.pairs.emplace_back(a[i], b[i]);
    }

    const Wiring& m_wiring;
    const Functions& m_functions;
    const std::vector<Mirror>& m_mirrors;
    std::vector<NetId> m_partnerNet;
    std::vector<int> m_partner;
    std::vector<int> m_group; // union-find over transistors
    std::vector<const char*> m_reason;
    std::vector<bool> m_inLoadMirror;
    std::vector<std::pair<NetId, NetId>> m_open;
};

} // namespace

SymmetryAnswer findSymmetry(const Wiring& wiring, const Functions& functions,
                            const std::vector<Mirror>& mirrors) {
    return SymmetryWalk(wiring, functions, mirrors).find();
}

} // namespace headroom::structure
