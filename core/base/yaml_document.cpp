#include "core/base/yaml_document.h"

#include <algorithm>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace headroom {

Result<void> readYamlDocument(const std::string& text, const std::string& fileName, const YamlFormat& format,
                              const std::function<Result<void>(const YAML::Node& root)>& read) {
    try {
        const YAML::Node root = YAML::Load(text);
        const std::string kind = root.IsMap() && root["kind"] ? root["kind"].as<std::string>() : "";
        if (std::find(format.kinds.begin(), format.kinds.end(), kind) == format.kinds.end() ||
            !root["format_version"])
            return failAt(ErrorCode::Corrupt, fileName, 1, fmt::format("This is not {}.", format.what));
        if (const int version = root["format_version"].as<int>(); version > format.version)
            return failAt(ErrorCode::Unsupported, fileName, 1,
                          fmt::format("The format {} of {} is newer than this program understands ({}).",
                                      version, format.what, format.version));
        return read(root);
    } catch (const YAML::Exception& error) {
        return failAt(ErrorCode::Corrupt, fileName, error.mark.line + 1,
                      fmt::format("What should be {} is damaged: {}.", format.what, error.msg));
    }
}

} // namespace headroom
