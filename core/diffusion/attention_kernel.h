#pragma once

#include <cstddef>

namespace headroom::diffusion {

/// Sizes of a batch of self-attentions over few tokens. Queries, keys and values come side by side, as one
/// linear layer makes them: rows x tokens x 3 x heads x headWidth.
struct AttentionShape {
    std::size_t rows = 0;
    std::size_t tokens = 0;
    std::size_t heads = 0;
    std::size_t headWidth = 0;

    std::size_t width() const { return heads * headWidth; }
    /// Number of floats that attentionForward leaves for attentionBackward.
    std::size_t probabilities() const;
};

/// Multi-head self-attention (Vaswani et al. 2017, section 3.2) on the CPU, on the calling thread. A batch of
/// hundreds of tiny products is what general matrix libraries are slowest at: each pays a call.
/// @param qkv rows x tokens x 3 x heads x headWidth
/// @param mask heads x tokens x tokens, added to the scores: 0, or minus infinity where a token must not
///        attend to another; every token attends to itself. Null: none. Its gradient needs no mask.
/// @param mixed result, rows x tokens x heads x headWidth
/// @param probabilities shape.probabilities() floats for attentionBackward
void attentionForward(const AttentionShape& shape, const float* qkv, const float* mask, float* mixed,
                      float* probabilities);

/// @param mixedGradient of the loss by mixed  @param qkvGradient result, of the loss by qkv
void attentionBackward(const AttentionShape& shape, const float* qkv, const float* probabilities,
                       const float* mixedGradient, float* qkvGradient);

} // namespace headroom::diffusion
