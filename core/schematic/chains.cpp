#include <algorithm>
#include <map>
#include <set>

#include "core/schematic/branches.h"

namespace headroom::schematic {

using structure::at;
using structure::Function;
using structure::Stage;

namespace {

/// Puts chains and items together from elements that know their rows.
class ChainLinker {
public:
    ChainLinker(Branches& branches, const netlist::Circuit& circuit, const structure::Structure& structure,
                const structure::Wiring& wiring)
        : m_branches(branches)
        , m_circuit(circuit)
        , m_structure(structure)
        , m_wiring(wiring)
        , m_elementOf(circuit.devices.size(), -1)
        , m_next(branches.elements.size(), -1)
        , m_previous(branches.elements.size(), -1) {
        for (std::size_t i = 0; i < branches.elements.size(); ++i)
            m_elementOf[at(branches.elements[i].device)] = static_cast<int>(i);
    }

    void run() {
        findPairs();
        findPartners();
        for (std::size_t net = 0; net < m_circuit.nets.size(); ++net) {
            const auto id = static_cast<NetId>(net);
            if (!m_branches.isRail(id) && !m_pairSources.contains(id)) link(id);
        }
        collectChains();
        collectItems();
    }

private:
    struct Pair {
        int first = -1, second = -1;
        NetId source = -1;
        int tail = -1;
    };

    Element& element(int i) { return m_branches.elements[at(i)]; }
    const Element& element(int i) const { return m_branches.elements[at(i)]; }

    // The elements of a transistor, from the drain's side to the source's.
    std::vector<int> elementsOf(int transistor) const {
        std::vector<int> elements;
        for (const DeviceId device : m_wiring.devicesOf(transistor))
            if (m_elementOf[at(device)] >= 0) elements.push_back(m_elementOf[at(device)]);
        return elements;
    }

    void findPairs() {
        for (const structure::Block& block : m_structure.blocks) {
            if (block.type != "DifferentialPair" || block.devices.size() < 2) continue;
            const int first = m_wiring.transistorOf[at(block.devices.front())];
            const auto other = std::find_if(block.devices.begin(), block.devices.end(), [&](DeviceId device) {
                return m_wiring.transistorOf[at(device)] != first;
            });
            if (first < 0 || other == block.devices.end()) continue;
            addPair(elementsOf(first), elementsOf(m_wiring.transistorOf[at(*other)]));
        }
        for (Pair& pair : m_pairs) {
            const bool sourceBelow = !element(pair.first).fromTop;
            for (const int i : (sourceBelow ? m_branches.below : m_branches.above)[at(pair.source)])
                if (!element(i).pairHalf && !element(i).capacitor() && pair.tail < 0) pair.tail = i;
            m_pairSources.insert(pair.source);
        }
    }

    void addPair(const std::vector<int>& one, const std::vector<int>& two) {
        if (one.empty() || one.size() != two.size()) return;
        const auto taken = [&](int i) { return element(i).pairHalf; };
        if (std::any_of(one.begin(), one.end(), taken) || std::any_of(two.begin(), two.end(), taken)) return;
        const Element& last = element(one.back());
        const NetId source = last.fromTop ? last.upper : last.lower;
        if (m_branches.isRail(source)) return;
        for (std::size_t i = 0; i < one.size(); ++i) {
            element(one[i]).pairHalf = element(two[i]).pairHalf = true;
            element(one[i]).partner = two[i];
            element(two[i]).partner = one[i];
        }
        m_pairs.push_back({one.back(), two.back(), source, -1});
    }

    void findPartners() {
        for (const structure::MatchedGroup& group : m_structure.matchedGroups) {
            std::vector<int> members;
            for (const DeviceId device : group.devices)
                if (m_elementOf[at(device)] >= 0) members.push_back(m_elementOf[at(device)]);
            if (members.size() != 2) continue;
            Element& one = element(members[0]);
            Element& two = element(members[1]);
            if (one.partner >= 0 || two.partner >= 0 || one.kind != two.kind) continue;
            one.partner = members[1];
            two.partner = members[0];
        }
    }

    // How well the lower element continues the column of the upper one; negative: not at all.
    int fit(int upper, int lower, const std::vector<int>& above, const std::vector<int>& below) const {
        const Element& a = element(upper);
        const Element& b = element(lower);
        if (a.row >= b.row) return -1;
        const auto solid = [&](int i) { return !element(i).capacitor(); };
        if (a.capacitor() && std::any_of(above.begin(), above.end(), solid)) return -1;
        if (b.capacitor() && std::any_of(below.begin(), below.end(), solid)) return -1;
        int score = 10;
        if (a.kind == b.kind) score += 8;
        if (a.fromTop == b.fromTop) score += 2;
        if (a.pairHalf) score -= above.size() > 1 ? 3 : 0;
        if (b.pairHalf) score -= below.size() > 1 ? 3 : 0;
        if (a.diode() || b.diode()) score += 2;
        if (a.partner >= 0 && b.partner >= 0) score += 3;
        if (m_structure.roles[at(a.device)].stage == m_structure.roles[at(b.device)].stage) score += 1;
        return score;
    }

    void link(NetId net) {
        const auto& above = m_branches.above[at(net)];
        const auto& below = m_branches.below[at(net)];
        if (above.size() * below.size() > 400) return; // a wide bus is no column
        for (;;) {
            int best = -1, bestUpper = -1, bestLower = -1;
            for (const int upper : above) {
                if (m_next[at(upper)] >= 0) continue;
                for (const int lower : below) {
                    if (m_previous[at(lower)] >= 0 || lower == upper) continue;
                    const int score = fit(upper, lower, above, below);
                    if (score <= best) continue;
                    best = score;
                    bestUpper = upper;
                    bestLower = lower;
                }
            }
            if (best < 0) return;
            m_next[at(bestUpper)] = bestLower;
            m_previous[at(bestLower)] = bestUpper;
        }
    }

    void collectChains() {
        for (std::size_t i = 0; i < m_branches.elements.size(); ++i) {
            if (m_branches.elements[i].bridge || m_previous[i] >= 0) continue;
            Chain chain;
            for (int j = static_cast<int>(i); j >= 0; j = m_next[at(j)]) {
                element(j).chain = static_cast<int>(m_branches.chains.size());
                chain.elements.push_back(j);
            }
            m_branches.chains.push_back(std::move(chain));
        }
    }

    int rankOf(const Element& element) const {
        const structure::DeviceRole& role = m_structure.roles[at(element.device)];
        if (role.function == Function::LoadCapacitance) return 6;
        switch (role.stage) {
        case Stage::Bias:
            return 0;
        case Stage::First:
            return 1;
        case Stage::Second:
            return 2;
        case Stage::Third:
            return 3;
        case Stage::Feedback:
            return 4;
        case Stage::None:
            break;
        }
        return m_branches.isRail(element.upper) && m_branches.isRail(element.lower) ? -1 : 1;
    }

    int rankOf(int chain) const {
        std::map<int, int> votes;
        for (const int i : m_branches.chains[at(chain)].elements) {
            const Function function = m_structure.roles[at(element(i).device)].function;
            const int weight = function == Function::Transconductance ? 5
                               : function == Function::Load           ? 2
                                                                      : 1;
            votes[rankOf(element(i))] += weight;
        }
        return std::max_element(votes.begin(), votes.end(),
                                [](const auto& a, const auto& b) { return a.second < b.second; })
            ->first;
    }

    bool carries(int chain, NetId net) const {
        const auto& elements = m_branches.chains[at(chain)].elements;
        return std::any_of(elements.begin(), elements.end(),
                           [&](int i) { return element(i).upper == net || element(i).lower == net; });
    }

    int diodesOf(int chain) const {
        const auto& elements = m_branches.chains[at(chain)].elements;
        int count = 0;
        for (const int i : elements) {
            const Element& e = element(i);
            if (!e.transistor() || e.pairHalf) continue;
            // The reference side of a mirror: its gate net is one of its column's own.
            if (carries(chain, e.control) && !m_branches.isRail(e.control)) ++count;
        }
        return count;
    }

    // Where the net's gates lead: 1 to a branch with an output, -1 to one with a mirror's reference.
    int onward(int chain, NetId net) const {
        if (!m_structure.ports || m_branches.isRail(net)) return 0;
        const auto& ports = *m_structure.ports;
        int score = 0;
        for (const Element& gated : m_branches.elements) {
            if (gated.control != net || gated.chain == chain || gated.chain < 0) continue;
            if (ports.outputMinus) continue;
            if (carries(gated.chain, ports.output))
                score = 1;
            else if (diodesOf(gated.chain) > 0 && score == 0)
                score = -1;
        }
        return score;
    }

    // Positive: the chain belongs to the right of its pair.
    int rightness(int chain, const std::vector<int>& sides) const {
        int score = 0;
        if (m_structure.ports) {
            const auto& ports = *m_structure.ports;
            if (ports.outputMinus) {
                if (carries(chain, *ports.outputMinus)) score -= 100;
                if (carries(chain, ports.output)) score += 100;
            } else if (carries(chain, ports.output)) {
                score += 100;
            }
        }
        score -= 10 * diodesOf(chain);
        for (const int i : m_branches.chains[at(chain)].elements)
            for (const NetId net : {element(i).upper, element(i).lower})
                score += 8 * onward(chain, net);
        for (const int i : m_branches.chains[at(chain)].elements)
            for (const NetId net : {element(i).upper, element(i).lower, element(i).control})
                if (net >= 0 && !m_branches.isRail(net)) score += sides[at(net)];
        return score;
    }

    void addPairItem(int one, int two, int centre, std::vector<int>& sides) {
        if (rightness(one, sides) > rightness(two, sides)) std::swap(one, two);
        for (const auto& [chain, side] : {std::pair{one, -1}, std::pair{two, 1}}) {
            m_taken[at(chain)] = true;
            for (const int i : m_branches.chains[at(chain)].elements)
                for (const NetId net : {element(i).upper, element(i).lower,
                                        element(i).pairHalf ? element(i).control : element(i).upper})
                    sides[at(net)] = std::clamp(sides[at(net)] + side, -1, 1);
        }
        if (centre >= 0) m_taken[at(centre)] = true;
        m_branches.items.push_back({one, two, centre, std::min(rankOf(one), rankOf(two))});
    }

    void collectItems() {
        m_taken.assign(m_branches.chains.size(), false);
        std::vector<int> sides(m_circuit.nets.size(), 0);
        for (const Pair& pair : m_pairs) {
            const int one = element(pair.first).chain;
            const int two = element(pair.second).chain;
            if (one == two || m_taken[at(one)] || m_taken[at(two)]) continue;
            int centre = pair.tail < 0 ? -1 : element(pair.tail).chain;
            if (centre == one || centre == two || (centre >= 0 && m_taken[at(centre)])) centre = -1;
            if (centre >= 0 && !clear(centre, one, two)) centre = -1;
            addPairItem(one, two, centre, sides);
        }
        for (std::size_t chain = 0; chain < m_branches.chains.size(); ++chain) {
            if (m_taken[chain]) continue;
            const int id = static_cast<int>(chain);
            std::map<int, int> votes;
            for (const int i : m_branches.chains[chain].elements) {
                if (element(i).partner < 0) continue;
                const int other = element(element(i).partner).chain;
                if (other != id && other >= 0 && !m_taken[at(other)]) ++votes[other];
            }
            if (votes.empty()) {
                m_taken[chain] = true;
                m_branches.items.push_back({id, -1, -1, rankOf(id)});
                continue;
            }
            const auto best = std::max_element(
                votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
            addPairItem(id, best->first, -1, sides);
        }
    }

    // Whether the chain fits on the axis: it has no row in common with the halves.
    bool clear(int centre, int one, int two) const {
        std::set<int> rows;
        for (const int chain : {one, two})
            for (const int i : m_branches.chains[at(chain)].elements)
                rows.insert(element(i).row);
        const auto& elements = m_branches.chains[at(centre)].elements;
        return std::none_of(elements.begin(), elements.end(),
                            [&](int i) { return rows.contains(element(i).row); });
    }

    Branches& m_branches;
    const netlist::Circuit& m_circuit;
    const structure::Structure& m_structure;
    const structure::Wiring& m_wiring;
    std::vector<int> m_elementOf; // by DeviceId
    std::vector<int> m_next, m_previous;
    std::vector<Pair> m_pairs;
    std::set<NetId> m_pairSources;
    std::vector<bool> m_taken; // by chain
};

} // namespace

void linkChains(Branches& branches, const netlist::Circuit& circuit, const structure::Structure& structure,
                const structure::Wiring& wiring) {
    ChainLinker(branches, circuit, structure, wiring).run();
}

} // namespace headroom::schematic
