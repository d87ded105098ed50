#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/compute/device.h"
#include "core/compute/weight_file.h"

namespace headroom::diffusion {

using MatrixF = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Shape of the denoiser: a transformer whose tokens are the scalar parameters of one block, guided by a
/// vector of conditions through adaLN-Zero modulation (Peebles and Xie 2023, section 3.2).
struct DenoiserConfig {
    int tokens = 0;
    int conditions = 0;
    int width = 64;
    int depth = 3;
    int heads = 4;
    int feedForward = 128;
    int diffusionSteps = 1000; ///< T of the schedule the model is trained on
    /// Tokens that belong together, by token number; a token may be in several groups or in none. Where there
    /// are any, every second head lets a token attend to its own groups alone, the others to all tokens.
    std::vector<std::vector<int>> groups;

    Result<void> validate() const;
    std::string toString() const;
};

/// With fewer rows kept aside than this their loss says too little to choose weights by it.
inline constexpr std::size_t fewestValidationRows = 8;

/// How a training went, so far.
struct TrainingReport {
    std::vector<float> epochLoss; ///< mean v-loss per epoch
    /// Loss of the averaged weights on the rows kept aside, about 100 times during training; empty without.
    std::vector<float> validationLoss;
    int validationInterval = 1; ///< epochs between two of these; the last epoch has one in any case
    int bestEpoch = 0;          ///< whose averaged weights were kept, from 1
    int resumedAt = 0;          ///< epochs that a checkpoint had done; 0: begun anew
    double seconds = 0;
};

/// The defaults suit some 1000 rows of 2 to 30 tokens and ten conditions. With so few rows a network soon
/// knows them by heart; the strong weight decay and the rows kept aside are what prevents it.
struct TrainingConfig {
    int epochs = 300;
    int batchSize = 128;
    double learningRate = 3e-3;    ///< peak; warm-up, then cosine decay to zero
    double weightDecay = 1.0;      ///< of matrices, times the learning rate per step (AdamW)
    double conditionDropout = 0.1; ///< for classifier-free guidance (Ho and Salimans 2022)
    double averageDecay = 0.999;   ///< of the exponential moving average whose weights are kept
    /// Share of the rows that is not trained on but judges the weights: those with the least loss on it are
    /// kept. 0, or less than fewestValidationRows: the last weights are kept.
    double validationShare = 0.1;
    /// Epochs without a lesser loss on those rows after which training stops early; 0: it goes on to the end.
    /// The weights with the least loss are kept either way: this saves time, and costs what the low learning
    /// rate at the end would have gained.
    int patience = 0;
    std::uint64_t seed = 1;
    /// Where the state of training is kept, so that the same training goes on from there when it was stopped
    /// or killed, to the same weights bit for bit on one machine; written as a whole or not at all, and left
    /// there at the end. Empty: nowhere.
    std::filesystem::path checkpointFile;
    double checkpointSeconds = 5; ///< between two of them; one more when the training is cancelled
    /// Told about 100 times in the course of training, on its thread. May be empty.
    std::function<void(const TrainingReport&)> watch = {};

    Result<void> validate() const;
};

/// A token whose normalised value is given.
struct KnownToken {
    int token = 0;
    float value = 0;
};

struct SamplingConfig {
    /// Of the reverse process, evenly spaced over T, the last step included. Some 10 give the most accurate
    /// single samples; 50 and more follow the learned distribution closely, its width included.
    int steps = 50;
    double guidance = 1.0;      ///< classifier-free guidance scale; 1: conditional only, 0: unconditional
    double stochasticity = 1.0; ///< eta: 1 ancestral (DDPM), 0 deterministic (DDIM)
    /// 1: each step starts from its own prediction of the data alone. 2: it extrapolates from the last two
    /// (Lu et al. 2022, DPM-Solver++(2M); with noise its form for stochastic differential equations).
    int order = 1;
    double temperature = 1.0; ///< scale of all noise; below 1 samples keep closer to the likeliest ones
    double clamp = 0;         ///< bound on the magnitude of the predicted data at every step; 0: none
    /// Tokens that keep their values; the others are sampled to fit them: at every step they are what the
    /// known values would be at its noise, and each step is taken five times, so that both get to agree
    /// (Lugmayr et al. 2022, algorithm 1). Samples then take five times as long, and order is 1.
    std::vector<KnownToken> known;
    int threads = 1; ///< that share the rows on a CPU; samples do not depend on it
    std::uint64_t seed = 1;

    Result<void> validate() const;
};

/// Names of stochasticity and order together: "ddpm", "ddim", "dpm++", "dpm++sde".
const std::vector<std::string>& samplerNames();
/// Sets them. Error NotFound, naming those that there are.
Result<void> chooseSampler(SamplingConfig& sampling, std::string_view name);
/// Empty for a stochasticity between 0 and 1.
std::string samplerOf(const SamplingConfig& sampling);

/// A conditional diffusion model over normalised scalar tokens. Data are expected at about zero mean and
/// unit variance. Equal seeds give equal samples on the same device; sample i of a call depends on the
/// seed, i and its conditions, not on how many rows there are. One model is not thread-safe; several
/// models may work in several threads, each on one CPU thread, which is the fastest way to train and
/// sample them (the networks are too small to gain from more).
class DiffusionModel {
public:
    virtual ~DiffusionModel() = default;

    virtual const DenoiserConfig& config() const = 0;

    /// Trains from the present weights, which stay as they were where it fails. Errors: BadInput (shapes,
    /// values that are not finite), Convergence (the loss is no longer finite), Cancelled. A checkpoint of
    /// another training or a damaged one is not used, one that cannot be written is done without; the log
    /// says so.
    /// @param data rows x tokens
    /// @param conditions rows x conditions
    virtual Result<TrainingReport> train(const MatrixF& data, const MatrixF& conditions,
                                         const TrainingConfig& config, JobContext& context) = 0;

    /// One sample per row of @p conditions. @return rows x tokens
    virtual Result<MatrixF> sample(const MatrixF& conditions, const SamplingConfig& config,
                                   JobContext& context) = 0;

    /// Every parameter by name (of the averaged weights after training).
    virtual compute::WeightFile weights() const = 0;
};

/// A model with fresh weights. Error Unsupported where the network library or device is missing.
Result<std::unique_ptr<DiffusionModel>> createDiffusionModel(const DenoiserConfig& config, std::uint64_t seed,
                                                             compute::DeviceChoice device);

/// A model with given weights. Error Corrupt where names or shapes do not fit @p config.
Result<std::unique_ptr<DiffusionModel>> loadDiffusionModel(const DenoiserConfig& config,
                                                           const compute::WeightFile& weights,
                                                           compute::DeviceChoice device);

} // namespace headroom::diffusion
