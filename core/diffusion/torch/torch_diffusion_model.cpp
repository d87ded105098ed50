#include <algorithm>
#include <array>
#include <cmath>

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/random.h"
#include "core/compute/network_library.h"
#include "core/compute/thread_team.h"
#include "core/compute/torch/flat_parameters.h"
#include "core/compute/torch/tensors.h"
#include "core/compute/torch/torch_error.h"
#include "core/diffusion/network_factory.h"
#include "core/diffusion/noise_schedule.h"
#include "core/diffusion/torch/denoiser.h"
#include "core/diffusion/torch/trainer.h"

namespace headroom::diffusion {
namespace {

/// Rows that are sampled at once: bounds the memory of a large request on a GPU; on a CPU every thread takes
/// such batches, small enough to stay in its cache.
constexpr Eigen::Index kDeviceBatch = 1024;
constexpr Eigen::Index kHostBatch = 64;
/// How often each step is taken where tokens are known.
constexpr int kVisits = 5;

Result<void> checkFinite(const MatrixF& matrix, const char* what) {
    for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
        for (Eigen::Index col = 0; col < matrix.cols(); ++col) {
            if (!std::isfinite(matrix(row, col))) {
                return fail(ErrorCode::BadInput, fmt::format("Row {}, column {} of the {} is not finite.",
                                                             row + 1, col + 1, what));
            }
        }
    }
    return {};
}

class TorchDiffusionModel final : public DiffusionModel {
public:
    TorchDiffusionModel(const DenoiserConfig& config, std::uint64_t seed, torch::Device device)
        : m_config(config)
        , m_device(device)
        , m_schedule(NoiseSchedule::cosine(config.diffusionSteps))
        , m_denoiser(makeDenoiser(config, seed, device))
        , m_parameters(*m_denoiser) {}

    const DenoiserConfig& config() const override { return m_config; }

    Result<void> setWeights(const compute::WeightFile& weights) {
        return m_parameters.fromWeightFile(weights);
    }

    Result<TrainingReport> train(const MatrixF& data, const MatrixF& conditions, const TrainingConfig& config,
                                 JobContext& context) override {
        if (const auto valid = config.validate(); !valid) return forward(valid);
        if (const auto valid = checkTrainingData(data, conditions); !valid) return forward(valid);
        return compute::guardTorch([&]() -> Result<TrainingReport> {
            compute::setOperatorThreads(1);
            const auto before = m_parameters.values().clone();
            auto report = compute::guardTorch([&] {
                return Trainer(m_denoiser, m_parameters, m_schedule, m_config, config)
                    .run(compute::tensorFromMatrix(data, m_device),
                         compute::tensorFromMatrix(conditions, m_device), context);
            });
            const torch::NoGradGuard noGrad;
            m_parameters.gradients().zero_();
            if (!report) m_parameters.values().copy_(before);
            return report;
        });
    }

    Result<MatrixF> sample(const MatrixF& conditions, const SamplingConfig& config,
                           JobContext& context) override {
        if (const auto valid = config.validate(); !valid) return forward(valid);
        if (conditions.cols() != m_config.conditions) {
            return fail(ErrorCode::BadInput, fmt::format("The model takes {} conditions, not {}.",
                                                         m_config.conditions, conditions.cols()));
        }
        if (const auto finite = checkFinite(conditions, "conditions"); !finite) return forward(finite);
        for (const KnownToken& known : config.known) {
            if (known.token < 0 || known.token >= m_config.tokens || !std::isfinite(known.value))
                return fail(ErrorCode::BadInput, fmt::format("Token {} cannot be known.", known.token));
        }
        return compute::guardTorch([&]() -> Result<MatrixF> {
            MatrixF samples(conditions.rows(), m_config.tokens);
            const Eigen::Index size = m_device.is_cpu() ? kHostBatch : kDeviceBatch;
            const auto batches = static_cast<std::size_t>((conditions.rows() + size - 1) / size);
            const auto takeBatch = [&](std::size_t number) -> Result<void> {
                return compute::guardTorch([&]() -> Result<void> {
                    compute::setOperatorThreads(1); // of this thread, as is what follows
                    const c10::InferenceMode inference;
                    const Eigen::Index begin = static_cast<Eigen::Index>(number) * size;
                    const auto count = std::min(size, conditions.rows() - begin);
                    const auto batch =
                        sampleBatch(conditions.middleRows(begin, count), begin, config, context);
                    if (!batch) return forward(batch);
                    samples.middleRows(begin, count) = *batch;
                    return {};
                });
            };
            if (m_device.is_cpu()) {
                if (const auto done = compute::inParallel(batches, takeBatch, config.threads); !done)
                    return forward(done);
                return samples;
            }
            for (std::size_t number = 0; number < batches; ++number) {
                if (const auto done = takeBatch(number); !done) return forward(done);
            }
            return samples;
        });
    }

    compute::WeightFile weights() const override { return m_parameters.toWeightFile(); }

private:
    static Denoiser makeDenoiser(const DenoiserConfig& config, std::uint64_t seed, torch::Device device) {
        Denoiser denoiser(config);
        denoiser->initialise(seed);
        denoiser->to(device);
        return denoiser;
    }

    Result<void> checkTrainingData(const MatrixF& data, const MatrixF& conditions) const {
        if (data.rows() == 0 || data.cols() != m_config.tokens || conditions.cols() != m_config.conditions ||
            conditions.rows() != data.rows()) {
            return fail(
                ErrorCode::BadInput,
                fmt::format(
                    "The model is trained on rows of {} values and {} conditions, not on {} x {} values "
                    "and {} x {} conditions.",
                    m_config.tokens, m_config.conditions, data.rows(), data.cols(), conditions.rows(),
                    conditions.cols()));
        }
        if (auto finite = checkFinite(data, "data"); !finite) return finite;
        return checkFinite(conditions, "conditions");
    }

    /// Normal numbers of deviation @p scale for @p count rows from row @p first on: (1 + fresh) x rows x
    /// tokens. A row's numbers depend on the seed and the row alone.
    torch::Tensor drawNoise(Eigen::Index first, Eigen::Index count, std::int64_t fresh, double scale,
                            std::uint64_t seed) const {
        auto noise = torch::empty({1 + fresh, count, m_config.tokens}, torch::kFloat32);
        auto values = noise.accessor<float, 3>();
        for (Eigen::Index row = 0; row < count; ++row) {
            RandomEngine engine(deriveSeed(seed, static_cast<std::uint64_t>(first + row)));
            for (std::int64_t step = 0; step <= fresh; ++step) {
                for (int token = 0; token < m_config.tokens; ++token) {
                    values[step][row][token] = static_cast<float>(scale * normal(engine));
                }
            }
        }
        return noise.to(m_device);
    }

    /// Embeddings of the conditions that the guidance needs: with them, without, or both (with first).
    torch::Tensor embedGuided(const MatrixF& conditions, double guidance) {
        const auto rows = conditions.rows();
        const auto absent = m_denoiser->absentConditions().expand({rows, m_config.width});
        if (guidance == 0 || m_config.conditions == 0) return absent;
        const auto given = m_denoiser->embedConditions(compute::tensorFromMatrix(conditions, m_device));
        return guidance == 1 ? given : torch::cat({given, absent}, 0);
    }

    /// What the network says of a noisy sample at one step.
    struct Prediction {
        torch::Tensor data, eps;
    };
    Prediction predict(const torch::Tensor& x, const ReverseStep& move, const torch::Tensor& steer,
                       const SamplingConfig& config) {
        const auto rows = x.size(0);
        const bool isGuided = steer.size(0) == 2 * rows;
        const double signal = m_schedule.signal(move.from);
        const double sigma = m_schedule.noise(move.from);
        const auto time = torch::full({1}, static_cast<double>(move.from), x.options());
        auto v =
            m_denoiser->predict(isGuided ? torch::cat({x, x}, 0) : x, steer + m_denoiser->embedTime(time));
        if (isGuided) v = torch::lerp(v.slice(0, rows), v.slice(0, 0, rows), config.guidance);
        auto data = dataFromVelocity(signal, sigma, x, v);
        auto eps = noiseFromVelocity(signal, sigma, x, v);
        if (config.clamp > 0) data = data.clamp(-config.clamp, config.clamp);
        for (const KnownToken& known : config.known)
            data.select(1, known.token).fill_(known.value);
        if (config.clamp > 0 || !config.known.empty()) eps = (x - data * signal) / sigma;
        return {data, eps};
    }

    Result<MatrixF> sampleBatch(const MatrixF& conditions, Eigen::Index first, const SamplingConfig& config,
                                JobContext& context) {
        const auto moves = reverseProcess(m_schedule, std::min(config.steps, m_config.diffusionSteps),
                                          config.stochasticity, config.known.empty() ? config.order : 1);
        const int visits = config.known.empty() ? 1 : kVisits;
        const bool isStochastic = config.stochasticity > 0;
        const auto later = static_cast<std::int64_t>(moves.size()) - 1;
        const auto draws = later * ((isStochastic ? visits : 0) + visits - 1);
        const auto noise = drawNoise(first, conditions.rows(), draws, config.temperature, config.seed);
        const auto steer = embedGuided(conditions, config.guidance);
        torch::Tensor x = noise[0];
        torch::Tensor before; // the data predicted one step earlier
        std::int64_t draw = 0;
        for (std::size_t i = 0; i < moves.size(); ++i) {
            const auto& move = moves[i];
            const double kept = move.to > 0 ? m_schedule.signal(move.from) / m_schedule.signal(move.to) : 0;
            for (int visit = 0; visit < (move.to > 0 ? visits : 1); ++visit) {
                if (context.cancelled()) return failCancelled();
                // Back to where the move began, with fresh noise: the sampled tokens get to agree with the
                // known.
                if (visit > 0) x = x * kept + noise[++draw] * std::sqrt(1 - kept * kept);
                const auto [data, eps] = predict(x, move, steer, config);
                x = data * move.dataFactor + eps * move.noiseFactor;
                if (move.extrapolation != 0) x = x + (data - before) * move.extrapolation;
                before = data;
                if (isStochastic && move.to > 0) x = x + noise[++draw] * move.freshNoise;
            }
            context.progress(static_cast<double>(i + 1) / static_cast<double>(moves.size()), "Sampling");
        }
        return compute::matrixFromTensor<MatrixF>(x);
    }

    DenoiserConfig m_config;
    torch::Device m_device;
    NoiseSchedule m_schedule;
    Denoiser m_denoiser;
    compute::FlatParameters m_parameters;
};

} // namespace

HEADROOM_NETWORK_FACTORY void headroom_make_diffusion_model(const DenoiserConfig& config, std::uint64_t seed,
                                                            const compute::WeightFile* weights,
                                                            compute::DeviceChoice device,
                                                            Result<std::unique_ptr<DiffusionModel>>& model) {
    model = compute::guardTorch([&]() -> Result<std::unique_ptr<DiffusionModel>> {
        auto made = std::make_unique<TorchDiffusionModel>(config, seed, compute::torchDevice(device));
        if (weights != nullptr) {
            if (const auto set = made->setWeights(*weights); !set) return forward(set);
        }
        return made;
    });
}

} // namespace headroom::diffusion
