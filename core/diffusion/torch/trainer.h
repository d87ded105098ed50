#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "core/compute/torch/flat_parameters.h"
#include "core/diffusion/noise_schedule.h"
#include "core/diffusion/torch/denoiser.h"

namespace headroom::diffusion {

/// Trains the denoiser on the mean squared error of v with AdamW (Loshchilov and Hutter 2019), a linear
/// warm-up and a cosine decay of the learning rate, and leaves it with that exponential moving average of its
/// weights which had the least loss on the rows kept aside. All randomness is drawn on the host, so that
/// devices differ by rounding alone.
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
    using Rows = std::vector<std::int64_t>;

    Epoch drawEpoch(Rows rows, std::uint64_t stream, double dropout) const;
    torch::Tensor loss(const torch::Tensor& data, const torch::Tensor& conditions, const Epoch& epoch,
                       std::int64_t begin, std::int64_t end);
    Result<float> trainEpoch(const torch::Tensor& data, const torch::Tensor& conditions, const Epoch& epoch,
                             int number, JobContext& context);
    Result<float> validate(const torch::Tensor& data, const torch::Tensor& conditions,
                           const std::vector<Epoch>& draws, JobContext& context);
    void step(std::int64_t total);

    Denoiser& m_denoiser;
    compute::FlatParameters& m_parameters;
    TrainingConfig m_config;
    int m_steps;
    torch::Device m_device;
    torch::Tensor m_signal, m_noise; ///< of the schedule, by t
    torch::Tensor m_firstMoment, m_secondMoment, m_average;
    std::int64_t m_step = 0; ///< optimiser steps so far
};

} // namespace headroom::diffusion
