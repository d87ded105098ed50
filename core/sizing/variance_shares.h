#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

namespace headroom::sizing {

/// Where the variance of an output comes from.
struct VarianceShares {
    std::vector<double> shares; ///< by group, of the output's variance, 0 to 1
    double explained = 0;       ///< of the variance, by the linear model, 0 to 1
};

/// The fewest samples that shares of this many inputs are told from: twice the model's coefficients.
std::size_t fewestForShares(std::size_t inputs);

/// Least squares of an output on independent standard normal inputs; a group's share is the sum of its
/// squared coefficients, less what their own scatter adds to them on average, over the variance that the
/// model gives the output, the residual's included. Sums of shares fall short of 1 where the output is not
/// linear in the inputs. Absent where there are fewer samples than fewestForShares() with a finite output.
/// @param inputs samples x (groups * perGroup)  @param output by sample  @param perGroup inputs that follow
/// each other and count together
std::optional<VarianceShares> varianceShares(const Eigen::MatrixXd& inputs, const std::vector<double>& output,
                                             std::size_t perGroup);

} // namespace headroom::sizing
