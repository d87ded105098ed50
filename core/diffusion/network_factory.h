#pragma once

#include <cstdint>
#include <memory>

#include "core/diffusion/diffusion_model.h"

/// What the network library exports for core/diffusion; see compute::NetworkLibrary.
namespace headroom::diffusion {

/// Makes a model on a device that resolveDevice() has returned. @p weights null: fresh ones by @p seed.
using MakeDiffusionModel = void(const DenoiserConfig& config, std::uint64_t seed,
                                const compute::WeightFile* weights, compute::DeviceChoice device,
                                Result<std::unique_ptr<DiffusionModel>>& model);
inline constexpr const char* kMakeDiffusionModel = "headroom_make_diffusion_model";

} // namespace headroom::diffusion
