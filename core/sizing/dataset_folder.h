#pragma once

#include <filesystem>
#include <string>

#include "core/sizing/dataset.h"

namespace headroom::sizing {

/// A data set on disk: <folder>/dataset.csv with the rows, <folder>/saturation.csv with the saturation rows
/// where there are any, <folder>/dataset.yaml with where they come from, and a copy of the netlist, unless
/// that ships with the program.
struct DatasetFolder {
    Dataset dataset;
    std::filesystem::path netlist; ///< absolute
    std::string technology;
    DatasetSettings settings;
    DrawStatistics statistics;
    std::string command; ///< that reproduces it
};

/// Writes the folder; copies the netlist into it where needed.
Result<void> saveDatasetFolder(const std::filesystem::path& folder, const DatasetFolder& content);

/// Errors: NotFound, Corrupt (file and line; also where the rows do not match their checksum).
Result<DatasetFolder> loadDatasetFolder(const std::filesystem::path& folder);

/// How a file is named from a folder: "resource:examples/miller.sp" where it ships with the program, else its
/// path relative to @p folder.
std::string referenceTo(const std::filesystem::path& file, const std::filesystem::path& folder);
std::filesystem::path resolveReference(const std::string& reference, const std::filesystem::path& folder);

} // namespace headroom::sizing
