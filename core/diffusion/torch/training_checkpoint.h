#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <torch/torch.h>

#include "core/compute/torch/adam_w.h"
#include "core/diffusion/diffusion_model.h"

namespace headroom::diffusion {

/// All that a training needs to go on from the end of an epoch. Tensors are flat, of equal size.
struct TrainingState : compute::AdamWState {
    int epoch = 0; ///< done so far
    torch::Tensor values;
    torch::Tensor best; ///< averaged weights with the least validation loss; undefined before the first
    TrainingReport report;
};

/// Says which training a checkpoint is of: shape, settings, data and first weights.
std::string trainingFingerprint(const DenoiserConfig& denoiser, const TrainingConfig& config,
                                const torch::Tensor& data, const torch::Tensor& conditions,
                                const torch::Tensor& firstWeights);

compute::WeightFile toCheckpoint(const TrainingState& state, const std::string& fingerprint);

/// Replaces @p state by what the file holds. @param state of the training at its beginning
/// Errors: NotFound, Corrupt, BadInput where it is of another training; the state is then unchanged.
Result<void> readCheckpoint(const std::filesystem::path& file, const std::string& fingerprint,
                            TrainingState& state);

} // namespace headroom::diffusion
