#include <algorithm>
#include <cmath>

#include <Eigen/SparseCholesky>
#include <fmt/format.h>

#include "core/powergrid/aggregation.h"
#include "core/powergrid/symmetric_system.h"

namespace headroom::powergrid {
namespace {

constexpr float kThreshold = 0.15F; ///< of strong couplings on the finest level; halved on each coarser one
constexpr std::int32_t kCoarsest = 2000;
constexpr int kMostLevels = 20;

std::size_t index(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

/// One level of the hierarchy. Single precision: it only has to point to where the answer lies, and half the
/// memory is half the time.
struct Level {
    SparseRows<float> matrix;        ///< without its diagonal
    std::vector<float> inverse;      ///< of the diagonal
    SparseRows<float> interpolation; ///< from the next coarser level
    std::int32_t coarseSize = 0;
};

struct Work {
    std::vector<float> right, values;
};

/// x_i = (b_i - sum a_ij x_j) / a_ii, row by row; upwards or downwards.
void smooth(const Level& level, const std::vector<float>& right, std::vector<float>& values, bool isForward) {
    const std::int32_t size = level.matrix.size();
    const std::int32_t* columns = level.matrix.columns.data();
    const float* entries = level.matrix.values.data();
    for (std::int32_t n = 0; n < size; ++n) {
        const std::int32_t i = isForward ? n : size - 1 - n;
        float sum = right[index(i)];
        for (std::int32_t k = level.matrix.starts[index(i)]; k < level.matrix.starts[index(i) + 1]; ++k)
            sum -= entries[k] * values[index(columns[k])];
        values[index(i)] = sum * level.inverse[index(i)];
    }
}

/// P^T (b - A x)
void restrictResidual(const Level& level, const std::vector<float>& right, const std::vector<float>& values,
                      std::vector<float>& coarse) {
    std::fill(coarse.begin(), coarse.end(), 0.0F);
    for (std::int32_t i = 0; i < level.matrix.size(); ++i) {
        float rest = right[index(i)] - values[index(i)] / level.inverse[index(i)];
        for (std::int32_t k = level.matrix.starts[index(i)]; k < level.matrix.starts[index(i) + 1]; ++k)
            rest -= level.matrix.values[index(k)] * values[index(level.matrix.columns[index(k)])];
        for (std::int32_t k = level.interpolation.starts[index(i)];
             k < level.interpolation.starts[index(i) + 1]; ++k)
            coarse[index(level.interpolation.columns[index(k)])] +=
                level.interpolation.values[index(k)] * rest;
    }
}

void addCoarse(const Level& level, const std::vector<float>& coarse, std::vector<float>& values) {
    for (std::int32_t i = 0; i < level.matrix.size(); ++i) {
        float sum = 0;
        for (std::int32_t k = level.interpolation.starts[index(i)];
             k < level.interpolation.starts[index(i) + 1]; ++k)
            sum +=
                level.interpolation.values[index(k)] * coarse[index(level.interpolation.columns[index(k)])];
        values[index(i)] += sum;
    }
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

class MultigridSolver final : public SymmetricSolver {
public:
    MultigridSolver(SparseRows<double> matrix, const IterationEnd& end)
        : m_matrix(std::move(matrix))
        , m_end(end) {}

    Result<void> prepare(JobContext& context) {
        SparseRows<float> matrix{m_matrix.starts, m_matrix.columns, {}};
        matrix.values.assign(m_matrix.values.begin(), m_matrix.values.end());
        float threshold = kThreshold;
        while (matrix.size() > kCoarsest && m_levels.size() < kMostLevels) {
            if (context.cancelled()) return failCancelled();
            const Aggregates aggregates = aggregate(matrix, threshold);
            if (aggregates.count > 3 * (matrix.size() / 4) || aggregates.count == 0) break;
            Level level;
            level.coarseSize = aggregates.count;
            level.interpolation = smoothedInterpolation(matrix, aggregates, threshold);
            SparseRows<float> coarse = coarseMatrix(matrix, level.interpolation, aggregates.count);
            splitDiagonal(std::move(matrix), level);
            m_levels.push_back(std::move(level));
            matrix = std::move(coarse);
            threshold /= 2;
        }
        return factorise(matrix);
    }

    Result<Answer> solve(std::span<const double> rightHandSide, JobContext& context) const override;

private:
    static void splitDiagonal(SparseRows<float> matrix, Level& level) {
        level.inverse.resize(index(matrix.size()));
        std::int32_t end = 0;
        for (std::int32_t i = 0; i < matrix.size(); ++i) {
            std::int32_t k = matrix.starts[index(i)];
            matrix.starts[index(i)] = end;
            for (const std::int32_t last = matrix.starts[index(i) + 1]; k < last; ++k) {
                if (matrix.columns[index(k)] == i) {
                    level.inverse[index(i)] = 1 / matrix.values[index(k)];
                    continue;
                }
                matrix.columns[index(end)] = matrix.columns[index(k)];
                matrix.values[index(end++)] = matrix.values[index(k)];
            }
        }
        matrix.starts.back() = end;
        matrix.columns.resize(index(end));
        matrix.values.resize(index(end));
        level.matrix = std::move(matrix);
    }

    Result<void> factorise(const SparseRows<float>& matrix) {
        using Matrix = Eigen::SparseMatrix<double>;
        const std::vector<double> values(matrix.values.begin(), matrix.values.end());
        Matrix coarsest(matrix.size(), matrix.size());
        std::vector<Eigen::Triplet<double>> entries;
        for (std::int32_t i = 0; i < matrix.size(); ++i)
            for (std::int32_t k = matrix.starts[index(i)]; k < matrix.starts[index(i) + 1]; ++k)
                if (matrix.columns[index(k)] <= i)
                    entries.emplace_back(i, matrix.columns[index(k)], values[index(k)]);
        coarsest.setFromTriplets(entries.begin(), entries.end());
        // Rounding to single precision may have taken the last bit of definiteness.
        m_coarsest.setShift(1e-7 * coarsest.diagonal().minCoeff(), 1.0);
        m_coarsest.compute(coarsest);
        if (m_coarsest.info() != Eigen::Success)
            return fail(ErrorCode::BadInput, "The grid's equations are singular: its resistances differ too "
                                             "much for its voltages to be found.");
        return {};
    }

    /// One V-cycle from zero, with one smoothing step down and its mirror image up.
    void cycle(std::size_t depth, std::vector<Work>& work) const {
        Work& own = work[depth];
        if (depth == m_levels.size()) {
            const Eigen::Map<const Eigen::VectorXf> right(own.right.data(),
                                                          static_cast<Eigen::Index>(own.right.size()));
            Eigen::Map<Eigen::VectorXf>(own.values.data(), right.size()) =
                m_coarsest.solve(right.cast<double>()).cast<float>();
            return;
        }
        const Level& level = m_levels[depth];
        std::fill(own.values.begin(), own.values.end(), 0.0F);
        smooth(level, own.right, own.values, true);
        restrictResidual(level, own.right, own.values, work[depth + 1].right);
        cycle(depth + 1, work);
        addCoarse(level, work[depth + 1].values, own.values);
        smooth(level, own.right, own.values, false);
    }

    /// z = M^-1 r. The residual is scaled to 1, so that single precision never runs out of exponents.
    void precondition(const std::vector<double>& rest, std::vector<double>& result,
                      std::vector<Work>& work) const {
        double largest = 0;
        for (const double each : rest)
            largest = std::max(largest, std::abs(each));
        const double scale = largest > 0 ? 1 / largest : 1;
        Work& finest = work.front();
        for (std::size_t i = 0; i < rest.size(); ++i)
            finest.right[i] = static_cast<float>(rest[i] * scale);
        cycle(0, work);
        for (std::size_t i = 0; i < rest.size(); ++i)
            result[i] = static_cast<double>(finest.values[i]) * largest;
    }

    /// y = A x
    void multiply(const std::vector<double>& x, std::vector<double>& y) const {
        for (std::int32_t i = 0; i < m_matrix.size(); ++i) {
            double sum = 0;
            for (std::int32_t k = m_matrix.starts[index(i)]; k < m_matrix.starts[index(i) + 1]; ++k)
                sum += m_matrix.values[index(k)] * x[index(m_matrix.columns[index(k)])];
            y[index(i)] = sum;
        }
    }

    SparseRows<double> m_matrix;
    IterationEnd m_end;
    std::vector<Level> m_levels;
    Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>, Eigen::Lower> m_coarsest;
};

Result<SymmetricSolver::Answer> MultigridSolver::solve(std::span<const double> rightHandSide,
                                                       JobContext& context) const {
    const std::size_t size = rightHandSide.size();
    std::vector<Work> work;
    for (const Level& level : m_levels)
        work.push_back({std::vector<float>(level.inverse.size()), std::vector<float>(level.inverse.size())});
    const std::size_t last = m_levels.empty() ? size : index(m_levels.back().coarseSize);
    work.push_back({std::vector<float>(last), std::vector<float>(last)});

    Answer answer{std::vector<double>(size, 0.0), 0};
    std::vector<double> rest(rightHandSide.begin(), rightHandSide.end()), old, direction(size, 0.0),
        step(size), image(size);
    const double target = m_end.tolerance * m_end.tolerance * dot(rest, rest);
    double oldProduct = 0;
    while (dot(rest, rest) > target) {
        if (context.cancelled()) return failCancelled();
        if (answer.iterations == m_end.mostIterations) {
            if (m_end.takesRough) break;
            return fail(
                ErrorCode::Convergence,
                fmt::format("The voltages have not settled after {} iterations.", m_end.mostIterations));
        }
        ++answer.iterations;
        precondition(rest, step, work);
        const double product = dot(rest, step);
        // Polak and Ribiere's form bears a preconditioner that rounding makes slightly unsymmetric.
        const double beta = answer.iterations == 1 ? 0 : (product - dot(old, step)) / oldProduct;
        oldProduct = product;
        for (std::size_t i = 0; i < size; ++i)
            direction[i] = step[i] + beta * direction[i];
        multiply(direction, image);
        const double alpha = dot(rest, direction) / dot(direction, image);
        if (!std::isfinite(alpha))
            return fail(ErrorCode::Convergence, "The iteration towards the voltages broke down.");
        old = rest;
        for (std::size_t i = 0; i < size; ++i) {
            answer.values[i] += alpha * direction[i];
            rest[i] -= alpha * image[i];
        }
    }
    return answer;
}

} // namespace

Result<std::unique_ptr<SymmetricSolver>> makeMultigridSolver(SparseRows<double> matrix,
                                                             const IterationEnd& end, JobContext& context) {
    auto solver = std::make_unique<MultigridSolver>(std::move(matrix), end);
    if (const auto done = solver->prepare(context); !done) return forward(done);
    return solver;
}

} // namespace headroom::powergrid
