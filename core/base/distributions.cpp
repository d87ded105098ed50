#include "core/base/distributions.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/statistics.h"

namespace headroom {
namespace {

double normalDensity(double z) {
    return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
}

} // namespace

double normalProbability(double z) {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double normalQuantile(double probability) {
    // The lower half only: there the distribution function keeps its relative precision.
    if (probability > 0.5) return -normalQuantile(1 - probability);
    // Abramowitz and Stegun 26.2.22, good to 3e-3; three of Halley's steps do the rest.
    const double t = std::sqrt(-2 * std::log(probability));
    double z = -(t - (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t));
    for (int step = 0; step < 3; ++step) {
        const double newton = (normalProbability(z) - probability) / normalDensity(z);
        z -= newton / (1 + 0.5 * z * newton);
    }
    return z;
}

double studentProbability(double t, int degrees) {
    const double angle = std::atan2(t, std::sqrt(static_cast<double>(degrees)));
    const double cosine = std::cos(angle), sine = std::sin(angle);
    const double square = cosine * cosine;
    const bool isOdd = degrees % 2 == 1;
    double term = isOdd ? cosine : 1, sum = degrees > 1 ? term : 0;
    for (int k = isOdd ? 3 : 2; k < degrees; k += 2) {
        term *= square * (k - 1) / k;
        sum += term;
    }
    // Between -t and t.
    const double within = isOdd ? 2 / std::numbers::pi * (angle + sine * sum) : sine * sum;
    return 0.5 + 0.5 * within;
}

double studentQuantile(double probability, int degrees) {
    if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
    double low = 0, high = 1;
    while (studentProbability(high, degrees) < probability)
        high *= 2;
    // Halved until nothing lies between the two.
    for (double middle = 0.5 * high; middle > low && middle < high; middle = 0.5 * (low + high))
        (studentProbability(middle, degrees) < probability ? low : high) = middle;
    return high;
}

MeanInterval meanInterval(const std::vector<double>& values) {
    const Summary summary = summarise(values);
    MeanInterval interval{summary.count, summary.mean};
    if (summary.count < 2) return interval;
    const double reach = studentQuantile(0.975, static_cast<int>(summary.count) - 1) * summary.deviation /
                         std::sqrt(static_cast<double>(summary.count));
    interval.low = interval.mean - reach;
    interval.high = interval.mean + reach;
    return interval;
}

SampleDistance sampleDistance(std::vector<double> a, std::vector<double> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    SampleDistance distance;
    std::size_t i = 0, j = 0;
    double before = std::min(a.front(), b.front());
    double difference = 0;
    while (i < a.size() || j < b.size()) {
        const double next = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
        distance.wasserstein += difference * (next - before);
        while (i < a.size() && a[i] == next)
            ++i;
        while (j < b.size() && b[j] == next)
            ++j;
        difference = std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                              static_cast<double>(j) / static_cast<double>(b.size()));
        distance.kolmogorovSmirnov = std::max(distance.kolmogorovSmirnov, difference);
        before = next;
    }
    return distance;
}

} // namespace headroom
