#include "core/delay/cell_record.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/base/yaml_document.h"

namespace headroom::delay {
namespace {

namespace fs = std::filesystem;

constexpr int kFormatVersion = 1;
constexpr const char* kKind = "cell_table";

/// Of the ranges that a record names.
std::array<std::pair<const char*, Range*>, 4> rangesOf(ConditionRanges& ranges) {
    return {{{"vdd", &ranges.supplyVolts},
             {"temperature", &ranges.temperature},
             {"load", &ranges.loadFarads},
             {"slew", &ranges.slewSeconds}}};
}

/// A file's absolute path; any other name as it is.
std::string settled(const std::string& nameOrFile) {
    std::error_code code;
    return fs::exists(nameOrFile, code) ? fs::absolute(nameOrFile, code).string() : nameOrFile;
}

/// The same of a cell, whose name follows its file.
std::string settledCell(const std::string& nameOrFile) {
    const auto place = placeOf(nameOrFile);
    if (!place) return nameOrFile;
    return fs::absolute(place->file).string() + (place->cell.empty() ? "" : ":" + place->cell);
}

CellRecord readRecord(const YAML::Node& root) {
    CellRecord record;
    record.cell = root["cell"].as<std::string>();
    record.technology = root["technology"].as<std::string>();
    record.corner = root["corner"].as<std::string>("");
    record.deck = root["deck_sha256"].as<std::string>("");
    const YAML::Node ranges = root["conditions"];
    record.ranges.processScale = ranges["process_scale"].as<double>();
    for (const auto& [name, range] : rangesOf(record.ranges)) {
        const auto ends = ranges[name].as<std::vector<double>>();
        if (ends.size() != 2) throw YAML::Exception(ranges[name].Mark(), "a range has two ends");
        *range = {ends[0], ends[1]};
    }
    if (const auto valid = record.ranges.validate(); !valid)
        throw YAML::Exception(ranges.Mark(), valid.error().message);
    return record;
}

} // namespace

Result<CellRecord> makeCellRecord(const std::string& cell, const std::string& technology,
                                  const std::string& corner, const ConditionRanges& ranges) {
    const auto known = technology::loadTechnology(technology);
    if (!known) return forward(known);
    const auto loaded = loadCell(cell);
    if (!loaded) return forward(loaded);
    const ConditionRanges complete = ranges.completed(*known);
    if (const auto valid = complete.validate(); !valid) return forward(valid);
    const auto bench = CellBench::create(*loaded, *known, corner);
    if (!bench) return forward(bench);
    const auto technologies = technology::shippedTechnologies();
    const bool isKnown =
        std::find(technologies.begin(), technologies.end(), technology) != technologies.end();
    return CellRecord{settledCell(cell), isKnown ? technology : settled(technology), corner, complete,
                      sha256(bench->deck())};
}

std::string writeCellRecordYaml(const CellRecord& record) {
    YAML::Node root;
    root["format_version"] = kFormatVersion;
    root["kind"] = kKind;
    root["cell"] = record.cell;
    root["technology"] = record.technology;
    if (!record.corner.empty()) root["corner"] = record.corner;
    YAML::Node conditions;
    conditions["process_scale"] = formatExact(record.ranges.processScale);
    ConditionRanges ranges = record.ranges;
    for (const auto& [name, range] : rangesOf(ranges)) {
        YAML::Node ends;
        ends.push_back(formatExact(range->low));
        ends.push_back(formatExact(range->high));
        ends.SetStyle(YAML::EmitterStyle::Flow);
        conditions[name] = ends;
    }
    root["conditions"] = conditions;
    root["deck_sha256"] = record.deck;
    YAML::Emitter emitter;
    emitter << root;
    return std::string(emitter.c_str()) + "\n";
}

Result<CellRecord> readCellRecordYaml(const std::string& yaml, const std::string& fileName) {
    return readYamlAs<CellRecord>(yaml, fileName, {{kKind}, kFormatVersion, "the record of a table's cell"},
                                  readRecord);
}

fs::path cellRecordFile(const fs::path& table) {
    fs::path file = table;
    file += ".cell.yaml";
    return file;
}

Result<void> writeCellRecord(const fs::path& table, const CellRecord& record) {
    return writeFileAtomically(cellRecordFile(table), writeCellRecordYaml(record));
}

Result<std::optional<CellRecord>> readCellRecord(const fs::path& table) {
    const fs::path file = cellRecordFile(table);
    if (std::error_code code; !fs::exists(file, code)) return std::nullopt;
    const auto text = readFile(file);
    if (!text) return forward(text);
    auto record = readCellRecordYaml(*text, file.string());
    if (!record) return forward(record);
    return std::optional(std::move(*record));
}

} // namespace headroom::delay
