#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "core/diffusion/diffusion_model.h"

namespace headroom::diffusion {

/// One transformer block whose normalisations are shifted, scaled and gated from outside (Peebles and Xie
/// 2023, figure 3, "adaLN-Zero").
class DenoiserBlockImpl : public torch::nn::Module {
public:
    explicit DenoiserBlockImpl(const DenoiserConfig& config);

    /// @param x rows x tokens x width
    /// @param modulation six tensors of rows x 1 x width: shift, scale and gate of attention, then of the
    ///        feed-forward network
    /// @param mask heads x tokens x tokens, added to the scores of attention; empty: none
    torch::Tensor forward(torch::Tensor x, const torch::Tensor* modulation, const torch::Tensor& mask);

private:
    int m_heads;
    torch::nn::Linear m_attentionIn, m_attentionOut, m_feedIn, m_feedOut;
};
TORCH_MODULE(DenoiserBlock);

/// The denoiser: every scalar parameter is a token, a vector of conditions and the step steer the blocks.
class DenoiserImpl : public torch::nn::Module {
public:
    explicit DenoiserImpl(const DenoiserConfig& config);

    std::int64_t tokens() const { return m_config.tokens; }

    /// Fresh weights that depend on the seed alone: uniform by fan-in and fan-out; gates, modulations and
    /// output zero, so that every block starts as the identity and v as zero.
    void initialise(std::uint64_t seed);

    /// @param conditions rows x conditions  @return rows x width
    torch::Tensor embedConditions(const torch::Tensor& conditions);
    /// The learned stand-in for absent conditions. @return 1 x width
    torch::Tensor absentConditions() const { return m_absent; }
    /// @param time rows, steps as floats from 0 to T  @return rows x width
    torch::Tensor embedTime(const torch::Tensor& time);

    /// @param x rows x tokens, noisy data  @param embedding rows x width, sum of both embeddings
    /// @return v, rows x tokens
    torch::Tensor predict(const torch::Tensor& x, const torch::Tensor& embedding);

private:
    DenoiserConfig m_config;
    torch::Tensor m_valueWeight, m_token, m_absent, m_frequencies, m_outputWeight, m_outputBias, m_mask;
    torch::nn::Linear m_timeIn, m_timeOut, m_conditionIn, m_conditionOut, m_modulation;
    std::vector<DenoiserBlock> m_blocks;
};
TORCH_MODULE(Denoiser);

} // namespace headroom::diffusion
