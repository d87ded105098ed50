#include "core/project/migration.h"

#include <yaml-cpp/yaml.h>

namespace headroom::project {
namespace {

void rename(YAML::Node& document, const char* from, const char* to) {
    if (!document[from]) return;
    document[to] = YAML::Clone(document[from]);
    document.remove(from);
}

/// Version 0 named the netlist by its path alone, and wrote the specification as a mapping of names to
/// values.
Result<void> fromVersion0(YAML::Node& document, const std::string&) {
    rename(document, "tech", "technology");
    if (const YAML::Node netlist = document["netlist"]; netlist && netlist.IsScalar()) {
        const auto file = netlist.as<std::string>();
        YAML::Node reference;
        reference["file"] = file;
        document["netlist"] = reference;
    }
    if (const YAML::Node spec = document["spec"]; spec && spec.IsMap()) {
        YAML::Node targets(YAML::NodeType::Sequence);
        for (const auto& entry : spec) {
            YAML::Node target;
            target["performance"] = YAML::Clone(entry.first);
            target["value"] = YAML::Clone(entry.second);
            targets.push_back(target);
        }
        document["specification"]["targets"] = targets;
        document.remove("spec");
    }
    if (const YAML::Node seed = document["seed"]) {
        document["sampling"]["seed"] = YAML::Clone(seed);
        document.remove("seed");
    }
    return {};
}

} // namespace

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> all{&fromVersion0};
    return all;
}

} // namespace headroom::project
