#include <Eigen/SparseCholesky>

#include "core/powergrid/symmetric_system.h"

namespace headroom::powergrid {
namespace {

using Matrix = Eigen::SparseMatrix<double>;

class DirectSolver final : public SymmetricSolver {
public:
    explicit DirectSolver(const Matrix& matrix)
        : m_factors(matrix) {}

    bool isPositive() const {
        return m_factors.info() == Eigen::Success && (m_factors.vectorD().array() > 0).all() &&
               m_factors.vectorD().allFinite();
    }

    Result<Answer> solve(std::span<const double> rightHandSide, JobContext&) const override {
        const Eigen::Map<const Eigen::VectorXd> right(rightHandSide.data(),
                                                      static_cast<Eigen::Index>(rightHandSide.size()));
        Answer answer;
        answer.values.resize(rightHandSide.size());
        Eigen::Map<Eigen::VectorXd>(answer.values.data(), right.size()) = m_factors.solve(right);
        return answer;
    }

private:
    Eigen::SimplicialLDLT<Matrix, Eigen::Lower> m_factors;
};

} // namespace

Result<std::unique_ptr<SymmetricSolver>> makeDirectSolver(const SparseRows<double>& matrix) {
    // A symmetric matrix by rows is the same by columns.
    const Eigen::Map<const Matrix> mapped(matrix.size(), matrix.size(),
                                          static_cast<Eigen::Index>(matrix.values.size()),
                                          matrix.starts.data(), matrix.columns.data(), matrix.values.data());
    auto solver = std::make_unique<DirectSolver>(Matrix(mapped));
    if (!solver->isPositive())
        return fail(ErrorCode::BadInput, "The grid's equations are singular: its resistances differ too "
                                         "much for its voltages to be found.");
    return solver;
}

} // namespace headroom::powergrid
