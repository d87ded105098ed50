#include "core/powergrid/torch/unet_module.h"

#include <cmath>
#include <string>

#include "core/base/random.h"

namespace headroom::powergrid {
namespace {

namespace F = torch::nn::functional;

constexpr double kLeak = 0.1;

torch::nn::Conv2d convolution(int inputs, int outputs, int side) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(inputs, outputs, side).padding(side / 2));
}

torch::Tensor rectified(const torch::Tensor& x) {
    return torch::leaky_relu(x, kLeak);
}

torch::Tensor doubled(const torch::Tensor& x) {
    return F::interpolate(
        x, F::InterpolateFuncOptions().scale_factor(std::vector<double>{2, 2}).mode(torch::kNearest));
}

} // namespace

ConvolutionPairImpl::ConvolutionPairImpl(int inputs, int outputs)
    : m_first(register_module("first", convolution(inputs, outputs, 3)))
    , m_second(register_module("second", convolution(outputs, outputs, 3))) {}

torch::Tensor ConvolutionPairImpl::forward(const torch::Tensor& x) {
    return rectified(m_second(rectified(m_first(x))));
}

UnetModuleImpl::UnetModuleImpl(const UnetConfig& config)
    : m_config(config)
    , m_bottom(config.width << (config.levels - 1), config.width << config.levels)
    , m_out(convolution(config.width, 1, 1)) {
    int inputs = config.inputs;
    for (int level = 0; level < config.levels; ++level) {
        const int width = config.width << level;
        m_down.push_back(register_module("down" + std::to_string(level), ConvolutionPair(inputs, width)));
        const int joined = 2 * width + (config.skips ? width : 0);
        m_up.push_back(register_module("up" + std::to_string(level), ConvolutionPair(joined, width)));
        inputs = width;
    }
    register_module("bottom", m_bottom);
    register_module("out", m_out);
}

void UnetModuleImpl::initialise(std::uint64_t seed) {
    const torch::NoGradGuard noGrad;
    RandomEngine engine(seed);
    for (const auto& item : named_parameters()) {
        torch::Tensor values = torch::zeros(item.value().sizes(), torch::kFloat32);
        if (values.dim() == 4 && item.key().rfind("out", 0) != 0) {
            const double fanIn = static_cast<double>(values.size(1) * values.size(2) * values.size(3));
            const double deviation = std::sqrt(2 / ((1 + kLeak * kLeak) * fanIn));
            float* value = values.data_ptr<float>();
            for (std::int64_t i = 0; i < values.numel(); ++i)
                value[i] = static_cast<float>(deviation * normal(engine));
        }
        item.value().copy_(values);
    }
}

torch::Tensor UnetModuleImpl::forward(torch::Tensor x) {
    std::vector<torch::Tensor> left;
    for (ConvolutionPair& pair : m_down) {
        left.push_back(pair(x));
        x = torch::max_pool2d(left.back(), 2);
    }
    x = m_bottom(x);
    for (std::size_t level = m_up.size(); level-- > 0;) {
        x = doubled(x);
        if (m_config.skips) x = torch::cat({left[level], x}, 1);
        x = m_up[level](x);
    }
    return m_out(x);
}

} // namespace headroom::powergrid
