#include "app/cli/user_cache.h"

#include <cstdlib>
#include <filesystem>

namespace headroom::cli {

std::string userCacheFile() {
    const char* folder = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path cache;
    if (folder != nullptr && *folder != '\0')
        cache = folder;
    else if (home != nullptr && *home != '\0')
        cache = std::filesystem::path(home) / ".cache";
    else
        return {};
    std::error_code code;
    std::filesystem::create_directories(cache / "headroom", code);
    return code ? std::string() : (cache / "headroom" / "simulations.sqlite").string();
}

} // namespace headroom::cli
