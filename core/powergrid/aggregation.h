#pragma once

#include <cstdint>
#include <vector>

#include "core/powergrid/symmetric_system.h"

namespace headroom::powergrid {

/// Groups of strongly coupled unknowns, each of which becomes one unknown of the next coarser level.
struct Aggregates {
    std::vector<std::int32_t> of; ///< by unknown; -1 where a smoother alone solves it
    std::int32_t count = 0;
};

/// Coupling is strong where a_ij^2 > threshold^2 a_ii a_jj (Vanek, Mandel and Brezina 1996, section 5).
Aggregates aggregate(const SparseRows<float>& matrix, float threshold);

/// Piecewise constant interpolation from aggregates, smoothed once by damped Jacobi on the matrix without its
/// weak couplings (the same paper, equation 11).
SparseRows<float> smoothedInterpolation(const SparseRows<float>& matrix, const Aggregates& aggregates,
                                        float threshold);

/// P^T A P
SparseRows<float> coarseMatrix(const SparseRows<float>& matrix, const SparseRows<float>& interpolation,
                               std::int32_t coarseSize);

} // namespace headroom::powergrid
