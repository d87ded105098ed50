#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/schematic/attachment.h"
#include "core/schematic/placement.h"

namespace headroom::schematic {

using structure::at;
using Role = Terminal::Role;

namespace {

constexpr double kColumnPitch = 6; // of Terminal::column, which counts in halves
constexpr double kBandPitch = 5;

class NetPlanner {
public:
    NetPlanner(const Branches& branches, const Arrangement& arrangement, const netlist::Circuit& circuit,
               const structure::Structure& structure, const Lessons& lessons, Placement& placement)
        : m_branches(branches)
        , m_arrangement(arrangement)
        , m_circuit(circuit)
        , m_structure(structure)
        , m_lessons(lessons)
        , m_placement(placement) {}

    void run() {
        collectTerminals();
        collectNamed();
        for (auto& [net, terminals] : m_byNet)
            connect(net, terminals);
        for (const ColumnItem& item : m_branches.items)
            if (item.centre >= 0) addTrunk(item);
    }

private:
    void add(Terminal terminal) {
        if (terminal.net < 0 || m_branches.isRail(terminal.net)) return;
        m_byNet[terminal.net].push_back(static_cast<int>(m_placement.terminals.size()));
        m_placement.terminals.push_back(terminal);
    }

    void collectTerminals() {
        for (std::size_t i = 0; i < m_branches.elements.size(); ++i) {
            const Element& element = m_branches.elements[i];
            if (element.bridge) continue;
            const int id = static_cast<int>(i);
            const int column = m_arrangement.columnOf[at(element.chain)];
            const int row = 2 * element.row + 1;
            add({element.upper, id, Role::Upper, column, row - 1, {}, Side::Up, -1});
            add({element.lower, id, Role::Lower, column, row + 1, {}, Side::Down, -1});
            const Side gate = m_arrangement.gateRight[i] ? Side::Right : Side::Left;
            add({element.control, id, Role::Control, column, row, {}, gate, -1});
        }
        for (std::size_t c = 0; c < m_arrangement.columns.size(); ++c) {
            const int bridge = m_arrangement.columns[c].bridge;
            if (bridge >= 0) addBridge(bridge, static_cast<int>(c) * 2);
        }
    }

    // Nets that something reaches by name: devices that stand aside and bulks with a label.
    void collectNamed() {
        for (const DeviceId device : m_branches.aside)
            m_named.insert(m_circuit.devices[at(device)].nets.begin(),
                           m_circuit.devices[at(device)].nets.end());
        for (const Element& element : m_branches.elements)
            if (element.bulk >= 0 && bulkStyleOf(m_branches, element) == BulkStyle::Pin)
                m_named.insert(element.bulk);
    }

    void addBridge(int bridge, int column) {
        const Bridge& b = m_branches.bridges[at(bridge)];
        const bool turned = m_arrangement.bridgeTurned[at(bridge)];
        const int band = m_arrangement.bridgeBand[at(bridge)];
        NetId net = b.first;
        for (const int i : b.elements) {
            const Element& element = m_branches.elements[at(i)];
            const bool upperFirst = element.upper == net;
            const Role near = upperFirst ? Role::Upper : Role::Lower;
            const Role far = upperFirst ? Role::Lower : Role::Upper;
            const NetId next = upperFirst ? element.lower : element.upper;
            add({net, i, near, column, band, {}, turned ? Side::Right : Side::Left, -1});
            add({next, i, far, column, band, {}, turned ? Side::Left : Side::Right, -1});
            net = next;
        }
    }

    Point estimate(const Terminal& terminal) const {
        double x = terminal.column * kColumnPitch;
        double y = terminal.band * kBandPitch;
        if (terminal.role == Role::Control) x += terminal.side == Side::Right ? 4 : -4;
        if (terminal.role == Role::Upper && terminal.side == Side::Up) y += 1;
        if (terminal.role == Role::Lower && terminal.side == Side::Down) y -= 1;
        return {x, y};
    }

    double distance(const Terminal& a, const Terminal& b) const {
        const Point p = estimate(a), q = estimate(b);
        double d = std::abs(p.x - q.x) + std::abs(p.y - q.y);
        // Gates that face each other and a gate beside its own drain come first.
        if (facing(a, b)) d *= 0.5;
        if (a.element == b.element) d *= 0.6;
        return d;
    }

    bool facing(const Terminal& a, const Terminal& b) const {
        if (a.role != Role::Control || b.role != Role::Control || a.band != b.band) return false;
        const Terminal& left = a.column < b.column ? a : b;
        const Terminal& right = a.column < b.column ? b : a;
        if (left.side != Side::Right || right.side != Side::Left) return false;
        return std::none_of(m_branches.elements.begin(), m_branches.elements.end(), [&](const Element& e) {
            if (e.bridge || 2 * e.row + 1 != a.band) return false;
            const int column = m_arrangement.columnOf[at(e.chain)];
            return column > left.column && column < right.column;
        });
    }

    // Lines that only set gate voltages are drawn from gate to gate, not across the sheet: those of many
    // gates, those that come from outside and those that the bias circuit makes.
    bool isBias(const std::vector<int>& terminals) const {
        int gates = 0;
        bool onlyBias = true;
        for (const int t : terminals) {
            const Terminal& terminal = m_placement.terminals[at(t)];
            const Element& element = m_branches.elements[at(terminal.element)];
            if (terminal.role == Role::Control)
                ++gates;
            else if (m_structure.roles[at(element.device)].stage != structure::Stage::Bias)
                onlyBias = false;
        }
        return gates > 2 || (gates > 1 && onlyBias);
    }

    bool wanted(const Terminal& a, const Terminal& b, bool bias) const {
        if (m_lessons.cut.contains(std::minmax(a.id(), b.id()))) return false;
        const int columns = std::abs(a.column - b.column);
        const bool gates = a.role == Role::Control && b.role == Role::Control;
        if (gates && facing(a, b)) return columns <= 10;
        if (a.column == b.column && std::abs(a.band - b.band) <= 2) return true;
        if (bias) {
            if (gates) return false;
            return columns <= 2 || (a.role != Role::Control && b.role != Role::Control && columns <= 6);
        }
        if (gates && columns > 6) return false;
        return columns <= 14;
    }

    void connect(NetId net, const std::vector<int>& terminals) {
        std::vector<int> parent(terminals.size());
        std::iota(parent.begin(), parent.end(), 0);
        const auto root = [&](int i) {
            while (parent[at(i)] != i)
                i = parent[at(i)] = parent[at(parent[at(i)])];
            return i;
        };
        struct Candidate {
            double distance;
            int from, to;
        };
        std::vector<Candidate> candidates;
        const bool bias = isBias(terminals);
        if (terminals.size() <= 60) {
            for (std::size_t i = 0; i < terminals.size(); ++i)
                for (std::size_t j = i + 1; j < terminals.size(); ++j) {
                    const Terminal& a = m_placement.terminals[at(terminals[i])];
                    const Terminal& b = m_placement.terminals[at(terminals[j])];
                    if (wanted(a, b, bias))
                        candidates.push_back({distance(a, b), static_cast<int>(i), static_cast<int>(j)});
                }
        }
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; });
        for (const Candidate& candidate : candidates) {
            const int a = root(candidate.from), b = root(candidate.to);
            if (a == b) continue;
            parent[at(a)] = b;
            m_placement.connections.push_back({terminals[at(candidate.from)], terminals[at(candidate.to)]});
        }
        std::map<int, int> groups;
        for (std::size_t i = 0; i < terminals.size(); ++i) {
            const int next = static_cast<int>(m_placement.marks.size());
            const auto [place, fresh] = groups.try_emplace(root(static_cast<int>(i)), next);
            if (fresh) m_placement.marks.push_back(Mark::None);
            m_placement.terminals[at(terminals[i])].group = place->second;
        }
        mark(net, terminals, static_cast<int>(groups.size()));
    }

    void addTrunk(const ColumnItem& item) {
        const auto& centre = m_branches.chains[at(item.centre)].elements;
        for (const bool below : {true, false}) {
            const Element& e = m_branches.elements[at(below ? centre.front() : centre.back())];
            const NetId net = below ? e.upper : e.lower;
            Placement::Trunk trunk;
            for (const int t : m_byNet[net]) {
                const Terminal& terminal = m_placement.terminals[at(t)];
                const int chain = m_branches.elements[at(terminal.element)].chain;
                const Role pairRole = below ? Role::Lower : Role::Upper;
                if (chain == item.left && terminal.role == pairRole) trunk.left = t;
                if (chain == item.right && terminal.role == pairRole) trunk.right = t;
                if (chain == item.centre && terminal.role != pairRole && terminal.role != Role::Control)
                    trunk.centre = t;
            }
            if (trunk.left >= 0 && trunk.right >= 0 && trunk.centre >= 0) m_placement.trunks.push_back(trunk);
        }
    }

    // One group of a port's net carries the flag: the one with the most channels (the output, the diode of
    // a bias), of several the smallest. All groups of a net that falls apart carry its name.
    void mark(NetId net, const std::vector<int>& terminals, int groups) {
        std::map<int, int> sizes, channels;
        int flagged = -1;
        for (const int t : terminals) {
            const Terminal& terminal = m_placement.terminals[at(t)];
            ++sizes[terminal.group];
            const Element& element = m_branches.elements[at(terminal.element)];
            if (terminal.role != Role::Control && !element.capacitor())
                channels[terminal.group] += element.diode() ? 10 : 1;
        }
        const bool port = portOf(m_circuit, m_structure, net).has_value();
        if (port) {
            flagged = sizes.begin()->first;
            for (const auto& [group, size] : sizes)
                if (std::pair{-channels[group], size} < std::pair{-channels[flagged], sizes[flagged]})
                    flagged = group;
        }
        for (const auto& [group, size] : sizes) {
            Mark& mark = m_placement.marks[at(group)];
            if (port && group == flagged)
                mark = Mark::Flag;
            else if (groups > 1 || m_named.contains(net) || (size == 1 && !port))
                mark = Mark::Label;
        }
    }

    const Branches& m_branches;
    const Arrangement& m_arrangement;
    const netlist::Circuit& m_circuit;
    const structure::Structure& m_structure;
    const Lessons& m_lessons;
    Placement& m_placement;
    std::map<NetId, std::vector<int>> m_byNet;
    std::set<NetId> m_named;
};

} // namespace

void planNets(const Branches& branches, const Arrangement& arrangement, const netlist::Circuit& circuit,
              const structure::Structure& structure, const Lessons& lessons, Placement& placement) {
    NetPlanner(branches, arrangement, circuit, structure, lessons, placement).run();
}

} // namespace headroom::schematic
