#include "core/compute/torch/adam_w.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace headroom::compute {
namespace {

constexpr double kFirstMomentDecay = 0.9;
constexpr double kSecondMomentDecay = 0.99;
constexpr double kEpsilon = 1e-8;
constexpr double kLargestGradientNorm = 1.0;
constexpr double kWarmUpShare = 0.05;

double learningRate(double peak, std::int64_t step, std::int64_t total) {
    const double warmUp = std::max(1.0, kWarmUpShare * static_cast<double>(total));
    const double done = static_cast<double>(step);
    if (done <= warmUp) return peak * done / warmUp;
    const double rest = (done - warmUp) / std::max(1.0, static_cast<double>(total) - warmUp);
    return peak * 0.5 * (1 + std::cos(std::numbers::pi * rest));
}

} // namespace

AdamWState::AdamWState(const torch::Tensor& values)
    : firstMoment(torch::zeros_like(values))
    , secondMoment(torch::zeros_like(values))
    , average(values.clone()) {}

void takeStep(FlatParameters& parameters, AdamWState& state, const AdamWSettings& settings) {
    const torch::NoGradGuard noGrad;
    const double rate = learningRate(settings.learningRate, ++state.step, settings.steps);
    const double number = static_cast<double>(state.step);
    auto& values = parameters.values();
    auto& gradients = parameters.gradients();
    // Clipping by the global norm without a round trip to the host.
    gradients.mul_((kLargestGradientNorm / (gradients.norm() + 1e-6)).clamp_max(1.0));
    state.firstMoment.lerp_(gradients, 1 - kFirstMomentDecay);
    state.secondMoment.mul_(kSecondMomentDecay).addcmul_(gradients, gradients, 1 - kSecondMomentDecay);
    const double firstScale = 1 - std::pow(kFirstMomentDecay, number);
    const double secondScale = 1 - std::pow(kSecondMomentDecay, number);
    if (settings.weightDecay > 0) values.addcmul_(values, parameters.decayed(), -rate * settings.weightDecay);
    const auto root = state.secondMoment.sqrt().div_(std::sqrt(secondScale)).add_(kEpsilon);
    values.addcdiv_(state.firstMoment, root, -rate / firstScale);
    gradients.zero_();
    // The average must not remember the first, untrained weights.
    const double decay = std::min(settings.averageDecay, (1 + number) / (10 + number));
    state.average.lerp_(values, 1 - decay);
}

} // namespace headroom::compute
