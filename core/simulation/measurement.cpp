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

/// A response over log10 f: log10 |gain| and the unwrapped phase in degrees.
struct LogResponse {
    explicit LogResponse(const FrequencyResponse& response)
        : phase(unwrappedPhases(response.gain)) {
        for (std::size_t k = 0; k < response.gain.size(); ++k) {
            frequency.push_back(std::log10(response.frequencies[k]));
            gain.push_back(std::log10(std::abs(response.gain[k])));
        }
    }
    std::vector<double> frequency, gain, phase;
};

/// The first pair of neighbours of which the second lies below a level.
std::optional<std::size_t> firstIntervalBelow(const std::vector<double>& curve, double level) {
    for (std::size_t k = 0; k + 1 < curve.size(); ++k)
        if (curve[k + 1] < level) return k;
    return std::nullopt;
}

/// Where the cubic through an interval's surroundings falls through a level.
double crossingWithin(const std::vector<double>& x, const std::vector<double>& curve, std::size_t interval,
                      double level) {
    const LocalCubic cubic(x, curve, interval);
    double low = x[interval];
    double high = x[interval + 1];
    for (int step = 0; step < 60; ++step) {
        const double middle = 0.5 * (low + high);
        (cubic(middle) >= level ? low : high) = middle;
    }
    return low;
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
    const LogResponse logs(response);
    const auto interval = firstIntervalBelow(logs.gain, 0);
    if (!interval) return std::nullopt;
    const double at = crossingWithin(logs.frequency, logs.gain, *interval, 0);
    const double slope = (logs.gain[*interval + 1] - logs.gain[*interval]) /
                         (logs.frequency[*interval + 1] - logs.frequency[*interval]);
    return UnityCrossing{std::pow(10.0, at), 180 + LocalCubic(logs.frequency, logs.phase, *interval)(at),
                         slope};
}

std::optional<PhaseCrossing> findPhaseCrossing(const FrequencyResponse& response) {
    if (response.gain.size() < 4) return std::nullopt;
    const LogResponse logs(response);
    const double level = 180 * std::round(logs.phase.front() / 180) - 180;
    const auto interval = firstIntervalBelow(logs.phase, level);
    if (!interval) return std::nullopt;
    const double at = crossingWithin(logs.frequency, logs.phase, *interval, level);
    const double slope = (logs.phase[*interval + 1] - logs.phase[*interval]) /
                         (logs.frequency[*interval + 1] - logs.frequency[*interval]);
    return PhaseCrossing{std::pow(10.0, at), -20 * LocalCubic(logs.frequency, logs.gain, *interval)(at),
                         level, slope};
}

double integratedNoise(const NoiseSpectrum& spectrum, double from, double to) {
    double power = 0;
    for (std::size_t k = 1; k < spectrum.frequencies.size(); ++k) {
        const double low = spectrum.frequencies[k - 1];
        const double high = spectrum.frequencies[k];
        const double begin = std::max(low, from);
        const double end = std::min(high, to);
        if (!(begin < end)) continue;
        const double lowPower = spectrum.density[k - 1] * spectrum.density[k - 1];
        const double highPower = spectrum.density[k] * spectrum.density[k];
        const double exponent = std::log(highPower / lowPower) / std::log(high / low);
        // The integral of lowPower (f / low)^exponent.
        const double ratio = end / begin;
        const double atBegin = lowPower * std::pow(begin / low, exponent);
        const double sum = exponent + 1;
        power += std::abs(sum) < 1e-9 ? atBegin * begin * std::log(ratio)
                                      : atBegin * begin * (std::pow(ratio, sum) - 1) / sum;
    }
    return std::sqrt(power);
}

bool isSteady(std::span<const double> times, std::span<const double> waveform, double share,
              double movement) {
    if (times.empty()) return false;
    const double since = times.back() - share * (times.back() - times.front());
    double low = waveform.back();
    double high = low;
    for (std::size_t k = times.size(); k-- > 0 && times[k] >= since;) {
        low = std::min(low, waveform[k]);
        high = std::max(high, waveform[k]);
    }
    return high - low <= movement;
}

bool leavesBandAgain(std::span<const double> waveform, double band) {
    const auto isInside = [&](double value) { return std::abs(value - waveform.back()) <= band; };
    const auto entered = std::find_if(waveform.begin(), waveform.end(), isInside);
    return !std::all_of(entered, waveform.end(), isInside);
}

double settlingTimeOf(std::span<const double> times, std::span<const double> waveform, double band) {
    const double settled = waveform.back();
    for (std::size_t k = times.size(); k-- > 0;) {
        const double outside = std::abs(waveform[k] - settled) - band;
        if (outside <= 0) continue;
        return times[k] + (times[k + 1] - times[k]) * outside / std::abs(waveform[k] - waveform[k + 1]);
    }
    return times.front();
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
