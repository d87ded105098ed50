#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/grid_model.h"

namespace headroom::powergrid {

/// Rows of a sparse matrix one after the other, the diagonal among them.
template <class Value>
struct SparseRows {
    std::vector<std::int32_t> starts; ///< of each row, and the end of the last
    std::vector<std::int32_t> columns;
    std::vector<Value> values;

    std::int32_t size() const { return static_cast<std::int32_t>(starts.size()) - 1; }
};

/// The conductance matrix: conductances between unknowns, parallel ones summed, and those to fixed nodes on
/// the diagonal. Columns are in order.
SparseRows<double> conductanceMatrix(std::span<const Conductance> conductances,
                                     std::span<const double> toFixed);

/// Something that solves G v = J for one right-hand side after the other.
class SymmetricSolver {
public:
    struct Answer {
        std::vector<double> values;
        int iterations = 0;
    };
    virtual ~SymmetricSolver() = default;
    virtual Result<Answer> solve(std::span<const double> rightHandSide, JobContext& context) const = 0;
};

/// When an iteration ends.
struct IterationEnd {
    double tolerance = 1e-10; ///< of the residual's norm, relative to the right-hand side's
    int mostIterations = 300;
    bool takesRough = false; ///< what mostIterations give is an answer, settled or not
};

/// LDL^T with approximate minimum degree ordering (Eigen). Error BadInput where a pivot is not positive.
Result<std::unique_ptr<SymmetricSolver>> makeDirectSolver(const SparseRows<double>& matrix);

/// Conjugate gradients, preconditioned by a V-cycle of smoothed aggregation (Vanek, Mandel and Brezina 1996)
/// in single precision. Needs neither coordinates nor much memory. Errors of solving: Convergence, Cancelled.
Result<std::unique_ptr<SymmetricSolver>> makeMultigridSolver(SparseRows<double> matrix,
                                                             const IterationEnd& end, JobContext& context);

} // namespace headroom::powergrid
