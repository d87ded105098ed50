#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace headroom {

/// Bytes that a project keeps under their own hash, so that what is kept after every change is written once;
/// nothing that is there is ever altered.
/// @return the hash, which with @p suffix is the name of the file in @p folder
Result<std::string> keepBytes(const std::filesystem::path& folder, std::string_view bytes,
                              std::string_view suffix);

/// Errors: NotFound (missing), Corrupt (other bytes than were kept). @param what names it: "The map"
Result<std::string> readKeptBytes(const std::filesystem::path& folder, const std::string& hash,
                                  std::string_view suffix, std::string_view what);

/// Writes a description into the next free <folder>/<number>/<fileName>. @return the number
Result<std::string> keepNumbered(const std::filesystem::path& folder, const std::string& fileName,
                                 std::string_view text);

} // namespace headroom
