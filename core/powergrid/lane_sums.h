#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace headroom::powergrid {

/// Sums that are added up in eight lanes: a compiler may not reorder additions, and one chain of them waits
/// for each result before the next. What they give does not depend on the machine.
class LaneSums {
public:
    static constexpr std::ptrdiff_t kLanes = 8;

    /// Adds a_i b_i.
    void addProducts(const double* a, const double* b, std::ptrdiff_t count) {
        std::ptrdiff_t i = 0;
        for (; i + kLanes <= count; i += kLanes)
            for (std::ptrdiff_t lane = 0; lane < kLanes; ++lane)
                m_sums[static_cast<std::size_t>(lane)] += a[i + lane] * b[i + lane];
        for (; i < count; ++i)
            m_sums.front() += a[i] * b[i];
    }

    double sum() const {
        double sum = 0;
        for (const double each : m_sums)
            sum += each;
        return sum;
    }

private:
    std::array<double, kLanes> m_sums{};
};

/// The largest |a_i|, at least 0.
inline double largestOf(const double* a, std::ptrdiff_t count) {
    std::array<double, LaneSums::kLanes> most{};
    std::ptrdiff_t i = 0;
    for (; i + LaneSums::kLanes <= count; i += LaneSums::kLanes)
        for (std::ptrdiff_t lane = 0; lane < LaneSums::kLanes; ++lane) {
            const double size = std::abs(a[i + lane]);
            double& before = most[static_cast<std::size_t>(lane)];
            before = before < size ? size : before;
        }
    for (; i < count; ++i)
        most.front() = std::max(most.front(), std::abs(a[i]));
    return *std::max_element(most.begin(), most.end());
}

} // namespace headroom::powergrid
