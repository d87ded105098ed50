#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.h"
#include "core/netlist/netlist.h"
#include "core/project/project.h"

namespace headroom::app {

/// What happens to a project's files; everything here runs in jobs.

/// Reads the project in a folder. @param autosaved its autosave instead, where there is one
Result<project::Project> readProjectFolder(const std::filesystem::path& folder, bool autosaved);

/// Removes from the folder's results what the project does not refer to: leftovers of earlier sessions.
Result<void> pruneResults(const std::filesystem::path& folder, const project::Project& project);

/// Writes a project into a folder: what it refers to first, project.yaml last, so that a failure leaves the
/// project that was there before. The autosave is removed at the end. Errors: DiskFull, Io; BadInput for a
/// folder that holds other things.
/// @param from where the files that it refers to lie now
Result<void> saveProject(const project::Project& project, const std::filesystem::path& from,
                         const std::filesystem::path& to);

/// Writes the autosave beside project.yaml.
Result<void> autosaveProject(const project::Project& project, const std::filesystem::path& folder);

/// Copies a netlist and the files it includes into the project folder, byte for byte, into a folder that is
/// named by content: a copy is never overwritten by another.
Result<project::NetlistReference> copyImport(const netlist::Netlist& netlist, const std::string& top,
                                             const std::filesystem::path& folder);

/// A folder below @p parent that does not exist yet: "model/1", "model/2", ...
std::filesystem::path freeSubfolder(const std::filesystem::path& parent, const std::string& name);

/// Whether a folder can take a new project: it is missing, empty (but for our lock) or holds a project.
bool canHoldProject(const std::filesystem::path& folder);

} // namespace headroom::app
