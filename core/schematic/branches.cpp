#include "core/schematic/branches.h"

#include <algorithm>
#include <functional>

#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {

using netlist::Device;
using netlist::DeviceType;
using netlist::Polarity;
using structure::ArrayKind;
using structure::at;
using structure::Rail;
using structure::Wiring;

namespace {

// Devices that conduct from their upper to their lower net, whatever else they do.
void addTransistors(Branches& branches, const Wiring& wiring) {
    for (const structure::Array& array : wiring.arrays) {
        const bool conducts = array.kind == ArrayKind::Normal || array.kind == ArrayKind::Diode ||
                              array.kind == ArrayKind::Switch;
        for (std::size_t unit = 0; unit < array.devices.size(); ++unit) {
            const DeviceId id = array.devices[unit];
            if (!conducts || unit > 0) {
                branches.aside.push_back(id);
                continue;
            }
            const Device& device = wiring.circuit.devices[at(id)];
            Element element;
            element.device = id;
            element.kind = symbolKindOf(device, array.polarity);
            element.control = device.nets[netlist::Gate];
            NetId drain = device.nets[netlist::Drain];
            NetId source = device.nets[netlist::Source];
            element.swapped = wiring.canonical[at(drain)] != array.drain;
            if (element.swapped) std::swap(drain, source);
            const bool nType = array.polarity == Polarity::N;
            element.upper = nType ? drain : source;
            element.lower = nType ? source : drain;
            if (!array.bipolar && device.nets.size() > netlist::Bulk)
                element.bulk = device.nets[netlist::Bulk];
            branches.elements.push_back(element);
        }
    }
}

/// Two-terminal devices find their direction by what feeds their nets.
class TwoTerminals {
public:
    TwoTerminals(Branches& branches, const Wiring& wiring)
        : m_branches(branches)
        , m_wiring(wiring)
        , m_fed(branches.rails.size())
        , m_sunk(branches.rails.size()) {}

    void add() {
        for (std::size_t i = 0; i < m_wiring.circuit.devices.size(); ++i)
            classify(static_cast<DeviceId>(i));
        while (settleOpen()) {
        }
        for (Element element : m_open) {
            element.bridge = true;
            m_branches.elements.push_back(element);
        }
    }

private:
    void classify(DeviceId id) {
        const Device& device = m_wiring.circuit.devices[at(id)];
        if (m_wiring.transistorOf[at(id)] >= 0) return;
        Element element;
        element.device = id;
        element.kind = symbolKindOf(device, Polarity::N);
        if (device.nets.size() != 2 || element.kind == SymbolKind::Box) {
            if (std::find(m_branches.aside.begin(), m_branches.aside.end(), id) == m_branches.aside.end())
                m_branches.aside.push_back(id);
            return;
        }
        element.upper = device.nets[0];
        element.lower = device.nets[1];
        const Rail upper = m_branches.rails[at(element.upper)];
        const Rail lower = m_branches.rails[at(element.lower)];
        if ((upper == Rail::Negative && lower != Rail::Negative) ||
            (lower == Rail::Positive && upper != Rail::Positive))
            turn(element);
        const bool directed = element.kind == SymbolKind::CurrentSource || element.kind == SymbolKind::Diode;
        if (upper != Rail::None || lower != Rail::None || directed)
            m_branches.elements.push_back(element);
        else
            m_open.push_back(element);
    }

    static void turn(Element& element) {
        std::swap(element.upper, element.lower);
        element.swapped = !element.swapped;
    }

    // From which nets current comes down from the positive rail, and from which it finds its way on.
    void flow() {
        std::fill(m_fed.begin(), m_fed.end(), false);
        std::fill(m_sunk.begin(), m_sunk.end(), false);
        for (bool changed = true; changed;) {
            changed = false;
            for (const Element& element : m_branches.elements) {
                if (element.capacitor()) continue;
                if (!m_fed[at(element.lower)] && !m_branches.isRail(element.lower) &&
                    (m_fed[at(element.upper)] || m_branches.isPositive(element.upper)))
                    m_fed[at(element.lower)] = changed = true;
                const bool ground = m_branches.rails[at(element.lower)] == Rail::Negative;
                if (!m_sunk[at(element.upper)] && !m_branches.isRail(element.upper) &&
                    (m_sunk[at(element.lower)] || ground))
                    m_sunk[at(element.upper)] = changed = true;
            }
        }
    }

    // An element that alone feeds or empties one of its nets stands in that branch. All that one view of
    // the flow shows are settled together, which keeps long ladders linear.
    bool settleOpen() {
        flow();
        std::vector<Element> still;
        for (Element element : m_open) {
            const auto downwards = [&](NetId from, NetId to) {
                return (m_fed[at(from)] && !m_sunk[at(from)] && m_sunk[at(to)]) ||
                       (m_fed[at(from)] && !m_fed[at(to)] && m_sunk[at(to)]);
            };
            const bool down = downwards(element.upper, element.lower);
            const bool up = downwards(element.lower, element.upper);
            if (element.capacitor() || down == up) {
                still.push_back(element);
                continue;
            }
            if (up) turn(element);
            m_branches.elements.push_back(element);
        }
        const bool settled = still.size() < m_open.size();
        m_open = std::move(still);
        return settled && ++m_passes < 50;
    }

    Branches& m_branches;
    const Wiring& m_wiring;
    std::vector<char> m_fed, m_sunk; // by NetId
    std::vector<Element> m_open;
    int m_passes = 0;
};

void index(Branches& branches) {
    branches.above.assign(branches.rails.size(), {});
    branches.below.assign(branches.rails.size(), {});
    for (std::size_t i = 0; i < branches.elements.size(); ++i) {
        const Element& element = branches.elements[i];
        if (element.bridge) continue;
        branches.above[at(element.lower)].push_back(static_cast<int>(i));
        branches.below[at(element.upper)].push_back(static_cast<int>(i));
    }
}

/// The longest way from a rail, in elements; loops count once.
class Levels {
public:
    Levels(const Branches& branches, bool fromTop)
        : m_branches(branches)
        , m_fromTop(fromTop)
        , m_level(branches.rails.size(), -1)
        , m_busy(branches.rails.size(), 0) {}

    int of(NetId net, int depth = 0) {
        if (m_branches.isRail(net) || m_busy[at(net)] || depth > kDeepest) return 0;
        int& level = m_level[at(net)];
        if (level >= 0) return level;
        m_busy[at(net)] = 1;
        int longest = 0;
        for (const int i : (m_fromTop ? m_branches.above : m_branches.below)[at(net)]) {
            const Element& element = m_branches.elements[at(i)];
            longest = std::max(longest, of(m_fromTop ? element.upper : element.lower, depth + 1) + 1);
        }
        m_busy[at(net)] = 0;
        return level = std::min(longest, kDeepest);
    }

private:
    static constexpr int kDeepest = 40;
    const Branches& m_branches;
    bool m_fromTop;
    std::vector<int> m_level;
    std::vector<char> m_busy;
};

bool startsFromTop(const Branches& branches, const Element& element, Levels& top, Levels& bottom) {
    switch (element.kind) {
    case SymbolKind::Pmos:
    case SymbolKind::Pnp:
        return true;
    case SymbolKind::Nmos:
    case SymbolKind::Npn:
        return false;
    default:
        break;
    }
    if (branches.rails[at(element.lower)] == Rail::Negative) return false;
    if (branches.isPositive(element.upper)) return true;
    return top.of(element.upper) <= bottom.of(element.lower);
}

// P types take their rows from the top, N types from the bottom, so that sources face their rail and like
// rows line up over all branches.
void assignRows(Branches& branches) {
    Levels top(branches, true), bottom(branches, false);
    for (Element& element : branches.elements) {
        if (element.bridge) continue;
        element.fromTop = startsFromTop(branches, element, top, bottom);
        element.rank = element.fromTop ? top.of(element.upper) : bottom.of(element.lower);
    }
    // What hangs on something that counts from the bottom does so as well.
    bool changed = true;
    for (int pass = 0; changed && pass < 50; ++pass) {
        changed = false;
        for (const Element& upper : branches.elements) {
            if (upper.bridge || upper.fromTop || branches.isRail(upper.lower)) continue;
            for (const int i : branches.below[at(upper.lower)]) {
                Element& lower = branches.elements[at(i)];
                if (!lower.fromTop) continue;
                lower.fromTop = false;
                lower.rank = bottom.of(lower.lower);
                changed = true;
            }
        }
    }
    for (const Element& element : branches.elements) {
        if (element.bridge) continue;
        branches.rows = std::max(branches.rows, element.rank + 1);
        if (!element.fromTop || branches.isRail(element.lower)) continue;
        for (const int i : branches.below[at(element.lower)]) {
            const Element& lower = branches.elements[at(i)];
            if (!lower.fromTop) branches.rows = std::max(branches.rows, element.rank + lower.rank + 2);
        }
    }
    for (Element& element : branches.elements)
        element.row = element.fromTop ? element.rank : branches.rows - 1 - element.rank;
}

void findBridges(Branches& branches) {
    std::vector<std::vector<int>> at_(branches.rails.size());
    for (std::size_t i = 0; i < branches.elements.size(); ++i) {
        const Element& element = branches.elements[i];
        if (!element.bridge) continue;
        at_[at(element.upper)].push_back(static_cast<int>(i));
        at_[at(element.lower)].push_back(static_cast<int>(i));
    }
    std::vector<int> gates(branches.rails.size(), 0);
    for (const Element& element : branches.elements)
        if (element.control >= 0) ++gates[at(element.control)];
    // A net between two bridges that nothing else touches makes them one.
    const auto joint = [&](NetId net) {
        return at_[at(net)].size() == 2 && branches.above[at(net)].empty() &&
               branches.below[at(net)].empty() && gates[at(net)] == 0;
    };
    std::vector<bool> used(branches.elements.size(), false);
    const auto follow = [&](int start) {
        Bridge bridge;
        const Element& first = branches.elements[at(start)];
        bridge.first = joint(first.upper) && !joint(first.lower) ? first.lower : first.upper;
        NetId net = bridge.first;
        for (int i = start; i >= 0;) {
            used[at(i)] = true;
            bridge.elements.push_back(i);
            const Element& element = branches.elements[at(i)];
            net = element.upper == net ? element.lower : element.upper;
            i = -1;
            if (!joint(net)) break;
            for (const int other : at_[at(net)])
                if (!used[at(other)]) i = other;
        }
        bridge.last = net;
        branches.bridges.push_back(std::move(bridge));
    };
    for (const bool ends : {true, false})
        for (std::size_t i = 0; i < branches.elements.size(); ++i) {
            const Element& element = branches.elements[i];
            if (!element.bridge || used[i]) continue;
            if (ends && joint(element.upper) && joint(element.lower)) continue;
            follow(static_cast<int>(i));
        }
}

} // namespace

BulkStyle bulkStyleOf(const Branches& branches, const Element& element) {
    if (element.bulk < 0) return BulkStyle::Hidden;
    const bool nType = element.kind == SymbolKind::Nmos;
    const Rail rail = branches.rails[at(element.bulk)];
    if (rail == (nType ? Rail::Negative : Rail::Positive)) return BulkStyle::Hidden;
    return element.bulk == (nType ? element.lower : element.upper) ? BulkStyle::TiedToSource : BulkStyle::Pin;
}

Branches findBranches(const netlist::Circuit& circuit, const structure::Structure& structure,
                      const Wiring& wiring) {
    Branches branches;
    branches.rails.resize(circuit.nets.size());
    for (std::size_t net = 0; net < circuit.nets.size(); ++net)
        branches.rails[net] = wiring.rails[at(wiring.canonical[net])];
    addTransistors(branches, wiring);
    std::sort(branches.aside.begin(), branches.aside.end());
    TwoTerminals(branches, wiring).add();
    index(branches);
    assignRows(branches);
    linkChains(branches, circuit, structure, wiring);
    findBridges(branches);
    std::sort(branches.aside.begin(), branches.aside.end());
    return branches;
}

} // namespace headroom::schematic
