#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <Eigen/Core>

#include "core/base/error.h"
#include "core/base/job_context.h"

namespace headroom::regression {

/// Covariance of a Gaussian process over d inputs: a squared-exponential part with a length per input
/// (automatic relevance determination, Rasmussen and Williams 2006, section 5.1), a linear trend, and white
/// noise on what is observed:
///     k(x, x') = amplitude^2 exp(-1/2 sum_j (x_j - x'_j)^2 / length_j^2) + slope^2 x . x' / d
struct Covariance {
    Eigen::VectorXd lengths; ///< by input, in units of the inputs
    double amplitude = 1;
    double slope = 1;
    double noise = 0.1; ///< standard deviation of an observation
};

struct GaussianProcessFit {
    /// Rows that the covariance is fitted on, evenly spaced over all; all rows are then conditioned on.
    /// The likelihood's cost grows with the third power of it.
    std::size_t rows = 400;
    int steps = 60;
};

/// What a Gaussian process says of some inputs.
struct ProcessPrediction {
    Eigen::VectorXd mean;
    Eigen::VectorXd deviation; ///< standard, of the noise-free function
};

/// A Gaussian process of one output with zero prior mean: regression on scattered data with an honest
/// uncertainty (Rasmussen and Williams 2006, chapters 2 and 5). Immutable, thus thread-safe; copies share the
/// data. Inputs and outputs are expected at about zero mean and unit variance.
class GaussianProcess {
public:
    /// Maximises the marginal likelihood (equation 5.8) by resilient propagation (Blum and Riedmiller 2013).
    /// Errors: BadInput (shapes, values that are not finite, fewer than four rows), Convergence, Cancelled.
    /// @param inputs rows x d  @param outputs rows
    static Result<GaussianProcess> fit(std::shared_ptr<const Eigen::MatrixXd> inputs,
                                       const Eigen::VectorXd& outputs, const GaussianProcessFit& settings,
                                       JobContext& context);

    /// Conditions on observations with a known covariance. Errors: BadInput, Convergence (the covariance
    /// matrix is not positive definite).
    static Result<GaussianProcess> condition(std::shared_ptr<const Eigen::MatrixXd> inputs,
                                             const Eigen::VectorXd& outputs, const Covariance& covariance);

    const Covariance& covariance() const { return m_covariance; }
    std::size_t rows() const { return static_cast<std::size_t>(m_inputs->rows()); }
    double logLikelihood() const { return m_logLikelihood; }

    /// @param points n x d  @return n
    Eigen::VectorXd mean(const Eigen::MatrixXd& points) const;
    ProcessPrediction predict(const Eigen::MatrixXd& points) const;

private:
    friend class UpdatedProcess;
    GaussianProcess() = default;

    std::shared_ptr<const Eigen::MatrixXd> m_inputs; ///< rows x d
    std::shared_ptr<const Eigen::MatrixXd> m_scaled; ///< rows x d: the inputs, by the lengths
    Eigen::VectorXd m_halfNorms;                     ///< half the squared norms of the scaled rows
    std::shared_ptr<const Eigen::MatrixXd> m_factor; ///< lower Cholesky factor of K + noise^2
    Eigen::VectorXd m_weights;                       ///< (K + noise^2)^-1 y
    Covariance m_covariance;
    double m_logLikelihood = 0;
};

/// A Gaussian process and some observations made since, at a cost of rows^2 for each. Owns only what they
/// add, so that many may stand on one process.
class UpdatedProcess {
public:
    explicit UpdatedProcess(std::shared_ptr<const GaussianProcess> process);

    /// Takes one more observation into account. @param point d
    void add(const Eigen::VectorXd& point, double output);

    /// @param points n x d  @return n
    Eigen::VectorXd mean(const Eigen::MatrixXd& points) const;
    ProcessPrediction predict(const Eigen::MatrixXd& points) const;

    /// Mean at one point and its gradient. @param point d  @param gradient d, result
    double meanAndGradient(const Eigen::VectorXd& point, Eigen::VectorXd& gradient) const;

private:
    Eigen::MatrixXd residualCovariance(const Eigen::MatrixXd& points, const Eigen::MatrixXd& known) const;

    std::shared_ptr<const GaussianProcess> m_process;
    Eigen::MatrixXd m_points;     ///< added x d
    Eigen::VectorXd m_residuals;  ///< added: outputs, less what the process expects
    Eigen::MatrixXd m_solved;     ///< rows x added: (K + noise^2)^-1 k(inputs, points)
    Eigen::MatrixXd m_factor;     ///< added x added: lower Cholesky factor of the residual covariance
    Eigen::VectorXd m_correction; ///< added: weights of the residuals
    Eigen::VectorXd m_weights;    ///< rows: the process's, less what the additions explain
};

} // namespace headroom::regression
