#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/technology/library_excerpt.h"

namespace headroom::technology {

/// The cards of a library's sections, and of the files and sections that they include, in the order in which
/// ngspice reads them. An empty section stands for the whole file. Nullopt where a file or section is
/// missing, or where they include each other in circles.
std::optional<std::vector<LibraryExcerpt::Card>> readLibraryCards(const std::filesystem::path& file,
                                                                  const std::vector<std::string>& sections);

} // namespace headroom::technology
