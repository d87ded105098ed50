#pragma once

#include <filesystem>
#include <string>

#include "core/powergrid/sheet_plan.h"

namespace headroom::powergrid {

/// Keeps a block in a folder: <folder>/<number>/sheet.yaml with objects and technology, and its maps as
/// <folder>/maps/<hash>.npy, so that of a sheet that is kept after every stroke only what has changed is
/// written again. Nothing that is there is ever altered. @return the number
Result<std::string> keepSheet(const std::filesystem::path& folder, const SheetPlan& plan,
                              const std::string& name);

struct KeptSheet {
    SheetPlan plan;
    std::string name;
};

/// Errors: NotFound, Corrupt with file and line (also where a map is not the one that was kept).
Result<KeptSheet> readSheet(const std::filesystem::path& folder, const std::string& number);

/// Removes all sheets but one, and the maps that it does not need. @param number empty: all of them
void pruneSheets(const std::filesystem::path& folder, const std::string& number);

} // namespace headroom::powergrid
