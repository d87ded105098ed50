#include "core/delay/torch/row_network.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/random.h"

namespace headroom::delay {
namespace {

constexpr double kLeak = 0.01; ///< of the rectifiers, as usual
constexpr int kFrequencies = 16;

/// Normal weights of a variance of @p gain by the number of inputs, zero biases.
void initialiseLinear(torch::nn::Linear& layer, double gain, RandomEngine& engine) {
    const torch::NoGradGuard noGrad;
    auto weights = torch::empty(layer->weight.sizes(), torch::kFloat32);
    const double deviation = std::sqrt(gain / static_cast<double>(weights.size(1)));
    float* const values = weights.data_ptr<float>();
    for (std::int64_t i = 0; i < weights.numel(); ++i)
        values[i] = static_cast<float>(deviation * normal(engine));
    layer->weight.copy_(weights);
    layer->bias.zero_();
}

/// See RowNetwork::EncoderDecoder.
class EncoderDecoder final : public RowNetworkModule {
public:
    explicit EncoderDecoder(const RowDiffusionConfig& config)
        : m_out(config.width, config.columns) {
        int inputs = config.columns + config.conditions + 1;
        const auto add = [&](int width) {
            const auto number = std::to_string(m_layers.size());
            m_layers.push_back(register_module("layer" + number, torch::nn::Linear(inputs, width)));
            m_norms.push_back(register_module("norm" + number, torch::nn::BatchNorm1d(width)));
            inputs = width;
        };
        for (int level = 0; level < config.depth; ++level)
            add(std::max(2, config.width >> level));
        for (int level = config.depth - 2; level >= 0; --level)
            add(std::max(2, config.width >> level));
        register_module("out", m_out);
    }

    void initialise(std::uint64_t seed) override {
        RandomEngine engine(seed);
        for (auto& layer : m_layers)
            initialiseLinear(layer, 2 / (1 + kLeak * kLeak), engine);
        initialiseLinear(m_out, 1, engine);
    }

    torch::Tensor embed(const torch::Tensor& conditions) override { return conditions; }

    torch::Tensor predict(const torch::Tensor& x, const torch::Tensor& time,
                          const torch::Tensor& conditions) override {
        auto h = torch::cat({x, conditions, time.expand({x.size(0), 1})}, 1);
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            h = torch::leaky_relu(m_norms[i](m_layers[i](h)), kLeak);
        return m_out(h);
    }

private:
    std::vector<torch::nn::Linear> m_layers;
    std::vector<torch::nn::BatchNorm1d> m_norms;
    torch::nn::Linear m_out;
};

/// See RowNetwork::Residual.
class Residual final : public RowNetworkModule {
public:
    explicit Residual(const RowDiffusionConfig& config)
        : m_in(config.columns, config.width)
        , m_conditions(std::max(1, config.conditions), config.width)
        , m_time(2 * kFrequencies, config.width)
        , m_out(config.width, config.columns)
        , m_hasConditions(config.conditions > 0) {
        register_module("in", m_in);
        if (m_hasConditions) register_module("conditions", m_conditions);
        register_module("time", m_time);
        register_module("out", m_out);
        for (int block = 0; block < config.depth; ++block) {
            const auto number = std::to_string(block);
            m_times.push_back(
                register_module("time" + number, torch::nn::Linear(config.width, config.width)));
            m_first.push_back(
                register_module("first" + number, torch::nn::Linear(config.width, config.width)));
            m_second.push_back(
                register_module("second" + number, torch::nn::Linear(config.width, config.width)));
        }
    }

    void initialise(std::uint64_t seed) override {
        RandomEngine engine(seed);
        initialiseLinear(m_in, 1, engine);
        initialiseLinear(m_conditions, 1, engine);
        initialiseLinear(m_time, 1, engine);
        initialiseLinear(m_out, 0, engine);
        for (std::size_t i = 0; i < m_first.size(); ++i) {
            initialiseLinear(m_times[i], 1, engine);
            initialiseLinear(m_first[i], 1, engine);
            initialiseLinear(m_second[i], 0, engine); // each block begins as the identity
        }
    }

    torch::Tensor embed(const torch::Tensor& conditions) override {
        return m_hasConditions ? m_conditions(conditions) : torch::zeros({1, 1}, conditions.options());
    }

    torch::Tensor predict(const torch::Tensor& x, const torch::Tensor& time,
                          const torch::Tensor& conditions) override {
        const auto embedded = torch::silu(m_time(waves(time)));
        auto h = m_in(x) + conditions;
        for (std::size_t i = 0; i < m_first.size(); ++i)
            h = h + m_second[i](torch::silu(m_first[i](h) + m_times[i](embedded)));
        return m_out(torch::silu(h));
    }

private:
    /// Sines and cosines of the time (Vaswani et al. 2017, section 3.5), from one turn in all to some
    /// thousand.
    static torch::Tensor waves(const torch::Tensor& time) {
        const auto exponents = torch::arange(kFrequencies, time.options()) / kFrequencies;
        const auto phases = time * (torch::exp(exponents * std::log(1000.0)) * 1.5);
        return torch::cat({phases.sin(), phases.cos()}, 1);
    }

    torch::nn::Linear m_in, m_conditions, m_time, m_out;
    bool m_hasConditions;
    std::vector<torch::nn::Linear> m_times, m_first, m_second; ///< by block
};

} // namespace

std::shared_ptr<RowNetworkModule> makeRowNetwork(const RowDiffusionConfig& config) {
    if (config.network == RowNetwork::EncoderDecoder) return std::make_shared<EncoderDecoder>(config);
    return std::make_shared<Residual>(config);
}

} // namespace headroom::delay
