#include "core/base/yaml_fields.h"

#include <fmt/format.h>

namespace headroom::yaml {

void raise(const YAML::Node& node, std::string message) {
    throw Problem{node.Mark().line + 1, std::move(message)};
}

std::string text(const YAML::Node& node, std::string_view key) {
    if (!node.IsScalar()) raise(node, fmt::format("\"{}\" must be a text.", key));
    return node.Scalar();
}

double number(const YAML::Node& node, std::string_view key) {
    double value = 0;
    if (!node.IsScalar() || !YAML::convert<double>::decode(node, value))
        raise(node, fmt::format("\"{}\" must be a number.", key));
    return value;
}

double positive(const YAML::Node& node, std::string_view key) {
    const double value = number(node, key);
    if (!(value > 0)) raise(node, fmt::format("\"{}\" must be greater than zero.", key));
    return value;
}

bool flag(const YAML::Node& node, std::string_view key) {
    bool value = false;
    if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value))
        raise(node, fmt::format("\"{}\" must be yes or no.", key));
    return value;
}

std::vector<std::string> texts(const YAML::Node& node, std::string_view key) {
    if (!node.IsSequence()) raise(node, fmt::format("\"{}\" must be a list.", key));
    std::vector<std::string> result;
    for (const YAML::Node& entry : node)
        result.push_back(text(entry, key));
    return result;
}

YAML::Node required(const YAML::Node& map, const char* key, std::string_view what) {
    const YAML::Node value = map[key];
    if (!value) raise(map, fmt::format("\"{}\" is missing in {}.", key, what));
    return value;
}

void allowOnly(const YAML::Node& map, std::string_view what, const std::set<std::string>& allowed) {
    if (!map.IsMap()) raise(map, fmt::format("{} must be a map.", what));
    for (const auto& entry : map) {
        if (!allowed.contains(entry.first.Scalar()))
            raise(entry.first, fmt::format("\"{}\" is no key of {}.", entry.first.Scalar(), what));
    }
}

} // namespace headroom::yaml
