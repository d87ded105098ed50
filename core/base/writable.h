#pragma once

#include <filesystem>

#include "core/base/error.h"

namespace headroom {

/// Makes a folder and tries to write a megabyte in it, so that long work need not end in finding out. Errors:
/// those of writeFileAtomically().
Result<void> checkWritableFolder(const std::filesystem::path& folder);

/// The same for the place of a file of a few kilobytes that is yet to be written; an empty path is none.
Result<void> checkWritablePlace(const std::filesystem::path& file);

} // namespace headroom
