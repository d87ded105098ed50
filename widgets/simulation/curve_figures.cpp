#include "widgets/simulation/curve_figures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/simulation/measurement.h"
#include "core/simulation/procedure.h"

namespace headroom::widgets {
namespace {

namespace procedure = simulation::procedure;

constexpr double kHalfTurn = 180;

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
        curves.gain.push_back(simulation::decibels(response.gain[i]));
    }
    if (curves.phase.empty()) return curves;
    // The figures that the performances are, and not what the drawn lines would give.
    if (const auto unity = simulation::findUnityCrossing(response)) {
        curves.transitFrequency = unity->frequency;
        curves.phaseMargin = unity->phaseMargin;
    }
    if (const auto crossing = simulation::findPhaseCrossing(response)) {
        curves.phaseCrossover = crossing->frequency;
        curves.gainMargin = crossing->gainMargin;
    }
    return curves;
}

Settling settlingOf(const simulation::StepResponse& response) {
    Settling settling;
    const double step = std::abs(response.to - response.from);
    settling.band = procedure::settlingBand * step;
    if (response.times.empty() || response.times.size() != response.output.size()) return settling;
    settling.value = response.output.back();
    const bool steady = simulation::isSteady(response.times, response.output, procedure::settledShare,
                                             procedure::settledMovement * settling.band);
    if (steady && std::abs(settling.value - response.to) < 0.5 * step)
        settling.time =
            simulation::settlingTimeOf(response.times, response.output, settling.value, settling.band);
    return settling;
}

simulation::RangeSweep joined(const std::optional<simulation::RangeSweep>& down,
                              const std::optional<simulation::RangeSweep>& up) {
    std::vector<std::pair<double, double>> points;
    for (const auto* half : {&down, &up}) {
        if (!*half) continue;
        for (std::size_t i = 0; i < (*half)->positions.size() && i < (*half)->margins.size(); ++i) {
            if (std::isfinite((*half)->margins[i]))
                points.emplace_back((*half)->positions[i], (*half)->margins[i]);
        }
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
