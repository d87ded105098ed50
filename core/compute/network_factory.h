#pragma once

#include <string>
#include <vector>

/// What the network library exports for core/compute; see NetworkLibrary.
namespace headroom::compute {

/// The version of Headroom that the library was built with. Checked when it is loaded.
using NetworkVersion = const char*();
inline constexpr const char* kNetworkVersion = "headroom_network_version";

/// Name and memory of each CUDA device; empty where LibTorch offers none. Never throws.
using ListCudaDevices = std::vector<std::string>();
inline constexpr const char* kListCudaDevices = "headroom_list_cuda_devices";

} // namespace headroom::compute
