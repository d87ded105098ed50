#include "core/diffusion/noise_schedule.h"

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace headroom::diffusion {
namespace {

TEST(NoiseSchedule, StartsAtDataAndEndsAtPureNoise) {
    for (const int steps : {2, 10, 1000}) {
        const auto schedule = NoiseSchedule::cosine(steps);
        EXPECT_EQ(schedule.steps(), steps);
        EXPECT_EQ(schedule.alphaBar(0), 1.0);
        EXPECT_EQ(schedule.alphaBar(steps), 0.0);
        for (int t = 1; t <= steps; ++t)
            EXPECT_LT(schedule.alphaBar(t), schedule.alphaBar(t - 1)) << t;
    }
}

TEST(NoiseSchedule, FollowsTheCosineBeforeTheEnd) {
    const auto schedule = NoiseSchedule::cosine(1000);
    const auto cosine = [](double share) {
        return std::pow(std::cos((share + 0.008) / 1.008 * std::numbers::pi / 2), 2);
    };
    // The rescaling moves signal by at most its clipped last value, some 5e-5 of T = 1000.
    for (const int t : {1, 100, 500, 900}) {
        EXPECT_NEAR(schedule.alphaBar(t), cosine(t / 1000.0) / cosine(0), 2e-4) << t;
    }
}

TEST(NoiseSchedule, KeepsTheFirstStepWhenRescaled) {
    // Lin et al. 2024, algorithm 1: sqrt(alpha-bar) of the first step is unchanged.
    const auto schedule = NoiseSchedule::cosine(4);
    const auto cosine = [](double share) {
        return std::pow(std::cos((share + 0.008) / 1.008 * std::numbers::pi / 2), 2);
    };
    EXPECT_NEAR(schedule.alphaBar(1), cosine(0.25) / cosine(0), 1e-12);
}

TEST(NoiseSchedule, VelocityInvertsToDataAndNoise) {
    const auto schedule = NoiseSchedule::cosine(100);
    const double data = 0.7;
    const double eps = -1.3;
    for (int t = 0; t <= 100; ++t) {
        const double signal = schedule.signal(t);
        const double noise = schedule.noise(t);
        EXPECT_NEAR(signal * signal + noise * noise, 1.0, 1e-12);
        const double noisy = signal * data + noise * eps;
        const double v = velocity(signal, noise, data, eps);
        EXPECT_NEAR(dataFromVelocity(signal, noise, noisy, v), data, 1e-12);
        EXPECT_NEAR(noiseFromVelocity(signal, noise, noisy, v), eps, 1e-12);
    }
}

TEST(NoiseSchedule, AtPureNoiseVelocityIsTheNegativeData) {
    EXPECT_EQ(velocity(0.0, 1.0, 0.7, -1.3), -0.7);
}

/// Mean (as factors of x_0 and x_t) and variance of q(x_{t-1} | x_t, x_0) (Ho et al. 2020, equation 7).
TEST(ReverseStep, HasMeanAndVarianceOfTheDdpmPosterior) {
    const auto schedule = NoiseSchedule::cosine(50);
    for (int t = 2; t < 50; ++t) {
        const double now = schedule.alphaBar(t);
        const double previous = schedule.alphaBar(t - 1);
        const double alpha = now / previous;
        const double beta = 1 - alpha;
        const auto move = reverseStep(schedule, t, t - 1, 1.0);
        EXPECT_NEAR(move.freshNoise * move.freshNoise, (1 - previous) / (1 - now) * beta, 1e-12);
        // x_s = dataFactor x_0 + noiseFactor (x_t - signal x_0) / noise
        const double ofNoisy = move.noiseFactor / schedule.noise(t);
        const double ofData = move.dataFactor - move.noiseFactor * schedule.signal(t) / schedule.noise(t);
        EXPECT_NEAR(ofNoisy, std::sqrt(alpha) * (1 - previous) / (1 - now), 1e-9);
        EXPECT_NEAR(ofData, std::sqrt(previous) * beta / (1 - now), 1e-9);
    }
}

TEST(ReverseStep, KeepsTheVarianceForEveryStochasticity) {
    const auto schedule = NoiseSchedule::cosine(50);
    for (const double eta : {0.0, 0.5, 1.0}) {
        for (const auto& move : reverseProcess(schedule, 7, eta)) {
            const double variance = move.noiseFactor * move.noiseFactor + move.freshNoise * move.freshNoise;
            EXPECT_NEAR(move.dataFactor * move.dataFactor + variance, 1.0, 1e-12);
            if (eta == 0) {
                EXPECT_EQ(move.freshNoise, 0.0);
            }
        }
    }
}

TEST(ReverseProcess, IncludesTheLastStepAndEndsAtTheData) {
    const auto schedule = NoiseSchedule::cosine(1000);
    for (const int count : {1, 3, 7, 50, 999, 1000}) {
        const auto moves = reverseProcess(schedule, count, 1.0);
        ASSERT_EQ(moves.size(), static_cast<std::size_t>(count));
        EXPECT_EQ(moves.front().from, 1000);
        EXPECT_EQ(moves.back().to, 0);
        EXPECT_EQ(moves.back().dataFactor, 1.0);
        EXPECT_EQ(moves.back().freshNoise, 0.0);
        for (std::size_t i = 1; i < moves.size(); ++i) {
            EXPECT_EQ(moves[i].from, moves[i - 1].to);
            EXPECT_LT(moves[i].to, moves[i].from);
        }
    }
    // "Trailing" spacing of 4 steps over 1000.
    const auto four = reverseProcess(schedule, 4, 0.0);
    EXPECT_EQ(four[1].from, 750);
    EXPECT_EQ(four[3].from, 250);
}

/// For Gaussian data the exact network is known; the reverse process must return their variance.
TEST(ReverseProcess, RecoversAGaussianWithTheExactDenoiser) {
    const auto schedule = NoiseSchedule::cosine(1000);
    const double deviation = 0.4;
    for (const double eta : {0.0, 1.0}) {
        double variance = 1; // of x_T
        for (const auto& move : reverseProcess(schedule, 200, eta)) {
            const double signal = schedule.signal(move.from);
            const double noise = schedule.noise(move.from);
            // E[x_0 | x_t] = gain x_t, and eps follows from x_t = signal x_0 + noise eps.
            const double gain =
                signal * deviation * deviation / (signal * signal * deviation * deviation + noise * noise);
            const double factor = move.dataFactor * gain + move.noiseFactor * (1 - signal * gain) / noise;
            variance = factor * factor * variance + move.freshNoise * move.freshNoise;
        }
        EXPECT_NEAR(std::sqrt(variance), deviation, 0.01) << eta;
    }
}

/// Data N(mean, covariance), for which E[x_0 | x_t] is known in closed form.
struct GaussianData {
    Eigen::Vector2d mean{0.5, -0.3};
    Eigen::Matrix2d covariance{{0.5, 0.2}, {0.2, 0.3}};

    Eigen::Matrix2d gain(double signal, double noise) const {
        const Eigen::Matrix2d noisy =
            signal * signal * covariance + noise * noise * Eigen::Matrix2d::Identity();
        return signal * covariance * noisy.inverse();
    }
};

/// x = matrix x_T + offset: what a deterministic reverse process with the exact denoiser makes of x_T.
struct Outcome {
    Eigen::Matrix2d matrix = Eigen::Matrix2d::Identity();
    Eigen::Vector2d offset = Eigen::Vector2d::Zero();
};

Outcome solve(const GaussianData& data, int count, int order) {
    const auto schedule = NoiseSchedule::cosine(100000);
    Outcome x;
    Outcome before;
    for (const auto& move : reverseProcess(schedule, count, 0.0, order)) {
        const double signal = schedule.signal(move.from);
        const double noise = schedule.noise(move.from);
        const Eigen::Matrix2d gain = data.gain(signal, noise);
        const Outcome predicted{gain * x.matrix, data.mean + gain * (x.offset - signal * data.mean)};
        const auto advance = [&](const auto& now, const auto& clean, const auto& earlier) {
            return (move.dataFactor * clean + move.noiseFactor * (now - signal * clean) / noise +
                    move.extrapolation * (clean - earlier))
                .eval();
        };
        x = {advance(x.matrix, predicted.matrix, before.matrix),
             advance(x.offset, predicted.offset, before.offset)};
        before = predicted;
    }
    return x;
}

/// The probability flow maps x_T ~ N(0, 1) onto the data's mean plus the root of their covariance times x_T.
double errorOf(const GaussianData& data, int count, int order) {
    const Outcome outcome = solve(data, count, order);
    const Eigen::Matrix2d root =
        Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d>(data.covariance).operatorSqrt();
    return std::max((outcome.matrix - root).norm(), (outcome.offset - data.mean).norm());
}

TEST(ReverseProcess, SolversConvergeToMeanAndCovarianceWithTheirOrder) {
    const GaussianData data;
    // The errors of the second order change their sign on the way, so that it is the way as a whole that
    // counts.
    const auto orderOf = [&](int order) {
        return std::log2(errorOf(data, 10, order) / errorOf(data, 80, order)) / std::log2(80.0 / 10.0);
    };
    EXPECT_NEAR(orderOf(1), 1, 0.15);
    EXPECT_GT(orderOf(2), 1.8);
    EXPECT_LT(errorOf(data, 80, 2), 1e-3);
    const Outcome accurate = solve(data, 500, 2);
    EXPECT_TRUE((accurate.matrix * accurate.matrix.transpose()).isApprox(data.covariance, 1e-3));
    EXPECT_TRUE(accurate.offset.isApprox(data.mean, 1e-3));
}

TEST(ReverseProcess, SecondOrderNeedsFewerStepsThanFirst) {
    const GaussianData data;
    EXPECT_LT(errorOf(data, 10, 2), errorOf(data, 20, 1));
}

/// With fresh noise the second order must keep mean and covariance, too.
TEST(ReverseProcess, SecondOrderWithNoiseReproducesTheVariance) {
    const auto schedule = NoiseSchedule::cosine(100000);
    const double variance = 0.16;
    const auto varianceOf = [&](int count, int order) {
        // By source of noise: its part in x and in the data predicted last.
        std::vector<std::pair<double, double>> parts{{1.0, 0.0}};
        for (const auto& move : reverseProcess(schedule, count, 1.0, order)) {
            const double signal = schedule.signal(move.from);
            const double noise = schedule.noise(move.from);
            const double gain = signal * variance / (signal * signal * variance + noise * noise);
            for (auto& [x, before] : parts) {
                const double clean = gain * x;
                x = move.dataFactor * clean + move.noiseFactor * (x - signal * clean) / noise +
                    move.extrapolation * (clean - before);
                before = clean;
            }
            if (move.freshNoise > 0) parts.emplace_back(move.freshNoise, 0.0);
        }
        double sum = 0;
        for (const auto& part : parts)
            sum += part.first * part.first;
        return sum;
    };
    EXPECT_NEAR(varianceOf(400, 1), variance, 0.03 * variance);
    EXPECT_NEAR(varianceOf(400, 2), variance, 0.01 * variance);
    EXPECT_LT(std::abs(varianceOf(40, 2) - variance), std::abs(varianceOf(40, 1) - variance));
}

TEST(NoiseSchedule, LinearIsTheProductOfItsBetas) {
    const auto schedule = NoiseSchedule::linear(1000, 0.001, 0.02);
    EXPECT_EQ(schedule.steps(), 1000);
    EXPECT_EQ(schedule.alphaBar(0), 1);
    EXPECT_NEAR(schedule.alphaBar(1), 0.999, 1e-15);
    EXPECT_NEAR(schedule.alphaBar(1000) / schedule.alphaBar(999), 0.98, 1e-12);
    // The logarithm of the product, to second order in beta.
    EXPECT_NEAR(std::log(schedule.alphaBar(1000)), -10.5 - 0.5 * 0.1403, 2e-3);
    // One step back has the mean and variance of the posterior (Ho et al. 2020, equation 7).
    const ReverseStep move = reverseStep(schedule, 500, 499, 1);
    const double beta = 1 - schedule.alphaBar(500) / schedule.alphaBar(499);
    EXPECT_NEAR(move.freshNoise * move.freshNoise,
                beta * (1 - schedule.alphaBar(499)) / (1 - schedule.alphaBar(500)), 1e-15);
}

} // namespace
} // namespace headroom::diffusion
