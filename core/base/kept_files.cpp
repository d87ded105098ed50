#include "core/base/kept_files.h"

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/hash.h"

namespace headroom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashDigits = 24;

std::string hashOf(std::string_view bytes) {
    return sha256(bytes).substr(0, kHashDigits);
}

} // namespace

Result<std::string> keepBytes(const fs::path& folder, std::string_view bytes, std::string_view suffix) {
    const std::string hash = hashOf(bytes);
    const fs::path file = folder / (hash + std::string(suffix));
    std::error_code code;
    if (fs::exists(file, code)) return hash;
    if (const auto written = writeFileAtomically(file, bytes); !written) return forward(written);
    return hash;
}

Result<std::string> readKeptBytes(const fs::path& folder, const std::string& hash, std::string_view suffix,
                                  std::string_view what) {
    const fs::path file = folder / (hash + std::string(suffix));
    std::error_code code;
    if (!fs::exists(file, code))
        return failAt(ErrorCode::NotFound, file.string(), 0,
                      fmt::format("{} is missing from the project.", what));
    auto bytes = readFile(file);
    if (!bytes) return bytes;
    if (hashOf(*bytes) != hash)
        return failAt(ErrorCode::Corrupt, file.string(), 0,
                      fmt::format("{} was changed outside of Headroom since it was kept.", what));
    return bytes;
}

Result<std::string> keepNumbered(const fs::path& folder, const std::string& fileName, std::string_view text) {
    std::error_code code;
    fs::create_directories(folder, code);
    for (int number = 1;; ++number) {
        const fs::path place = folder / std::to_string(number);
        // Made by whoever comes first.
        if (!fs::create_directory(place, code)) {
            if (code)
                return failAt(ErrorCode::Io, place.string(), 0,
                              fmt::format("The folder cannot be made: {}.", code.message()));
            continue;
        }
        const auto written = writeFileAtomically(place / fileName, text);
        if (!written) return forward(written);
        return std::to_string(number);
    }
}

} // namespace headroom
