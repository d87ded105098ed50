#pragma once

#include <cstdint>
#include <memory>

#include "core/powergrid/unet.h"

/// What the network library exports for core/powergrid; see compute::NetworkLibrary.
namespace headroom::powergrid {

/// Makes a network on a device that resolveDevice() has returned. @p weights null: fresh ones by @p seed.
using MakeUnet = void(const UnetConfig& config, std::uint64_t seed, const compute::WeightFile* weights,
                      compute::DeviceChoice device, Result<std::unique_ptr<Unet>>& network);
inline constexpr const char* kMakeUnet = "headroom_make_unet";

} // namespace headroom::powergrid
