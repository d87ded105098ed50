#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace headroom {

/// The whole content of a file, byte for byte.
Result<std::string> readFile(const std::filesystem::path& path);

/// Replaces a file as a whole or not at all: the bytes go to a sibling file, reach the disk, and take
/// the name in one step. A full disk is ErrorCode::DiskFull and leaves the old file untouched.
/// Folders on the way are made. A link is followed; a pipe or another device is written to instead.
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);

/// A folder or file that ships with the program ("technologies", "examples/miller.sp", "models"):
/// $HEADROOM_RESOURCES first, then the install tree beside the executable, then the source tree that
/// the program was built from.
std::filesystem::path resourcePath(std::string_view relative);

/// The folder of the running executable.
std::filesystem::path executableFolder();

} // namespace headroom
