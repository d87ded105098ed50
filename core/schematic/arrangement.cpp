#include <algorithm>
#include <cmath>
#include <map>

#include "core/schematic/placement.h"

namespace headroom::schematic {

using structure::at;

namespace {

class Arranger {
public:
    Arranger(const Branches& branches, std::vector<Column> columns)
        : m_branches(branches) {
        m_result.columns = std::move(columns);
        m_result.columnOf.assign(branches.chains.size(), 0);
        m_result.gateRight.assign(branches.elements.size(), false);
        m_result.bridgeBand.assign(branches.bridges.size(), 0);
        m_result.bridgeTurned.assign(branches.bridges.size(), false);
        m_decided.assign(branches.elements.size(), false);
    }

    Arrangement run() {
        std::vector<int> bridgeColumn(m_branches.bridges.size(), 0);
        for (std::size_t i = 0; i < m_result.columns.size(); ++i) {
            const Column& column = m_result.columns[i];
            if (column.chain >= 0) m_result.columnOf[at(column.chain)] = static_cast<int>(i) * 2;
            if (column.bridge >= 0) bridgeColumn[at(column.bridge)] = static_cast<int>(i) * 2;
        }
        for (const ColumnItem& item : m_branches.items)
            if (item.centre >= 0) {
                const int middle = (columnOf(item.left) + columnOf(item.right)) / 2;
                m_result.columnOf[at(item.centre)] = middle % 2 == 0 ? middle + 1 : middle;
            }
        collectPlaces();
        for (const ColumnItem& item : m_branches.items)
            if (item.pair()) decidePair(item);
        for (std::size_t i = 0; i < m_branches.elements.size(); ++i)
            if (!m_decided[i] && m_branches.elements[i].transistor()) decideSingle(static_cast<int>(i));
        for (std::size_t i = 0; i < m_branches.bridges.size(); ++i)
            decideBridge(static_cast<int>(i), bridgeColumn[i]);
        return std::move(m_result);
    }

private:
    int columnOf(int chain) const { return m_result.columnOf[at(chain)]; }
    int columnOfElement(int element) const {
        const int chain = m_branches.elements[at(element)].chain;
        return chain < 0 ? 0 : columnOf(chain);
    }

    void collectPlaces() {
        for (std::size_t i = 0; i < m_branches.elements.size(); ++i) {
            const Element& element = m_branches.elements[i];
            if (element.bridge) continue;
            m_rows[element.row].push_back(static_cast<int>(i));
            for (const NetId net : {element.upper, element.lower, element.control})
                if (net >= 0 && !m_branches.isRail(net)) m_touching[net].push_back(static_cast<int>(i));
        }
    }

    bool nothingBetween(int row, int left, int right) const {
        const auto& elements = m_rows.at(row);
        return std::none_of(elements.begin(), elements.end(), [&](int i) {
            const int column = columnOfElement(i);
            return column > left && column < right;
        });
    }

    void decide(int element, bool right) {
        m_result.gateRight[at(element)] = right;
        m_decided[at(element)] = true;
    }

    void decidePair(const ColumnItem& item) {
        for (const int left : m_branches.chains[at(item.left)].elements) {
            const Element& l = m_branches.elements[at(left)];
            if (!l.transistor()) continue;
            for (const int right : m_branches.chains[at(item.right)].elements) {
                const Element& r = m_branches.elements[at(right)];
                if (!r.transistor() || r.row != l.row) continue;
                const bool crossed = (l.control == r.upper || l.control == r.lower) &&
                                     (r.control == l.upper || r.control == l.lower);
                bool facing = !l.pairHalf && (l.control == r.control || crossed) &&
                              nothingBetween(l.row, columnOf(item.left), columnOf(item.right));
                if (!l.pairHalf && !facing && l.control != r.control) {
                    // Gates of their own: towards what they belong to.
                    facing = towards(left) > 0 && towards(right) < 0;
                }
                decide(left, facing);
                decide(right, !facing);
            }
        }
    }

    // The direction of the nearest other device on the gate's net: -1 left, 1 right, 0 none.
    int towards(int element) const {
        const Element& own = m_branches.elements[at(element)];
        const auto found = m_touching.find(own.control);
        if (found == m_touching.end()) return 0;
        const int column = columnOfElement(element);
        int nearest = 0;
        double distance = 1e9;
        for (const int other : found->second) {
            if (other == element) continue;
            const Element& e = m_branches.elements[at(other)];
            const int delta = columnOfElement(other) - column;
            if (delta == 0) continue;
            double d = std::abs(delta) + 0.3 * std::abs(e.row - own.row);
            if (e.control == own.control && e.row == own.row) d *= 0.7; // gate to gate
            if (e.diode() || own.diode()) d *= 0.8;                     // towards the reference
            if (d >= distance) continue;
            distance = d;
            nearest = delta;
        }
        return nearest < 0 ? -1 : nearest > 0 ? 1 : 0;
    }

    void decideSingle(int element) { decide(element, towards(element) > 0); }

    // The gaps that a net's wire has reason to be in: between the rows of what it connects.
    std::pair<int, int> bandsOf(NetId net) const {
        const auto found = m_touching.find(net);
        if (found == m_touching.end()) return {-1, -1};
        int above = -1, below = 1000, gate = -1;
        for (const int i : found->second) {
            const Element& element = m_branches.elements[at(i)];
            if (element.lower == net) above = std::max(above, element.row);
            if (element.upper == net) below = std::min(below, element.row);
            if (element.control == net) gate = element.row;
        }
        const int first = above >= 0 ? 2 * (above + 1) : below < 1000 ? 2 * below : 2 * gate;
        const int last = below < 1000 ? 2 * below : above >= 0 ? 2 * (above + 1) : 2 * gate + 2;
        return {std::min(first, last), std::max(first, last)};
    }

    int columnOf(NetId net, int from) const {
        const auto found = m_touching.find(net);
        if (found == m_touching.end()) return from;
        int best = from, distance = 1 << 20;
        for (const int i : found->second) {
            const int d = std::abs(columnOfElement(i) - from);
            if (d < distance) {
                distance = d;
                best = columnOfElement(i);
            }
        }
        return best;
    }

    void decideBridge(int bridge, int column) {
        const Bridge& b = m_branches.bridges[at(bridge)];
        auto one = bandsOf(b.first);
        auto two = bandsOf(b.last);
        if (one.first < 0) one = two;
        if (two.first < 0) two = one;
        int band = 2 * (m_branches.rows / 2);
        if (one.first >= 0) {
            const int low = std::max(one.first, two.first);
            const int high = std::min(one.second, two.second);
            band = low <= high ? (low + high) / 2 : (low + high) / 2;
            band -= band % 2;
        }
        const int most = 2 * m_branches.rows;
        // Not above the first row or below the last where the rails are.
        if (m_branches.rows > 1) band = std::clamp(band, 2, most - 2);
        m_result.bridgeBand[at(bridge)] = std::clamp(band, 0, most);
        m_result.bridgeTurned[at(bridge)] = columnOf(b.first, column) > columnOf(b.last, column);
    }

    const Branches& m_branches;
    Arrangement m_result;
    std::vector<bool> m_decided;
    std::map<int, std::vector<int>> m_rows;
    std::map<NetId, std::vector<int>> m_touching;
};

} // namespace

Arrangement arrange(const Branches& branches, std::vector<Column> columns) {
    return Arranger(branches, std::move(columns)).run();
}

} // namespace headroom::schematic
