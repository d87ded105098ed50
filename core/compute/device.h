#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace headroom::compute {

/// Where networks run. Auto takes CUDA when LibTorch offers it, else the CPU.
enum class DeviceChoice { Auto, Cpu, Cuda };
const char* toString(DeviceChoice choice);
std::optional<DeviceChoice> deviceFromName(std::string_view name); ///< "auto", "cpu", "cuda"

/// A device that networks can run on here.
struct DeviceInfo {
    DeviceChoice choice = DeviceChoice::Cpu;
    std::string description; ///< "CPU, 2 threads" or "NVIDIA H200, 139 GiB"
};

/// Devices on offer, the CPU first. Loads the network library.
Result<std::vector<DeviceInfo>> availableDevices();

/// Resolves Auto. Error Unsupported where CUDA is asked for and not there.
Result<DeviceChoice> resolveDevice(DeviceChoice choice);

/// Threads that all parts together may use: hardware threads, or what setThreadBudget said
/// (headroom-cli --threads). Simulator pool and network threads divide it among themselves.
int threadBudget();
void setThreadBudget(int threads);

} // namespace headroom::compute
