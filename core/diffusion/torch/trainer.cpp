#include "core/diffusion/torch/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "core/base/random.h"

namespace headroom::diffusion {
namespace {

constexpr double kFirstMomentDecay = 0.9;
constexpr double kSecondMomentDecay = 0.99;
constexpr double kAdamEpsilon = 1e-8;
constexpr double kLargestGradientNorm = 1.0;
constexpr double kWarmUpShare = 0.05;

double learningRate(double peak, std::int64_t step, std::int64_t total) {
    const double warmUp = std::max(1.0, kWarmUpShare * static_cast<double>(total));
    const double done = static_cast<double>(step);
    if (done <= warmUp) return peak * done / warmUp;
    const double rest = (done - warmUp) / std::max(1.0, static_cast<double>(total) - warmUp);
    return peak * 0.5 * (1 + std::cos(std::numbers::pi * rest));
}

torch::Tensor column(const std::vector<float>& values, torch::Device device) {
    return torch::tensor(values, torch::kFloat32).unsqueeze(1).to(device);
}

} // namespace

/// What one pass over the data draws, row by row in the order of the pass.
struct Trainer::Epoch {
    torch::Tensor rows;  ///< which row of the data
    torch::Tensor time;  ///< t, from 1 to T
    torch::Tensor noise; ///< eps, rows x tokens
    torch::Tensor given; ///< rows x 1: 0 where the conditions are hidden, else 1
    std::int64_t batches = 1;
};

Trainer::Trainer(Denoiser& denoiser, compute::FlatParameters& parameters, const NoiseSchedule& schedule,
                 const TrainingConfig& config)
    : m_denoiser(denoiser)
    , m_parameters(parameters)
    , m_config(config)
    , m_steps(schedule.steps())
    , m_device(parameters.values().device()) {
    std::vector<float> signal, noise;
    for (int t = 0; t <= m_steps; ++t) {
        signal.push_back(static_cast<float>(schedule.signal(t)));
        noise.push_back(static_cast<float>(schedule.noise(t)));
    }
    m_signal = column(signal, m_device);
    m_noise = column(noise, m_device);
    m_firstMoment = torch::zeros_like(parameters.values());
    m_secondMoment = torch::zeros_like(parameters.values());
    m_average = parameters.values().clone();
}

Trainer::Epoch Trainer::drawEpoch(std::int64_t rows, int number) const {
    RandomEngine engine(deriveSeed(m_config.seed, static_cast<std::uint64_t>(number)));
    Epoch epoch;
    epoch.batches = std::max<std::int64_t>(1, (rows + m_config.batchSize / 2) / m_config.batchSize);

    std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[engine() % i]);

    std::vector<std::int64_t> time;
    std::vector<float> given;
    for (std::int64_t batch = 0; batch < epoch.batches; ++batch) {
        // Stratified over the batch, which lowers the variance of the loss.
        const auto size = rows * (batch + 1) / epoch.batches - rows * batch / epoch.batches;
        for (std::int64_t i = 0; i < size; ++i) {
            const double share = (static_cast<double>(i) + uniform(engine)) / static_cast<double>(size);
            time.push_back(std::min<std::int64_t>(m_steps, 1 + static_cast<std::int64_t>(share * m_steps)));
            given.push_back(uniform(engine) < m_config.conditionDropout ? 0.0F : 1.0F);
        }
    }
    const auto tokens = m_denoiser->tokens();
    auto noise = torch::empty({rows, tokens}, torch::kFloat32);
    float* const values = noise.data_ptr<float>();
    for (std::int64_t i = 0; i < noise.numel(); ++i)
        values[i] = static_cast<float>(normal(engine));

    epoch.rows = torch::tensor(order, torch::kInt64).to(m_device);
    epoch.time = torch::tensor(time, torch::kInt64).to(m_device);
    epoch.noise = noise.to(m_device);
    epoch.given = column(given, m_device);
    return epoch;
}

torch::Tensor Trainer::loss(const torch::Tensor& data, const torch::Tensor& conditions, const Epoch& epoch,
                            std::int64_t begin, std::int64_t end) {
    const auto rows = epoch.rows.slice(0, begin, end);
    const auto time = epoch.time.slice(0, begin, end);
    const auto eps = epoch.noise.slice(0, begin, end);
    const auto given = epoch.given.slice(0, begin, end);
    const auto clean = data.index_select(0, rows);
    const auto signal = m_signal.index_select(0, time);
    const auto noise = m_noise.index_select(0, time);
    auto embedding = m_denoiser->embedTime(time.to(torch::kFloat32));
    const auto absent = m_denoiser->absentConditions();
    if (conditions.size(1) > 0) {
        embedding = embedding +
                    torch::lerp(absent, m_denoiser->embedConditions(conditions.index_select(0, rows)), given);
    } else {
        embedding = embedding + absent;
    }
    const auto predicted = m_denoiser->predict(clean * signal + eps * noise, embedding);
    return torch::mse_loss(predicted, velocity(signal, noise, clean, eps));
}

void Trainer::step(std::int64_t number, std::int64_t total) {
    const torch::NoGradGuard noGrad;
    const double rate = learningRate(m_config.learningRate, number, total);
    auto& values = m_parameters.values();
    auto& gradients = m_parameters.gradients();
    // Clipping by the global norm without a round trip to the host.
    gradients.mul_((kLargestGradientNorm / (gradients.norm() + 1e-6)).clamp_max(1.0));
    m_firstMoment.lerp_(gradients, 1 - kFirstMomentDecay);
    m_secondMoment.mul_(kSecondMomentDecay).addcmul_(gradients, gradients, 1 - kSecondMomentDecay);
    const double firstScale = 1 - std::pow(kFirstMomentDecay, static_cast<double>(number));
    const double secondScale = 1 - std::pow(kSecondMomentDecay, static_cast<double>(number));
    if (m_config.weightDecay > 0)
        values.addcmul_(values, m_parameters.decayed(), -rate * m_config.weightDecay);
    const auto root = m_secondMoment.sqrt().div_(std::sqrt(secondScale)).add_(kAdamEpsilon);
    values.addcdiv_(m_firstMoment, root, -rate / firstScale);
    gradients.zero_();
    // The average must not remember the first, untrained weights.
    const double decay = std::min(m_config.averageDecay,
                                  (1.0 + static_cast<double>(number)) / (10.0 + static_cast<double>(number)));
    m_average.lerp_(values, 1 - decay);
}

Result<TrainingReport> Trainer::run(const torch::Tensor& data, const torch::Tensor& conditions,
                                    JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    const auto rows = data.size(0);
    TrainingReport report;
    std::int64_t number = 0;
    for (int epochNumber = 1; epochNumber <= m_config.epochs; ++epochNumber) {
        const Epoch epoch = drawEpoch(rows, epochNumber);
        const std::int64_t total = epoch.batches * m_config.epochs;
        auto sum = torch::zeros({}, m_signal.options());
        for (std::int64_t batch = 0; batch < epoch.batches; ++batch) {
            if (context.cancelled()) return failCancelled();
            const auto begin = rows * batch / epoch.batches;
            const auto end = rows * (batch + 1) / epoch.batches;
            const auto value = loss(data, conditions, epoch, begin, end);
            value.backward();
            step(++number, total);
            sum.add_(value.detach(), static_cast<double>(end - begin) / static_cast<double>(rows));
        }
        const float mean = sum.item<float>();
        if (!std::isfinite(mean)) {
            return fail(ErrorCode::Convergence,
                        fmt::format("Training diverged in epoch {}: lower the learning rate.", epochNumber));
        }
        report.epochLoss.push_back(mean);
        context.progress(static_cast<double>(epochNumber) / m_config.epochs,
                         fmt::format("Training epoch {} of {}, loss {:.4f}", epochNumber, m_config.epochs,
                                     static_cast<double>(mean)));
    }
    const torch::NoGradGuard noGrad;
    m_parameters.values().copy_(m_average);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace headroom::diffusion
