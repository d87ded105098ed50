#pragma once

#include <torch/torch.h>

#include "core/compute/torch/flat_parameters.h"
#include "core/diffusion/noise_schedule.h"
#include "core/diffusion/torch/denoiser.h"

namespace headroom::diffusion {

/// Trains the denoiser on the mean squared error of v with AdamW (Loshchilov and Hutter 2019), a linear
/// warm-up and a cosine decay of the learning rate, and leaves it with the exponential moving average of its
/// weights. All randomness is drawn on the host, so that devices differ by rounding alone.
class Trainer {
public:
    Trainer(Denoiser& denoiser, compute::FlatParameters& parameters, const NoiseSchedule& schedule,
            const TrainingConfig& config);

    /// @param data rows x tokens  @param conditions rows x conditions; both on the denoiser's device
    /// Errors: Convergence, Cancelled; the weights are then whatever they were at that moment.
    Result<TrainingReport> run(const torch::Tensor& data, const torch::Tensor& conditions,
                               JobContext& context);

private:
    struct Epoch;
    Epoch drawEpoch(std::int64_t rows, int number) const;
    torch::Tensor loss(const torch::Tensor& data, const torch::Tensor& conditions, const Epoch& epoch,
                       std::int64_t begin, std::int64_t end);
    void step(std::int64_t number, std::int64_t total);

    Denoiser& m_denoiser;
    compute::FlatParameters& m_parameters;
    TrainingConfig m_config;
    int m_steps;
    torch::Device m_device;
    torch::Tensor m_signal, m_noise; ///< of the schedule, by t
    torch::Tensor m_firstMoment, m_secondMoment, m_average;
};

} // namespace headroom::diffusion
