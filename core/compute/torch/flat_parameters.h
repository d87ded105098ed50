#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "core/compute/weight_file.h"

namespace headroom::compute {

/// All parameters of a module in one contiguous tensor, of which each parameter (and its gradient) is a
/// view: an optimiser step or an average over every weight is a handful of operations, whatever the number
/// of parameters.
class FlatParameters {
public:
    /// Moves the module's parameters into the tensor, on the device where they are.
    explicit FlatParameters(const torch::nn::Module& module);

    torch::Tensor& values() { return m_values; }
    torch::Tensor& gradients() { return m_gradients; }
    /// 1 where weight decay applies (matrices), 0 where it does not (biases, embeddings of one row).
    const torch::Tensor& decayed() const { return m_decayed; }

    WeightFile toWeightFile() const;

    /// Errors: Corrupt, naming the tensor, where one is missing, superfluous, of another shape or has
    /// values that are not finite; the parameters are then unchanged.
    Result<void> fromWeightFile(const WeightFile& file);

private:
    torch::Tensor m_values, m_gradients, m_decayed;
    std::vector<std::string> m_names;
    std::vector<torch::Tensor> m_views;
};

} // namespace headroom::compute
