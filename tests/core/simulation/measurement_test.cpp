#include "core/simulation/measurement.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace headroom::simulation {
namespace {

/// gain / ((1 + jf/first)(1 + jf/second)) at 8 points per decade from 0.1 Hz to 10 GHz.
FrequencyResponse twoPoles(double gain, double first, double second) {
    FrequencyResponse response;
    for (int k = 0; k <= 88; ++k) {
        const double f = 0.1 * std::pow(10.0, k / 8.0);
        response.frequencies.push_back(f);
        response.gain.push_back(gain / (std::complex(1.0, f / first) * std::complex(1.0, f / second)));
    }
    return response;
}

TEST(UnityCrossing, OfTwoPolesIsTheAnalyticalOne) {
    // |A| = 1 at f with (1 + (f/p1)^2)(1 + (f/p2)^2) = A0^2, a quadratic in f^2.
    for (const double second : {3e6, 1.7e7, 4e8}) {
        const double gain = 3000;
        const double first = 5e3;
        const double a = 1 / (first * first * second * second);
        const double b = 1 / (first * first) + 1 / (second * second);
        const double f = std::sqrt((-b + std::sqrt(b * b + 4 * a * (gain * gain - 1))) / (2 * a));
        const double phase = -(std::atan(f / first) + std::atan(f / second)) * 180 / std::numbers::pi;
        const auto crossing = findUnityCrossing(twoPoles(gain, first, second));
        ASSERT_TRUE(crossing);
        EXPECT_NEAR(crossing->frequency / f, 1, 1e-4);
        EXPECT_NEAR(crossing->phaseMargin, 180 + phase, 0.01);
    }
}

TEST(UnityCrossing, IsAbsentWithoutGain) {
    EXPECT_FALSE(findUnityCrossing(twoPoles(0.9, 1e3, 1e6)));
    EXPECT_FALSE(findUnityCrossing({}));
}

TEST(UnityCrossing, PhaseIsUnwrappedBeyond180Degrees) {
    FrequencyResponse response = twoPoles(1e4, 1e3, 1e5);
    for (std::size_t k = 0; k < response.gain.size(); ++k)
        response.gain[k] /= std::complex(1.0, response.frequencies[k] / 2e5);
    const auto crossing = findUnityCrossing(response);
    ASSERT_TRUE(crossing);
    EXPECT_LT(crossing->phaseMargin, 0);
    EXPECT_GT(crossing->phaseMargin, -90);
}

TEST(PhaseCrossing, OfThreeEqualPolesIsAtTheSquareRootOfThree) {
    // |A| = A0 / (1 + 3)^(3/2) = A0 / 8 where each pole turns by 60 degrees.
    FrequencyResponse response;
    for (double f = 0.1; f < 1e7; f *= std::pow(10.0, 1.0 / 8)) {
        response.frequencies.push_back(f);
        response.gain.push_back(4.0 / std::pow(std::complex(1.0, f / 1e4), 3));
    }
    const auto crossing = findPhaseCrossing(response);
    ASSERT_TRUE(crossing);
    EXPECT_NEAR(crossing->frequency, std::sqrt(3.0) * 1e4, 50);
    EXPECT_NEAR(crossing->gainMargin, 20 * std::log10(2.0), 0.02);
    EXPECT_NEAR(crossing->level, -180, 1e-9);
    EXPECT_FALSE(findPhaseCrossing(twoPoles(1e4, 1e3, 1e9)));
}

/// One pole and a pair of conjugate poles with a quality, evenly spaced about a frequency.
FrequencyResponse withResonance(double gain, double pole, double resonance, double quality, double from,
                                double to, int points) {
    FrequencyResponse response;
    for (int k = 0; k < points; ++k) {
        const double f = from + (to - from) * k / (points - 1);
        const std::complex<double> s(0, f / resonance);
        response.frequencies.push_back(f);
        response.gain.push_back(gain / std::complex(1.0, f / pole) / (1.0 + s / quality + s * s));
    }
    return response;
}

TEST(RefinedCrossing, WithinItsWindowIsExactAndKeepsTheTurns) {
    UnityCrossing crossing{1.02e6, 3, -1};
    // |A| = 1 at 1 MHz, where the pair has turned by 90 degrees and the first pole by as much.
    const double gain = std::abs(std::complex(1.0, 1e6 / 1e3)) / 2;
    EXPECT_TRUE(refine(crossing, withResonance(gain, 1e3, 1e6, 2, 0.97e6, 1.07e6, 6), 0.1));
    EXPECT_NEAR(crossing.frequency, 1e6, 5);
    EXPECT_NEAR(crossing.phaseMargin, std::atan(1e3 / 1e6) * 180 / std::numbers::pi, 1e-3);
    crossing.phaseMargin -= 360;
    EXPECT_TRUE(refine(crossing, withResonance(gain, 1e3, 1e6, 2, 0.97e6, 1.07e6, 6), 0.1));
    EXPECT_NEAR(crossing.phaseMargin, -360, 0.1);
}

TEST(RefinedCrossing, OutsideItsWindowIsApproached) {
    for (const double start : {0.8e6, 1.3e6}) {
        UnityCrossing crossing{start, 90, -1};
        const auto window = [&] {
            return withResonance(1e3, 1e3, 1e9, 1, 0.95 * crossing.frequency, 1.05 * crossing.frequency, 6);
        };
        EXPECT_FALSE(refine(crossing, window(), 0.05));
        EXPECT_NEAR(std::abs(std::log10(crossing.frequency / start)), 0.05, 0.01);
        while (!refine(crossing, window(), 0.05)) {
        }
        EXPECT_NEAR(crossing.frequency, 1e6, 5);
    }
    PhaseCrossing phase{1.2e6, 0, -180, -30};
    while (!refine(phase, withResonance(50, 1e5, 1e6, 2, 0.95 * phase.frequency, 1.05 * phase.frequency, 6),
                   0.05)) {
    }
    // The imaginary part of (1 + j x a)(1 - x^2 + j x / Q) is zero: x^2 = 1 + 1 / (Q a), a = 10.
    const double x = std::sqrt(1 + 1 / (2 * 10.0));
    EXPECT_NEAR(phase.frequency, x * 1e6, 20);
    EXPECT_NEAR(phase.gainMargin,
                -decibels(50.0 / (std::complex(1.0, 10 * x) * std::complex(1 - x * x, x / 2))), 1e-3);
}

TEST(RefinedCrossing, ASharpTurnIsTooCoarseToCount) {
    const auto sharp = withResonance(1e3, 1e3, 1e6, 100, 0.8e6, 1.2e6, 4);
    EXPECT_TRUE(isTooCoarse(sharp, 2e6));
    EXPECT_FALSE(isTooCoarse(sharp, 0.85e6));
    EXPECT_FALSE(isTooCoarse(withResonance(1e3, 1e3, 1e6, 1, 0.8e6, 1.2e6, 5), 2e6));
}

/// 10^5 product(1 - s / zero) / product(1 - s / pole) with roots in rad/s, over s / j = 0.1 to 10^10 rad/s.
FrequencyResponse impedance(const std::vector<std::complex<double>>& zeros,
                            const std::vector<std::complex<double>>& poles, int perDecade) {
    FrequencyResponse response;
    for (int k = 0; k <= 11 * perDecade; ++k) {
        const std::complex<double> s(0, 0.1 * std::pow(10.0, static_cast<double>(k) / perDecade));
        std::complex<double> value = 1e5;
        for (const auto zero : zeros)
            value *= 1.0 - s / zero;
        for (const auto pole : poles)
            value /= 1.0 - s / pole;
        response.frequencies.push_back(s.imag());
        response.gain.push_back(value);
    }
    return response;
}

TEST(RightHalfPlanePoles, AreCountedByTheTurnsOfThePhase) {
    using Roots = std::vector<std::complex<double>>;
    const auto pair = [](double real, double imaginary) {
        return Roots{{real, imaginary}, {real, -imaginary}};
    };
    const auto with = [](Roots roots, std::initializer_list<std::complex<double>> more) {
        roots.insert(roots.end(), more);
        return roots;
    };
    EXPECT_EQ(rightHalfPlanePoles(impedance({}, {-1e3}, 8)), 0);
    // Inductive from below the lowest frequency on, as behind a loop with a dominant pole.
    EXPECT_EQ(rightHalfPlanePoles(impedance({-1e-4}, pair(-2e5, 3e6), 8)), 0);
    EXPECT_EQ(rightHalfPlanePoles(impedance({-1e2, -1e5}, with(pair(-2e5, 3e6), {-1e7}), 8)), 0);
    EXPECT_EQ(rightHalfPlanePoles(impedance({-1e2, -1e5}, with(pair(2e6, 3e6), {-1e7}), 8)), 2);
    EXPECT_EQ(rightHalfPlanePoles(impedance({-1e-4}, pair(5e6, 6e6), 8)), 2);
    // A negative resistance: one pole, on the real axis.
    EXPECT_EQ(rightHalfPlanePoles(impedance({}, {1e4}, 8)), 1);
    EXPECT_EQ(rightHalfPlanePoles(impedance({-1e3, 1e6}, {-1e2, -1e5, -1e8}, 8)), -1);
}

TEST(RightHalfPlanePoles, AnUndampedPairWantsCloserPoints) {
    for (const double real : {-2e4, 2e4}) {
        const auto at = [&](int perDecade) {
            return impedance({-1e2}, {{real, 3e6}, {real, -3e6}}, perDecade);
        };
        const std::vector<std::size_t> coarse = coarseIntervals(at(8));
        ASSERT_EQ(coarse.size(), 1U);
        EXPECT_LE(at(8).frequencies[coarse.front()], 3e6);
        EXPECT_GE(at(8).frequencies[coarse.front() + 1], 3e6);
        const FrequencyResponse fine = at(512);
        EXPECT_TRUE(coarseIntervals(fine).empty());
        EXPECT_EQ(rightHalfPlanePoles(fine), real < 0 ? 0 : 2);
    }
}

TEST(IntegratedNoise, OfPowerLawsIsExact) {
    NoiseSpectrum white;
    NoiseSpectrum pink;
    for (double f = 0.5; f < 3e6; f *= 3) {
        white.frequencies.push_back(f);
        white.density.push_back(2e-9);
        pink.frequencies.push_back(f);
        pink.density.push_back(1e-6 / std::sqrt(f));
    }
    EXPECT_NEAR(integratedNoise(white, 1, 1e6), 2e-9 * std::sqrt(1e6 - 1), 1e-15);
    EXPECT_NEAR(integratedNoise(pink, 1, 1e6), 1e-6 * std::sqrt(std::log(1e6)), 1e-12);
    EXPECT_EQ(integratedNoise({}, 1, 1e6), 0);
}

TEST(Settling, OfAnExponentialIsTheLogarithmOfTheBand) {
    std::vector<double> times;
    std::vector<double> output;
    for (double t = 0; t <= 20; t += 0.01) {
        times.push_back(t);
        output.push_back(1 - std::exp(-t));
    }
    EXPECT_TRUE(isSteady(times, output, 0.2, 1e-3));
    EXPECT_NEAR(settlingTimeOf(times, output, output.back(), 0.01), std::log(100.0), 1e-3);
    times.resize(200);
    output.resize(200);
    EXPECT_FALSE(isSteady(times, output, 0.2, 1e-3));
}

TEST(Settling, OnlyWhatLeavesTheBandAgainRings) {
    EXPECT_FALSE(leavesBandAgain(std::vector<double>{0, 0.5, 0.95, 1.05, 1}, 0.1));
    EXPECT_TRUE(leavesBandAgain(std::vector<double>{0, 1, 1.5, 1, 1}, 0.1));
    EXPECT_FALSE(leavesBandAgain(std::vector<double>{1, 1}, 0.1));
}

TEST(Settling, ALateRingCountsAndAFlatLineSettlesAtOnce) {
    const std::vector<double> t{0, 1, 2, 3, 4};
    EXPECT_DOUBLE_EQ(settlingTimeOf(t, std::vector<double>{0, 1, 1.5, 1, 1}, 1, 0.1), 2.8);
    EXPECT_DOUBLE_EQ(settlingTimeOf(t, std::vector<double>{1, 1, 1, 1, 1}, 1, 0.1), 0);
}

TEST(FirstFall, IsExactWhereTheCurveIsSmooth) {
    const std::vector<double> smooth{3, 1.01, -1.01, -3.02};
    const std::vector<double> bent{3, 2, -40, -41};
    EXPECT_TRUE(isExactFall(smooth, 1.5, 1e-2));
    EXPECT_FALSE(isExactFall(bent, 1.05, 1e-2));
    EXPECT_FALSE(isExactFall(std::vector<double>{1, -1}, 0.5, 1e-2));
    EXPECT_TRUE(isExactFall(std::vector<double>{-1, -1}, 0, 1e-2));
}

TEST(Interpolated, IsCubicBetweenThePoints) {
    const std::vector<double> cubes{0, 1, 8, 27, 64};
    EXPECT_NEAR(interpolated(cubes, 2.5), 15.625, 1e-12);
    EXPECT_DOUBLE_EQ(interpolated(cubes, 4), 64);
    EXPECT_DOUBLE_EQ(interpolated(std::vector<double>{1, 3}, 0.25), 1.5);
}

TEST(FirstFall, IsInterpolated) {
    const std::vector<double> x{0, 1, 2, 3};
    EXPECT_DOUBLE_EQ(*firstFallBelowZero(x, std::vector<double>{3, 1, -1, -3}), 1.5);
    EXPECT_DOUBLE_EQ(*firstFallBelowZero(std::span(x).first(3), std::vector<double>{3, 1, -1}), 1.5);
    // 8 - x^3 over points that do not hit its root.
    const std::vector<double> odd{0.5, 1.1, 1.7, 2.3};
    std::vector<double> cubic;
    for (const double at : odd)
        cubic.push_back(8 - at * at * at);
    EXPECT_NEAR(*firstFallBelowZero(odd, cubic), 2, 1e-12);
    EXPECT_DOUBLE_EQ(*firstFallBelowZero(x, std::vector<double>{-1, 1, 1, 1}), 0);
    EXPECT_FALSE(firstFallBelowZero(x, std::vector<double>{3, 2, 1, 0}));
}

TEST(Slope, IsTakenBetweenTheLevels) {
    const std::vector<double> t{0, 1e-6, 2e-6, 3e-6};
    EXPECT_NEAR(*slopeBetween(t, std::vector<double>{0, 0, 1, 1}, 0.2, 0.8), 1e6, 1e-3);
    EXPECT_NEAR(*slopeBetween(t, std::vector<double>{1, 1, 0, 0}, 0.8, 0.2), 1e6, 1e-3);
    EXPECT_FALSE(slopeBetween(t, std::vector<double>{0, 0, 0.5, 0.5}, 0.2, 0.8));
}

} // namespace
} // namespace headroom::simulation
