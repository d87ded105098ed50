#include "core/simulation/scratch_folder.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

namespace headroom::simulation {
namespace {

constexpr std::string_view folderName = "headroom-ngspice-";
/// Other machines and containers may share the place, and their process numbers mean nothing here. Who needs
/// its folder writes into it far more often.
constexpr auto staleAfter = std::chrono::minutes(10);

/// Removes what processes left behind that were killed.
void removeStaleFolders(const std::filesystem::path& place) {
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(place, code)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(folderName) || !entry.is_directory(code)) continue;
        const long owner = std::strtol(name.c_str() + folderName.size(), nullptr, 10);
        const bool isGone = owner > 0 && ::kill(static_cast<pid_t>(owner), 0) != 0 && errno == ESRCH;
        const auto written = entry.last_write_time(code);
        const auto now = std::filesystem::file_time_type::clock::now();
        if (isGone && !code && now - written > staleAfter) std::filesystem::remove_all(entry.path(), code);
    }
}

} // namespace

ScratchFolder::ScratchFolder() {
    static std::atomic<unsigned> count = 0;
    static std::once_flag cleaned;
    std::error_code code;
    const std::filesystem::path place = std::filesystem::temp_directory_path(code);
    std::call_once(cleaned, removeStaleFolders, place);
    m_path = place / fmt::format("{}{}-{}", folderName, ::getpid(), count.fetch_add(1));
    std::filesystem::create_directories(m_path, code);
}

ScratchFolder::~ScratchFolder() {
    std::error_code code;
    std::filesystem::remove_all(m_path, code);
}

} // namespace headroom::simulation
