#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/delay/study.h"

namespace headroom::delay {

/// Keeps what was found out of a kept table beside it, as <folder>/<number>/study.json (what is not finite is
/// null), in place of an earlier study. It names the table's description by hash: of another table it is not
/// read. Errors: those of writeFileAtomically(), NotFound (no such table).
Result<void> keepStudy(const std::filesystem::path& folder, const std::string& number, const Study& study);

/// Absent where none was kept, where it is damaged, and where it belongs to another table.
std::optional<Study> readKeptStudy(const std::filesystem::path& folder, const std::string& number);

} // namespace headroom::delay
