#include "core/diffusion/noise_schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace headroom::diffusion {

NoiseSchedule NoiseSchedule::cosine(int steps) {
    constexpr double kOffset = 0.008;
    constexpr double kLargestBeta = 0.999;
    const auto curve = [&](int t) {
        const double phase = (static_cast<double>(t) / steps + kOffset) / (1 + kOffset);
        return std::pow(std::cos(phase * std::numbers::pi / 2), 2);
    };
    std::vector<double> signal(static_cast<std::size_t>(steps) + 1, 1.0);
    double alphaBar = 1;
    for (int t = 1; t <= steps; ++t) {
        alphaBar *= 1 - std::min(1 - curve(t) / curve(t - 1), kLargestBeta);
        signal[static_cast<std::size_t>(t)] = std::sqrt(alphaBar);
    }
    // Lin et al. count from the first noisy step, whose value they keep; step 0 is the data itself.
    const double first = signal[1];
    const double last = signal.back();
    NoiseSchedule schedule;
    schedule.m_alphaBar.assign(signal.size(), 1.0);
    for (std::size_t t = 1; t < signal.size(); ++t) {
        const double rescaled = (signal[t] - last) * first / (first - last);
        schedule.m_alphaBar[t] = rescaled * rescaled;
    }
    return schedule;
}

NoiseSchedule NoiseSchedule::linear(int steps, double firstBeta, double lastBeta) {
    NoiseSchedule schedule;
    schedule.m_alphaBar.assign(1, 1.0);
    for (int t = 1; t <= steps; ++t) {
        const double beta = firstBeta + (lastBeta - firstBeta) * (t - 1) / (steps - 1);
        schedule.m_alphaBar.push_back(schedule.m_alphaBar.back() * (1 - beta));
    }
    return schedule;
}

double NoiseSchedule::logRatio(int t) const {
    return 0.5 * (std::log(alphaBar(t)) - std::log1p(-alphaBar(t)));
}

double NoiseSchedule::signal(int t) const {
    return std::sqrt(alphaBar(t));
}

double NoiseSchedule::noise(int t) const {
    return std::sqrt(1 - alphaBar(t));
}

ReverseStep reverseStep(const NoiseSchedule& schedule, int from, int to, double stochasticity) {
    const double now = schedule.alphaBar(from);
    const double next = schedule.alphaBar(to);
    const double fresh = stochasticity * std::sqrt((1 - next) / (1 - now)) * std::sqrt(1 - now / next);
    return {from, to, std::sqrt(next), std::sqrt(std::max(0.0, 1 - next - fresh * fresh)), fresh};
}

std::vector<ReverseStep> reverseProcess(const NoiseSchedule& schedule, int count, double stochasticity,
                                        int order) {
    const int last = schedule.steps();
    const auto stepAt = [&](int index) {
        return static_cast<int>(std::lround(last - static_cast<double>(index) * last / count));
    };
    std::vector<ReverseStep> moves;
    moves.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        moves.push_back(reverseStep(schedule, stepAt(i), stepAt(i + 1), stochasticity));
    }
    for (std::size_t i = 2; order == 2 && i + 1 < moves.size(); ++i) {
        ReverseStep& move = moves[i];
        const double now = schedule.logRatio(move.from);
        const double length = schedule.logRatio(move.to) - now;
        const double before = now - schedule.logRatio(moves[i - 1].from);
        // What multiplies x_0 where the move is written in x_0 and x_t.
        const double ofData =
            move.dataFactor - move.noiseFactor * schedule.signal(move.from) / schedule.noise(move.from);
        move.extrapolation = ofData * length / (2 * before);
    }
    return moves;
}

} // namespace headroom::diffusion
