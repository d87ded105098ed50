#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/yaml_fields.h"
#include "core/technology/technology.h"

/// The parts of a technology's reader. All throw yaml::Problem.
namespace headroom::technology {

/// A pair [smallest, largest] of positive figures.
void readRange(const YAML::Node& node, std::string_view key, double& low, double& high);

/// One entry of `cards`: figures, bins that leave no gap, corners that the technology has.
Technology::ModelCard readCard(const YAML::Node& node, const std::string& name,
                               const std::vector<std::string>& corners);

/// Whether bins hold every size between these limits.
bool coverSizes(const std::vector<Technology::Bin>& bins, const MosfetRules& rules);

/// The `library` of a technology file: finds its file and the sections of every corner.
void readLibrary(const YAML::Node& node, const std::string& fileName, Technology& technology);

/// The words of a library's line; what stands in quotation marks is one.
std::vector<std::string> wordsOf(const std::string& line);

/// The sections that a library file defines (".lib NAME"), in lower case.
std::vector<std::string> librarySections(std::string_view text);

/// Hash of a library file and of the files that it includes, one by one: of their content, and of size and
/// time where they are larger than a megabyte.
std::string libraryDigest(const std::filesystem::path& file);

} // namespace headroom::technology
