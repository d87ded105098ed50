#include "core/delay/cell_record.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/quantity.h"

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

/// A file's absolute path, whatever follows the colon kept; any other name as it is.
std::string settled(const std::string& nameOrFile) {
    std::error_code code;
    if (fs::exists(nameOrFile, code)) return fs::absolute(nameOrFile, code).string();
    const auto colon = nameOrFile.rfind(':');
    if (colon == std::string::npos || !fs::exists(nameOrFile.substr(0, colon), code)) return nameOrFile;
    return fs::absolute(nameOrFile.substr(0, colon), code).string() + nameOrFile.substr(colon);
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
    const auto& names = shippedCells();
    const bool isShipped = std::find(names.begin(), names.end(), cell) != names.end();
    const auto technologies = technology::shippedTechnologies();
    const bool isKnown =
        std::find(technologies.begin(), technologies.end(), technology) != technologies.end();
    return CellRecord{isShipped ? cell : settled(cell), isKnown ? technology : settled(technology), corner,
                      complete, sha256(bench->deck())};
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
    try {
        const YAML::Node root = YAML::Load(yaml);
        if (!root.IsMap() || !root["format_version"] || !root["kind"] ||
            root["kind"].as<std::string>() != kKind)
            return failAt(ErrorCode::Corrupt, fileName, 1, "This does not say how a table was simulated.");
        if (const int version = root["format_version"].as<int>(); version > kFormatVersion)
            return failAt(ErrorCode::Unsupported, fileName, 1,
                          fmt::format("The record's format {} is newer than this program understands ({}).",
                                      version, kFormatVersion));
        return readRecord(root);
    } catch (const YAML::Exception& error) {
        return failAt(ErrorCode::Corrupt, fileName, error.mark.line + 1,
                      fmt::format("The record of the table's cell is damaged: {}.", error.msg));
    }
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
