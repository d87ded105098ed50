#include "core/simulation/measurement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace headroom::simulation {
namespace {

/// After so many halvings an interval is as short as a number can tell.
constexpr int bisections = 60;

/// Cubic through the four samples around interval [index, index + 1] of an equally long pair of lists.
class LocalCubic {
public:
    static constexpr std::size_t points = 4;
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
    std::array<double, points> m_x{};
    std::array<double, points> m_y{};
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

/// Where the cubic through an interval's surroundings, or the line where there are too few points, falls
/// through a level.
double crossingWithin(std::span<const double> x, std::span<const double> curve, std::size_t interval,
                      double level) {
    double low = x[interval];
    double high = x[interval + 1];
    if (x.size() < LocalCubic::points)
        return low + (high - low) * (curve[interval] - level) / (curve[interval] - curve[interval + 1]);
    const LocalCubic cubic(x, curve, interval);
    for (int step = 0; step < bisections; ++step) {
        const double middle = 0.5 * (low + high);
        (cubic(middle) >= level ? low : high) = middle;
    }
    return low;
}

double slopeOf(const std::vector<double>& x, const std::vector<double>& curve, std::size_t interval) {
    return (curve[interval + 1] - curve[interval]) / (x[interval + 1] - x[interval]);
}

/// From the middle of a falling curve that does not reach a level towards it, by the curve's own slope or,
/// where it does not fall, by another one.
double towards(const std::vector<double>& x, const std::vector<double>& curve, double level,
               double otherSlope, double longestStep) {
    const std::size_t middle = curve.size() / 2;
    const double own = (curve.back() - curve.front()) / (x.back() - x.front());
    const double slope = own < 0 ? own : otherSlope;
    return x[middle] + std::clamp((level - curve[middle]) / slope, -longestStep, longestStep);
}

/// The first pair of neighbours between which a curve falls through a level.
std::optional<std::size_t> fallingInterval(const std::vector<double>& curve, double level) {
    for (std::size_t k = 0; k + 1 < curve.size(); ++k)
        if (curve[k] >= level && curve[k + 1] < level) return k;
    return std::nullopt;
}

/// Where a curve falls through a level within a narrow response, or towards where it seems to.
struct Approach {
    double at = 0;            ///< over x
    std::size_t interval = 0; ///< of the fall; the middle where there is none
    bool isWithin = false;
    double readAt = 0; ///< where else is read off: @p at, or the middle
};

Approach approach(const std::vector<double>& x, const std::vector<double>& curve, double level,
                  double otherSlope, double longestStep) {
    if (const auto interval = fallingInterval(curve, level)) {
        const double at = crossingWithin(x, curve, *interval, level);
        return {at, *interval, true, at};
    }
    const std::size_t middle = curve.size() / 2;
    return {towards(x, curve, level, otherSlope, longestStep), middle, false, x[middle]};
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
    const auto interval = fallingInterval(logs.gain, 0);
    if (!interval) return std::nullopt;
    const double at = crossingWithin(logs.frequency, logs.gain, *interval, 0);
    return UnityCrossing{std::pow(10.0, at), 180 + LocalCubic(logs.frequency, logs.phase, *interval)(at),
                         slopeOf(logs.frequency, logs.gain, *interval)};
}

std::optional<PhaseCrossing> findPhaseCrossing(const FrequencyResponse& response) {
    if (response.gain.size() < 4) return std::nullopt;
    const LogResponse logs(response);
    const double level = 180 * std::round(logs.phase.front() / 180) - 180;
    const auto interval = fallingInterval(logs.phase, level);
    if (!interval) return std::nullopt;
    const double at = crossingWithin(logs.frequency, logs.phase, *interval, level);
    return PhaseCrossing{std::pow(10.0, at), -20 * LocalCubic(logs.frequency, logs.gain, *interval)(at),
                         level, slopeOf(logs.frequency, logs.phase, *interval)};
}

bool refine(UnityCrossing& crossing, const FrequencyResponse& window, double longestStep) {
    const LogResponse logs(window);
    const Approach found = approach(logs.frequency, logs.gain, 0, crossing.slope, longestStep);
    const double margin = 180 + LocalCubic(logs.frequency, logs.phase, found.interval)(found.readAt);
    crossing.phaseMargin = margin + 360 * std::round((crossing.phaseMargin - margin) / 360);
    crossing.frequency = std::pow(10.0, found.at);
    return found.isWithin;
}

bool refine(PhaseCrossing& crossing, const FrequencyResponse& window, double longestStep) {
    LogResponse logs(window);
    const double turns = 360 * std::round((crossing.level - logs.phase[logs.phase.size() / 2]) / 360);
    for (double& phase : logs.phase)
        phase += turns;
    const Approach found = approach(logs.frequency, logs.phase, crossing.level, crossing.slope, longestStep);
    crossing.gainMargin = -20 * LocalCubic(logs.frequency, logs.gain, found.interval)(found.readAt);
    crossing.frequency = std::pow(10.0, found.at);
    return found.isWithin;
}

bool isTooCoarse(const FrequencyResponse& response, double upTo) {
    const std::vector<std::size_t> coarse = coarseIntervals(response);
    return !coarse.empty() && response.frequencies[coarse.front()] <= upTo;
}

std::vector<std::size_t> coarseIntervals(const FrequencyResponse& response) {
    constexpr double certain = 90; // degrees
    const std::vector<double> phases = unwrappedPhases(response.gain);
    std::vector<std::size_t> intervals;
    for (std::size_t k = 0; k + 1 < phases.size(); ++k)
        if (std::abs(phases[k + 1] - phases[k]) > certain) intervals.push_back(k);
    return intervals;
}

int rightHalfPlanePoles(const FrequencyResponse& impedance) {
    const std::vector<double> phases = unwrappedPhases(impedance.gain);
    // The lowest frequency may lie above a pole or a zero, and there the phase is up to 90 degrees off.
    constexpr double farthestFromPositive = 100;
    const double atZero =
        std::abs(phases.front()) <= farthestFromPositive ? 0 : std::copysign(180, phases.front());
    return static_cast<int>(std::lround((phases.back() - atZero + 90) / 180));
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

double settlingTimeOf(std::span<const double> times, std::span<const double> waveform, double settled,
                      double band) {
    for (std::size_t k = times.size() - 1; k-- > 0;) {
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
        return crossingWithin(positions, curve, k - 1, 0);
    }
    return std::nullopt;
}

double interpolated(std::span<const double> curve, double number) {
    const std::size_t below = std::min(static_cast<std::size_t>(number), curve.size() - 1);
    const double share = number - static_cast<double>(below);
    if (share == 0) return curve[below];
    if (curve.size() < LocalCubic::points) return std::lerp(curve[below], curve[below + 1], share);
    std::vector<double> numbers(curve.size());
    std::iota(numbers.begin(), numbers.end(), 0.0);
    return LocalCubic(numbers, curve, below)(number);
}

bool isExactFall(std::span<const double> curve, double fall, double tolerance) {
    const auto before = static_cast<std::size_t>(fall);
    // At the very first point there is nothing in between to be wrong about.
    if (fall == 0) return true;
    if (curve.size() < LocalCubic::points || before + 1 >= curve.size()) return false;
    // The parabolas through the two neighbours and the point before or after them.
    const double allowed = tolerance * std::abs(curve[before + 1] - curve[before]);
    for (const std::size_t first : {before > 0 ? before - 1 : before, before}) {
        if (first + 2 >= curve.size()) continue;
        const double a = 0.5 * (curve[first] - 2 * curve[first + 1] + curve[first + 2]);
        const double b = curve[first + 1] - curve[first] - a;
        const double x = fall - static_cast<double>(first);
        if (std::abs(curve[first] + x * (b + a * x)) > allowed) return false;
    }
    return true;
}

std::optional<double> slopeBetween(std::span<const double> times, std::span<const double> waveform,
                                   double firstLevel, double secondLevel) {
    const auto first = firstCrossing(times, waveform, firstLevel);
    const auto second = firstCrossing(times, waveform, secondLevel);
    if (!first || !second || !(*second > *first)) return std::nullopt;
    return std::abs(secondLevel - firstLevel) / (*second - *first);
}

} // namespace headroom::simulation
