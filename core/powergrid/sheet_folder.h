#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "core/powergrid/sheet_plan.h"

namespace headroom::powergrid {

/// A block that is painted on, with its name.
struct GridSheet {
    SheetPlan plan;
    std::string name;

    bool isEmpty() const { return plan.strength.empty(); }
};

/// A power grid's netlist, as text.
struct GridText {
    std::string text;
    std::string name;           ///< of the file that it was
    std::filesystem::path file; ///< that it lies in now
};

/// Keeps a block in a folder: <folder>/<number>/sheet.yaml with objects and technology, and its maps as
/// <folder>/maps/<hash>.npy, so that of a sheet that is kept after every stroke only what has changed is
/// written again. Nothing that is there is ever altered. @return the number
Result<std::string> keepSheet(const std::filesystem::path& folder, const GridSheet& sheet);

/// Keeps a netlist: a sheet.yaml that names it, and its text, byte for byte, as <folder>/netlists/<hash>.sp.
/// @return the number
Result<std::string> keepNetlist(const std::filesystem::path& folder, const std::string& text,
                                const std::string& name);

using KeptGrid = std::variant<GridSheet, GridText>;

/// Errors: NotFound, Corrupt with file and line (also where a map or a netlist is not the one that was kept).
Result<KeptGrid> readKeptGrid(const std::filesystem::path& folder, const std::string& number);

/// Removes all that was kept but one, and the maps and netlists that it does not need.
/// @param number empty: all of them
void pruneSheets(const std::filesystem::path& folder, const std::string& number);

} // namespace headroom::powergrid
