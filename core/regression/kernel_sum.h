#pragma once

#include <Eigen/Core>

namespace headroom::regression {

/// Weighted sums of squared-exponential kernels: of each point p, sum_r w_r exp(-1/2 |p - x_r|^2). What a
/// Gaussian process's mean mostly is; twice as fast as Eigen's expressions of it, and the same to the
/// last bit whatever the processor's vectors are.
/// @param rows n x d  @param halfNorms n: half the squared norm of each row  @param weights n
/// @param points m x d  @return m
Eigen::VectorXd kernelSums(const Eigen::MatrixXd& rows, const Eigen::VectorXd& halfNorms,
                           const Eigen::VectorXd& weights, const Eigen::MatrixXd& points);

} // namespace headroom::regression
