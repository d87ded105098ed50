#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/compute/device.h"

namespace headroom::compute {

/// The network engine: a shared library beside the executable that holds every source that needs
/// LibTorch. It is loaded on first use, since LibTorch alone takes half a second to load and most runs
/// of the program never need it.
///
/// How a feature adds a network: declare an abstract interface of std and Eigen types in its public
/// header; declare its factory's function type and symbol name in `core/<feature>/network_factory.h`;
/// define the factory with HEADROOM_NETWORK_FACTORY in `core/<feature>/torch/`, where exceptions of
/// LibTorch end (compute::guardTorch); add those sources with headroom_network_sources() in CMake; call
/// it through function(). core/diffusion is the example to follow.
///
/// The library has copies of core's static state: pass settings such as thread counts as arguments.
class NetworkLibrary {
public:
    /// The library, loaded on the first call. Looks at $HEADROOM_NETWORKS (the library's path), then
    /// beside the executable, in ../app and ../lib/headroom. Thread-safe; a failure is tried anew each time.
    /// Errors: Unsupported where it is missing or cannot be loaded, Corrupt where it belongs to another
    /// build of the program.
    static Result<const NetworkLibrary*> load();

    /// Whether load() has succeeded already.
    static bool loaded();

    /// A function that the library exports. Error Corrupt where it has none of that name.
    template <class Function>
    Result<Function*> function(const char* name) const {
        auto address = symbol(name);
        if (!address) return forward(address);
        return reinterpret_cast<Function*>(*address);
    }

    /// A function of the library, which is loaded where it is not yet. Errors: those of load() and
    /// function().
    template <class Function>
    static Result<Function*> loadFunction(const char* name) {
        const auto library = load();
        if (!library) return forward(library);
        return (*library)->template function<Function>(name);
    }

    /// Has a factory of the library make a network on a device: the factory's last two arguments are the
    /// device, once resolveDevice() has returned it, and the result. Errors: those of resolveDevice(),
    /// loadFunction() and the factory.
    template <class Factory, class Network, class... Arguments>
    static Result<std::unique_ptr<Network>> make(const char* name, DeviceChoice choice,
                                                 const Arguments&... arguments) {
        const auto device = resolveDevice(choice);
        if (!device) return forward(device);
        const auto factory = loadFunction<Factory>(name);
        if (!factory) return forward(factory);
        Result<std::unique_ptr<Network>> network;
        (*factory)(arguments..., *device, network);
        return network;
    }

    /// Any symbol of the library or of a library that it needs; null where there is none.
    void* find(const char* name) const;

    const std::filesystem::path& path() const { return m_path; }

private:
    static Result<const NetworkLibrary*> open(const std::filesystem::path& path);
    Result<void*> symbol(const char* name) const;

    void* m_handle = nullptr;
    std::filesystem::path m_path;
};

/// Environment that LibTorch's libraries read while they load: OMP_WAIT_POLICY=passive (spinning OpenMP
/// threads slow a busy machine many times over) and OPENBLAS_CORETYPE, since OpenBLAS falls back to
/// kernels of 2004 on processors newer than itself. What is set already stays. NetworkLibrary::load()
/// calls it; an executable calls it first in main(), before there are threads.
void prepareEnvironment();

/// One sentence where the linear algebra under the networks is the slow reference BLAS or runs without
/// the processor's vector units; empty where all is well or the network library is missing. Loads the
/// network library.
std::string blasWarning();

} // namespace headroom::compute

/// In front of a factory's definition in the network library: C name, visible, nothing thrown.
#define HEADROOM_NETWORK_FACTORY extern "C" __attribute__((visibility("default")))
