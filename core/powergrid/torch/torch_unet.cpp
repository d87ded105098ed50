#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include "core/base/random.h"
#include "core/compute/network_library.h"
#include "core/compute/torch/adam_w.h"
#include "core/compute/torch/flat_parameters.h"
#include "core/compute/torch/tensors.h"
#include "core/compute/torch/torch_error.h"
#include "core/powergrid/network_factory.h"
#include "core/powergrid/torch/unet_module.h"

namespace headroom::powergrid {
namespace {

constexpr int kSymmetries = 8; ///< of a square

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
        const compute::AdamWSettings settings{training.learningRate, training.weightDecay,
                                              training.averageDecay, batches * training.epochs};
        compute::AdamWState state(m_parameters.values());
        UnetReport report;
        torch::Tensor best;
        double rested = 0;
        std::vector<std::int64_t> order(static_cast<std::size_t>(trained));
        std::iota(order.begin(), order.end(), 0);
        for (int epoch = 1; epoch <= training.epochs; ++epoch) {
            rested += context.waitWhilePaused();
            RandomEngine engine(deriveSeed(training.seed, static_cast<std::uint64_t>(epoch)));
            shuffle(order, engine);
            const auto mean = trainEpoch(inputs, targets, order, training, engine, settings, state, context);
            if (!mean) return forward(mean);
            report.epochLoss.push_back(*mean);
            if (kept > 0) {
                const float judged =
                    validate(inputs.slice(0, trained), targets.slice(0, trained), state.average, training);
                const bool isLeast =
                    report.validationLoss.empty() ||
                    judged < *std::min_element(report.validationLoss.begin(), report.validationLoss.end());
                report.validationLoss.push_back(judged);
                if (isLeast) {
                    best = state.average.clone();
                    report.bestEpoch = epoch;
                }
            }
            context.progress(
                static_cast<double>(epoch) / training.epochs,
                fmt::format("Training epoch {} of {}, loss {:.3g}", epoch, training.epochs, *mean));
        }
        if (!best.defined()) {
            best = state.average;
            report.bestEpoch = training.epochs;
        }
        const torch::NoGradGuard noGrad;
        m_parameters.values().copy_(best);
        report.seconds = std::chrono::duration<double>(Clock::now() - start).count() - rested;
        return report;
    }

    Result<float> trainEpoch(const torch::Tensor& inputs, const torch::Tensor& targets,
                             const std::vector<std::int64_t>& order, const UnetTraining& training,
                             RandomEngine& engine, const compute::AdamWSettings& settings,
                             compute::AdamWState& state, JobContext& context) {
        const auto count = static_cast<std::int64_t>(order.size());
        const auto indices = torch::tensor(order, torch::kInt64).to(m_device);
        // On the device: looking at every loss would make a GPU wait for each step.
        auto sum = torch::zeros({}, torch::TensorOptions().device(m_device).dtype(torch::kFloat64));
        for (std::int64_t first = 0; first < count; first += training.batchSize) {
            if (context.cancelled()) return failCancelled();
            const auto rows =
                indices.slice(0, first, std::min<std::int64_t>(first + training.batchSize, count));
            const int symmetry = training.turns ? static_cast<int>(engine() % kSymmetries) : 0;
            const auto value = loss(m_module(turned(inputs.index_select(0, rows), symmetry).contiguous()),
                                    turned(targets.index_select(0, rows), symmetry), training.hotspotFocus);
            value.backward();
            compute::takeStep(m_parameters, state, settings);
            sum += value.detach().to(torch::kFloat64) * rows.size(0);
        }
        const auto mean = static_cast<float>(sum.item<double>() / static_cast<double>(count));
        if (std::isfinite(mean)) return mean;
        return fail(ErrorCode::Convergence, "Training diverged: lower the learning rate.");
    }

    /// The loss of the averaged weights on images that are not trained on.
    float validate(const torch::Tensor& inputs, const torch::Tensor& targets, const torch::Tensor& average,
                   const UnetTraining& training) {
        const torch::NoGradGuard noGrad;
        const auto trained = m_parameters.values().clone();
        m_parameters.values().copy_(average);
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
        auto made = std::make_unique<TorchUnet>(config, seed, compute::torchDevice(device));
        if (weights != nullptr) {
            if (const auto set = made->setWeights(*weights); !set) return forward(set);
        }
        return made;
    });
}

} // namespace headroom::powergrid
