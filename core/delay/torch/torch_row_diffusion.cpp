#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/random.h"
#include "core/compute/network_library.h"
#include "core/compute/thread_team.h"
#include "core/compute/torch/adam_w.h"
#include "core/compute/torch/flat_parameters.h"
#include "core/compute/torch/tensors.h"
#include "core/compute/torch/torch_error.h"
#include "core/delay/network_factory.h"
#include "core/delay/torch/row_network.h"
#include "core/diffusion/noise_schedule.h"

namespace headroom::delay {
namespace {

using diffusion::NoiseSchedule;
using diffusion::ReverseStep;
using diffusion::TrainingReport;

/// Rows that are sampled at once: on a CPU few enough for its cache.
constexpr Eigen::Index kDeviceBatch = 16384, kHostBatch = 512;

torch::Tensor normalNumbers(RandomEngine& engine, at::IntArrayRef shape) {
    auto noise = torch::empty(shape, torch::kFloat32);
    float* const values = noise.data_ptr<float>();
    for (std::int64_t i = 0; i < noise.numel(); ++i)
        values[i] = static_cast<float>(normal(engine));
    return noise;
}

class TorchRowDiffusion final : public RowDiffusion {
public:
    TorchRowDiffusion(const RowDiffusionConfig& config, std::uint64_t seed, torch::Device device)
        : m_config(config)
        , m_device(device)
        , m_schedule(config.isLinear()
                         ? NoiseSchedule::linear(config.diffusionSteps, config.firstBeta, config.lastBeta)
                         : NoiseSchedule::cosine(config.diffusionSteps))
        , m_network(makeNetwork(config, seed, device))
        , m_parameters(*m_network) {}

    const RowDiffusionConfig& config() const override { return m_config; }

    Result<TrainingReport> train(const MatrixF& data, const MatrixF& conditions, const RowTraining& training,
                                 JobContext& context) override {
        if (const auto valid = training.validate(); !valid) return forward(valid);
        if (data.rows() < 2 || data.cols() != m_config.columns || conditions.cols() != m_config.conditions ||
            conditions.rows() != data.rows())
            return fail(
                ErrorCode::BadInput,
                fmt::format("The model is trained on rows of {} values and {} conditions, not on {} x {} "
                            "values and {} x {} conditions.",
                            m_config.columns, m_config.conditions, data.rows(), data.cols(),
                            conditions.rows(), conditions.cols()));
        if (!data.allFinite() || !conditions.allFinite())
            return fail(ErrorCode::BadInput, "A value that the model should be trained on is not finite.");
        return compute::guardTorch([&]() -> Result<TrainingReport> {
            compute::setOperatorThreads(1);
            return run(
                compute::tensorFromMatrix(data, m_device), compute::tensorFromMatrix(conditions, m_device),
                conditions.topRows(std::min(conditions.rows(), training.previewRows)), training, context);
        });
    }

    Result<MatrixF> sample(const MatrixF& conditions, const RowSampling& sampling,
                           JobContext& context) override {
        if (const auto valid = sampling.validate(); !valid) return forward(valid);
        if (conditions.cols() != m_config.conditions || !conditions.allFinite())
            return fail(ErrorCode::BadInput,
                        fmt::format("The model takes {} finite conditions.", m_config.conditions));
        return compute::guardTorch([&]() -> Result<MatrixF> {
            m_network->eval();
            MatrixF samples(conditions.rows(), m_config.columns);
            const Eigen::Index size = m_device.is_cpu() ? kHostBatch : kDeviceBatch;
            const auto batches = static_cast<std::size_t>((conditions.rows() + size - 1) / size);
            std::atomic<std::size_t> done = 0;
            const auto takeBatch = [&](std::size_t number) -> Result<void> {
                return compute::guardTorch([&]() -> Result<void> {
                    compute::setOperatorThreads(1); // of this thread, as is what follows
                    const c10::InferenceMode inference;
                    const auto begin = static_cast<Eigen::Index>(number) * size;
                    const auto count = std::min(size, conditions.rows() - begin);
                    const auto batch =
                        sampleBatch(conditions.middleRows(begin, count), begin, sampling, context);
                    if (!batch) return forward(batch);
                    samples.middleRows(begin, count) = *batch;
                    context.progress(static_cast<double>(++done) / static_cast<double>(batches), "Sampling");
                    return {};
                });
            };
            const int threads = m_device.is_cpu() ? sampling.threads : 1;
            if (const auto taken = compute::inParallel(batches, takeBatch, threads); !taken)
                return forward(taken);
            return samples;
        });
    }

    compute::WeightFile weights() const override {
        const torch::NoGradGuard noGrad;
        compute::WeightFile file = m_parameters.toWeightFile();
        for (const auto& [name, buffer] : floatBuffers()) {
            const auto host = buffer.cpu().contiguous();
            const float* const begin = host.data_ptr<float>();
            file.tensors[name] = {host.sizes().vec(), std::vector<float>(begin, begin + host.numel())};
        }
        return file;
    }

    Result<void> setWeights(const compute::WeightFile& file) override {
        return compute::guardTorch([&]() -> Result<void> {
            const torch::NoGradGuard noGrad;
            compute::WeightFile parameters = file;
            for (auto& [name, buffer] : floatBuffers()) {
                const auto found = parameters.tensors.extract(name);
                const bool fits = found && found.mapped().shape == buffer.sizes().vec() &&
                                  static_cast<std::int64_t>(found.mapped().values.size()) == buffer.numel();
                if (!fits)
                    return fail(
                        ErrorCode::Corrupt,
                        fmt::format("The weights lack the tensor {} or have it of another shape.", name));
                buffer.copy_(torch::tensor(found.mapped().values, torch::kFloat32).view(buffer.sizes()));
            }
            return m_parameters.fromWeightFile(parameters);
        });
    }

private:
    /// The running figures of batch normalisation.
    std::vector<std::pair<std::string, torch::Tensor>> floatBuffers() const {
        std::vector<std::pair<std::string, torch::Tensor>> buffers;
        for (const auto& item : m_network->named_buffers()) {
            if (item.value().scalar_type() == torch::kFloat32) buffers.emplace_back(item.key(), item.value());
        }
        return buffers;
    }

    static std::shared_ptr<RowNetworkModule> makeNetwork(const RowDiffusionConfig& config, std::uint64_t seed,
                                                         torch::Device device) {
        auto network = makeRowNetwork(config);
        network->initialise(seed);
        network->to(device);
        return network;
    }

    /// @param shown conditions of the rows that previews sample
    Result<TrainingReport> run(const torch::Tensor& data, const torch::Tensor& conditions,
                               const MatrixF& shown, const RowTraining& training, JobContext& context) {
        using Clock = std::chrono::steady_clock;
        const auto start = Clock::now();
        const std::int64_t rows = data.size(0);
        // Of about equal size: batch normalisation fails on a last batch of one row.
        const std::int64_t batches =
            std::max<std::int64_t>(1, (rows + training.batchSize / 2) / training.batchSize);
        const compute::AdamWSettings settings{training.learningRate, training.weightDecay,
                                              training.averageDecay, batches * training.epochs};
        compute::AdamWState state(m_parameters.values());
        TrainingReport report;
        std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
        std::iota(order.begin(), order.end(), 0);
        double rested = 0;
        m_network->train();
        for (int epoch = 1; epoch <= training.epochs; ++epoch) {
            rested += context.waitWhilePaused();
            RandomEngine engine(deriveSeed(training.seed, static_cast<std::uint64_t>(epoch)));
            shuffle(order, engine);
            const auto indices = torch::tensor(order, torch::kInt64).to(m_device);
            auto sum = torch::zeros({}, data.options());
            for (std::int64_t batch = 0; batch < batches; ++batch) {
                if (context.cancelled()) return failCancelled();
                const auto begin = rows * batch / batches, end = rows * (batch + 1) / batches;
                const auto chosen = indices.slice(0, begin, end);
                const auto value =
                    loss(data.index_select(0, chosen), conditions.index_select(0, chosen), engine);
                value.backward();
                compute::takeStep(m_parameters, state, settings);
                sum.add_(value.detach(), static_cast<double>(end - begin) / static_cast<double>(rows));
            }
            const float mean = sum.item<float>();
            if (!std::isfinite(mean))
                return fail(ErrorCode::Convergence,
                            fmt::format("Training diverged in epoch {}: lower the learning rate.", epoch));
            report.epochLoss.push_back(mean);
            if (training.watch && epoch % std::max(1, training.epochs / training.previews) == 0) {
                const auto samples = preview(shown, state.average, training.previewSampling, context);
                if (!samples) return forward(samples);
                training.watch({epoch, report.epochLoss, *samples});
            }
            context.progress(
                static_cast<double>(epoch) / training.epochs,
                fmt::format("Training epoch {} of {}, loss {:.3g}", epoch, training.epochs, mean));
        }
        const torch::NoGradGuard noGrad;
        m_parameters.values().copy_(state.average);
        report.bestEpoch = training.epochs;
        report.seconds = std::chrono::duration<double>(Clock::now() - start).count() - rested;
        return report;
    }

    /// Samples by the averaged weights; the training's own are put back.
    Result<MatrixF> preview(const MatrixF& conditions, const torch::Tensor& average,
                            const RowSampling& sampling, JobContext& context) {
        const torch::NoGradGuard noGrad;
        const auto trained = m_parameters.values().clone();
        m_parameters.values().copy_(average);
        m_network->eval();
        auto samples = sampleBatch(conditions, 0, sampling, context);
        m_network->train();
        m_parameters.values().copy_(trained);
        return samples;
    }

    torch::Tensor loss(const torch::Tensor& clean, const torch::Tensor& conditions, RandomEngine& engine) {
        const std::int64_t rows = clean.size(0);
        std::vector<float> time, signal, noise;
        for (std::int64_t i = 0; i < rows; ++i) {
            // Stratified over the batch, which lowers the variance of the loss.
            const double share = (static_cast<double>(i) + uniform(engine)) / static_cast<double>(rows);
            const int t =
                std::min(m_config.diffusionSteps, 1 + static_cast<int>(share * m_config.diffusionSteps));
            time.push_back(timeOf(t));
            signal.push_back(static_cast<float>(m_schedule.signal(t)));
            noise.push_back(static_cast<float>(m_schedule.noise(t)));
        }
        const auto alpha = compute::column(signal, m_device), sigma = compute::column(noise, m_device);
        const auto eps = normalNumbers(engine, clean.sizes()).to(m_device);
        const auto made = m_network->predict(clean * alpha + eps * sigma, compute::column(time, m_device),
                                             m_network->embed(conditions));
        return torch::mse_loss(made, m_config.prediction == RowPrediction::Noise
                                         ? eps
                                         : diffusion::velocity(alpha, sigma, clean, eps));
    }

    float timeOf(int t) const { return static_cast<float>(t) / static_cast<float>(m_config.diffusionSteps); }

    /// A row's numbers depend on the seed and the row alone. @return (1 + fresh) x rows x columns
    torch::Tensor drawNoise(Eigen::Index first, Eigen::Index count, std::int64_t fresh,
                            std::uint64_t seed) const {
        auto noise = torch::empty({1 + fresh, count, m_config.columns}, torch::kFloat32);
        auto values = noise.accessor<float, 3>();
        for (Eigen::Index row = 0; row < count; ++row) {
            RandomEngine engine(deriveSeed(seed, static_cast<std::uint64_t>(first + row)));
            for (std::int64_t step = 0; step <= fresh; ++step) {
                for (int c = 0; c < m_config.columns; ++c)
                    values[step][row][c] = static_cast<float>(normal(engine));
            }
        }
        return noise.to(m_device);
    }

    Result<MatrixF> sampleBatch(const MatrixF& conditions, Eigen::Index first, const RowSampling& sampling,
                                JobContext& context) {
        const auto moves = reverseProcess(m_schedule, std::min(sampling.steps, m_config.diffusionSteps),
                                          sampling.stochasticity, sampling.order);
        const bool isStochastic = sampling.stochasticity > 0;
        const auto noise =
            drawNoise(first, conditions.rows(), isStochastic ? static_cast<std::int64_t>(moves.size()) : 0,
                      sampling.seed);
        const auto steer = m_network->embed(compute::tensorFromMatrix(conditions, m_device));
        torch::Tensor x = noise[0], before;
        for (std::size_t i = 0; i < moves.size(); ++i) {
            if (context.cancelled()) return failCancelled();
            const ReverseStep& move = moves[i];
            const double signal = m_schedule.signal(move.from), sigma = m_schedule.noise(move.from);
            const auto time = torch::full({1, 1}, timeOf(move.from), x.options());
            const auto made = m_network->predict(x, time, steer);
            torch::Tensor data, eps;
            if (m_config.prediction == RowPrediction::Noise) {
                data = (x - made * sigma) / signal;
                eps = made;
            } else {
                data = diffusion::dataFromVelocity(signal, sigma, x, made);
                eps = diffusion::noiseFromVelocity(signal, sigma, x, made);
            }
            x = data * move.dataFactor + eps * move.noiseFactor;
            if (move.extrapolation != 0) x = x + (data - before) * move.extrapolation;
            before = data;
            if (isStochastic && move.to > 0)
                x = x + noise[static_cast<std::int64_t>(i) + 1] * move.freshNoise;
        }
        return compute::matrixFromTensor<MatrixF>(x);
    }

    RowDiffusionConfig m_config;
    torch::Device m_device;
    NoiseSchedule m_schedule;
    std::shared_ptr<RowNetworkModule> m_network;
    compute::FlatParameters m_parameters;
};

} // namespace

HEADROOM_NETWORK_FACTORY void headroom_make_row_diffusion(const RowDiffusionConfig& config,
                                                          std::uint64_t seed, compute::DeviceChoice device,
                                                          Result<std::unique_ptr<RowDiffusion>>& model) {
    model = compute::guardTorch([&]() -> Result<std::unique_ptr<RowDiffusion>> {
        return std::make_unique<TorchRowDiffusion>(config, seed, compute::torchDevice(device));
    });
}

} // namespace headroom::delay
