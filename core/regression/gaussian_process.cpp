#include "core/regression/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "core/regression/kernel_sum.h"

namespace headroom::regression {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Logarithms of the parameters: lengths, amplitude, slope, noise.
using Parameters = VectorXd;

// Data are normalised, so that parameters beyond these bounds mean the same as the bounds.
constexpr double kShortest = 0.05, kLongest = 1e3;
constexpr double kSmallest = 1e-3, kLargest = 1e2;
constexpr double kLeastNoise = 3e-4, kLargestNoise = 2;
// Resilient propagation, constants of Blum and Riedmiller 2013.
constexpr double kGrow = 1.2, kShrink = 0.5, kFirstStep = 0.1, kLeastStep = 1e-6, kLargestStep = 1.0;

Covariance covarianceOf(const Parameters& parameters) {
    const Index inputs = parameters.size() - 3;
    Covariance covariance;
    covariance.lengths = parameters.head(inputs).array().exp();
    covariance.amplitude = std::exp(parameters[inputs]);
    covariance.slope = std::exp(parameters[inputs + 1]);
    covariance.noise = std::exp(parameters[inputs + 2]);
    return covariance;
}

void limit(Parameters& parameters) {
    const Index inputs = parameters.size() - 3;
    parameters.head(inputs) =
        parameters.head(inputs).cwiseMax(std::log(kShortest)).cwiseMin(std::log(kLongest));
    parameters.segment(inputs, 2) =
        parameters.segment(inputs, 2).cwiseMax(std::log(kSmallest)).cwiseMin(std::log(kLargest));
    parameters[inputs + 2] =
        std::clamp(parameters[inputs + 2], std::log(kLeastNoise), std::log(kLargestNoise));
}

/// The squared-exponential part of the covariance. @return rows(a) x rows(b)
MatrixXd exponentialPart(const MatrixXd& a, const MatrixXd& b, const Covariance& covariance) {
    const VectorXd inverse = covariance.lengths.cwiseInverse();
    const MatrixXd left = a * inverse.asDiagonal();
    const MatrixXd right = b * inverse.asDiagonal();
    MatrixXd k = left * right.transpose();
    k.colwise() -= 0.5 * left.rowwise().squaredNorm();
    k.rowwise() -= 0.5 * right.rowwise().squaredNorm().transpose();
    k = covariance.amplitude * covariance.amplitude * k.array().min(0.0).exp();
    return k;
}

double slopeFactor(const Covariance& covariance) {
    return covariance.slope * covariance.slope / static_cast<double>(covariance.lengths.size());
}

MatrixXd kernel(const MatrixXd& a, const MatrixXd& b, const Covariance& covariance) {
    MatrixXd k = exponentialPart(a, b, covariance);
    k.noalias() += slopeFactor(covariance) * a * b.transpose();
    return k;
}

/// kernel(points, rows) * weights, without the matrix. @param scaled rows by the lengths  @param halfNorms of
/// them
VectorXd weightedKernel(const MatrixXd& points, const MatrixXd& rows, const MatrixXd& scaled,
                        const VectorXd& halfNorms, const VectorXd& weights, const Covariance& covariance) {
    const MatrixXd near = points * covariance.lengths.cwiseInverse().asDiagonal();
    VectorXd sums =
        covariance.amplitude * covariance.amplitude * kernelSums(scaled, halfNorms, weights, near);
    const VectorXd trend = slopeFactor(covariance) * (rows.transpose() * weights);
    sums.noalias() += points * trend;
    return sums;
}

VectorXd priorVariance(const MatrixXd& points, const Covariance& covariance) {
    return (slopeFactor(covariance) * points.rowwise().squaredNorm()).array() +
           covariance.amplitude * covariance.amplitude;
}

/// Log marginal likelihood and its gradient by the logarithms of the parameters (equations 5.8, 5.9); minus
/// infinity where the covariance matrix is not positive definite.
double likelihood(const MatrixXd& x, const VectorXd& y, const Parameters& parameters, Parameters& gradient) {
    const Covariance covariance = covarianceOf(parameters);
    const Index rows = x.rows();
    const Index inputs = x.cols();
    const MatrixXd exponential = exponentialPart(x, x, covariance);
    MatrixXd k = exponential;
    k.noalias() += slopeFactor(covariance) * x * x.transpose();
    const double noise = covariance.noise * covariance.noise;
    k.diagonal().array() += noise;
    const Eigen::LLT<MatrixXd> factor(k);
    if (factor.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
    const VectorXd alpha = factor.solve(y);
    // dL/dK = (alpha alpha^T - K^-1) / 2
    MatrixXd sensitivity = factor.solve(MatrixXd::Identity(rows, rows));
    sensitivity = -0.5 * sensitivity;
    sensitivity.noalias() += 0.5 * alpha * alpha.transpose();

    const MatrixXd product = sensitivity.cwiseProduct(exponential);
    const VectorXd sums = product.rowwise().sum();
    const MatrixXd weighted = product * x;
    for (Index j = 0; j < inputs; ++j) {
        const double squares = 2 * (sums.dot(x.col(j).cwiseAbs2()) - x.col(j).dot(weighted.col(j)));
        gradient[j] = squares / (covariance.lengths[j] * covariance.lengths[j]);
    }
    gradient[inputs] = 2 * product.sum();
    gradient[inputs + 1] = 2 * slopeFactor(covariance) * (sensitivity * x).cwiseProduct(x).sum();
    gradient[inputs + 2] = 2 * noise * sensitivity.trace();
    const double logDeterminant = 2 * factor.matrixLLT().diagonal().array().log().sum();
    return -0.5 *
           (y.dot(alpha) + logDeterminant + static_cast<double>(rows) * std::log(2 * std::numbers::pi));
}

Result<void> check(const MatrixXd& inputs, const VectorXd& outputs) {
    if (inputs.rows() < 4 || inputs.cols() < 1 || inputs.rows() != outputs.size()) {
        return fail(
            ErrorCode::BadInput,
            fmt::format("A Gaussian process needs four rows or more and one output for each, not {} x "
                        "{} inputs and {} outputs.",
                        inputs.rows(), inputs.cols(), outputs.size()));
    }
    if (!inputs.allFinite() || !outputs.allFinite())
        return fail(ErrorCode::BadInput, "A Gaussian process takes finite numbers only.");
    return {};
}

/// The likeliest parameters found from a neutral start.
Result<Parameters> likeliest(const MatrixXd& x, const VectorXd& y, int steps, JobContext& context) {
    const Index inputs = x.cols();
    Parameters parameters = Parameters::Zero(inputs + 3);
    parameters.head(inputs).setConstant(std::log(2 * std::sqrt(static_cast<double>(inputs))));
    parameters[inputs + 2] = std::log(0.1);
    Parameters best = parameters;
    double most = -std::numeric_limits<double>::infinity();
    Parameters gradient = Parameters::Zero(inputs + 3);
    Parameters before = gradient;
    Parameters step = Parameters::Constant(inputs + 3, kFirstStep);
    for (int i = 0; i < steps; ++i) {
        if (context.cancelled()) return failCancelled();
        const double value = likelihood(x, y, parameters, gradient);
        if (!std::isfinite(value)) {
            // More noise makes any covariance matrix definite.
            parameters = best;
            parameters[inputs + 2] += 1;
            step *= kShrink;
            limit(parameters);
            continue;
        }
        if (value > most) {
            most = value;
            best = parameters;
        }
        for (Index j = 0; j < gradient.size(); ++j) {
            const double agreement = gradient[j] * before[j];
            if (agreement > 0) step[j] = std::min(step[j] * kGrow, kLargestStep);
            if (agreement < 0) {
                step[j] = std::max(step[j] * kShrink, kLeastStep);
                gradient[j] = 0;
            }
            parameters[j] += std::copysign(step[j], gradient[j]) * (gradient[j] == 0 ? 0 : 1);
        }
        limit(parameters);
        before = gradient;
    }
    if (!std::isfinite(most))
        return fail(ErrorCode::Convergence, "No covariance explains the data set's rows.");
    return best;
}

} // namespace

Result<GaussianProcess> GaussianProcess::fit(std::shared_ptr<const MatrixXd> inputs, const VectorXd& outputs,
                                             const GaussianProcessFit& settings, JobContext& context) {
    if (const auto valid = check(*inputs, outputs); !valid) return forward(valid);
    const Index all = inputs->rows();
    const Index rows = std::min(all, static_cast<Index>(std::max<std::size_t>(4, settings.rows)));
    MatrixXd x(rows, inputs->cols());
    VectorXd y(rows);
    for (Index r = 0; r < rows; ++r) {
        x.row(r) = inputs->row(r * all / rows);
        y[r] = outputs[r * all / rows];
    }
    const auto parameters = likeliest(x, y, settings.steps, context);
    if (!parameters) return forward(parameters);
    return condition(std::move(inputs), outputs, covarianceOf(*parameters));
}

Result<GaussianProcess> GaussianProcess::condition(std::shared_ptr<const MatrixXd> inputs,
                                                   const VectorXd& outputs, const Covariance& covariance) {
    if (const auto valid = check(*inputs, outputs); !valid) return forward(valid);
    if (covariance.lengths.size() != inputs->cols() || !(covariance.lengths.minCoeff() > 0))
        return fail(ErrorCode::BadInput, "A covariance needs one positive length per input.");
    MatrixXd k = kernel(*inputs, *inputs, covariance);
    k.diagonal().array() += covariance.noise * covariance.noise;
    const Eigen::LLT<MatrixXd> factor(k);
    if (factor.info() != Eigen::Success)
        return fail(ErrorCode::Convergence, "The rows' covariance matrix is not positive definite.");
    GaussianProcess process;
    process.m_scaled =
        std::make_shared<const MatrixXd>(*inputs * covariance.lengths.cwiseInverse().asDiagonal());
    process.m_halfNorms = 0.5 * process.m_scaled->rowwise().squaredNorm();
    process.m_inputs = std::move(inputs);
    process.m_covariance = covariance;
    process.m_weights = factor.solve(outputs);
    process.m_factor = std::make_shared<const MatrixXd>(factor.matrixL());
    process.m_logLikelihood =
        -0.5 * (outputs.dot(process.m_weights) + 2 * process.m_factor->diagonal().array().log().sum() +
                static_cast<double>(outputs.size()) * std::log(2 * std::numbers::pi));
    return process;
}

VectorXd GaussianProcess::mean(const MatrixXd& points) const {
    return weightedKernel(points, *m_inputs, *m_scaled, m_halfNorms, m_weights, m_covariance);
}

ProcessPrediction GaussianProcess::predict(const MatrixXd& points) const {
    const MatrixXd cross = kernel(*m_inputs, points, m_covariance);
    const MatrixXd explained = m_factor->triangularView<Eigen::Lower>().solve(cross);
    const VectorXd variance =
        priorVariance(points, m_covariance) - explained.colwise().squaredNorm().transpose();
    return {cross.transpose() * m_weights, variance.cwiseMax(0.0).cwiseSqrt()};
}

UpdatedProcess::UpdatedProcess(std::shared_ptr<const GaussianProcess> process)
    : m_process(std::move(process))
    , m_points(0, m_process->m_inputs->cols())
    , m_solved(m_process->m_inputs->rows(), 0)
    , m_weights(m_process->m_weights) {}

/// Covariance that the process's own rows leave unexplained. @return points x known
MatrixXd UpdatedProcess::residualCovariance(const MatrixXd& points, const MatrixXd& cross) const {
    MatrixXd residual = kernel(points, m_points, m_process->m_covariance);
    residual.noalias() -= cross * m_solved;
    return residual;
}

void UpdatedProcess::add(const VectorXd& point, double output) {
    const Covariance& covariance = m_process->m_covariance;
    const Index known = m_points.rows();
    const MatrixXd row = point.transpose();
    VectorXd solved = kernel(*m_process->m_inputs, row, covariance);
    m_process->m_factor->triangularView<Eigen::Lower>().solveInPlace(solved);
    m_process->m_factor->transpose().triangularView<Eigen::Upper>().solveInPlace(solved);

    m_points.conservativeResize(known + 1, Eigen::NoChange);
    m_points.row(known) = row;
    m_residuals.conservativeResize(known + 1);
    m_residuals[known] = output - m_process->mean(row)[0];
    m_solved.conservativeResize(Eigen::NoChange, known + 1);
    m_solved.col(known) = solved;

    // One more row of the Cholesky factor of what the process leaves unexplained.
    const MatrixXd residual = residualCovariance(row, kernel(row, *m_process->m_inputs, covariance));
    const double noise = covariance.noise * covariance.noise;
    VectorXd factorRow = residual.leftCols(known).transpose();
    if (known > 0) m_factor.triangularView<Eigen::Lower>().solveInPlace(factorRow);
    // Rounding may leave less than the noise of a point that was there already.
    const double rest = std::max(residual(0, known) + noise - factorRow.squaredNorm(), 0.5 * noise);
    m_factor.conservativeResizeLike(MatrixXd::Zero(known + 1, known + 1));
    m_factor.row(known).head(known) = factorRow.transpose();
    m_factor(known, known) = std::sqrt(rest);
    m_correction = m_factor.triangularView<Eigen::Lower>().solve(m_residuals);
    m_factor.transpose().triangularView<Eigen::Upper>().solveInPlace(m_correction);
    m_weights = m_process->m_weights - m_solved * m_correction;
}

VectorXd UpdatedProcess::mean(const MatrixXd& points) const {
    const Covariance& covariance = m_process->m_covariance;
    VectorXd result = weightedKernel(points, *m_process->m_inputs, *m_process->m_scaled,
                                     m_process->m_halfNorms, m_weights, covariance);
    if (m_points.rows() == 0) return result;
    const MatrixXd scaled = m_points * covariance.lengths.cwiseInverse().asDiagonal();
    return result + weightedKernel(points, m_points, scaled, 0.5 * scaled.rowwise().squaredNorm(),
                                   m_correction, covariance);
}

ProcessPrediction UpdatedProcess::predict(const MatrixXd& points) const {
    ProcessPrediction prediction = m_process->predict(points);
    if (m_points.rows() == 0) return prediction;
    const MatrixXd residual =
        residualCovariance(points, kernel(points, *m_process->m_inputs, m_process->m_covariance));
    prediction.mean += residual * m_correction;
    const MatrixXd explained = m_factor.triangularView<Eigen::Lower>().solve(residual.transpose());
    prediction.deviation = (prediction.deviation.cwiseAbs2() - explained.colwise().squaredNorm().transpose())
                               .cwiseMax(0.0)
                               .cwiseSqrt();
    return prediction;
}

double UpdatedProcess::meanAndGradient(const VectorXd& point, VectorXd& gradient) const {
    const Covariance& covariance = m_process->m_covariance;
    const VectorXd inverse = covariance.lengths.cwiseInverse();
    const VectorXd scaled = point.cwiseProduct(inverse);
    const double variance = covariance.amplitude * covariance.amplitude;
    VectorXd byScaled = VectorXd::Zero(point.size());
    double mean = 0;
    const auto take = [&](const MatrixXd& known, const VectorXd& halfNorms, const VectorXd& weights) {
        VectorXd share = known * scaled - halfNorms;
        share.array() =
            ((share.array() - 0.5 * scaled.squaredNorm()).min(0.0)).exp() * weights.array() * variance;
        const double sum = share.sum();
        mean += sum;
        byScaled += known.transpose() * share - sum * scaled;
    };
    take(*m_process->m_scaled, m_process->m_halfNorms, m_weights);
    VectorXd trend = m_process->m_inputs->transpose() * m_weights;
    if (m_points.rows() > 0) {
        const MatrixXd added = m_points * inverse.asDiagonal();
        take(added, 0.5 * added.rowwise().squaredNorm(), m_correction);
        trend += m_points.transpose() * m_correction;
    }
    trend *= slopeFactor(covariance);
    gradient = byScaled.cwiseProduct(inverse) + trend;
    return mean + trend.dot(point);
}

} // namespace headroom::regression
