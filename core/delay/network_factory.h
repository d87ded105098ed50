#pragma once

#include <cstdint>
#include <memory>

#include "core/delay/row_diffusion.h"

/// What the network library exports for core/delay; see compute::NetworkLibrary.
namespace headroom::delay {

/// Makes a model on a device that resolveDevice() has returned.
using MakeRowDiffusion = void(const RowDiffusionConfig& config, std::uint64_t seed,
                              compute::DeviceChoice device, Result<std::unique_ptr<RowDiffusion>>& model);
inline constexpr const char* kMakeRowDiffusion = "headroom_make_row_diffusion";

} // namespace headroom::delay
