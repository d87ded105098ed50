#include "core/regression/gaussian_process.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/regression/kernel_sum.h"

namespace headroom::regression {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd randomPoints(Index rows, Index inputs, std::uint64_t seed) {
    RandomEngine engine(seed);
    MatrixXd points(rows, inputs);
    for (Index r = 0; r < rows; ++r) {
        for (Index c = 0; c < inputs; ++c)
            points(r, c) = normal(engine);
    }
    return points;
}

/// Smooth in two inputs; a third one means nothing.
double truth(const Eigen::RowVectorXd& x) {
    return 0.4 * x[0] + std::sin(1.5 * x[1]);
}

class GaussianProcessTest : public testing::Test {
protected:
    GaussianProcessTest() {
        RandomEngine engine(4);
        for (Index r = 0; r < m_inputs->rows(); ++r)
            m_outputs[r] = truth(m_inputs->row(r)) + 0.05 * normal(engine);
    }

    std::shared_ptr<const MatrixXd> m_inputs = std::make_shared<const MatrixXd>(randomPoints(150, 3, 1));
    VectorXd m_outputs = VectorXd(150);
    SilentContext m_context;
};

TEST_F(GaussianProcessTest, LearnsTheFunctionItsNoiseAndWhichInputsMatter) {
    const auto process = GaussianProcess::fit(m_inputs, m_outputs, {150, 80}, m_context);
    ASSERT_TRUE(process) << process.error().describe();
    EXPECT_NEAR(process->covariance().noise, 0.05, 0.02);
    EXPECT_GT(process->covariance().lengths[2], 5 * process->covariance().lengths[1]);

    const MatrixXd fresh = randomPoints(400, 3, 2);
    const ProcessPrediction prediction = process->predict(fresh);
    double squares = 0;
    int within = 0;
    for (Index r = 0; r < fresh.rows(); ++r) {
        const double error = prediction.mean[r] - truth(fresh.row(r));
        squares += error * error;
        within += std::abs(error) < 2 * prediction.deviation[r] + 1e-3 ? 1 : 0;
    }
    EXPECT_LT(std::sqrt(squares / 400), 0.1);
    EXPECT_GT(within, 340); // 95 % of 400 would be 380
    EXPECT_TRUE(process->mean(fresh).isApprox(prediction.mean, 1e-9));
}

/// Everything against the definition: a process conditioned on all rows at once.
TEST_F(GaussianProcessTest, AnUpdateEqualsConditioningOnAllRows) {
    Covariance covariance{VectorXd::Constant(3, 1.5), 1.2, 0.7, 0.05};
    const Index first = 140;
    const auto some = std::make_shared<const MatrixXd>(m_inputs->topRows(first));
    const auto process = GaussianProcess::condition(some, m_outputs.head(first), covariance);
    const auto whole = GaussianProcess::condition(m_inputs, m_outputs, covariance);
    ASSERT_TRUE(process && whole);
    UpdatedProcess updated(std::make_shared<const GaussianProcess>(*process));
    for (Index r = first; r < m_inputs->rows(); ++r)
        updated.add(m_inputs->row(r).transpose(), m_outputs[r]);

    const MatrixXd fresh = randomPoints(20, 3, 5);
    const ProcessPrediction expected = whole->predict(fresh);
    const ProcessPrediction got = updated.predict(fresh);
    EXPECT_TRUE(got.mean.isApprox(expected.mean, 1e-7));
    EXPECT_TRUE(got.deviation.isApprox(expected.deviation, 1e-6));
    EXPECT_TRUE(updated.mean(fresh).isApprox(expected.mean, 1e-7));
    // It did learn something.
    EXPECT_FALSE(process->mean(fresh).isApprox(expected.mean, 1e-3));
}

TEST_F(GaussianProcessTest, GradientMatchesDifferences) {
    const auto process =
        GaussianProcess::condition(m_inputs, m_outputs, {VectorXd::Constant(3, 1.1), 1, 0.5, 0.1});
    ASSERT_TRUE(process);
    UpdatedProcess updated(std::make_shared<const GaussianProcess>(*process));
    updated.add(VectorXd::Constant(3, 0.3), 2.0);
    const VectorXd point = VectorXd::Constant(3, 0.2);
    VectorXd gradient;
    const double mean = updated.meanAndGradient(point, gradient);
    EXPECT_NEAR(mean, updated.mean(point.transpose())[0], 1e-9);
    for (Index j = 0; j < 3; ++j) {
        constexpr double kStep = 1e-5;
        VectorXd up = point, down = point;
        up[j] += kStep;
        down[j] -= kStep;
        const double slope =
            (updated.mean(up.transpose())[0] - updated.mean(down.transpose())[0]) / (2 * kStep);
        EXPECT_NEAR(gradient[j], slope, 1e-5);
    }
}

TEST_F(GaussianProcessTest, BadRowsAreRefusedAndCancellationStops) {
    EXPECT_EQ(GaussianProcess::fit(m_inputs, VectorXd::Zero(3), {}, m_context).error().code,
              ErrorCode::BadInput);
    VectorXd broken = m_outputs;
    broken[7] = NAN;
    EXPECT_EQ(GaussianProcess::fit(m_inputs, broken, {}, m_context).error().code, ErrorCode::BadInput);
    EXPECT_EQ(
        GaussianProcess::condition(m_inputs, m_outputs, {VectorXd::Constant(2, 1), 1, 1, 0.1}).error().code,
        ErrorCode::BadInput);
    m_context.cancel();
    EXPECT_EQ(GaussianProcess::fit(m_inputs, m_outputs, {}, m_context).error().code, ErrorCode::Cancelled);
}

/// Equal rows with equal outputs leave hardly any noise, and a matrix that is barely definite.
TEST_F(GaussianProcessTest, EndsWithAnswersOnRepeatedRows) {
    MatrixXd repeated(60, 2);
    VectorXd outputs(60);
    for (Index r = 0; r < 60; ++r) {
        repeated.row(r) << static_cast<double>(r % 3), 1.0;
        outputs[r] = static_cast<double>(r % 3) - 1;
    }
    const auto process =
        GaussianProcess::fit(std::make_shared<const MatrixXd>(repeated), outputs, {60, 60}, m_context);
    ASSERT_TRUE(process) << process.error().describe();
    EXPECT_NEAR(process->mean(repeated.topRows(3))[2], 1, 0.05);
}

TEST(KernelSums, AgreeWithTheFormula) {
    RandomEngine engine(5);
    // Row counts around the width of the vectors, points around the block of four.
    for (const int rows : {1, 7, 8, 9, 130})
        for (const int points : {1, 3, 4, 6}) {
            Eigen::MatrixXd x(rows, 5), p(points, 5);
            Eigen::VectorXd weights(rows);
            for (double& value : x.reshaped())
                value = 2 * normal(engine);
            for (double& value : p.reshaped())
                value = 2 * normal(engine);
            for (double& value : weights)
                value = normal(engine);
            p.row(0) = x.row(0);                       // distance 0
            if (points > 2) p.row(2).setConstant(1e3); // so far away that nothing is left
            const Eigen::VectorXd sums = kernelSums(x, 0.5 * x.rowwise().squaredNorm(), weights, p);
            ASSERT_EQ(sums.size(), points);
            for (int i = 0; i < points; ++i) {
                double expected = 0;
                for (int r = 0; r < rows; ++r)
                    expected += weights[r] * std::exp(-0.5 * (p.row(i) - x.row(r)).squaredNorm());
                EXPECT_NEAR(sums[i], expected, 1e-12) << rows << " rows, point " << i;
            }
        }
}

} // namespace
} // namespace headroom::regression
