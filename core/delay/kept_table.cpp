#include "core/delay/kept_table.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/base/kept_files.h"
#include "core/base/quantity.h"
#include "core/delay/study.h"
#include "core/delay/table_import.h"

namespace headroom::delay {
namespace {

namespace fs = std::filesystem;

constexpr int kFormatVersion = 1;
constexpr const char* kFile = "table.yaml";
constexpr const char* kRows = "rows";
constexpr const char* kKind = "delay_table";

struct Description {
    TableDocument document; ///< without its rows
    std::string rows;       ///< their hash
    std::vector<std::string> categories;
};

Result<Description> parse(const std::string& text, const std::string& file) {
    try {
        const YAML::Node root = YAML::Load(text);
        if (!root.IsMap() || !root["kind"] || root["kind"].as<std::string>() != kKind)
            return failAt(ErrorCode::Corrupt, file, 1, "This is not a kept table.");
        if (const int version = root["format_version"].as<int>(); version > kFormatVersion)
            return failAt(ErrorCode::Unsupported, file, 1,
                          fmt::format("The table's format {} is newer than this program understands ({}).",
                                      version, kFormatVersion));
        Description read;
        read.document.name = root["name"].as<std::string>();
        read.document.target = root["target"].as<std::string>();
        read.document.heldOutShare = root["held_out"].as<double>();
        read.document.splitSeed = root["split_seed"].as<std::uint64_t>();
        read.rows = root["rows"].as<std::string>();
        if (!(read.document.heldOutShare >= 0 && read.document.heldOutShare < 1))
            throw YAML::Exception(root["held_out"].Mark(), "the share held out should be from 0 to 1");
        for (const YAML::Node& name : root["categories"])
            read.categories.push_back(name.as<std::string>());
        if (!root["origin"]) return read;
        auto origin = readCellRecordYaml(root["origin"].as<std::string>(), file);
        if (!origin) return forward(origin);
        read.document.origin = std::move(*origin);
        return read;
    } catch (const YAML::Exception& error) {
        return failAt(ErrorCode::Corrupt, file, error.mark.line + 1,
                      fmt::format("The kept table is damaged: {}.", error.msg));
    }
}

} // namespace

std::pair<Table, Table> TableDocument::split() const {
    return splitRows(realRows(), 1 - heldOutShare, splitSeed);
}

std::vector<bool> TableDocument::heldOut() const {
    std::vector<bool> mask(rowsOfOrigin(table, true).size());
    for (const std::size_t row : splitNumbers(mask.size(), 1 - heldOutShare, splitSeed).second)
        mask[row] = true;
    return mask;
}

Result<std::string> keepTable(const fs::path& folder, const TableDocument& document) {
    const auto rows = keepBytes(folder / kRows, writeCsv(toCsv(document.table)), ".csv");
    if (!rows) return forward(rows);
    YAML::Node root;
    root["format_version"] = kFormatVersion;
    root["kind"] = kKind;
    root["name"] = document.name;
    root["target"] = document.target;
    root["held_out"] = formatExact(document.heldOutShare);
    root["split_seed"] = document.splitSeed;
    root["rows"] = *rows;
    for (const Column& column : document.table.columns)
        if (column.kind == ColumnKind::Category) root["categories"].push_back(column.name);
    if (document.origin) root["origin"] = writeCellRecordYaml(*document.origin);
    YAML::Emitter emitter;
    emitter << root;
    return keepNumbered(folder, kFile, std::string(emitter.c_str()) + "\n");
}

Result<TableDocument> readKeptTable(const fs::path& folder, const std::string& number) {
    const fs::path file = folder / number / kFile;
    const auto text = readFile(file);
    if (!text) return forward(text);
    auto read = parse(*text, file.string());
    if (!read) return forward(read);
    const auto rows =
        readKeptBytes(folder / kRows, read->rows, ".csv", fmt::format("The table {}", read->document.name));
    if (!rows) return forward(rows);
    TableImport import;
    import.dropsDuplicates = false;
    import.categories = read->categories;
    auto table = parseTable(*rows, (folder / kRows / (read->rows + ".csv")).string(), import);
    if (!table) return forward(table);
    read->document.table = std::move(table->table);
    if (!read->document.table.column(read->document.target))
        return failAt(ErrorCode::Corrupt, file.string(), 0,
                      fmt::format("The kept table has no column \"{}\".", read->document.target));
    return std::move(read->document);
}

void pruneTables(const fs::path& folder, const std::string& number) {
    std::error_code code;
    std::string needed;
    if (!number.empty()) {
        const fs::path file = folder / number / kFile;
        const auto text = readFile(file);
        const auto read = text ? parse(*text, file.string()) : Result<Description>(forward(text));
        if (!read) return; // what cannot be read might still be rescued
        needed = read->rows;
    }
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const std::string name = entry.path().filename().string();
        if (name != number && name != kRows) fs::remove_all(entry.path(), code);
    }
    for (const auto& entry : fs::directory_iterator(folder / kRows, code))
        if (entry.path().stem().string() != needed) fs::remove(entry.path(), code);
}

} // namespace headroom::delay
