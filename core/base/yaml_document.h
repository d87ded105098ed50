#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace YAML {
class Node;
}

namespace headroom {

/// A file format of our own in YAML: a map with `kind` and `format_version`.
struct YamlFormat {
    std::vector<std::string_view> kinds; ///< that are read
    int version = 1;                     ///< the newest that is understood
    std::string_view what;               ///< "the card of a sizing model"
};

/// Hands a document's root to @p read, which may throw YAML::Exception. Errors: Corrupt with file and line
/// (another kind, what yaml-cpp or @p read object to), Unsupported (a newer format), those that @p read
/// returns.
Result<void> readYamlDocument(const std::string& text, const std::string& fileName, const YamlFormat& format,
                              const std::function<Result<void>(const YAML::Node& root)>& read);

/// The same for what is read as a value. @p read: T or Result<T> (const YAML::Node& root)
template <class T, class Read>
Result<T> readYamlAs(const std::string& text, const std::string& fileName, const YamlFormat& format,
                     const Read& read) {
    std::optional<T> value;
    const auto take = [&](const YAML::Node& root) -> Result<void> {
        Result<T> one = read(root);
        if (!one) return forward(one);
        value = std::move(*one);
        return {};
    };
    if (const auto done = readYamlDocument(text, fileName, format, take); !done) return forward(done);
    return std::move(*value);
}

} // namespace headroom
