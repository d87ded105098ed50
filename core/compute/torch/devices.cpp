#include <array>
#include <cstddef>
#include <dlfcn.h>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <torch/torch.h>

#include "core/compute/network_factory.h"
#include "core/compute/network_library.h"

namespace headroom::compute {
namespace {

/// Name and memory of a CUDA device, from the driver's C interface: LibTorch's own needs the headers of
/// the CUDA toolkit to be compiled against.
std::string cudaDescription(int index) {
    const std::string unknown = fmt::format("CUDA device {}", index);
    void* const driver = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (driver == nullptr) return unknown;
    const auto initialise = reinterpret_cast<int (*)(unsigned)>(::dlsym(driver, "cuInit"));
    const auto getDevice = reinterpret_cast<int (*)(int*, int)>(::dlsym(driver, "cuDeviceGet"));
    const auto getName = reinterpret_cast<int (*)(char*, int, int)>(::dlsym(driver, "cuDeviceGetName"));
    const auto getMemory =
        reinterpret_cast<int (*)(std::size_t*, int)>(::dlsym(driver, "cuDeviceTotalMem_v2"));
    int device = 0;
    std::array<char, 256> name{};
    if (initialise == nullptr || getDevice == nullptr || getName == nullptr || initialise(0) != 0 ||
        getDevice(&device, index) != 0 ||
        getName(name.data(), static_cast<int>(name.size()) - 1, device) != 0) {
        return unknown;
    }
    std::size_t bytes = 0;
    if (getMemory == nullptr || getMemory(&bytes, device) != 0) return name.data();
    constexpr double kBytesPerGiB = 1024.0 * 1024.0 * 1024.0;
    return fmt::format("{}, {:.0f} GiB", name.data(), static_cast<double>(bytes) / kBytesPerGiB);
}

} // namespace

HEADROOM_NETWORK_FACTORY const char* headroom_network_version() {
    return HEADROOM_VERSION;
}

HEADROOM_NETWORK_FACTORY std::vector<std::string> headroom_list_cuda_devices() {
    std::vector<std::string> devices;
    try {
        if (!torch::cuda::is_available()) return devices;
        const auto count = static_cast<int>(torch::cuda::device_count());
        for (int index = 0; index < count; ++index)
            devices.push_back(cudaDescription(index));
    } catch (const std::exception&) {
        // A driver that does not answer offers no devices.
        devices.clear();
    }
    return devices;
}

} // namespace headroom::compute
