#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/compute/device.h"
#include "core/compute/weight_file.h"
#include "core/diffusion/diffusion_model.h"

namespace headroom::delay {

using diffusion::MatrixF;

enum class RowNetwork {
    /// An encoder and a decoder of fully connected layers with batch normalisation and leaky rectifiers, told
    /// the
    /// time as one more input (arXiv 2310.10691).
    EncoderDecoder,
    /// A multilayer perceptron with residual connections, told the time by an embedding in every block
    /// (Gorishniy et al., NeurIPS 2021; Kotelnikov et al., ICML 2023).
    Residual,
};

enum class RowPrediction {
    Noise,    ///< eps (Ho et al. 2020, equation 14)
    Velocity, ///< v (Salimans and Ho 2022, appendix D)
};

/// A diffusion model of rows of numbers.
struct RowDiffusionConfig {
    RowNetwork network = RowNetwork::Residual;
    RowPrediction prediction = RowPrediction::Velocity;
    int columns = 0;           ///< that are diffused
    int conditions = 0;        ///< numbers that are given instead
    int width = 128;           ///< of the layers; of the encoder's first one, each later one half as wide
    int depth = 2;             ///< residual blocks, or layers of the encoder
    int diffusionSteps = 1000; ///< T
    /// Of the linear schedule; both zero: the cosine one, which ends in nothing but noise and so wants
    /// velocities.
    double firstBeta = 0, lastBeta = 0;

    bool isLinear() const { return firstBeta > 0; }
    Result<void> validate() const;
};

struct RowSampling {
    int steps = 10;           ///< of the reverse process, at most T
    double stochasticity = 0; ///< eta: 1 ancestral (DDPM), 0 deterministic
    int order = 2;            ///< 2: DPM-Solver++(2M)
    std::uint64_t seed = 1;
    int threads = 1; ///< that share the rows on a CPU; samples do not depend on it

    Result<void> validate() const;
};

/// Of a training that is under way.
struct RowPreview {
    int epoch = 0;                       ///< done
    const std::vector<float>& epochLoss; ///< so far
    const MatrixF& samples;              ///< by the averaged weights, given the first rows' conditions
};

/// The defaults suit some hundred rows of ten to thirty columns. With so few a network soon knows them by
/// heart; the strong weight decay is what prevents it.
struct RowTraining {
    int epochs = 1000;
    int batchSize = 128;
    double learningRate = 2e-3;  ///< peak; warm-up, then cosine decay to zero
    double weightDecay = 1;      ///< of matrices, times the learning rate per step (AdamW)
    double averageDecay = 0.995; ///< of the moving average whose weights are kept; 0: the last weights
    std::uint64_t seed = 1;
    /// Told how far the training is, so often in its course; weights do not depend on it. May be empty.
    std::function<void(const RowPreview&)> watch;
    int previews = 20;
    Eigen::Index previewRows = 200; ///< at most as many as are trained on
    RowSampling previewSampling;

    Result<void> validate() const;
};

/// A diffusion model over rows of numbers of about zero mean and unit variance. Equal seeds give equal
/// samples on the same device; sample i depends on the seed, i and its conditions alone. Not thread-safe.
class RowDiffusion {
public:
    virtual ~RowDiffusion() = default;

    virtual const RowDiffusionConfig& config() const = 0;

    /// Errors: BadInput (shapes, values that are not finite), Convergence, Cancelled; the model is then of no
    /// use.
    /// @param data rows x columns  @param conditions rows x conditions
    virtual Result<diffusion::TrainingReport> train(const MatrixF& data, const MatrixF& conditions,
                                                    const RowTraining& training, JobContext& context) = 0;

    /// One sample per row of @p conditions, which may have no columns. @return rows x columns
    virtual Result<MatrixF> sample(const MatrixF& conditions, const RowSampling& sampling,
                                   JobContext& context) = 0;

    /// Parameters, and the running figures of batch normalisation.
    virtual compute::WeightFile weights() const = 0;
    /// Error Corrupt, naming the tensor, where one is missing, superfluous, of another shape or not finite.
    virtual Result<void> setWeights(const compute::WeightFile& file) = 0;
};

/// Fresh weights by @p seed alone. Errors: those of compute::NetworkLibrary::load(), BadInput.
Result<std::unique_ptr<RowDiffusion>> createRowDiffusion(const RowDiffusionConfig& config, std::uint64_t seed,
                                                         compute::DeviceChoice device);

} // namespace headroom::delay
