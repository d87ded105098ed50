#include "core/regression/kernel_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

// Vectors of 4 doubles never cross a function that is not inlined.
#pragma GCC diagnostic ignored "-Wpsabi"

#define HEADROOM_INLINE inline __attribute__((always_inline))

namespace headroom::regression {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kLanes = 4;
/// Points that share the rows that are read.
constexpr Index kPoints = 4;
/// Four doubles: one register of AVX2, two of SSE.
using Doubles = double __attribute__((vector_size(kLanes * sizeof(double)), aligned(8)));
using Integers = std::int64_t __attribute__((vector_size(kLanes * sizeof(std::int64_t)), aligned(8)));

HEADROOM_INLINE Doubles load(const double* address) {
    Doubles values;
    std::memcpy(&values, address, sizeof values);
    return values;
}

/// exp for x <= 0, to the last few bits: 2^n times the Taylor series of the rest; 0 below -708.
HEADROOM_INLINE Doubles exponential(Doubles x) {
    constexpr double kMagic = 6755399441055744.0; // 1.5 * 2^52: adding it rounds to whole numbers
    const Doubles clamped = x < -708.0 ? Doubles{} - 708.0 : x;
    const Doubles shifted = clamped * 1.4426950408889634 + kMagic;
    const Doubles whole = shifted - kMagic;
    // ln 2 in two parts, of which the first times a whole number is exact.
    const Doubles rest = (clamped - whole * 6.93147180369123816490e-01) - whole * 1.90821492927058770002e-10;
    Doubles value = rest * (1.0 / 479001600) + 1.0 / 39916800;
    value = value * rest + 1.0 / 3628800;
    value = value * rest + 1.0 / 362880;
    value = value * rest + 1.0 / 40320;
    value = value * rest + 1.0 / 5040;
    value = value * rest + 1.0 / 720;
    value = value * rest + 1.0 / 120;
    value = value * rest + 1.0 / 24;
    value = value * rest + 1.0 / 6;
    value = value * rest + 0.5;
    value = value * rest + 1.0;
    value = value * rest + 1.0;
    // The low bits of the shifted number are the whole one; they become the exponent.
    const Integers exponent = (std::bit_cast<Integers>(shifted) + 1023) << 52;
    const Doubles result = value * std::bit_cast<Doubles>(exponent);
    return x < -708.0 ? Doubles{} : result;
}

/// The rows that are summed over: column-major, `count` x `size`.
struct Rows {
    const double* values;
    const double* halfNorms;
    const double* weights;
    Index count;
    Index size;
};

/// @p count points at once. @param points one after the other
template <Index count>
HEADROOM_INLINE void sumPoints(const Rows& rows, const double* points, double* sums) {
    const Index n = rows.count, d = rows.size;
    double norms[count];
    for (Index i = 0; i < count; ++i) {
        norms[i] = 0;
        for (Index k = 0; k < d; ++k)
            norms[i] += 0.5 * points[i * d + k] * points[i * d + k];
    }
    Doubles totals[count] = {};
    Index r = 0;
    for (; r + kLanes <= n; r += kLanes) {
        Doubles exponents[count];
        const Doubles half = load(rows.halfNorms + r);
        for (Index i = 0; i < count; ++i)
            exponents[i] = Doubles{} - half - norms[i];
        for (Index k = 0; k < d; ++k) {
            const Doubles column = load(rows.values + k * n + r);
            for (Index i = 0; i < count; ++i)
                exponents[i] += column * points[i * d + k];
        }
        const Doubles weight = load(rows.weights + r);
        for (Index i = 0; i < count; ++i) {
            const Doubles nonPositive = exponents[i] > 0.0 ? Doubles{} : exponents[i];
            totals[i] += weight * exponential(nonPositive);
        }
    }
    for (Index i = 0; i < count; ++i) {
        double sum = 0;
        for (Index lane = 0; lane < kLanes; ++lane)
            sum += totals[i][lane];
        for (Index row = r; row < n; ++row) {
            double exponent = -rows.halfNorms[row] - norms[i];
            for (Index k = 0; k < d; ++k)
                exponent += rows.values[k * n + row] * points[i * d + k];
            sum += rows.weights[row] * std::exp(std::min(exponent, 0.0));
        }
        sums[i] = sum;
    }
}

HEADROOM_INLINE void sumAll(const Rows& rows, const double* points, Index count, double* sums) {
    Index i = 0;
    for (; i + kPoints <= count; i += kPoints)
        sumPoints<kPoints>(rows, points + i * rows.size, sums + i);
    for (; i < count; ++i)
        sumPoints<1>(rows, points + i * rows.size, sums + i);
}

// Without fused operations, so that all give the same bits.
#if defined(__x86_64__)
__attribute__((target("avx2"))) void sumAllAvx2(const Rows& rows, const double* points, Index count,
                                                double* sums) {
    sumAll(rows, points, count, sums);
}
#endif

void sumAllBasic(const Rows& rows, const double* points, Index count, double* sums) {
    sumAll(rows, points, count, sums);
}

using SumAll = void (*)(const Rows&, const double*, Index, double*);

SumAll fastest() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return sumAllAvx2;
#endif
    return sumAllBasic;
}

} // namespace

VectorXd kernelSums(const MatrixXd& rows, const VectorXd& halfNorms, const VectorXd& weights,
                    const MatrixXd& points) {
    const MatrixXd transposed = points.transpose(); // column-major: the numbers of a point follow each other
    VectorXd sums(points.rows());
    static const SumAll sum = fastest();
    sum({rows.data(), halfNorms.data(), weights.data(), rows.rows(), rows.cols()}, transposed.data(),
        points.rows(), sums.data());
    return sums;
}

} // namespace headroom::regression
