#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "core/delay/row_diffusion.h"

namespace headroom::delay {

/// What a network says of noisy rows: noise or velocity, as its config has it.
class RowNetworkModule : public torch::nn::Module {
public:
    /// Fresh weights that depend on the seed alone.
    virtual void initialise(std::uint64_t seed) = 0;

    /// Conditions in the form that predict() wants; worth doing once for many steps.
    virtual torch::Tensor embed(const torch::Tensor& conditions) = 0;

    /// @param x rows x columns  @param time rows x 1, or 1 x 1 for all: t / T  @param conditions from embed()
    virtual torch::Tensor predict(const torch::Tensor& x, const torch::Tensor& time,
                                  const torch::Tensor& conditions) = 0;
};

/// See RowNetwork.
std::shared_ptr<RowNetworkModule> makeRowNetwork(const RowDiffusionConfig& config);

} // namespace headroom::delay
