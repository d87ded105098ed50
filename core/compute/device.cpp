#include "core/compute/device.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "core/compute/network_factory.h"
#include "core/compute/network_library.h"

namespace headroom::compute {
namespace {

std::atomic<int> chosenThreads = 0;

Result<std::vector<std::string>> cudaDevices() {
    const auto library = NetworkLibrary::load();
    if (!library) return forward(library);
    const auto list = (*library)->function<ListCudaDevices>(kListCudaDevices);
    if (!list) return forward(list);
    return (*list)();
}

} // namespace

const char* toString(DeviceChoice choice) {
    switch (choice) {
    case DeviceChoice::Auto:
        return "auto";
    case DeviceChoice::Cpu:
        return "cpu";
    case DeviceChoice::Cuda:
        return "cuda";
    }
    return "auto";
}

std::optional<DeviceChoice> deviceFromName(std::string_view name) {
    for (const auto choice : {DeviceChoice::Auto, DeviceChoice::Cpu, DeviceChoice::Cuda}) {
        if (name == toString(choice)) return choice;
    }
    return std::nullopt;
}

Result<std::vector<DeviceInfo>> availableDevices() {
    const auto cuda = cudaDevices();
    if (!cuda) return forward(cuda);
    const int threads = threadBudget();
    std::vector<DeviceInfo> devices{
        {DeviceChoice::Cpu, fmt::format("CPU, {} thread{}", threads, threads == 1 ? "" : "s")}};
    // Networks run on CUDA device 0; further ones are not on offer.
    if (!cuda->empty()) devices.push_back({DeviceChoice::Cuda, cuda->front()});
    return devices;
}

Result<DeviceChoice> resolveDevice(DeviceChoice choice) {
    if (choice == DeviceChoice::Cpu) return choice;
    const auto cuda = cudaDevices();
    if (!cuda) return forward(cuda);
    if (!cuda->empty()) return DeviceChoice::Cuda;
    if (choice == DeviceChoice::Auto) return DeviceChoice::Cpu;
    return fail(ErrorCode::Unsupported, "There is no CUDA device that this build of LibTorch can use.");
}

int threadBudget() {
    const int chosen = chosenThreads.load(std::memory_order_relaxed);
    return chosen > 0 ? chosen : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void setThreadBudget(int threads) {
    chosenThreads.store(std::max(0, threads), std::memory_order_relaxed);
}

} // namespace headroom::compute
