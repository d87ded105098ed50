#include "core/base/writable.h"

#include "core/base/file.h"

namespace headroom {

Result<void> checkWritableFolder(const std::filesystem::path& folder) {
    const std::filesystem::path probe = folder / ".headroom-probe";
    if (const auto written = writeFileAtomically(probe, "x"); !written) {
        Error error = written.error();
        error.file = folder.string();
        error.message = "Nothing can be written here: " + error.message;
        return tl::unexpected<Error>(std::move(error));
    }
    std::error_code code;
    std::filesystem::remove(probe, code);
    return {};
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
    return checkWritableFolder(file.has_parent_path() ? file.parent_path() : ".");
}

} // namespace headroom
