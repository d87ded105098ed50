#include "core/sizing/variance_shares.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/QR>

namespace headroom::sizing {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::size_t fewestForShares(std::size_t inputs) {
    return 2 * (inputs + 1);
}

std::optional<VarianceShares> varianceShares(const MatrixXd& inputs, const std::vector<double>& output,
                                             std::size_t perGroup) {
    std::vector<Index> finite;
    for (std::size_t row = 0; row < output.size(); ++row)
        if (std::isfinite(output[row])) finite.push_back(static_cast<Index>(row));
    const auto count = static_cast<Index>(finite.size());
    const Index columns = inputs.cols();
    if (columns == 0 || finite.size() < fewestForShares(static_cast<std::size_t>(columns)))
        return std::nullopt;
    MatrixXd x = inputs(finite, Eigen::all);
    VectorXd y(count);
    for (Index row = 0; row < count; ++row)
        y[row] = output[static_cast<std::size_t>(finite[static_cast<std::size_t>(row)])];
    // In units of its own size, so that no output is too small for the comparisons below.
    const double scale = std::max(y.cwiseAbs().maxCoeff(), 1e-300);
    y /= scale;
    x.rowwise() -= x.colwise().mean().eval();
    y.array() -= y.mean();
    const double variance = y.squaredNorm() / static_cast<double>(count - 1);
    VarianceShares result;
    result.shares.assign(static_cast<std::size_t>(columns) / perGroup, 0.0);
    constexpr double kConstant = 1e-24; // rounding of numbers near 1, squared
    if (!(variance > kConstant)) return result;
    const Eigen::ColPivHouseholderQR<MatrixXd> factor(x);
    const VectorXd coefficients = factor.solve(y);
    const double residual = (y - x * coefficients).squaredNorm() / static_cast<double>(count - 1 - columns);
    const MatrixXd normal = x.transpose() * x;
    const VectorXd scatter = residual * normal.ldlt().solve(MatrixXd::Identity(columns, columns)).diagonal();
    for (Index column = 0; column < columns; ++column)
        result.shares[static_cast<std::size_t>(column) / perGroup] +=
            coefficients[column] * coefficients[column] - scatter[column];
    const double signal = std::max(0.0, coefficients.squaredNorm() - scatter.sum());
    // Not the sample's variance: inputs that happen to be correlated change that, but not this.
    const double total = signal + residual;
    for (double& share : result.shares)
        share = std::clamp(share / total, 0.0, 1.0);
    result.explained = signal / total;
    return result;
}

} // namespace headroom::sizing
