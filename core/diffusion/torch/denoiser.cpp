#include "core/diffusion/torch/denoiser.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "core/base/random.h"
#include "core/diffusion/attention_kernel.h"

namespace headroom::diffusion {
namespace {

constexpr int kModulationsPerBlock = 6;
constexpr int kFinalModulations = 2;
constexpr double kTokenDeviation = 0.02;

torch::Tensor normalise(const torch::Tensor& x, const torch::Tensor& shift, const torch::Tensor& scale) {
    return torch::addcmul(shift, torch::layer_norm(x, {x.size(-1)}), scale);
}

AttentionShape shapeOf(const torch::Tensor& qkv, int heads) {
    const auto size = [&](int dimension) { return static_cast<std::size_t>(qkv.size(dimension)); };
    const auto count = static_cast<std::size_t>(heads);
    return {size(0), size(1), count, size(2) / 3 / count};
}

/// The CPU kernel as an operator that LibTorch can differentiate.
class KernelAttention : public torch::autograd::Function<KernelAttention> {
public:
    static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& qkv,
                                 const torch::Tensor& mask, std::int64_t heads) {
        const auto input = qkv.contiguous();
        const AttentionShape shape = shapeOf(input, static_cast<int>(heads));
        auto mixed = torch::empty({input.size(0), input.size(1), input.size(2) / 3}, input.options());
        auto probabilities =
            torch::empty({static_cast<std::int64_t>(shape.probabilities())}, input.options());
        attentionForward(shape, input.data_ptr<float>(), mask.numel() > 0 ? mask.data_ptr<float>() : nullptr,
                         mixed.data_ptr<float>(), probabilities.data_ptr<float>());
        context->save_for_backward({input, probabilities});
        context->saved_data["heads"] = heads;
        return mixed;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const AttentionShape shape =
            shapeOf(saved[0], static_cast<int>(context->saved_data["heads"].toInt()));
        const auto outer = gradients[0].contiguous();
        auto gradient = torch::empty_like(saved[0]);
        attentionBackward(shape, saved[0].data_ptr<float>(), saved[1].data_ptr<float>(),
                          outer.data_ptr<float>(), gradient.data_ptr<float>());
        return {gradient, torch::Tensor(), torch::Tensor()};
    }
};

/// Multi-head self-attention. @param qkv rows x tokens x (3 width): queries, keys, values, each by head
/// @param mask heads x tokens x tokens, added to the scores; empty: none
/// @return rows x tokens x width
torch::Tensor attention(const torch::Tensor& qkv, const torch::Tensor& mask, int heads) {
    if (qkv.device().is_cpu()) return KernelAttention::apply(qkv, mask, heads);
    const auto rows = qkv.size(0);
    const auto tokens = qkv.size(1);
    const auto width = qkv.size(2) / 3;
    const auto parts = qkv.view({rows, tokens, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
    const double scale = 1.0 / std::sqrt(static_cast<double>(width / heads));
    auto scores = torch::matmul(parts[0] * scale, parts[1].transpose(-2, -1));
    if (mask.numel() > 0) scores = scores + mask;
    const auto weights = torch::softmax(scores, -1);
    return torch::matmul(weights, parts[2]).transpose(1, 2).reshape({rows, tokens, width});
}

/// Who may attend to whom where tokens are grouped: every second head stays within the groups.
torch::Tensor maskOf(const DenoiserConfig& config) {
    auto mask = torch::zeros({config.heads, config.tokens, config.tokens});
    auto values = mask.accessor<float, 3>();
    for (int head = 0; head < config.heads; head += 2) {
        for (int from = 0; from < config.tokens; ++from) {
            for (int to = 0; to < config.tokens; ++to) {
                const bool together =
                    from == to ||
                    std::any_of(config.groups.begin(), config.groups.end(), [&](const auto& group) {
                        return std::find(group.begin(), group.end(), from) != group.end() &&
                               std::find(group.begin(), group.end(), to) != group.end();
                    });
                if (!together) values[head][from][to] = -std::numeric_limits<float>::infinity();
            }
        }
    }
    return mask;
}

void fill(torch::Tensor& parameter, const std::function<double()>& draw) {
    auto host = torch::empty(parameter.sizes(), torch::kFloat32);
    float* const values = host.data_ptr<float>();
    for (std::int64_t i = 0; i < host.numel(); ++i)
        values[i] = static_cast<float>(draw());
    parameter.copy_(host);
}

} // namespace

DenoiserBlockImpl::DenoiserBlockImpl(const DenoiserConfig& config)
    : m_heads(config.heads)
    , m_attentionIn(register_module("attention_in", torch::nn::Linear(config.width, 3 * config.width)))
    , m_attentionOut(register_module("attention_out", torch::nn::Linear(config.width, config.width)))
    , m_feedIn(register_module("feed_in", torch::nn::Linear(config.width, config.feedForward)))
    , m_feedOut(register_module("feed_out", torch::nn::Linear(config.feedForward, config.width))) {}

torch::Tensor DenoiserBlockImpl::forward(torch::Tensor x, const torch::Tensor* modulation,
                                         const torch::Tensor& mask) {
    const auto mixed =
        m_attentionOut(attention(m_attentionIn(normalise(x, modulation[0], modulation[1])), mask, m_heads));
    x = torch::addcmul(x, mixed, modulation[2]);
    const auto hidden = torch::gelu(m_feedIn(normalise(x, modulation[3], modulation[4])));
    return torch::addcmul(x, m_feedOut(hidden), modulation[5]);
}

DenoiserImpl::DenoiserImpl(const DenoiserConfig& config)
    : m_config(config)
    , m_valueWeight(register_parameter("value_weight", torch::zeros({config.tokens, config.width})))
    , m_token(register_parameter("token", torch::zeros({config.tokens, config.width})))
    , m_absent(register_parameter("absent_conditions", torch::zeros({1, config.width})))
    , m_outputWeight(register_parameter("output_weight", torch::zeros({config.tokens, config.width})))
    , m_outputBias(register_parameter("output_bias", torch::zeros({config.tokens})))
    , m_timeIn(register_module("time_in", torch::nn::Linear(config.width, config.width)))
    , m_timeOut(register_module("time_out", torch::nn::Linear(config.width, config.width)))
    , m_conditionIn(
          register_module("condition_in", torch::nn::Linear(std::max(1, config.conditions), config.width)))
    , m_conditionOut(register_module("condition_out", torch::nn::Linear(config.width, config.width)))
    , m_modulation(register_module(
          "modulation", torch::nn::Linear(config.width, config.width * (kModulationsPerBlock * config.depth +
                                                                        kFinalModulations)))) {
    // Sinusoids from one period per 2 pi steps to one per 10000 of them, as for T = 1000 (Vaswani et al.
    // 2017).
    const int half = config.width / 2;
    m_frequencies = register_buffer(
        "frequencies", torch::exp(torch::arange(half, torch::kFloat32) * (-std::log(10000.0) / half)) *
                           (1000.0 / config.diffusionSteps));
    m_mask = register_buffer("mask", config.groups.empty() ? torch::empty({0}) : maskOf(config));
    for (int i = 0; i < config.depth; ++i) {
        m_blocks.push_back(register_module("block" + std::to_string(i), DenoiserBlock(config)));
    }
}

void DenoiserImpl::initialise(std::uint64_t seed) {
    torch::NoGradGuard noGrad;
    RandomEngine engine(deriveSeed(seed, 0));
    for (auto& item : named_parameters()) {
        auto& parameter = item.value();
        const auto& name = item.key();
        if (name == "token" || name == "absent_conditions") {
            fill(parameter, [&] { return kTokenDeviation * normal(engine); });
        } else if (name == "value_weight") {
            fill(parameter, [&] { return uniform(engine, -1, 1); });
        } else if (parameter.dim() < 2 || name.starts_with("output_") || name.starts_with("modulation.")) {
            parameter.zero_();
        } else {
            const double bound = std::sqrt(6.0 / static_cast<double>(parameter.size(0) + parameter.size(1)));
            fill(parameter, [&] { return uniform(engine, -bound, bound); });
        }
    }
    // Scales start at one.
    auto bias = m_modulation->bias.view({-1, m_config.width});
    for (int i = 0; i < m_config.depth; ++i) {
        for (const int scale : {1, 4})
            bias[kModulationsPerBlock * i + scale].fill_(1);
    }
    bias[-1].fill_(1);
}

torch::Tensor DenoiserImpl::embedConditions(const torch::Tensor& conditions) {
    return m_conditionOut(torch::silu(m_conditionIn(conditions)));
}

torch::Tensor DenoiserImpl::embedTime(const torch::Tensor& time) {
    const auto phase = time.unsqueeze(1) * m_frequencies;
    return m_timeOut(torch::silu(m_timeIn(torch::cat({torch::cos(phase), torch::sin(phase)}, 1))));
}

torch::Tensor DenoiserImpl::predict(const torch::Tensor& x, const torch::Tensor& embedding) {
    const auto rows = embedding.size(0);
    const int count = kModulationsPerBlock * m_config.depth + kFinalModulations;
    // Every block's modulation in one product; [i] is rows x 1 x width.
    const auto modulation =
        m_modulation(torch::silu(embedding)).view({rows, 1, count, m_config.width}).unbind(2);
    auto hidden = torch::addcmul(m_token, x.unsqueeze(2), m_valueWeight);
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        hidden = m_blocks[i](hidden, modulation.data() + kModulationsPerBlock * i, m_mask);
    }
    hidden = normalise(hidden, modulation[static_cast<std::size_t>(count - 2)], modulation.back());
    return (hidden * m_outputWeight).sum(-1) + m_outputBias;
}

} // namespace headroom::diffusion
