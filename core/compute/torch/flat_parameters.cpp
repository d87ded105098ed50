#include "core/compute/torch/flat_parameters.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace headroom::compute {

FlatParameters::FlatParameters(const torch::nn::Module& module) {
    const torch::NoGradGuard noGrad;
    const auto parameters = module.named_parameters();
    std::int64_t total = 0;
    for (const auto& item : parameters)
        total += item.value().numel();
    m_values = torch::zeros({total}, parameters.front().value().options().requires_grad(false));
    m_gradients = torch::zeros_like(m_values);
    m_decayed = torch::zeros_like(m_values);
    std::int64_t offset = 0;
    for (const auto& item : parameters) {
        auto parameter = item.value();
        const auto part = [&](const torch::Tensor& flat) {
            return flat.narrow(0, offset, parameter.numel()).view(parameter.sizes());
        };
        auto view = part(m_values);
        view.copy_(parameter);
        parameter.set_data(view);
        parameter.mutable_grad() = part(m_gradients);
        if (parameter.dim() > 1) part(m_decayed).fill_(1);
        m_names.push_back(item.key());
        m_views.push_back(view);
        offset += parameter.numel();
    }
}

WeightFile FlatParameters::toWeightFile() const {
    const torch::NoGradGuard noGrad;
    WeightFile file;
    for (std::size_t i = 0; i < m_views.size(); ++i) {
        const auto host = m_views[i].cpu().contiguous();
        const float* const begin = host.data_ptr<float>();
        file.tensors[m_names[i]] = {host.sizes().vec(), std::vector<float>(begin, begin + host.numel())};
    }
    return file;
}

Result<void> FlatParameters::fromWeightFile(const WeightFile& file) {
    for (std::size_t i = 0; i < m_views.size(); ++i) {
        const auto& name = m_names[i];
        const auto found = file.tensors.find(name);
        if (found == file.tensors.end()) {
            return fail(ErrorCode::Corrupt, fmt::format("The weights lack the tensor {}.", name));
        }
        const auto expected = m_views[i].sizes().vec();
        const auto& weights = found->second;
        if (weights.shape != expected ||
            static_cast<std::int64_t>(weights.values.size()) != m_views[i].numel()) {
            return fail(ErrorCode::Corrupt,
                        fmt::format("The tensor {} has shape [{}] where the network has [{}].", name,
                                    fmt::join(weights.shape, ", "), fmt::join(expected, ", ")));
        }
        if (!std::all_of(weights.values.begin(), weights.values.end(),
                         [](float x) { return std::isfinite(x); })) {
            return fail(ErrorCode::Corrupt,
                        fmt::format("The tensor {} has values that are not finite.", name));
        }
    }
    for (const auto& [name, weights] : file.tensors) {
        if (std::find(m_names.begin(), m_names.end(), name) == m_names.end()) {
            return fail(ErrorCode::Corrupt,
                        fmt::format("The network has no tensor {}, but the weights do.", name));
        }
    }
    const torch::NoGradGuard noGrad;
    for (std::size_t i = 0; i < m_views.size(); ++i) {
        const auto& weights = file.tensors.at(m_names[i]);
        // from_blob takes no pointer to const, but the tensor is only read.
        m_views[i].copy_(
            torch::from_blob(const_cast<float*>(weights.values.data()), weights.shape, torch::kFloat32));
    }
    return {};
}

} // namespace headroom::compute
