#include "core/regression/normaliser.h"

#include <algorithm>
#include <cmath>

namespace headroom::regression {
namespace {

/// Below this every logarithmic quantity counts as zero: far under any current, size or frequency in use.
constexpr double kFloor = 1e-30;
/// Deviations smaller than this share of the largest value are rounding.
constexpr double kRounding = 1e-12;

} // namespace

double Normaliser::normalise(double value) const {
    const double transformed = logarithmic ? std::log(std::max(value, kFloor)) : value;
    return (transformed - mean) / deviation;
}

double Normaliser::restore(double normalised) const {
    const double transformed = normalised * deviation + mean;
    return logarithmic ? std::exp(transformed) : transformed;
}

Normaliser Normaliser::fit(const std::vector<double>& samples, bool logarithmic) {
    const Normaliser identity{logarithmic, 0, 1};
    const double count = std::max<double>(1, static_cast<double>(samples.size()));
    double sum = 0, largest = 0;
    for (const double sample : samples) {
        const double value = identity.normalise(sample);
        sum += value;
        largest = std::max(largest, std::abs(value));
    }
    const double mean = sum / count;
    double squares = 0;
    for (const double sample : samples)
        squares += std::pow(identity.normalise(sample) - mean, 2);
    const double deviation = std::sqrt(squares / count);
    return {logarithmic, mean, deviation > kRounding * largest ? deviation : 1.0};
}

} // namespace headroom::regression
