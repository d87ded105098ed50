#include "core/diffusion/diffusion_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/bounds.h"
#include "core/compute/network_library.h"
#include "core/diffusion/network_factory.h"

namespace headroom::diffusion {
namespace {

struct Sampler {
    const char* name;
    double stochasticity;
    int order;
};
constexpr std::array<Sampler, 4> kSamplers{
    {{"ddpm", 1, 1}, {"ddim", 0, 1}, {"dpm++", 0, 2}, {"dpm++sde", 1, 2}}};

tl::unexpected<Error> badSetting(const std::string& message) {
    return fail(ErrorCode::BadInput, message);
}

Result<std::unique_ptr<DiffusionModel>> makeModel(const DenoiserConfig& config, std::uint64_t seed,
                                                  const compute::WeightFile* weights,
                                                  compute::DeviceChoice choice) {
    if (const auto valid = config.validate(); !valid) return forward(valid);
    return compute::NetworkLibrary::make<MakeDiffusionModel, DiffusionModel>(kMakeDiffusionModel, choice,
                                                                             config, seed, weights);
}

} // namespace

Result<void> DenoiserConfig::validate() const {
    if (auto valid = checkAll({checkWithin("The number of tokens", tokens, 1, 4096),
                               checkWithin("The number of conditions", conditions, 0, 4096),
                               checkWithin("The denoiser's width", width, 2, 4096),
                               checkWithin("The denoiser's depth", depth, 1, 64),
                               checkWithin("The number of heads", heads, 1, 256),
                               checkWithin("The feed-forward width", feedForward, 1, 65536),
                               checkWithin("The number of diffusion steps", diffusionSteps, 2, 100000)});
        !valid) {
        return valid;
    }
    if (width % heads != 0 || width % 2 != 0) {
        return badSetting(fmt::format("The denoiser's width {} must be even and a multiple of its {} heads.",
                                      width, heads));
    }
    for (const std::vector<int>& group : groups) {
        for (const int token : group) {
            if (token < 0 || token >= tokens)
                return badSetting(fmt::format("A group of tokens names token {} of {}.", token, tokens));
        }
    }
    return {};
}

std::string DenoiserConfig::toString() const {
    return fmt::format("{} tokens, {} conditions, width {}, depth {}, {} heads, feed-forward {}, {} steps",
                       tokens, conditions, width, depth, heads, feedForward, diffusionSteps);
}

Result<void> TrainingConfig::validate() const {
    return checkAll({checkWithin("The number of epochs", epochs, 1, 1e6),
                     checkWithin("The batch size", batchSize, 1, 1e6),
                     checkWithin("The learning rate", learningRate, 1e-8, 1),
                     checkWithin("The weight decay", weightDecay, 0, 10),
                     checkWithin("The condition dropout", conditionDropout, 0, 1),
                     checkWithin("The decay of the weight average", averageDecay, 0, 0.999999),
                     checkWithin("The share of rows for validation", validationShare, 0, 0.9),
                     checkWithin("The patience", patience, 0, 1e6),
                     checkWithin("The time between checkpoints", checkpointSeconds, 0, 1e6)});
}

Result<void> SamplingConfig::validate() const {
    return checkAll(
        {checkWithin("The number of sampling steps", steps, 1, 100000),
         checkWithin("The guidance", guidance, 0, 100), checkWithin("The stochasticity", stochasticity, 0, 1),
         checkWithin("The sampler's order", order, 1, 2), checkWithin("The temperature", temperature, 0, 10),
         checkWithin("The clamp", clamp, 0, 1e6), checkWithin("The number of threads", threads, 1, 4096)});
}

const std::vector<std::string>& samplerNames() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Sampler& sampler : kSamplers)
            all.emplace_back(sampler.name);
        return all;
    }();
    return names;
}

Result<void> chooseSampler(SamplingConfig& sampling, std::string_view name) {
    for (const Sampler& sampler : kSamplers) {
        if (name != sampler.name) continue;
        sampling.stochasticity = sampler.stochasticity;
        sampling.order = sampler.order;
        return {};
    }
    return fail(ErrorCode::NotFound,
                fmt::format("\"{}\" is no sampler; there are {}.", name, fmt::join(samplerNames(), ", ")));
}

std::string samplerOf(const SamplingConfig& sampling) {
    for (const Sampler& sampler : kSamplers) {
        if (sampling.stochasticity == sampler.stochasticity && sampling.order == sampler.order)
            return sampler.name;
    }
    return {};
}

Result<std::unique_ptr<DiffusionModel>> createDiffusionModel(const DenoiserConfig& config, std::uint64_t seed,
                                                             compute::DeviceChoice device) {
    return makeModel(config, seed, nullptr, device);
}

Result<std::unique_ptr<DiffusionModel>> loadDiffusionModel(const DenoiserConfig& config,
                                                           const compute::WeightFile& weights,
                                                           compute::DeviceChoice device) {
    return makeModel(config, 0, &weights, device);
}

} // namespace headroom::diffusion
