#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/schematic/attachment.h"
#include "core/schematic/placement.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {

using structure::at;
using Role = Terminal::Role;

namespace {

constexpr double kNothing = -1;
constexpr double kClearance = 2; // between columns, for wires that run up and down

/// How far a column reaches to both sides of its axis, band by band.
struct Extent {
    double left = kNothing, right = kNothing;

    bool empty() const { return left < 0; }
    void cover(double toLeft, double toRight) {
        left = std::max(left, std::ceil(toLeft));
        right = std::max(right, std::ceil(toRight));
    }
};
using Extents = std::vector<Extent>;

class SymbolPlacer {
public:
    SymbolPlacer(const Branches& branches, const Arrangement& arrangement, const netlist::Circuit& circuit,
                 const structure::Structure& structure, const Lessons& lessons, Placement& placement)
        : m_branches(branches)
        , m_arrangement(arrangement)
        , m_circuit(circuit)
        , m_structure(structure)
        , m_lessons(lessons)
        , m_placement(placement)
        , m_bands(static_cast<std::size_t>(2 * branches.rows + 1))
        , m_chainX(branches.chains.size(), 0)
        , m_bridgeX(branches.bridges.size(), 0) {}

    void run() {
        indexTerminals();
        placeRows();
        placeColumns();
        for (std::size_t chain = 0; chain < m_branches.chains.size(); ++chain)
            for (const int i : m_branches.chains[chain].elements)
                placeElement(i, m_chainX[chain]);
        for (std::size_t bridge = 0; bridge < m_branches.bridges.size(); ++bridge)
            placeBridge(static_cast<int>(bridge));
        attachMarks();
    }

private:
    const std::string& netName(NetId net) const { return m_circuit.nets[at(net)]; }
    const Element& element(int i) const { return m_branches.elements[at(i)]; }
    const netlist::Device& device(int i) const { return m_circuit.devices[at(element(i).device)]; }

    void indexTerminals() {
        std::vector<int> sizes(m_placement.marks.size(), 0);
        m_gatesOnly.assign(m_placement.marks.size(), true);
        for (const Terminal& terminal : m_placement.terminals) {
            ++sizes[at(terminal.group)];
            if (terminal.role != Role::Control) m_gatesOnly[at(terminal.group)] = false;
        }
        for (std::size_t i = 0; i < m_placement.terminals.size(); ++i) {
            const Terminal& terminal = m_placement.terminals[i];
            m_terminalOf[terminal.id()] = static_cast<int>(i);
            const bool alone = sizes[at(terminal.group)] == 1;
            if (alone && m_placement.marks[at(terminal.group)] != Mark::None) m_marked.insert(terminal.id());
        }
    }

    static int idOf(int element, Role role) { return element * 4 + static_cast<int>(role); }

    // Whether something with a name hangs on the terminal, and how far that reaches.
    bool hasMark(int i, Role role) const {
        const Element& e = element(i);
        const NetId net = role == Role::Control ? e.control : role == Role::Upper ? e.upper : e.lower;
        return net >= 0 && (m_branches.isRail(net) || m_marked.contains(idOf(i, role)));
    }

    BulkStyle bulkStyle(const Element& e) const { return bulkStyleOf(m_branches, e); }

    std::string nameText(int i) const { return shortName(device(i).name); }

    double textReach(int i) const {
        double width =
            std::max(textWidth(nameText(i), kNameSize), textWidth(sizeText(device(i)), kValueSize));
        if (bulkStyle(element(i)) == BulkStyle::Pin)
            width = std::max(width, labelReach(netName(element(i).bulk)) - 1);
        return width + 0.3;
    }

    // Room beside a gate: for its own label, or for its part of the label over a wire to a facing gate.
    double gateReach(int i) const {
        const NetId net = element(i).control;
        if (hasMark(i, Role::Control)) return labelReach(netName(net));
        const auto found = m_terminalOf.find(idOf(i, Role::Control));
        if (found == m_terminalOf.end()) return 0;
        if (m_lessons.cramped.contains(found->first)) return labelReach(netName(net));
        const int group = m_placement.terminals[at(found->second)].group;
        if (m_placement.marks[at(group)] == Mark::None || !m_gatesOnly[at(group)]) return 0;
        return std::max(0.0, (textWidth(netName(net), kLabelSize) - 1) / 2);
    }

    void coverElement(int i, Extents& extents) const {
        const Element& e = element(i);
        Extent& row = extents[at(2 * e.row + 1)];
        if (e.transistor()) {
            double gate = 4;
            gate += gateReach(i);
            const double channel = 0.8 + textReach(i);
            if (m_arrangement.gateRight[at(i)])
                row.cover(channel, gate);
            else
                row.cover(gate, channel);
        } else {
            row.cover(2, 1.8 + textReach(i));
        }
        for (const Role role : {Role::Upper, Role::Lower}) {
            const NetId net = role == Role::Upper ? e.upper : e.lower;
            Extent& gap = extents[at(role == Role::Upper ? 2 * e.row : 2 * e.row + 2)];
            double half = 1;
            if (hasMark(i, role)) half = std::max(half, textWidth(netName(net), kLabelSize) / 2 + 0.6);
            if (m_lessons.cramped.contains(idOf(i, role))) half = labelReach(netName(net)) + 1;
            gap.cover(half, half);
        }
    }

    Extents extentsOfChain(int chain) const {
        Extents extents(m_bands);
        const auto& elements = m_branches.chains[at(chain)].elements;
        for (const int i : elements)
            coverElement(i, extents);
        for (int band = 2 * element(elements.front()).row; band <= 2 * element(elements.back()).row + 2;
             ++band)
            extents[at(band)].cover(1, 1);
        return extents;
    }

    double bridgePitch(int bridge) const {
        double pitch = 6;
        for (const int i : m_branches.bridges[at(bridge)].elements)
            pitch = std::max(pitch, std::ceil(textReach(i)) + 1);
        return pitch;
    }

    Extents extentsOfBridge(int bridge) const {
        Extents extents(m_bands);
        const Bridge& b = m_branches.bridges[at(bridge)];
        const double pitch = bridgePitch(bridge);
        double half = std::max(3.0, pitch / 2);
        double left = half + 1, right = half + pitch * static_cast<double>(b.elements.size() - 1) + 1;
        const bool turned = m_arrangement.bridgeTurned[at(bridge)];
        const int first = b.elements.front(), last = b.elements.back();
        const auto reach = [&](int i, NetId net) {
            const Role role = element(i).upper == net ? Role::Upper : Role::Lower;
            return hasMark(i, role) ? labelReach(netName(net)) : 0.0;
        };
        left += turned ? reach(last, b.last) : reach(first, b.first);
        right += turned ? reach(first, b.first) : reach(last, b.last);
        extents[at(m_arrangement.bridgeBand[at(bridge)])].cover(left, right);
        return extents;
    }

    // Nets whose wires run sideways through each gap want a track of their own.
    std::vector<int> tracks() const {
        std::vector<std::set<NetId>> nets(m_bands);
        for (const Connection& connection : m_placement.connections) {
            const Terminal& a = m_placement.terminals[at(connection.from)];
            const Terminal& b = m_placement.terminals[at(connection.to)];
            if (a.column == b.column) continue;
            for (const Terminal* t : {&a, &b})
                if (t->band % 2 == 0) nets[at(t->band)].insert(t->net);
        }
        std::vector<int> counts;
        for (const auto& set : nets)
            counts.push_back(static_cast<int>(set.size()));
        return counts;
    }

    void placeRows() {
        std::vector<double> up(m_bands, 0), down(m_bands, 0);
        for (std::size_t i = 0; i < m_branches.elements.size(); ++i) {
            const Element& e = m_branches.elements[i];
            if (e.bridge) continue;
            if (hasMark(static_cast<int>(i), Role::Upper)) up[at(2 * e.row)] = 3;
            if (hasMark(static_cast<int>(i), Role::Lower)) down[at(2 * e.row + 2)] = 3;
        }
        std::vector<bool> bridged(m_bands, false);
        for (const int band : m_arrangement.bridgeBand)
            bridged[at(band)] = true;
        const auto tracksOf = tracks();
        m_rowY.assign(at(m_branches.rows), 0);
        m_gapY.assign(at(m_branches.rows) + 1, 0);
        double y = 0;
        for (int gap = 0; gap <= m_branches.rows; ++gap) {
            const auto band = at(2 * gap);
            double height = std::max({3.0, 1.5 * tracksOf[band] + 2, up[band] + down[band]});
            if (bridged[band]) height = std::max(height + 2, 8.0);
            height = std::ceil(height);
            m_gapY[at(gap)] = y + std::floor(height / 2);
            y += height;
            if (gap == m_branches.rows) break;
            m_rowY[at(gap)] = y + 3;
            y += 6;
        }
    }

    double requiredX(const Extents& extents, const std::vector<double>& frontier) const {
        double x = 0;
        for (std::size_t band = 0; band < m_bands; ++band)
            if (!extents[band].empty()) x = std::max(x, frontier[band] + extents[band].left + kClearance);
        return x;
    }

    void advance(const Extents& extents, double x, std::vector<double>& frontier) const {
        for (std::size_t band = 0; band < m_bands; ++band)
            if (!extents[band].empty()) frontier[band] = std::max(frontier[band], x + extents[band].right);
    }

    void placeColumns() {
        std::vector<double> frontier(m_bands, 0);
        for (const Column& column : m_arrangement.columns) {
            if (column.bridge >= 0) {
                const Extents extents = extentsOfBridge(column.bridge);
                m_bridgeX[at(column.bridge)] = requiredX(extents, frontier);
                advance(extents, m_bridgeX[at(column.bridge)], frontier);
                continue;
            }
            const ColumnItem& item = m_branches.items[at(column.item)];
            const Extents extents = extentsOfChain(column.chain);
            double x = requiredX(extents, frontier);
            if (item.centre >= 0 && column.chain == item.right) x = placeCentre(item, extents, x, frontier);
            m_chainX[at(column.chain)] = x;
            advance(extents, x, frontier);
        }
    }

    // The axis chain keeps clear of both halves and in the middle of them.
    double placeCentre(const ColumnItem& item, const Extents& right, double x,
                       std::vector<double>& frontier) {
        const Extents centre = extentsOfChain(item.centre);
        const double left = m_chainX[at(item.left)];
        const double least = std::max(requiredX(centre, frontier), left + 2);
        double apart = 2;
        for (std::size_t band = 0; band < m_bands; ++band)
            if (!centre[band].empty() && !right[band].empty())
                apart = std::max(apart, centre[band].right + right[band].left + kClearance);
        x = std::max({x, 2 * least - left, left + 2 * apart});
        if (std::fmod(x - left, 2) != 0) x += 1;
        m_chainX[at(item.centre)] = (left + x) / 2;
        advance(centre, m_chainX[at(item.centre)], frontier);
        return x;
    }

    Symbol symbolFor(int i) const {
        const Element& e = element(i);
        const netlist::Device& d = device(i);
        Symbol symbol;
        symbol.device = e.device;
        symbol.kind = e.kind;
        symbol.name = d.name;
        symbol.bulk = bulkStyle(e);
        symbol.swapped = e.transistor() && e.swapped;
        for (std::size_t t = 0; t < d.nets.size(); ++t)
            symbol.pins.push_back({std::string(netlist::terminalName(d.type, t)), d.nets[t], {}});
        return symbol;
    }

    void setTerminal(int i, Role role, Point point) {
        const auto found = m_terminalOf.find(idOf(i, role));
        if (found != m_terminalOf.end()) m_placement.terminals[at(found->second)].at = point;
    }

    void placeElement(int i, double x) {
        const Element& e = element(i);
        const double y = m_rowY[at(e.row)];
        Symbol symbol = symbolFor(i);
        const bool gateRight = m_arrangement.gateRight[at(i)];
        const std::string size = sizeText(device(i));
        if (e.transistor()) {
            symbol.at = {gateRight ? x + 2 : x - 2, y};
            symbol.orientation.mirrored = gateRight;
            const double spread = symbol.bulk == BulkStyle::Pin ? 0.8 : 0;
            const double textX = gateRight ? x - 0.8 : x + 0.8;
            const Anchor anchor = gateRight ? Anchor::End : Anchor::Start;
            symbol.texts.push_back({nameText(i), {textX, y - 0.45 - spread}, anchor, kNameSize});
            if (!size.empty()) symbol.texts.push_back({size, {textX, y + 1.0 + spread}, anchor, kValueSize});
            setTerminal(i, Role::Control, {gateRight ? x + 4 : x - 4, y});
            if (symbol.bulk == BulkStyle::Pin)
                attachLabel(e.bulk, {x, y}, gateRight ? Side::Left : Side::Right);
        } else {
            symbol.at = {x, y};
            symbol.orientation.quarterTurns = e.swapped ? 2 : 0;
            symbol.texts.push_back({nameText(i), {x + 1.8, y - 0.35}, Anchor::Start, kNameSize});
            if (!size.empty()) symbol.texts.push_back({size, {x + 1.8, y + 1.1}, Anchor::Start, kValueSize});
        }
        layOut(symbol);
        m_placement.drawing.symbols.push_back(std::move(symbol));
        setTerminal(i, Role::Upper, {x, y - 3});
        setTerminal(i, Role::Lower, {x, y + 3});
        attachRail(e.upper, {x, y - 3}, Side::Up);
        attachRail(e.lower, {x, y + 3}, Side::Down);
        if (e.control >= 0)
            attachRail(e.control, {gateRight ? x + 4 : x - 4, y}, gateRight ? Side::Right : Side::Left);
    }

    void placeBridge(int bridge) {
        const Bridge& b = m_branches.bridges[at(bridge)];
        const bool turned = m_arrangement.bridgeTurned[at(bridge)];
        const double y = m_gapY[at(m_arrangement.bridgeBand[at(bridge)] / 2)];
        const double pitch = bridgePitch(bridge);
        double x = m_bridgeX[at(bridge)];
        NetId left = turned ? b.last : b.first;
        auto elements = b.elements;
        if (turned) std::reverse(elements.begin(), elements.end());
        for (const int i : elements) {
            const Element& e = element(i);
            const bool upperLeft = e.upper == left;
            Symbol symbol = symbolFor(i);
            symbol.at = {x, y};
            const NetId plus = device(i).nets.front();
            symbol.orientation.quarterTurns = plus == left ? 3 : 1;
            layOut(symbol);
            const std::string size = sizeText(device(i));
            symbol.texts.push_back({nameText(i), {x, symbol.box.from.y - 0.45}, Anchor::Middle, kNameSize});
            if (!size.empty())
                symbol.texts.push_back(
                    {size, {x, symbol.box.to.y + 0.2 + 0.8 * kValueSize}, Anchor::Middle, kValueSize});
            m_placement.drawing.symbols.push_back(std::move(symbol));
            setTerminal(i, upperLeft ? Role::Upper : Role::Lower, {x - 3, y});
            setTerminal(i, upperLeft ? Role::Lower : Role::Upper, {x + 3, y});
            left = upperLeft ? e.lower : e.upper;
            x += pitch;
        }
    }

    void attachRail(NetId net, Point point, Side side) {
        if (!m_branches.isRail(net)) return;
        const bool positive = m_branches.isPositive(net);
        if (side == (positive ? Side::Up : Side::Down))
            m_placement.drawing.rails.push_back(railSymbolAt(net, netName(net), point, positive));
        else
            attachLabel(net, point, side);
    }

    void attachLabel(NetId net, Point point, Side side) {
        const Point end = step(point, side);
        m_placement.drawing.wires.push_back({net, point, end});
        m_placement.drawing.labels.push_back(netLabelAt(net, netName(net), end, side));
    }

    void attachMarks() {
        for (const Terminal& terminal : m_placement.terminals) {
            if (!m_marked.contains(terminal.id())) continue;
            if (m_placement.marks[at(terminal.group)] == Mark::Label) {
                attachLabel(terminal.net, terminal.at, terminal.side);
                continue;
            }
            const Point end = step(terminal.at, terminal.side);
            m_placement.drawing.wires.push_back({terminal.net, terminal.at, end});
            const auto port = portOf(m_circuit, m_structure, terminal.net);
            m_placement.drawing.ports.push_back(
                portFlagAt(terminal.net, port ? port->name : netName(terminal.net),
                           port ? port->direction : netlist::PortDirection::Unknown, end, terminal.side));
        }
    }

    const Branches& m_branches;
    const Arrangement& m_arrangement;
    const netlist::Circuit& m_circuit;
    const structure::Structure& m_structure;
    const Lessons& m_lessons;
    Placement& m_placement;
    std::size_t m_bands;
    std::vector<double> m_chainX, m_bridgeX, m_rowY, m_gapY;
    std::map<int, int> m_terminalOf; // by Terminal::id
    std::vector<bool> m_gatesOnly;   // by group
    std::set<int> m_marked;          // ids of terminals that carry a label or flag of their own
};

} // namespace

void placeSymbols(const Branches& branches, const Arrangement& arrangement, const netlist::Circuit& circuit,
                  const structure::Structure& structure, const Lessons& lessons, Placement& placement) {
    SymbolPlacer(branches, arrangement, circuit, structure, lessons, placement).run();
}

} // namespace headroom::schematic
