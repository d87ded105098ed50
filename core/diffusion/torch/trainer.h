#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "core/compute/torch/flat_parameters.h"
#include "core/diffusion/noise_schedule.h"
#include "core/diffusion/torch/denoiser.h"
#include "core/diffusion/torch/training_checkpoint.h"

namespace headroom::diffusion {

/// Trains the denoiser on the mean squared error of v with AdamW (Loshchilov and Hutter 2019), a linear
/// warm-up and a cosine decay of the learning rate, and leaves it with that exponential moving average of its
/// weights which had the least loss on the rows kept aside. All randomness is drawn on the host, so that
/// devices differ by rounding alone.
class Trainer {
public:
    Trainer(Denoiser& denoiser, compute::FlatParameters& parameters, const NoiseSchedule& schedule,
            const DenoiserConfig& shape, const TrainingConfig& config);

    /// @param data rows x tokens  @param conditions rows x conditions; both on the denoiser's device
    /// Goes on from the configured checkpoint where there is one of this training.
    /// Errors: Convergence, Cancelled; the weights are then whatever they were at that moment.
    Result<TrainingReport> run(const torch::Tensor& data, const torch::Tensor& conditions,
                               JobContext& context);

private:
    struct Epoch;
    using Rows = std::vector<std::int64_t>;

    Epoch drawEpoch(Rows rows, std::uint64_t stream, double dropout) const;
    torch::Tensor loss(const torch::Tensor& data, const torch::Tensor& conditions, const Epoch& epoch,
                       std::int64_t begin, std::int64_t end);
    Result<float> trainEpoch(const torch::Tensor& data, const torch::Tensor& conditions, const Epoch& epoch,
                             int number, JobContext& context);
    Result<float> validate(const torch::Tensor& data, const torch::Tensor& conditions,
                           const std::vector<Epoch>& draws, JobContext& context);
    Rows splitRows(std::int64_t count, Rows& kept) const;
    Result<void> runEpoch(const torch::Tensor& data, const torch::Tensor& conditions, const Rows& rows,
                          const std::vector<Epoch>& draws, JobContext& context);
    bool isDone() const;
    void resume(const std::string& fingerprint, JobContext& context);
    void keepCheckpoint(const compute::WeightFile& checkpoint, JobContext& context);

    Denoiser& m_denoiser;
    compute::FlatParameters& m_parameters;
    DenoiserConfig m_shape;
    TrainingConfig m_config;
    int m_steps;
    torch::Device m_device;
    torch::Tensor m_signal, m_noise; ///< of the schedule, by t
    TrainingState m_state;           ///< whose values are the denoiser's own
};

} // namespace headroom::diffusion
