#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/generator_state.h"
#include "core/delay/table.h"

namespace headroom::delay {

/// Predicts one column of a table from the others. What it knows of a table, scales included, it knows from
/// the rows that it was fitted on.
class Regressor {
public:
    virtual ~Regressor() = default;

    virtual std::string name() const = 0; ///< "boosting_500"

    /// Learns from rows; what was learned before is forgotten.
    /// Errors: BadInput (what checkTarget() refuses), Convergence, Cancelled.
    virtual Result<void> fit(const Table& rows, std::size_t target, JobContext& context) = 0;

    /// @param rows with the columns of those it was fitted on; their targets are not looked at
    /// @return by row, in the unit of the target. Error BadInput where it was not fitted.
    virtual Result<std::vector<double>> predict(const Table& rows) const = 0;

    /// What it has learned; one made with the same settings that is given it predicts the same. Errors:
    /// BadInput (not fitted), Unsupported (a regressor that cannot be kept); of restore() Corrupt.
    virtual Result<NamedNumbers> state() const;
    /// @param columns of the rows that it was fitted on
    virtual Result<void> restore(const NamedNumbers& numbers, const Table& columns);
};

/// Gradient boosting of regression trees (Friedman 2001) by XGBoost (Chen and Guestrin 2016), on one thread.
/// The defaults are those of the paper's judge, scikit-learn's GradientBoostingRegressor: exact splits and no
/// regularisation.
struct BoostingSettings {
    int trees = 100;
    int depth = 3;
    double learningRate = 0.1;

    Result<void> validate() const;
};
std::unique_ptr<Regressor> makeBoosting(const BoostingSettings& settings);

/// A Gaussian process with a length per input (regression::GaussianProcess).
/// @param rows that its covariance is fitted on; it is conditioned on all, but on 2500 of them at most,
/// evenly
///        spaced, since time and memory grow with the third and second power of them
std::unique_ptr<Regressor> makeProcessRegressor(std::size_t rows = 400);

/// Linear least squares with an intercept.
std::unique_ptr<Regressor> makeLinearRegressor();

/// How far predictions are from rows held out.
struct RegressionScore {
    std::size_t rows = 0;
    double r2 = 0;                     ///< coefficient of determination; NaN where the targets are all equal
    double meanSquaredError = 0;       ///< in the square of the target's unit
    double rootMeanSquaredError = 0;   ///< in the target's unit
    double meanAbsoluteError = 0;      ///< in the target's unit
    double meanAbsolutePercentage = 0; ///< %; NaN where hasPercentages() says no
};

/// Whether errors can be told in per cent of the targets: not where one is zero, nor where some are positive
/// and others negative, since there are then some near zero by chance.
bool hasPercentages(const std::vector<double>& truth);

/// @param predicted, truth as long as each other, not empty
RegressionScore scorePredictions(const std::vector<double>& predicted, const std::vector<double>& truth);

/// Fits to some rows, scores on others. Errors: those of Regressor.
Result<RegressionScore> fitAndScore(Regressor& regressor, const Table& rows, const Table& heldOut,
                                    std::size_t target, JobContext& context);

} // namespace headroom::delay
