#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "core/powergrid/unet.h"

namespace headroom::powergrid {

/// Two 3 x 3 convolutions that keep the size, each followed by a leaky rectifier.
class ConvolutionPairImpl : public torch::nn::Module {
public:
    ConvolutionPairImpl(int inputs, int outputs);
    torch::Tensor forward(const torch::Tensor& x);

private:
    torch::nn::Conv2d m_first, m_second;
};
TORCH_MODULE(ConvolutionPair);

/// See UnetConfig.
class UnetModuleImpl : public torch::nn::Module {
public:
    explicit UnetModuleImpl(const UnetConfig& config);

    /// Fresh weights that depend on the seed alone (He et al. 2015); the last layer zero.
    void initialise(std::uint64_t seed);

    /// @param x images x inputs x rows x columns  @return images x 1 x rows x columns
    torch::Tensor forward(torch::Tensor x);

private:
    UnetConfig m_config;
    std::vector<ConvolutionPair> m_down, m_up; ///< from full resolution on
    ConvolutionPair m_bottom;
    torch::nn::Conv2d m_out;
};
TORCH_MODULE(UnetModule);

} // namespace headroom::powergrid
