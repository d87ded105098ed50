#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace headroom {

/// SHA-256 of bytes, as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

/// SHA-256 of a file's content.
Result<std::string> sha256OfFile(const std::filesystem::path& path);

} // namespace headroom
