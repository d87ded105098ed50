#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

/// How this program's own YAML files are read: strictly, with the line of what does not fit. Everything here
/// throws Problem, which never leaves the file that reads the document.
namespace headroom::yaml {

/// What stops the reading of a document.
struct Problem {
    int line = 0;
    std::string message;
};

[[noreturn]] void raise(const YAML::Node& node, std::string message);

std::string text(const YAML::Node& node, std::string_view key);
double number(const YAML::Node& node, std::string_view key);
double positive(const YAML::Node& node, std::string_view key);
bool flag(const YAML::Node& node, std::string_view key); ///< yes, no, true, false
std::vector<std::string> texts(const YAML::Node& node, std::string_view key);
YAML::Node required(const YAML::Node& map, const char* key, std::string_view what);

/// Refuses keys that mean nothing: a misspelt key would otherwise keep its default in silence.
void allowOnly(const YAML::Node& map, std::string_view what, const std::set<std::string>& allowed);

} // namespace headroom::yaml
