#include "core/powergrid/aggregation.h"

#include <algorithm>
#include <cmath>

namespace headroom::powergrid {
namespace {

std::size_t index(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

std::vector<float> diagonalOf(const SparseRows<float>& matrix) {
    std::vector<float> diagonal(index(matrix.size()), 0.0F);
    for (std::int32_t i = 0; i < matrix.size(); ++i)
        for (std::int32_t k = matrix.starts[index(i)]; k < matrix.starts[index(i) + 1]; ++k)
            if (matrix.columns[index(k)] == i) diagonal[index(i)] = matrix.values[index(k)];
    return diagonal;
}

/// Marks the entries that couple strongly; the diagonal is none of them.
std::vector<char> strongEntries(const SparseRows<float>& matrix, const std::vector<float>& diagonal,
                                float threshold) {
    std::vector<char> isStrong(matrix.values.size(), 0);
    for (std::int32_t i = 0; i < matrix.size(); ++i)
        for (std::int32_t k = matrix.starts[index(i)]; k < matrix.starts[index(i) + 1]; ++k) {
            const std::int32_t j = matrix.columns[index(k)];
            const float value = matrix.values[index(k)];
            if (j != i && value < 0)
                isStrong[index(k)] =
                    value * value > threshold * threshold * diagonal[index(i)] * diagonal[index(j)] ? 1 : 0;
        }
    return isStrong;
}

template <class Visit>
void forStrong(const SparseRows<float>& matrix, const std::vector<char>& isStrong, std::int32_t row,
               Visit visit) {
    for (std::int32_t k = matrix.starts[index(row)]; k < matrix.starts[index(row) + 1]; ++k)
        if (isStrong[index(k)] != 0) visit(matrix.columns[index(k)], matrix.values[index(k)]);
}

SparseRows<float> transposed(const SparseRows<float>& rows, std::int32_t columns) {
    SparseRows<float> result;
    result.starts.assign(index(columns) + 2, 0);
    for (const std::int32_t column : rows.columns)
        ++result.starts[index(column) + 2];
    for (std::size_t i = 2; i < result.starts.size(); ++i)
        result.starts[i] += result.starts[i - 1];
    result.columns.resize(rows.columns.size());
    result.values.resize(rows.values.size());
    for (std::int32_t i = 0; i < rows.size(); ++i)
        for (std::int32_t k = rows.starts[index(i)]; k < rows.starts[index(i) + 1]; ++k) {
            const auto place = index(result.starts[index(rows.columns[index(k)]) + 1]++);
            result.columns[place] = i;
            result.values[place] = rows.values[index(k)];
        }
    result.starts.pop_back();
    return result;
}

/// Sums rows times factors, one result row after the other.
class RowSum {
public:
    explicit RowSum(std::int32_t columns)
        : m_places(index(columns), -1) {
        m_result.starts.push_back(0);
    }

    void add(std::int32_t column, float value) {
        std::int32_t& place = m_places[index(column)];
        if (place < m_result.starts.back()) {
            place = static_cast<std::int32_t>(m_result.columns.size());
            m_result.columns.push_back(column);
            m_result.values.push_back(value);
        } else {
            m_result.values[index(place)] += value;
        }
    }
    void finishRow() { m_result.starts.push_back(static_cast<std::int32_t>(m_result.columns.size())); }
    SparseRows<float> take() { return std::move(m_result); }

private:
    std::vector<std::int32_t> m_places; ///< of each column's entry in the present row; older ones are behind
    SparseRows<float> m_result;
};

SparseRows<float> product(const SparseRows<float>& a, const SparseRows<float>& b, std::int32_t columns) {
    RowSum sum(columns);
    for (std::int32_t i = 0; i < a.size(); ++i) {
        for (std::int32_t k = a.starts[index(i)]; k < a.starts[index(i) + 1]; ++k) {
            const std::int32_t row = a.columns[index(k)];
            const float factor = a.values[index(k)];
            for (std::int32_t m = b.starts[index(row)]; m < b.starts[index(row) + 1]; ++m)
                sum.add(b.columns[index(m)], factor * b.values[index(m)]);
        }
        sum.finishRow();
    }
    return sum.take();
}

} // namespace

Aggregates aggregate(const SparseRows<float>& matrix, float threshold) {
    constexpr std::int32_t kFree = -2;
    const std::vector<char> isStrong = strongEntries(matrix, diagonalOf(matrix), threshold);
    Aggregates result{std::vector<std::int32_t>(index(matrix.size()), kFree), 0};
    auto& of = result.of;
    // Whole neighbourhoods first, so that aggregates are as large as they can be.
    for (std::int32_t i = 0; i < matrix.size(); ++i) {
        if (of[index(i)] != kFree) continue;
        bool isFree = true, isAlone = true;
        forStrong(matrix, isStrong, i, [&](std::int32_t j, float) {
            isAlone = false;
            isFree = isFree && of[index(j)] == kFree;
        });
        if (isAlone) of[index(i)] = -1;
        if (isAlone || !isFree) continue;
        of[index(i)] = result.count;
        forStrong(matrix, isStrong, i, [&](std::int32_t j, float) { of[index(j)] = result.count; });
        ++result.count;
    }
    // Who is left joins the neighbour that it is coupled to most.
    const std::vector<std::int32_t> whole = of;
    for (std::int32_t i = 0; i < matrix.size(); ++i) {
        if (of[index(i)] != kFree) continue;
        float strongest = 0;
        forStrong(matrix, isStrong, i, [&](std::int32_t j, float value) {
            if (whole[index(j)] < 0 || -value <= strongest) return;
            strongest = -value;
            of[index(i)] = whole[index(j)];
        });
    }
    for (std::int32_t i = 0; i < matrix.size(); ++i) {
        if (of[index(i)] != kFree) continue;
        of[index(i)] = result.count;
        forStrong(matrix, isStrong, i, [&](std::int32_t j, float) {
            if (of[index(j)] == kFree) of[index(j)] = result.count;
        });
        ++result.count;
    }
    return result;
}

SparseRows<float> smoothedInterpolation(const SparseRows<float>& matrix, const Aggregates& aggregates,
                                        float threshold) {
    // The largest eigenvalue of D^-1 A is at most 2 for a conductance matrix; 4/3 of its inverse is best.
    constexpr float kDamping = 2.0F / 3.0F;
    const std::vector<char> isStrong = strongEntries(matrix, diagonalOf(matrix), threshold);
    RowSum sum(aggregates.count);
    for (std::int32_t i = 0; i < matrix.size(); ++i) {
        const std::int32_t own = aggregates.of[index(i)];
        float diagonal = 0;
        for (std::int32_t k = matrix.starts[index(i)]; k < matrix.starts[index(i) + 1]; ++k)
            if (isStrong[index(k)] == 0) diagonal += matrix.values[index(k)];
        if (own >= 0 && diagonal > 0) {
            sum.add(own, 1 - kDamping);
            forStrong(matrix, isStrong, i, [&](std::int32_t j, float value) {
                const std::int32_t other = aggregates.of[index(j)];
                if (other >= 0) sum.add(other, -kDamping * value / diagonal);
            });
        } else if (own >= 0) {
            sum.add(own, 1);
        }
        sum.finishRow();
    }
    return sum.take();
}

SparseRows<float> coarseMatrix(const SparseRows<float>& matrix, const SparseRows<float>& interpolation,
                               std::int32_t coarseSize) {
    const SparseRows<float> spread = product(matrix, interpolation, coarseSize);
    return product(transposed(interpolation, coarseSize), spread, coarseSize);
}

} // namespace headroom::powergrid
