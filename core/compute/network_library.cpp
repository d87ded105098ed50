#include "core/compute/network_library.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <mutex>
#include <vector>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/compute/network_factory.h"

namespace headroom::compute {
namespace {

constexpr const char* kFileName = "headroom-networks.so";

std::vector<std::filesystem::path> candidates() {
    if (const char* chosen = std::getenv("HEADROOM_NETWORKS")) return {chosen};
    const auto folder = executableFolder();
    return {folder / kFileName, folder.parent_path() / "app" / kFileName,
            folder.parent_path() / "lib/headroom" / kFileName};
}

/// The state of load(): the library once it is there.
struct Loaded {
    std::mutex mutex;
    NetworkLibrary library;
    bool ready = false;
};

Loaded& state() {
    // Never destroyed: LibTorch's own threads and statics may outlive main().
    static auto* const loaded = new Loaded;
    return *loaded;
}

/// OpenBLAS's name for the best kernels that this processor can run; null where it needs no help.
const char* vectorKernels() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl")) {
        return "SKYLAKEX";
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "HASWELL";
#endif
    return nullptr;
}

} // namespace

Result<const NetworkLibrary*> NetworkLibrary::open(const std::filesystem::path& path) {
    NetworkLibrary& library = state().library;
    // Local: the symbols of LibTorch's 300 libraries must not meet those of the application. Never
    // closed, since LibTorch cannot be unloaded.
    void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* const reason = ::dlerror();
        return fail(ErrorCode::Unsupported,
                    fmt::format("The network engine {} cannot be loaded.", path.string()),
                    reason != nullptr ? reason : "");
    }
    library.m_handle = handle;
    library.m_path = path;
    const auto version = library.function<NetworkVersion>(kNetworkVersion);
    if (!version || std::strcmp((*version)(), HEADROOM_VERSION) != 0) {
        return fail(ErrorCode::Corrupt,
                    fmt::format("The network engine {} belongs to another version of Headroom than {}.",
                                path.string(), HEADROOM_VERSION));
    }
    state().ready = true;
    return &library;
}

Result<const NetworkLibrary*> NetworkLibrary::load() {
    const std::lock_guard lock(state().mutex);
    if (state().ready) return &state().library;
    prepareEnvironment();
    for (const auto& path : candidates()) {
        std::error_code code;
        if (std::filesystem::exists(path, code)) return open(path);
    }
    return fail(ErrorCode::Unsupported,
                fmt::format("The network engine {} is not installed, so networks cannot run.",
                            candidates().front().string()));
}

bool NetworkLibrary::loaded() {
    const std::lock_guard lock(state().mutex);
    return state().ready;
}

void* NetworkLibrary::find(const char* name) const {
    return ::dlsym(m_handle, name);
}

Result<void*> NetworkLibrary::symbol(const char* name) const {
    if (void* const address = find(name)) return address;
    return fail(ErrorCode::Corrupt, fmt::format("The network engine {} has no {}.", m_path.string(), name));
}

void prepareEnvironment() {
    ::setenv("OMP_WAIT_POLICY", "passive", 0);
    if (const char* const kernels = vectorKernels()) ::setenv("OPENBLAS_CORETYPE", kernels, 0);
}

std::string blasWarning() {
    const auto library = NetworkLibrary::load();
    if (!library) return {};
    if (void* const name = (*library)->find("openblas_get_corename")) {
        const std::string_view core = reinterpret_cast<char* (*)()>(name)();
        const bool old = core == "Prescott" || core == "Core2" || core == "generic";
        if (!old || vectorKernels() == nullptr) return {};
        return fmt::format(
            "OpenBLAS runs with its {} kernels, several times slower than this processor allows: "
            "set OPENBLAS_CORETYPE={}.",
            core, vectorKernels());
    }
    Dl_info where{};
    void* const product = (*library)->find("sgemm_");
    if (product == nullptr || ::dladdr(product, &where) == 0 || where.dli_fname == nullptr) return {};
    const std::filesystem::path file(where.dli_fname);
    if (!file.filename().string().starts_with("libblas.so")) return {};
    return fmt::format("Networks run on the reference BLAS ({}), which is more than ten times slower than "
                       "OpenBLAS: install libopenblas0-pthread.",
                       file.string());
}

} // namespace headroom::compute
