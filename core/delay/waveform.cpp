#include "core/delay/waveform.h"

#include <algorithm>
#include <cmath>

namespace headroom::delay {
namespace {

/// Slope at a point by the parabola through it and its neighbours; at an end by the line to the only one.
double slopeAt(const std::vector<double>& times, const std::vector<double>& values, std::size_t i) {
    const auto line = [&](std::size_t a, std::size_t b) {
        return (values[b] - values[a]) / (times[b] - times[a]);
    };
    if (i == 0) return line(0, 1);
    if (i + 1 == times.size()) return line(i - 1, i);
    const double left = times[i] - times[i - 1], right = times[i + 1] - times[i];
    return (line(i - 1, i) * right + line(i, i + 1) * left) / (left + right);
}

/// Where the cubic between two points that lie on both sides of a level passes it.
double crossingBetween(const std::vector<double>& times, const std::vector<double>& values, std::size_t i,
                       double level) {
    const double span = times[i + 1] - times[i];
    const double from = slopeAt(times, values, i) * span, to = slopeAt(times, values, i + 1) * span;
    const auto cubic = [&](double x) {
        const double rest = 1 - x;
        return values[i] * (1 + 2 * x) * rest * rest + from * x * rest * rest +
               values[i + 1] * x * x * (3 - 2 * x) - to * x * x * rest - level;
    };
    double low = 0, high = 1;
    const bool rises = cubic(1) > 0;
    constexpr int kHalvings = 40;
    for (int step = 0; step < kHalvings; ++step) {
        const double middle = 0.5 * (low + high);
        ((cubic(middle) > 0) == rises ? high : low) = middle;
    }
    return times[i] + 0.5 * (low + high) * span;
}

} // namespace

std::optional<double> lastCrossing(const std::vector<double>& times, const std::vector<double>& values,
                                   double level, bool rising, double from, double to) {
    for (std::size_t i = times.size(); i-- > 1;) {
        if (times[i] <= from) break;
        if (times[i - 1] >= to || times[i] <= times[i - 1]) continue;
        const bool passes = rising ? values[i - 1] < level && values[i] >= level
                                   : values[i - 1] > level && values[i] <= level;
        if (passes) return crossingBetween(times, values, i - 1, level);
    }
    return std::nullopt;
}

double valueAt(const std::vector<double>& times, const std::vector<double>& values, double time) {
    const auto after = std::upper_bound(times.begin(), times.end(), time);
    if (after == times.begin()) return values.front();
    if (after == times.end()) return values.back();
    const auto i = static_cast<std::size_t>(after - times.begin());
    const double share = (time - times[i - 1]) / (times[i] - times[i - 1]);
    return values[i - 1] + share * (values[i] - values[i - 1]);
}

double timeOutside(const std::vector<double>& times, const std::vector<double>& values, double value,
                   double band, double from, double to) {
    for (std::size_t i = times.size(); i-- > 0;) {
        if (times[i] > to) continue;
        if (times[i] < from) break;
        if (std::abs(values[i] - value) > band) return times[i];
    }
    return from;
}

} // namespace headroom::delay
