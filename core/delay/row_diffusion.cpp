#include "core/delay/row_diffusion.h"

#include "core/base/bounds.h"
#include "core/compute/network_library.h"
#include "core/delay/network_factory.h"

namespace headroom::delay {

Result<void> RowDiffusionConfig::validate() const {
    if (auto within = checkAll({checkWithin("The number of columns", columns, 1, 1e4),
                                checkWithin("The number of conditions", conditions, 0, 1e4),
                                checkWithin("The width of the network", width, 4, 4096),
                                checkWithin("The depth of the network", depth, 1, 32),
                                checkWithin("The number of diffusion steps", diffusionSteps, 2, 1e5),
                                checkWithin("The first beta", firstBeta, 0, 0.999),
                                checkWithin("The last beta", lastBeta, firstBeta, 0.999)});
        !within)
        return within;
    if (!isLinear() && prediction == RowPrediction::Noise)
        return fail(
            ErrorCode::BadInput,
            "A network that predicts noise learns nothing of the last step of the cosine schedule, which "
            "is nothing but noise: choose velocities or a linear schedule.");
    return {};
}

Result<void> RowTraining::validate() const {
    return checkAll({checkWithin("The number of epochs", epochs, 1, 1e7),
                     checkWithin("The batch size", batchSize, 2, 1e6),
                     checkWithin("The learning rate", learningRate, 1e-8, 1),
                     checkWithin("The weight decay", weightDecay, 0, 10),
                     checkWithin("The decay of the weight average", averageDecay, 0, 0.999999),
                     checkWithin("The number of previews", previews, 1, 1e6)});
}

Result<void> RowSampling::validate() const {
    return checkAll({checkWithin("The number of sampling steps", steps, 1, 1e5),
                     checkWithin("The stochasticity", stochasticity, 0, 1),
                     checkWithin("The order", order, 1, 2),
                     checkWithin("The number of threads", threads, 1, 4096)});
}

Result<std::unique_ptr<RowDiffusion>> createRowDiffusion(const RowDiffusionConfig& config, std::uint64_t seed,
                                                         compute::DeviceChoice choice) {
    if (const auto valid = config.validate(); !valid) return forward(valid);
    return compute::NetworkLibrary::make<MakeRowDiffusion, RowDiffusion>(kMakeRowDiffusion, choice, config,
                                                                         seed);
}

} // namespace headroom::delay
