#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace headroom::powergrid {

/// Sets of nodes whose voltages differ by known amounts (union-find with potentials, path halving).
class PotentialSets {
public:
    explicit PotentialSets(std::size_t count)
        : m_parents(count)
        , m_offsets(count, 0) {
        std::iota(m_parents.begin(), m_parents.end(), 0);
    }

    /// The set's representative, and how far @p node lies above it, V.
    std::pair<std::int32_t, double> find(std::int32_t node) {
        double offset = 0;
        while (parent(node) != node) {
            const std::int32_t above = parent(node);
            offsetOf(node) += offsetOf(above); // 0 of a representative
            parent(node) = parent(above);
            offset += offsetOf(node);
            node = parent(node);
        }
        return {node, offset};
    }

    /// Says that @p a lies @p volts above @p b; the representative stays that with the smaller number.
    /// @return what was known of it before, where both were in one set already
    std::optional<double> join(std::int32_t a, std::int32_t b, double volts) {
        auto [rootA, offsetA] = find(a);
        auto [rootB, offsetB] = find(b);
        if (rootA == rootB) return offsetA - offsetB;
        double difference = volts + offsetB - offsetA; // of root A above root B
        if (rootA < rootB) {
            std::swap(rootA, rootB);
            difference = -difference;
        }
        parent(rootA) = rootB;
        offsetOf(rootA) = difference;
        return std::nullopt;
    }

private:
    std::int32_t& parent(std::int32_t node) { return m_parents[static_cast<std::size_t>(node)]; }
    double& offsetOf(std::int32_t node) { return m_offsets[static_cast<std::size_t>(node)]; }

    std::vector<std::int32_t> m_parents;
    std::vector<double> m_offsets;
};

} // namespace headroom::powergrid
