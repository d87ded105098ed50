#pragma once

#include <memory>

#include <Eigen/Core>

#include "core/base/error.h"
#include "core/base/job_context.h"

namespace headroom::delay {

/// What an ensemble of boosted trees learns.
enum class BoostingTask {
    Regression, ///< square errors
    Classes,    ///< the probability of a target of 1, where the others are 0 (logistic loss)
};

struct BoosterSettings {
    int trees = 100;
    int depth = 3;
    double learningRate = 0.1;
    BoostingTask task = BoostingTask::Regression;
};

/// Gradient boosting by XGBoost on one thread. It works in single precision and overlooks differences below
/// 1e-7: inputs are expected at about unit deviation. Immutable.
class Booster {
public:
    /// @param inputs rows x d  @param target rows. Errors: Cancelled, Internal (XGBoost's).
    static Result<Booster> fit(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& target,
                               const BoosterSettings& settings, JobContext& context);
    Booster(Booster&&) noexcept;
    Booster& operator=(Booster&&) noexcept;
    ~Booster();

    /// @param inputs n x d  @return n: targets, or probabilities. Error Internal.
    Result<Eigen::VectorXd> predict(const Eigen::MatrixXd& inputs) const;

private:
    struct Impl;
    explicit Booster(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::delay
