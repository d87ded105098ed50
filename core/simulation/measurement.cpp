#include "core/simulation/measurement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace headroom::simulation {
namespace {

/// Cubic through the four samples around interval [index, index + 1] of an equally long pair of lists.
class LocalCubic {
public:
    LocalCubic(std::span<const double> x, std::span<const double> y, std::size_t index)
        : m_first(std::min(index > 0 ? index - 1 : 0, x.size() - m_x.size())) {
        for (std::size_t k = 0; k < m_x.size(); ++k) {
            m_x[k] = x[m_first + k];
            m_y[k] = y[m_first + k];
        }
    }
    double operator()(double at) const {
        double sum = 0;
        for (std::size_t k = 0; k < m_x.size(); ++k) {
            double term = m_y[k];
            for (std::size_t other = 0; other < m_x.size(); ++other)
                if (other != k) term *= (at - m_x[other]) / (m_x[k] - m_x[other]);
            sum += term;
        }
        return sum;
    }

private:
    std::array<double, 4> m_x{};
    std::array<double, 4> m_y{};
    std::size_t m_first;
};

std::vector<double> unwrappedPhases(const std::vector<std::complex<double>>& values) {
    std::vector<double> phases;
    phases.reserve(values.size());
    for (const std::complex<double> value : values) {
        double phase = std::arg(value) * 180 / std::numbers::pi;
        if (!phases.empty()) phase += 360 * std::round((phases.back() - phase) / 360);
        phases.push_back(phase);
    }
    return phases;
}

std::optional<double> firstCrossing(std::span<const double> times, std::span<const double> waveform,
                                    double level) {
    for (std::size_t k = 1; k < times.size(); ++k) {
        const double before = waveform[k - 1] - level;
        const double after = waveform[k] - level;
        if (before == 0) return times[k - 1];
        if (before * after > 0) continue;
        return times[k - 1] + (times[k] - times[k - 1]) * before / (before - after);
    }
    return std::nullopt;
}

} // namespace

double decibels(std::complex<double> value) {
    return 20 * std::log10(std::abs(value));
}

std::optional<UnityCrossing> findUnityCrossing(const FrequencyResponse& response) {
    const std::size_t count = response.gain.size();
    if (count < 4 || std::abs(response.gain.front()) < 1) return std::nullopt;
    std::vector<double> logFrequency;
    std::vector<double> logGain;
    for (std::size_t k = 0; k < count; ++k) {
        logFrequency.push_back(std::log10(response.frequencies[k]));
        logGain.push_back(std::log10(std::abs(response.gain[k])));
    }
    std::size_t interval = 0;
    while (interval + 1 < count && logGain[interval + 1] >= 0)
        ++interval;
    if (interval + 1 == count) return std::nullopt;

    const LocalCubic gainAt(logFrequency, logGain, interval);
    double low = logFrequency[interval];
    double high = logFrequency[interval + 1];
    for (int step = 0; step < 60; ++step) {
        const double middle = 0.5 * (low + high);
        (gainAt(middle) >= 0 ? low : high) = middle;
    }
    const std::vector<double> phases = unwrappedPhases(response.gain);
    return UnityCrossing{std::pow(10.0, low), 180 + LocalCubic(logFrequency, phases, interval)(low)};
}

std::optional<double> firstFallBelowZero(std::span<const double> positions, std::span<const double> curve) {
    for (std::size_t k = 0; k < curve.size(); ++k) {
        if (curve[k] >= 0) continue;
        if (k == 0) return positions[0];
        return positions[k - 1] +
               (positions[k] - positions[k - 1]) * curve[k - 1] / (curve[k - 1] - curve[k]);
    }
    return std::nullopt;
}

std::optional<double> slopeBetween(std::span<const double> times, std::span<const double> waveform,
                                   double firstLevel, double secondLevel) {
    const auto first = firstCrossing(times, waveform, firstLevel);
    const auto second = firstCrossing(times, waveform, secondLevel);
    if (!first || !second || !(*second > *first)) return std::nullopt;
    return std::abs(secondLevel - firstLevel) / (*second - *first);
}

} // namespace headroom::simulation
