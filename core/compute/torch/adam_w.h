#pragma once

#include <cstdint>

#include <torch/torch.h>

#include "core/compute/torch/flat_parameters.h"

namespace headroom::compute {

/// What AdamW remembers; tensors are flat, as long as the parameters.
struct AdamWState {
    std::int64_t step = 0; ///< done so far
    torch::Tensor firstMoment, secondMoment;
    torch::Tensor average; ///< exponential moving average of the weights

    AdamWState() = default;
    /// Before the first step.
    explicit AdamWState(const torch::Tensor& values);
};

struct AdamWSettings {
    double learningRate = 1e-3; ///< peak; linear warm-up, then cosine decay to zero
    double weightDecay = 0;     ///< of matrices, times the learning rate per step
    double averageDecay = 0.999;
    std::int64_t steps = 1; ///< of the whole training
};

/// One step of AdamW (Loshchilov and Hutter 2019) over all parameters of a module at once, gradients clipped
/// by their global norm. Leaves them zero.
void takeStep(FlatParameters& parameters, AdamWState& state, const AdamWSettings& settings);

} // namespace headroom::compute
