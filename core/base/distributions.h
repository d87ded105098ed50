#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace headroom {

/// Standard normal distribution function.
double normalProbability(double z);

/// Its inverse, to the last few bits. @param probability in (0, 1)
double normalQuantile(double probability);

/// Student's t distribution function, in closed form (Abramowitz and Stegun 26.7.3 and 26.7.4).
/// @param degrees of freedom, at least 1
double studentProbability(double t, int degrees);

/// Its inverse. @param probability in (0, 1)
double studentQuantile(double probability, int degrees);

/// A mean and the interval that holds the expected value with 95 % confidence.
struct MeanInterval {
    std::size_t count = 0;
    double mean = std::numeric_limits<double>::quiet_NaN();
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
};

/// Student's t-interval (Student, Biometrika 6:1, 1908). Of one value the ends are NaN: it says nothing of
/// its own spread. All NaN for no value. @param values finite
MeanInterval meanInterval(const std::vector<double>& values);

/// Distance of two samples by their distribution functions: the greatest difference (Kolmogorov and Smirnov),
/// 0 to 1, and the area between them, which is Wasserstein's 1-distance, in the unit of the values.
struct SampleDistance {
    double kolmogorovSmirnov = 0;
    double wasserstein = 0;
};

/// @param a, b finite, not empty; in any order
SampleDistance sampleDistance(std::vector<double> a, std::vector<double> b);

} // namespace headroom
