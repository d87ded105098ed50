#include "core/base/writable.h"

#include <string>

#include "core/base/file.h"

namespace headroom {
namespace {

Result<void> tryToWrite(const std::filesystem::path& folder, std::size_t bytes) {
    const std::filesystem::path probe = folder / ".headroom-probe";
    if (const auto written = writeFileAtomically(probe, std::string(bytes, 0)); !written) {
        Error error = written.error();
        error.file = folder.string();
        error.message = "Nothing can be written here: " + error.message;
        return tl::unexpected<Error>(std::move(error));
    }
    std::error_code code;
    std::filesystem::remove(probe, code);
    return {};
}

} // namespace

Result<void> checkWritableFolder(const std::filesystem::path& folder) {
    return tryToWrite(folder, std::size_t{1} << 20);
}

Result<void> checkWritablePlace(const std::filesystem::path& file) {
    if (file.empty()) return {};
    std::error_code code;
    const auto status = std::filesystem::status(file, code);
    if (std::filesystem::is_directory(status)) {
        return tl::unexpected<Error>(
            Error{ErrorCode::BadInput, "This is a folder; a file is to be written.", file.string(), 0, {}});
    }
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return {}; // a device
    return tryToWrite(file.has_parent_path() ? file.parent_path() : ".", std::size_t{1} << 12);
}

} // namespace headroom
