#include "core/project/project.h"

#include <cmath>

#include <yaml-cpp/yaml.h>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/project/migration.h"

namespace headroom::project {
namespace {

/// Errors inside the reader travel as this exception and end at parseProject().
struct Problem {
    int line = 0;
    std::string message;
};

[[noreturn]] void complain(const YAML::Node& node, std::string message) {
    throw Problem{node.Mark().line + 1, std::move(message)};
}

template <class T>
T scalar(const YAML::Node& node, std::string_view key, std::string_view kind) {
    T value{};
    if (!node.IsScalar() || !YAML::convert<T>::decode(node, value)) {
        complain(node, fmt::format("\"{}\" should be {}.", key, kind));
    }
    return value;
}

void read(const YAML::Node& parent, const char* key, std::string& value) {
    if (const auto node = parent[key]; node && !node.IsNull())
        value = scalar<std::string>(node, key, "a text");
}
void read(const YAML::Node& parent, const char* key, double& value) {
    if (const auto node = parent[key]) value = scalar<double>(node, key, "a number");
}
void read(const YAML::Node& parent, const char* key, int& value) {
    if (const auto node = parent[key]) value = scalar<int>(node, key, "a whole number");
}
void read(const YAML::Node& parent, const char* key, bool& value) {
    if (const auto node = parent[key]) value = scalar<bool>(node, key, "true or false");
}
void read(const YAML::Node& parent, const char* key, std::uint64_t& value) {
    if (const auto node = parent[key]) value = scalar<std::uint64_t>(node, key, "a whole number");
}
void read(const YAML::Node& parent, const char* key, std::int64_t& value) {
    if (const auto node = parent[key]) value = scalar<std::int64_t>(node, key, "a whole number");
}
template <class T>
void read(const YAML::Node& parent, const char* key, std::optional<T>& value) {
    if (!parent[key] || parent[key].IsNull()) return;
    value.emplace();
    read(parent, key, *value);
}

YAML::Node mapping(const YAML::Node& parent, const char* key) {
    const YAML::Node node = parent[key];
    if (!node || node.IsNull()) return YAML::Node(YAML::NodeType::Map);
    if (!node.IsMap()) complain(node, fmt::format("\"{}\" should be a mapping.", key));
    return node;
}

YAML::Node sequence(const YAML::Node& parent, const char* key) {
    const YAML::Node node = parent[key];
    if (!node || node.IsNull()) return YAML::Node(YAML::NodeType::Sequence);
    if (!node.IsSequence()) complain(node, fmt::format("\"{}\" should be a list.", key));
    return node;
}

std::vector<std::string> readNames(const YAML::Node& list, const char* key) {
    std::vector<std::string> names;
    for (const YAML::Node& node : list)
        names.push_back(scalar<std::string>(node, key, "a list of names"));
    return names;
}

NetlistReference readNetlistReference(const YAML::Node& node) {
    NetlistReference reference;
    read(node, "file", reference.file);
    read(node, "sha256", reference.sha256);
    read(node, "top", reference.top);
    read(node, "origin", reference.origin);
    if (reference.file.empty()) complain(node, "The netlist has no \"file\".");
    const std::filesystem::path path(reference.file);
    if (path.is_absolute() || path.lexically_normal().string().starts_with("..")) {
        complain(node["file"], "The netlist's \"file\" should lie inside the project folder.");
    }
    return reference;
}

netlist::Sizing readSizing(const YAML::Node& list) {
    netlist::Sizing sizing;
    for (const YAML::Node& node : list) {
        netlist::Assignment assignment;
        if (!node.IsMap()) complain(node, "An accepted value should be a mapping.");
        read(node, "device", assignment.device);
        read(node, "parameter", assignment.parameter);
        read(node, "value", assignment.value);
        sizing.push_back(assignment);
    }
    return sizing;
}

Conditions readConditions(const YAML::Node& node) {
    Conditions conditions;
    read(node, "corner", conditions.corner);
    read(node, "supply_voltage", conditions.supplyVoltage);
    read(node, "temperature", conditions.temperature);
    read(node, "common_mode_voltage", conditions.commonModeVoltage);
    read(node, "bias_current", conditions.biasCurrent);
    return conditions;
}

SpecificationState readSpecification(const YAML::Node& node) {
    SpecificationState specification;
    for (const YAML::Node& entry : sequence(node, "targets")) {
        if (!entry.IsMap()) complain(entry, "A target should be a mapping.");
        std::string name;
        read(entry, "performance", name);
        const auto performance = simulation::performanceFromName(name);
        if (!performance) complain(entry, fmt::format("\"{}\" is no performance.", name));
        Target target;
        target.performance = *performance;
        target.take(sizing::Requirement::free(*performance));
        read(entry, "value", target.value);
        read(entry, "locked", target.locked);
        read(entry, "other_limit", target.otherLimit);
        read(entry, "weight", target.weight);
        target.corners = readNames(sequence(entry, "corners"), "corners");
        if (!(target.weight > 0)) complain(entry, "A target's \"weight\" should be positive.");
        specification.targets.push_back(target);
    }
    read(node, "data_row", specification.dataRow);
    specification.pinned = readSizing(sequence(node, "pinned"));
    return specification;
}

SamplingState readSampling(const YAML::Node& node) {
    SamplingState sampling;
    read(node, "count", sampling.count);
    read(node, "steps", sampling.steps);
    read(node, "guidance", sampling.guidance);
    read(node, "temperature", sampling.temperature);
    read(node, "stochasticity", sampling.stochasticity);
    read(node, "order", sampling.order);
    read(node, "seed", sampling.seed);
    read(node, "mirror_units", sampling.mirrorUnits);
    return sampling;
}

std::vector<std::size_t> readCandidates(const YAML::Node& node, const char* key) {
    std::vector<std::size_t> candidates;
    for (const YAML::Node& entry : sequence(node, key)) {
        candidates.push_back(scalar<std::size_t>(entry, key, "a list of whole numbers"));
    }
    return candidates;
}

std::optional<ResultReference> readResults(const YAML::Node& node) {
    if (!node["exploration"]) return std::nullopt;
    ResultReference results;
    read(node, "exploration", results.exploration);
    read(node, "chosen", results.chosen);
    results.excluded = readCandidates(node, "excluded");
    results.pinned = readCandidates(node, "pinned");
    for (const YAML::Node& entry : sequence(node, "notes")) {
        if (!entry.IsMap() || !entry["candidate"]) {
            complain(entry, "A note should be a mapping with a \"candidate\".");
        }
        CandidateNote note;
        read(entry, "candidate", note.candidate);
        read(entry, "text", note.text);
        if (!note.text.empty()) results.notes.push_back(std::move(note));
    }
    return results;
}

std::vector<DevicePosition> readPositions(const YAML::Node& list) {
    std::vector<DevicePosition> positions;
    for (const YAML::Node& node : list) {
        if (!node.IsMap()) complain(node, "The place of a device should be a mapping.");
        DevicePosition position;
        read(node, "device", position.device);
        read(node, "x", position.x);
        read(node, "y", position.y);
        positions.push_back(position);
    }
    return positions;
}

std::vector<structure::RoleCorrection> readCorrections(const YAML::Node& list) {
    std::vector<structure::RoleCorrection> corrections;
    for (const YAML::Node& node : list) {
        if (!node.IsMap()) complain(node, "The correction of a device's function should be a mapping.");
        std::string function;
        std::string stage;
        structure::RoleCorrection correction;
        read(node, "device", correction.device);
        read(node, "function", function);
        read(node, "stage", stage);
        const auto known = structure::functionNamed(function);
        if (!known) complain(node, known.error().message);
        const auto knownStage = structure::stageNamed(stage);
        if (!knownStage) complain(node, knownStage.error().message);
        correction.function = *known;
        correction.stage = *knownStage;
        corrections.push_back(std::move(correction));
    }
    return corrections;
}

/// Of something that lies in a folder of the project under a number; empty where there is none.
void readKeptNumber(const YAML::Node& document, const char* key, std::string& number) {
    read(document, key, number);
    const bool isNumber =
        std::all_of(number.begin(), number.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
    if (!isNumber) complain(document[key], fmt::format("\"{}\" should be a number.", key));
}

Project readDocument(const YAML::Node& document) {
    Project project;
    read(document, "headroom", project.headroomVersion);
    if (const auto node = mapping(document, "netlist"); node.size() > 0)
        project.netlist = readNetlistReference(node);
    project.acceptedSizing = readSizing(sequence(document, "accepted_sizing"));
    read(document, "technology", project.technology);
    project.conditions = readConditions(mapping(document, "conditions"));
    project.specification = readSpecification(mapping(document, "specification"));
    project.sampling = readSampling(mapping(document, "sampling"));
    read(document, "model", project.model);
    read(document, "dataset", project.dataset);
    readKeptNumber(document, "power_grid", project.powerGrid);
    readKeptNumber(document, "delay_table", project.delayTable);
    project.results = readResults(mapping(document, "results"));
    project.devicePositions = readPositions(sequence(document, "device_positions"));
    project.roleCorrections = readCorrections(sequence(document, "role_corrections"));
    project.positiveSupplies = readNames(sequence(document, "positive_supplies"), "positive_supplies");
    project.negativeSupplies = readNames(sequence(document, "negative_supplies"), "negative_supplies");
    return project;
}

int versionOf(const YAML::Node& document) {
    if (!document.IsMap() || !document["format_version"]) {
        complain(document, "This is no Headroom project: there is no \"format_version\".");
    }
    int version = 0;
    read(document, "format_version", version);
    if (version < 0) complain(document["format_version"], "\"format_version\" should not be negative.");
    return version;
}

/// A mapping of keys to texts that writes nothing for what is absent.
class MapWriter {
public:
    explicit MapWriter(YAML::Emitter& out)
        : m_out(out) {
        m_out << YAML::BeginMap;
    }
    ~MapWriter() { m_out << YAML::EndMap; }
    MapWriter(const MapWriter&) = delete;
    MapWriter& operator=(const MapWriter&) = delete;

    void text(const char* key, const std::string& value) {
        if (!value.empty()) m_out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
    }
    void number(const char* key, double value) {
        m_out << YAML::Key << key << YAML::Value << formatExact(value);
    }
    void number(const char* key, const std::optional<double>& value) {
        if (value) number(key, *value);
    }
    template <class Integer>
    void integer(const char* key, Integer value) {
        m_out << YAML::Key << key << YAML::Value << std::to_string(value);
    }
    void key(const char* key) { m_out << YAML::Key << key << YAML::Value; }

private:
    YAML::Emitter& m_out;
};

void write(YAML::Emitter& out, const NetlistReference& netlist) {
    MapWriter map(out);
    map.text("file", netlist.file);
    map.text("sha256", netlist.sha256);
    map.text("top", netlist.top);
    map.text("origin", netlist.origin);
}

void write(YAML::Emitter& out, const netlist::Sizing& sizing) {
    out << YAML::BeginSeq;
    for (const netlist::Assignment& assignment : sizing) {
        out << YAML::Flow;
        MapWriter map(out);
        map.text("device", assignment.device);
        map.text("parameter", assignment.parameter);
        map.number("value", assignment.value);
    }
    out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const Conditions& conditions) {
    MapWriter map(out);
    map.text("corner", conditions.corner);
    map.number("supply_voltage", conditions.supplyVoltage);
    map.number("temperature", conditions.temperature);
    map.number("common_mode_voltage", conditions.commonModeVoltage);
    map.number("bias_current", conditions.biasCurrent);
}

void write(YAML::Emitter& out, const SpecificationState& specification) {
    MapWriter map(out);
    if (specification.dataRow) map.integer("data_row", *specification.dataRow);
    map.key("targets");
    out << YAML::BeginSeq;
    for (const Target& target : specification.targets) {
        out << YAML::Flow;
        MapWriter entry(out);
        entry.text("performance", simulation::info(target.performance).name);
        if (std::isfinite(target.value)) entry.number("value", target.value);
        if (target.locked) out << YAML::Key << "locked" << YAML::Value << true;
        entry.number("other_limit", target.otherLimit);
        if (target.weight != 1) entry.number("weight", target.weight);
        if (!target.corners.empty()) out << YAML::Key << "corners" << YAML::Value << target.corners;
    }
    out << YAML::EndSeq;
    if (specification.pinned.empty()) return;
    map.key("pinned");
    write(out, specification.pinned);
}

void write(YAML::Emitter& out, const SamplingState& sampling) {
    MapWriter map(out);
    map.integer("count", sampling.count);
    map.integer("steps", sampling.steps);
    map.number("guidance", sampling.guidance);
    map.number("temperature", sampling.temperature);
    map.number("stochasticity", sampling.stochasticity);
    map.integer("order", sampling.order);
    map.integer("seed", sampling.seed);
    map.integer("mirror_units", sampling.mirrorUnits);
}

void write(YAML::Emitter& out, const std::vector<DevicePosition>& positions) {
    out << YAML::BeginSeq;
    for (const DevicePosition& position : positions) {
        out << YAML::Flow;
        MapWriter map(out);
        map.text("device", position.device);
        map.number("x", position.x);
        map.number("y", position.y);
    }
    out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const std::vector<structure::RoleCorrection>& corrections) {
    out << YAML::BeginSeq;
    for (const structure::RoleCorrection& correction : corrections) {
        out << YAML::Flow;
        MapWriter map(out);
        map.text("device", correction.device);
        map.text("function", structure::toString(correction.function));
        map.text("stage", structure::toString(correction.stage));
    }
    out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const std::vector<std::string>& names) {
    out << YAML::Flow << YAML::BeginSeq;
    for (const std::string& name : names)
        out << YAML::DoubleQuoted << name;
    out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const ResultReference& results) {
    MapWriter map(out);
    map.integer("exploration", results.exploration);
    if (results.chosen) map.integer("chosen", *results.chosen);
    const auto list = [&](const char* key, const std::vector<std::size_t>& candidates) {
        if (candidates.empty()) return;
        map.key(key);
        out << YAML::Flow << YAML::BeginSeq;
        for (const std::size_t candidate : candidates)
            out << std::to_string(candidate);
        out << YAML::EndSeq;
    };
    list("excluded", results.excluded);
    list("pinned", results.pinned);
    if (results.notes.empty()) return;
    map.key("notes");
    out << YAML::BeginSeq;
    for (const CandidateNote& note : results.notes) {
        MapWriter entry(out);
        entry.integer("candidate", note.candidate);
        entry.text("text", note.text);
    }
    out << YAML::EndSeq;
}

} // namespace

sizing::Requirement Target::requirement() const {
    sizing::Requirement requirement = sizing::Requirement::reaching(performance, value);
    requirement.weight = weight;
    requirement.corners = corners;
    if (otherLimit)
        (simulation::info(performance).biggerIsBetter ? requirement.maximum : requirement.minimum) =
            *otherLimit;
    return requirement;
}

void Target::take(const sizing::Requirement& requirement) {
    const bool bigger = simulation::info(performance).biggerIsBetter;
    value = bigger ? requirement.minimum : requirement.maximum;
    otherLimit.reset();
    if (bigger ? requirement.hasMaximum() : requirement.hasMinimum())
        otherLimit = bigger ? requirement.maximum : requirement.minimum;
    weight = requirement.weight;
    corners = requirement.corners;
}

std::string toString(const Conditions& conditions) {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (!conditions.corner.empty()) add("corner " + conditions.corner);
    if (conditions.supplyVoltage) add(fmt::format("supply {} V", formatExact(*conditions.supplyVoltage)));
    if (conditions.temperature) add(fmt::format("{} degC", formatExact(*conditions.temperature)));
    if (conditions.commonModeVoltage) {
        add(fmt::format("common mode {} V", formatExact(*conditions.commonModeVoltage)));
    }
    if (conditions.biasCurrent) add(fmt::format("bias {} A", formatExact(*conditions.biasCurrent)));
    return text;
}

std::string writeProject(const Project& project) {
    YAML::Emitter out;
    {
        MapWriter map(out);
        map.integer("format_version", formatVersion);
        map.text("headroom", project.headroomVersion);
        if (project.netlist) {
            map.key("netlist");
            write(out, *project.netlist);
        }
        if (!project.acceptedSizing.empty()) {
            map.key("accepted_sizing");
            write(out, project.acceptedSizing);
        }
        map.text("technology", project.technology);
        if (project.conditions != Conditions{}) {
            map.key("conditions");
            write(out, project.conditions);
        }
        if (!project.specification.targets.empty()) {
            map.key("specification");
            write(out, project.specification);
        }
        map.key("sampling");
        write(out, project.sampling);
        map.text("model", project.model);
        map.text("dataset", project.dataset);
        if (!project.powerGrid.empty()) map.text("power_grid", project.powerGrid);
        if (!project.delayTable.empty()) map.text("delay_table", project.delayTable);
        if (project.results) {
            map.key("results");
            write(out, *project.results);
        }
        const auto list = [&](const char* key, const auto& values) {
            if (values.empty()) return;
            map.key(key);
            write(out, values);
        };
        list("device_positions", project.devicePositions);
        list("role_corrections", project.roleCorrections);
        list("positive_supplies", project.positiveSupplies);
        list("negative_supplies", project.negativeSupplies);
    }
    return std::string(out.c_str()) + "\n";
}

Result<Project> parseProject(const std::string& yaml, const std::string& fileName) {
    try {
        YAML::Node document = YAML::Load(yaml);
        const int version = versionOf(document);
        if (version > formatVersion) {
            return failAt(
                ErrorCode::Unsupported, fileName, document["format_version"].Mark().line + 1,
                fmt::format(
                    "The project was saved by a newer Headroom (format {}); this one reads formats up "
                    "to {}.",
                    version, formatVersion));
        }
        for (int v = version; v < formatVersion; ++v) {
            const auto migrated = migrations()[static_cast<std::size_t>(v)](document, fileName);
            if (!migrated) return forward(migrated);
        }
        return readDocument(document);
    } catch (const Problem& problem) {
        return failAt(ErrorCode::Corrupt, fileName, problem.line, problem.message);
    } catch (const YAML::Exception& exception) {
        return failAt(ErrorCode::Corrupt, fileName, exception.mark.line + 1,
                      fmt::format("The project file is damaged: {}.", exception.msg));
    }
}

std::optional<std::filesystem::path> projectFolder(const std::filesystem::path& path) {
    std::error_code code;
    if (std::filesystem::is_regular_file(path / projectFileName, code)) return path;
    if (path.filename() == projectFileName && std::filesystem::is_regular_file(path, code))
        return path.parent_path();
    return std::nullopt;
}

} // namespace headroom::project
