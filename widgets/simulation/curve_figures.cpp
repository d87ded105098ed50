#include "widgets/simulation/curve_figures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace headroom::widgets {
namespace {

constexpr double kSettlingShare = 0.01;
constexpr double kHalfTurn = 180;

/// Where a curve over logarithmic frequency first falls through a level, and the other curve there.
std::optional<std::pair<double, double>> firstFall(const std::vector<double>& frequencies,
                                                   const std::vector<double>& curve, double level,
                                                   const std::vector<double>& other) {
    for (std::size_t i = 1; i < curve.size(); ++i) {
        if (curve[i - 1] < level || curve[i] >= level) continue;
        const double share = (curve[i - 1] - level) / (curve[i - 1] - curve[i]);
        return std::pair(frequencies[i - 1] * std::pow(frequencies[i] / frequencies[i - 1], share),
                         other[i - 1] + (other[i] - other[i - 1]) * share);
    }
    return std::nullopt;
}

} // namespace

BodeCurves bodeCurves(const simulation::FrequencyResponse& response) {
    BodeCurves curves;
    curves.frequencies = response.frequencies;
    double turns = 0, before = 0;
    for (std::size_t i = 0; i < response.gain.size(); ++i) {
        const double phase = std::arg(response.gain[i]) * kHalfTurn / std::numbers::pi;
        if (i > 0 && phase - before > kHalfTurn) turns -= 2 * kHalfTurn;
        if (i > 0 && phase - before < -kHalfTurn) turns += 2 * kHalfTurn;
        before = phase;
        curves.phase.push_back(phase + turns);
        curves.gain.push_back(20 * std::log10(std::max(std::abs(response.gain[i]), 1e-30)));
    }
    if (curves.phase.empty()) return curves;
    if (const auto unity = firstFall(curves.frequencies, curves.gain, 0, curves.phase)) {
        curves.transitFrequency = unity->first;
        curves.phaseMargin = kHalfTurn + unity->second;
    }
    const double turned = curves.phase.front() - kHalfTurn;
    if (const auto crossover = firstFall(curves.frequencies, curves.phase, turned, curves.gain)) {
        curves.phaseCrossover = crossover->first;
        curves.gainMargin = -crossover->second;
    }
    return curves;
}

Settling settlingOf(const simulation::StepResponse& response) {
    Settling settling;
    settling.band = kSettlingShare * std::abs(response.to - response.from);
    const std::size_t count = std::min(response.times.size(), response.output.size());
    if (count == 0) return settling;
    settling.value = response.output[count - 1];
    const auto distance = [&](std::size_t i) { return std::abs(response.output[i] - settling.value); };
    std::size_t last = count; // that is outside
    for (std::size_t i = count; i-- > 0;) {
        if (distance(i) <= settling.band) continue;
        last = i;
        break;
    }
    if (last == count) {
        settling.time = response.times.front();
    } else {
        const double share = (distance(last) - settling.band) / (distance(last) - distance(last + 1));
        settling.time = response.times[last] + (response.times[last + 1] - response.times[last]) * share;
    }
    return settling;
}

simulation::RangeSweep joined(const std::optional<simulation::RangeSweep>& down,
                              const std::optional<simulation::RangeSweep>& up) {
    std::vector<std::pair<double, double>> points;
    for (const auto* half : {&down, &up}) {
        if (!*half) continue;
        for (std::size_t i = 0; i < (*half)->positions.size() && i < (*half)->margins.size(); ++i)
            points.emplace_back((*half)->positions[i], (*half)->margins[i]);
    }
    std::sort(points.begin(), points.end());
    simulation::RangeSweep whole;
    for (const auto& [position, margin] : points) {
        // Both halves begin at the nominal level.
        if (!whole.positions.empty() && whole.positions.back() == position) continue;
        whole.positions.push_back(position);
        whole.margins.push_back(margin);
    }
    return whole;
}

} // namespace headroom::widgets
