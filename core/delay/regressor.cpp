#include "core/delay/regressor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/QR>
#include <fmt/format.h>

#include "core/base/bounds.h"
#include "core/delay/booster.h"
#include "core/delay/table_import.h"
#include "core/delay/table_scaler.h"
#include "core/regression/gaussian_process.h"

namespace headroom::delay {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// That a Gaussian process is conditioned on.
constexpr Index kMostRows = 2500;

/// A regressor of scaled inputs and a scaled target.
class ScaledRegressor : public Regressor {
public:
    Result<void> fit(const Table& rows, std::size_t target, JobContext& context) override {
        if (auto usable = checkTarget(rows, target); !usable) return usable;
        const auto inputs = TableScaler::fit(rows, columnsExcept(rows, {target}), Scaling::Standard);
        const auto outputs = TableScaler::fit(rows, {target}, Scaling::Standard);
        if (auto fitted = fitScaled(inputs.apply(rows), outputs.apply(rows).col(0), context); !fitted)
            return fitted;
        m_inputs = inputs;
        m_output = regression::Normaliser::fit(rows.columns[target].values, false);
        return {};
    }

    Result<std::vector<double>> predict(const Table& rows) const override {
        if (m_inputs.width() == 0) return fail(ErrorCode::BadInput, "The regressor has not been fitted.");
        const auto predicted = predictScaled(m_inputs.apply(rows));
        if (!predicted) return forward(predicted);
        std::vector<double> values;
        values.reserve(static_cast<std::size_t>(predicted->size()));
        for (const double each : *predicted)
            values.push_back(m_output.restore(each));
        return values;
    }

    Result<NamedNumbers> state() const override {
        if (m_inputs.width() == 0) return fail(ErrorCode::BadInput, "The regressor has not been fitted.");
        auto numbers = scaledState();
        if (!numbers) return numbers;
        numbers->putPart("inputs", m_inputs.numbers());
        numbers->put("output", std::vector<double>{m_output.mean, m_output.deviation});
        return numbers;
    }

    Result<void> restore(const NamedNumbers& numbers, const Table& columns) override {
        auto inputs = TableScaler::fromNumbers(numbers.part("inputs"), columns);
        if (!inputs) return forward(inputs);
        const auto output = numbers.find("output", 2);
        if (!output) return forward(output);
        if (auto restored = restoreScaled(numbers, inputs->width()); !restored) return restored;
        m_inputs = std::move(*inputs);
        m_output = {false, (*output)[0], (*output)[1]};
        return {};
    }

private:
    virtual Result<NamedNumbers> scaledState() const { return Regressor::state(); }
    virtual Result<void> restoreScaled(const NamedNumbers&, Index) { return Regressor::restore({}, {}); }
    virtual Result<void> fitScaled(const MatrixXd& inputs, const VectorXd& target, JobContext& context) = 0;
    virtual Result<VectorXd> predictScaled(const MatrixXd& inputs) const = 0;

    TableScaler m_inputs;
    regression::Normaliser m_output;
};

class BoostingRegressor final : public ScaledRegressor {
public:
    explicit BoostingRegressor(const BoostingSettings& settings)
        : m_settings(settings) {}

    std::string name() const override { return fmt::format("boosting_{}", m_settings.trees); }

private:
    Result<void> fitScaled(const MatrixXd& inputs, const VectorXd& target, JobContext& context) override {
        if (auto valid = m_settings.validate(); !valid) return valid;
        auto booster = Booster::fit(
            inputs, target,
            {m_settings.trees, m_settings.depth, m_settings.learningRate, BoostingTask::Regression}, context);
        if (!booster) return forward(booster);
        m_booster = std::make_unique<const Booster>(std::move(*booster));
        return {};
    }

    Result<VectorXd> predictScaled(const MatrixXd& inputs) const override {
        return m_booster->predict(inputs);
    }

    BoostingSettings m_settings;
    std::unique_ptr<const Booster> m_booster;
};

class ProcessRegressor final : public ScaledRegressor {
public:
    explicit ProcessRegressor(std::size_t rows) { m_settings.rows = rows; }

    std::string name() const override { return "gaussian_process"; }

private:
    Result<void> fitScaled(const MatrixXd& inputs, const VectorXd& target, JobContext& context) override {
        std::vector<Index> chosen;
        const Index count = std::min(inputs.rows(), kMostRows);
        for (Index i = 0; i < count; ++i)
            chosen.push_back(i * inputs.rows() / count);
        auto process =
            regression::GaussianProcess::fit(std::make_shared<const MatrixXd>(inputs(chosen, Eigen::all)),
                                             target(chosen), m_settings, context);
        if (!process) return forward(process);
        m_points = inputs(chosen, Eigen::all);
        m_targets = target(chosen);
        m_process = std::make_unique<const regression::GaussianProcess>(std::move(*process));
        return {};
    }

    Result<NamedNumbers> scaledState() const override {
        const regression::Covariance& covariance = m_process->covariance();
        NamedNumbers numbers;
        numbers.put("points", m_points);
        numbers.put("targets", MatrixXd(m_targets));
        numbers.put("lengths", MatrixXd(covariance.lengths));
        numbers.put("covariance",
                    std::vector<double>{covariance.amplitude, covariance.slope, covariance.noise});
        return numbers;
    }

    Result<void> restoreScaled(const NamedNumbers& numbers, Index width) override {
        const auto targets = numbers.find("targets");
        if (!targets) return forward(targets);
        const auto rows = static_cast<Index>(targets->size());
        auto points = numbers.findMatrix("points", rows, width);
        if (!points) return forward(points);
        const auto lengths = numbers.findMatrix("lengths", width, 1);
        if (!lengths) return forward(lengths);
        const auto covariance = numbers.find("covariance", 3);
        if (!covariance) return forward(covariance);
        m_points = std::move(*points);
        m_targets = Eigen::Map<const VectorXd>(targets->data(), rows);
        auto process = regression::GaussianProcess::condition(
            std::make_shared<const MatrixXd>(m_points), m_targets,
            {lengths->col(0), (*covariance)[0], (*covariance)[1], (*covariance)[2]});
        if (!process) return forward(process);
        m_process = std::make_unique<const regression::GaussianProcess>(std::move(*process));
        return {};
    }

    Result<VectorXd> predictScaled(const MatrixXd& inputs) const override { return m_process->mean(inputs); }

    regression::GaussianProcessFit m_settings;
    MatrixXd m_points;  ///< that it is conditioned on
    VectorXd m_targets; ///< the same
    std::unique_ptr<const regression::GaussianProcess> m_process;
};

class LinearRegressor final : public ScaledRegressor {
public:
    std::string name() const override { return "linear"; }

private:
    static MatrixXd withIntercept(const MatrixXd& inputs) {
        MatrixXd terms(inputs.rows(), inputs.cols() + 1);
        terms << inputs, VectorXd::Ones(inputs.rows());
        return terms;
    }

    Result<void> fitScaled(const MatrixXd& inputs, const VectorXd& target, JobContext&) override {
        // By least norm, since categories and constants leave terms that say the same.
        m_coefficients = withIntercept(inputs).completeOrthogonalDecomposition().solve(target);
        return {};
    }

    Result<VectorXd> predictScaled(const MatrixXd& inputs) const override {
        return VectorXd(withIntercept(inputs) * m_coefficients);
    }

    VectorXd m_coefficients;
};

} // namespace

Result<NamedNumbers> Regressor::state() const {
    return fail(ErrorCode::Unsupported, fmt::format("A regressor \"{}\" cannot be kept.", name()));
}

Result<void> Regressor::restore(const NamedNumbers&, const Table&) {
    return fail(ErrorCode::Unsupported, fmt::format("A regressor \"{}\" cannot be kept.", name()));
}

Result<void> BoostingSettings::validate() const {
    return checkAll({checkWithin("The number of trees", trees, 1, 1e5),
                     checkWithin("The depth", depth, 1, 20),
                     checkWithin("The learning rate", learningRate, 1e-4, 1)});
}

std::unique_ptr<Regressor> makeBoosting(const BoostingSettings& settings) {
    return std::make_unique<BoostingRegressor>(settings);
}

std::unique_ptr<Regressor> makeProcessRegressor(std::size_t rows) {
    return std::make_unique<ProcessRegressor>(rows);
}

std::unique_ptr<Regressor> makeLinearRegressor() {
    return std::make_unique<LinearRegressor>();
}

bool hasPercentages(const std::vector<double>& truth) {
    const auto [least, most] = std::minmax_element(truth.begin(), truth.end());
    return !truth.empty() && (*least > 0 || *most < 0);
}

RegressionScore scorePredictions(const std::vector<double>& predicted, const std::vector<double>& truth) {
    RegressionScore score;
    score.rows = truth.size();
    const auto count = static_cast<double>(truth.size());
    const bool isPercentage = hasPercentages(truth);
    double mean = 0, spread = 0;
    for (const double value : truth)
        mean += value / count;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const double error = predicted[i] - truth[i];
        score.meanSquaredError += error * error / count;
        score.meanAbsoluteError += std::abs(error) / count;
        score.meanAbsolutePercentage += isPercentage ? 100 * std::abs(error / truth[i]) / count
                                                     : std::numeric_limits<double>::quiet_NaN();
        spread += (truth[i] - mean) * (truth[i] - mean) / count;
    }
    score.rootMeanSquaredError = std::sqrt(score.meanSquaredError);
    score.r2 = spread > 0 ? 1 - score.meanSquaredError / spread : std::numeric_limits<double>::quiet_NaN();
    return score;
}

Result<RegressionScore> fitAndScore(Regressor& regressor, const Table& rows, const Table& heldOut,
                                    std::size_t target, JobContext& context) {
    if (const auto fitted = regressor.fit(rows, target, context); !fitted) return forward(fitted);
    const auto predicted = regressor.predict(heldOut);
    if (!predicted) return forward(predicted);
    return scorePredictions(*predicted, heldOut.columns[target].values);
}

} // namespace headroom::delay
