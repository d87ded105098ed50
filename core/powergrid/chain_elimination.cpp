#include "core/powergrid/chain_elimination.h"

#include "core/powergrid/indexing.h"

namespace headroom::powergrid {
namespace {} // namespace

/// One pass over the graph. The exclusive or of an unknown's edges names the last one left, and the next one
/// where two are left: no lists of neighbours are needed.
class ChainElimination::Sweep {
public:
    Sweep(std::span<const Conductance> conductances, std::vector<double>& toFixed, ChainElimination& result)
        : m_edges(conductances)
        , m_toFixed(toFixed)
        , m_result(result)
        , m_degrees(toFixed.size(), 0)
        , m_edgesXor(toFixed.size(), 0)
        , m_isGone(conductances.size(), 0)
        , m_isEliminated(toFixed.size(), 0) {
        for (std::int32_t e = 0; e < edgeCount(); ++e)
            for (const std::int32_t end : {edge(e).a, edge(e).b}) {
                ++at(m_degrees, end);
                at(m_edgesXor, end) ^= e;
            }
    }

    void run() {
        takeLeaves();
        for (std::int32_t e = 0; e < edgeCount(); ++e) {
            if (at(m_degrees, edge(e).a) > 2) follow(e, edge(e).a);
            if (at(m_degrees, edge(e).b) > 2) follow(e, edge(e).b);
        }
        // What is left are rings: one of their unknowns stays.
        for (std::int32_t e = 0; e < edgeCount(); ++e)
            if (at(m_isGone, e) == 0) {
                at(m_degrees, edge(e).a) = 3;
                follow(e, edge(e).a);
            }
    }

    bool isEliminated(std::int32_t unknown) const { return at(m_isEliminated, unknown) != 0; }

private:
    const Conductance& edge(std::int32_t e) const { return m_edges[static_cast<std::size_t>(e)]; }
    std::int32_t edgeCount() const { return static_cast<std::int32_t>(m_edges.size()); }
    std::int32_t otherEnd(std::int32_t e, std::int32_t end) const { return edge(e).a ^ edge(e).b ^ end; }

    void takeLeaves() {
        std::vector<std::int32_t> leaves;
        for (std::size_t i = 0; i < m_degrees.size(); ++i)
            if (m_degrees[i] <= 1) leaves.push_back(static_cast<std::int32_t>(i));
        while (!leaves.empty()) {
            const std::int32_t leaf = leaves.back();
            leaves.pop_back();
            at(m_isEliminated, leaf) = 1;
            if (at(m_degrees, leaf) == 0) {
                m_result.m_eliminations.push_back({leaf, -1, -1, at(m_toFixed, leaf), 0, 0});
                continue;
            }
            const std::int32_t e = at(m_edgesXor, leaf), neighbour = otherEnd(e, leaf);
            const double siemens = edge(e).siemens, pivot = siemens + at(m_toFixed, leaf);
            m_result.m_eliminations.push_back({leaf, neighbour, -1, pivot, siemens, 0});
            at(m_toFixed, neighbour) += siemens * at(m_toFixed, leaf) / pivot;
            at(m_isGone, e) = 1;
            at(m_degrees, leaf) = 0;
            at(m_edgesXor, neighbour) ^= e;
            // What had one edge, and has none now, is on the list already.
            if (--at(m_degrees, neighbour) == 1) leaves.push_back(neighbour);
        }
    }

    /// Shrinks the chain that leaves @p anchor through an edge to one conductance.
    void follow(std::int32_t e, std::int32_t anchor) {
        if (at(m_isGone, e) != 0) return;
        at(m_isGone, e) = 1;
        std::int32_t at_ = otherEnd(e, anchor);
        double siemens = edge(e).siemens;
        while (at(m_degrees, at_) == 2) {
            const std::int32_t nextEdge = at(m_edgesXor, at_) ^ e, next = otherEnd(nextEdge, at_);
            const double onwards = edge(nextEdge).siemens, fixed = at(m_toFixed, at_);
            const double pivot = siemens + onwards + fixed;
            m_result.m_eliminations.push_back({at_, anchor, next, pivot, siemens, onwards});
            at(m_toFixed, anchor) += siemens * fixed / pivot;
            at(m_toFixed, next) += onwards * fixed / pivot;
            siemens = siemens * onwards / pivot;
            at(m_isEliminated, at_) = 1;
            at(m_isGone, nextEdge) = 1;
            e = nextEdge;
            at_ = next;
        }
        if (at_ != anchor) m_result.m_conductances.push_back({anchor, at_, siemens});
    }

    std::span<const Conductance> m_edges;
    std::vector<double>& m_toFixed;
    ChainElimination& m_result;
    std::vector<std::int32_t> m_degrees, m_edgesXor;
    std::vector<char> m_isGone, m_isEliminated;
};

ChainElimination::ChainElimination(std::span<const Conductance> conductances, std::vector<double> toFixed) {
    Sweep sweep(conductances, toFixed, *this);
    sweep.run();
    std::vector<std::int32_t> numbers(toFixed.size(), -1);
    for (std::size_t i = 0; i < toFixed.size(); ++i) {
        if (sweep.isEliminated(static_cast<std::int32_t>(i))) continue;
        numbers[i] = static_cast<std::int32_t>(m_remaining.size());
        m_remaining.push_back(static_cast<std::int32_t>(i));
        m_toFixed.push_back(toFixed[i]);
    }
    for (Conductance& each : m_conductances) {
        each.a = at(numbers, each.a);
        each.b = at(numbers, each.b);
    }
}

std::vector<double> ChainElimination::reduce(std::vector<double>& currents) const {
    for (const Elimination& each : m_eliminations) {
        const double share = at(currents, each.unknown) / each.pivot;
        if (each.a >= 0) at(currents, each.a) += each.toA * share;
        if (each.b >= 0) at(currents, each.b) += each.toB * share;
    }
    std::vector<double> result;
    result.reserve(m_remaining.size());
    for (const std::int32_t unknown : m_remaining)
        result.push_back(at(currents, unknown));
    return result;
}

std::vector<double> ChainElimination::expand(std::span<const double> remaining,
                                             std::vector<double> currents) const {
    for (std::size_t i = 0; i < remaining.size(); ++i)
        at(currents, m_remaining[i]) = remaining[i];
    // Unknowns turn from currents into voltages, the last eliminated first.
    for (auto each = m_eliminations.rbegin(); each != m_eliminations.rend(); ++each) {
        double current = at(currents, each->unknown);
        if (each->a >= 0) current += each->toA * at(currents, each->a);
        if (each->b >= 0) current += each->toB * at(currents, each->b);
        at(currents, each->unknown) = current / each->pivot;
    }
    return currents;
}

} // namespace headroom::powergrid
