#include "core/base/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom {

Summary summarise(const std::vector<double>& values) {
    std::vector<double> finite;
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
                 [](double v) { return std::isfinite(v); });
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (finite.empty()) return {0, kNone, kNone, kNone, kNone, kNone, kNone, kNone};
    std::sort(finite.begin(), finite.end());
    double sum = 0;
    for (const double value : finite)
        sum += value;
    const auto count = static_cast<double>(finite.size());
    const double mean = sum / count;
    double squares = 0;
    for (const double value : finite)
        squares += (value - mean) * (value - mean);
    const double deviation = finite.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
    return {finite.size(),
            mean,
            deviation,
            finite.front(),
            quantile(finite, 0.5),
            finite.back(),
            quantile(finite, 0.05),
            quantile(finite, 0.95)};
}

double processCapability(const Summary& summary, std::optional<double> minimum,
                         std::optional<double> maximum) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if ((!minimum && !maximum) || !(summary.deviation > 0)) return kNone;
    double nearest = std::numeric_limits<double>::infinity();
    if (minimum) nearest = std::min(nearest, summary.mean - *minimum);
    if (maximum) nearest = std::min(nearest, *maximum - summary.mean);
    return nearest / (3 * summary.deviation);
}

double quantile(const std::vector<double>& sorted, double fraction) {
    const double position = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(position);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (position - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

ShareInterval wilsonInterval(std::size_t successes, std::size_t trials) {
    if (trials == 0) return {};
    constexpr double z = 1.959963984540054; // 97.5 % quantile of the standard normal distribution
    const auto n = static_cast<double>(trials);
    const double share = static_cast<double>(successes) / n;
    const double centre = share + z * z / (2 * n);
    const double reach = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    // The ends are exactly 0 and 1 where no trial, or every one, succeeded: not what rounding makes of them.
    return {successes == 0 ? 0 : (centre - reach) / scale,
            successes == trials ? 1 : (centre + reach) / scale};
}

std::size_t Histogram::binOf(double value) const {
    const double position = (value - low) / binWidth();
    if (!(position > 0)) return 0;
    return std::min(static_cast<std::size_t>(position), counts.size() - 1);
}

Histogram makeHistogram(const std::vector<double>& values, const std::vector<double>& mustInclude) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    std::size_t finite = 0;
    for (const std::vector<double>* source : {&values, &mustInclude}) {
        for (const double value : *source) {
            if (!std::isfinite(value)) continue;
            low = std::min(low, value);
            high = std::max(high, value);
            finite += source == &values ? 1 : 0;
        }
    }
    if (!(low <= high)) low = 0, high = 1;
    if (low == high) {
        const double pad = low == 0 ? 1 : 0.05 * std::abs(low);
        low -= pad;
        high += pad;
    }
    const auto bins =
        static_cast<std::size_t>(std::clamp(std::sqrt(static_cast<double>(finite)) * 1.6, 5.0, 40.0));
    Histogram histogram{low, high, std::vector<std::size_t>(bins, 0)};
    for (const double value : values) {
        if (std::isfinite(value)) ++histogram.counts[histogram.binOf(value)];
    }
    return histogram;
}

std::vector<double> niceTicks(double low, double high, int wanted) {
    if (!(high > low) || wanted < 1) return {low};
    const double rough = (high - low) / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double mantissa = rough / power;
    const double step = power * (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10);
    std::vector<double> ticks;
    for (double index = std::ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; ++index) {
        ticks.push_back(index * step + 0.0); // no negative zero
    }
    return ticks;
}

} // namespace headroom
