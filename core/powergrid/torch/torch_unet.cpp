#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/random.h"
#include "core/compute/network_library.h"
#include "core/compute/torch/flat_parameters.h"
#include "core/compute/torch/tensors.h"
#include "core/compute/torch/torch_error.h"
#include "core/powergrid/network_factory.h"
#include "core/powergrid/torch/unet_module.h"

namespace headroom::powergrid {
namespace {

constexpr double kFirstMoment = 0.9, kSecondMoment = 0.999, kEpsilon = 1e-8;
constexpr double kWarmUp = 0.05; ///< share of all steps
constexpr int kSymmetries = 8;   ///< of a square

Result<void> checkImages(const ImageBatch& images, std::int64_t channels, int alignment, const char* what) {
    const auto expected = images.images * images.channels * images.rows * images.columns;
    if (images.channels != channels || images.images < 1 ||
        expected != static_cast<std::int64_t>(images.values.size()))
        return fail(ErrorCode::BadInput,
                    fmt::format("The {} should be images of {} channels.", what, channels));
    if (images.rows < 1 || images.columns < 1 || images.rows % alignment != 0 ||
        images.columns % alignment != 0)
        return fail(ErrorCode::BadInput,
                    fmt::format("The sides of the {}, {} x {}, should be multiples of {}.", what, images.rows,
                                images.columns, alignment));
    const bool finite = std::all_of(images.values.begin(), images.values.end(),
                                    [](float value) { return std::isfinite(value); });
    if (!finite) return fail(ErrorCode::BadInput, fmt::format("A value of the {} is not finite.", what));
    return {};
}

torch::Tensor tensorOf(const ImageBatch& images, torch::Device device) {
    auto tensor =
        torch::empty({images.images, images.channels, images.rows, images.columns}, torch::kFloat32);
    std::copy(images.values.begin(), images.values.end(), tensor.data_ptr<float>());
    return tensor.to(device);
}

/// One of the symmetries of a square (of a rectangle, where the sides differ).
torch::Tensor turned(torch::Tensor images, int symmetry) {
    if ((symmetry & 1) != 0) images = images.flip({2});
    if ((symmetry & 2) != 0) images = images.flip({3});
    if ((symmetry & 4) != 0 && images.size(2) == images.size(3)) images = images.transpose(2, 3);
    return images;
}

/// AdamW over all parameters at once, with warm-up, cosine decay and a moving average.
class Optimiser {
public:
    Optimiser(compute::FlatParameters& parameters, const UnetTraining& training, std::int64_t steps)
        : average(parameters.values().clone())
        , m_parameters(parameters)
        , m_training(training)
        , m_steps(steps)
        , m_first(torch::zeros_like(parameters.values()))
        , m_second(torch::zeros_like(parameters.values())) {}

    void step() {
        const torch::NoGradGuard noGrad;
        const auto number = static_cast<double>(++m_number);
        const double share = number / static_cast<double>(m_steps);
        const double warm = std::min(1.0, share / kWarmUp);
        const double rate = m_training.learningRate * warm * 0.5 * (1 + std::cos(M_PI * share));
        auto& gradients = m_parameters.gradients();
        auto& values = m_parameters.values();
        m_first.lerp_(gradients, 1 - kFirstMoment);
        m_second.mul_(kSecondMoment).addcmul_(gradients, gradients, 1 - kSecondMoment);
        const double firstScale = 1 - std::pow(kFirstMoment, number);
        const double secondScale = 1 - std::pow(kSecondMoment, number);
        if (m_training.weightDecay > 0)
            values.addcmul_(values, m_parameters.decayed(), -rate * m_training.weightDecay);
        values.addcdiv_(m_first, m_second.sqrt().div_(std::sqrt(secondScale)).add_(kEpsilon),
                        -rate / firstScale);
        gradients.zero_();
        // The average must not remember the first, untrained weights.
        average.lerp_(values, 1 - std::min(m_training.averageDecay, (1 + number) / (10 + number)));
    }

    torch::Tensor average;

private:
    compute::FlatParameters& m_parameters;
    const UnetTraining& m_training;
    std::int64_t m_steps, m_number = 0;
    torch::Tensor m_first, m_second;
};

class TorchUnet final : public Unet {
public:
    TorchUnet(const UnetConfig& config, std::uint64_t seed, torch::Device device)
        : m_config(config)
        , m_device(device)
        , m_module(makeModule(config, seed, device))
        , m_parameters(*m_module) {}

    const UnetConfig& config() const override { return m_config; }

    Result<void> setWeights(const compute::WeightFile& weights) {
        return m_parameters.fromWeightFile(weights);
    }

    compute::WeightFile weights() const override { return m_parameters.toWeightFile(); }

    Result<UnetReport> train(const ImageBatch& inputs, const ImageBatch& targets,
                             const UnetTraining& training, JobContext& context) override {
        if (const auto valid = training.validate(); !valid) return forward(valid);
        if (const auto valid = checkImages(inputs, m_config.inputs, m_config.alignment(), "inputs"); !valid)
            return forward(valid);
        if (const auto valid = checkImages(targets, 1, m_config.alignment(), "targets"); !valid)
            return forward(valid);
        if (inputs.images != targets.images || inputs.rows != targets.rows ||
            inputs.columns != targets.columns)
            return fail(ErrorCode::BadInput, "Inputs and targets should be equally many images of one size.");
        return compute::guardTorch([&]() -> Result<UnetReport> {
            compute::setOperatorThreads(training.threads);
            const auto before = m_parameters.values().clone();
            auto report = compute::guardTorch([&] {
                return run(tensorOf(inputs, m_device), tensorOf(targets, m_device), training, context);
            });
            const torch::NoGradGuard noGrad;
            m_parameters.gradients().zero_();
            if (!report) m_parameters.values().copy_(before);
            return report;
        });
    }

    Result<ImageBatch> predict(const ImageBatch& inputs, int threads, JobContext& context) override {
        if (const auto valid = checkImages(inputs, m_config.inputs, m_config.alignment(), "inputs"); !valid)
            return forward(valid);
        if (context.cancelled()) return failCancelled();
        return compute::guardTorch([&]() -> Result<ImageBatch> {
            compute::setOperatorThreads(threads);
            const c10::InferenceMode inference;
            const auto made = m_module(tensorOf(inputs, m_device)).cpu().contiguous();
            ImageBatch result(inputs.images, 1, inputs.rows, inputs.columns);
            std::copy_n(made.data_ptr<float>(), made.numel(), result.values.begin());
            return result;
        });
    }

private:
    static UnetModule makeModule(const UnetConfig& config, std::uint64_t seed, torch::Device device) {
        UnetModule module(config);
        module->initialise(seed);
        module->to(device);
        return module;
    }

    static torch::Tensor loss(const torch::Tensor& made, const torch::Tensor& target, double focus) {
        auto errors = (made - target).square();
        if (focus > 0) {
            const auto largest = target.abs().amax({1, 2, 3}, true).clamp_min(1e-12);
            errors = errors * (1 + focus * (target / largest).square());
        }
        return errors.mean();
    }

    Result<UnetReport> run(const torch::Tensor& inputs, const torch::Tensor& targets,
                           const UnetTraining& training, JobContext& context) {
        using Clock = std::chrono::steady_clock;
        const auto start = Clock::now();
        const auto kept =
            static_cast<std::int64_t>(training.validationShare * static_cast<double>(inputs.size(0)));
        const std::int64_t trained = inputs.size(0) - kept;
        const std::int64_t batches = (trained + training.batchSize - 1) / training.batchSize;
        Optimiser optimiser(m_parameters, training, batches * training.epochs);
        UnetReport report;
        torch::Tensor best;
        double rested = 0;
        std::vector<std::int64_t> order(static_cast<std::size_t>(trained));
        std::iota(order.begin(), order.end(), 0);
        for (int epoch = 1; epoch <= training.epochs; ++epoch) {
            rested += context.waitWhilePaused();
            RandomEngine engine(deriveSeed(training.seed, static_cast<std::uint64_t>(epoch)));
            for (std::size_t i = order.size(); i > 1; --i)
                std::swap(order[i - 1], order[engine() % i]);
            const auto mean = trainEpoch(inputs, targets, order, training, engine, optimiser, context);
            if (!mean) return forward(mean);
            report.epochLoss.push_back(*mean);
            if (kept > 0) {
                const float judged =
                    validate(inputs.slice(0, trained), targets.slice(0, trained), optimiser, training);
                const bool isLeast =
                    report.validationLoss.empty() ||
                    judged < *std::min_element(report.validationLoss.begin(), report.validationLoss.end());
                report.validationLoss.push_back(judged);
                if (isLeast) {
                    best = optimiser.average.clone();
                    report.bestEpoch = epoch;
                }
            }
            context.progress(
                static_cast<double>(epoch) / training.epochs,
                fmt::format("Training epoch {} of {}, loss {:.3g}", epoch, training.epochs, *mean));
        }
        if (!best.defined()) {
            best = optimiser.average;
            report.bestEpoch = training.epochs;
        }
        const torch::NoGradGuard noGrad;
        m_parameters.values().copy_(best);
        report.seconds = std::chrono::duration<double>(Clock::now() - start).count() - rested;
        return report;
    }

    Result<float> trainEpoch(const torch::Tensor& inputs, const torch::Tensor& targets,
                             const std::vector<std::int64_t>& order, const UnetTraining& training,
                             RandomEngine& engine, Optimiser& optimiser, JobContext& context) {
        const auto count = static_cast<std::int64_t>(order.size());
        const auto indices = torch::tensor(order, torch::kInt64).to(m_device);
        double sum = 0;
        for (std::int64_t first = 0; first < count; first += training.batchSize) {
            if (context.cancelled()) return failCancelled();
            const auto rows =
                indices.slice(0, first, std::min<std::int64_t>(first + training.batchSize, count));
            const int symmetry = training.turns ? static_cast<int>(engine() % kSymmetries) : 0;
            const auto value = loss(m_module(turned(inputs.index_select(0, rows), symmetry).contiguous()),
                                    turned(targets.index_select(0, rows), symmetry), training.hotspotFocus);
            value.backward();
            optimiser.step();
            sum += value.item<double>() * static_cast<double>(rows.size(0));
        }
        const auto mean = static_cast<float>(sum / static_cast<double>(count));
        if (std::isfinite(mean)) return mean;
        return fail(ErrorCode::Convergence, "Training diverged: lower the learning rate.");
    }

    /// The loss of the averaged weights on images that are not trained on.
    float validate(const torch::Tensor& inputs, const torch::Tensor& targets, const Optimiser& optimiser,
                   const UnetTraining& training) {
        const torch::NoGradGuard noGrad;
        const auto trained = m_parameters.values().clone();
        m_parameters.values().copy_(optimiser.average);
        double sum = 0;
        for (std::int64_t first = 0; first < inputs.size(0); first += training.batchSize) {
            const auto last = std::min<std::int64_t>(first + training.batchSize, inputs.size(0));
            sum += loss(m_module(inputs.slice(0, first, last)), targets.slice(0, first, last),
                        training.hotspotFocus)
                       .item<double>() *
                   static_cast<double>(last - first);
        }
        m_parameters.values().copy_(trained);
        return static_cast<float>(sum / static_cast<double>(inputs.size(0)));
    }

    UnetConfig m_config;
    torch::Device m_device;
    UnetModule m_module;
    compute::FlatParameters m_parameters;
};

} // namespace

HEADROOM_NETWORK_FACTORY void headroom_make_unet(const UnetConfig& config, std::uint64_t seed,
                                                 const compute::WeightFile* weights,
                                                 compute::DeviceChoice device,
                                                 Result<std::unique_ptr<Unet>>& network) {
    network = compute::guardTorch([&]() -> Result<std::unique_ptr<Unet>> {
        auto made = std::make_unique<TorchUnet>(
            config, seed,
            device == compute::DeviceChoice::Cuda ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU));
        if (weights != nullptr) {
            if (const auto set = made->setWeights(*weights); !set) return forward(set);
        }
        return made;
    });
}

} // namespace headroom::powergrid
