#include "core/delay/kept_table.h"

#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/base/kept_files.h"
#include "core/base/quantity.h"
#include "core/base/yaml_document.h"
#include "core/delay/kept_study.h"
#include "core/delay/table_import.h"
#include "core/netlist/netlist_copy.h"

namespace headroom::delay {
namespace {

namespace fs = std::filesystem;

constexpr int kFormatVersion = 1;
constexpr const char* kRows = "rows";
constexpr const char* kCells = "cells";
constexpr const char* kSuffix = ".csv"; ///< of rows
constexpr const char* kKind = "delay_table";

struct Description {
    TableDocument document; ///< without its rows
    std::string rows;       ///< their hash
    std::vector<std::string> categories;
};

Result<Description> readDescription(const YAML::Node& root, const std::string& file) {
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
}

Result<Description> parse(const std::string& text, const std::string& file) {
    return readYamlAs<Description>(text, file, {{kKind}, kFormatVersion, "a kept table"},
                                   [&](const YAML::Node& root) { return readDescription(root, file); });
}

/// The record with its cell's file copied into the folder and named by its place there. What is not there any
/// more stays where it was.
Result<CellRecord> keepCell(const fs::path& folder, CellRecord record) {
    const auto place = placeOf(record.cell);
    if (!place) return record;
    const auto netlist = netlist::readNetlist(place->file);
    if (!netlist) return record;
    const auto copy = netlist::copyNetlist(*netlist, folder / kCells);
    if (!copy) return forward(copy);
    record.cell = (fs::path(kCells) / *copy).string();
    if (!place->cell.empty()) record.cell += ":" + place->cell;
    return record;
}

/// The folder of kCells that a record's copied cell lies in; empty where it names another one.
std::string cellFolder(const CellRecord& record) {
    const fs::path cell = record.cell;
    auto part = cell.begin();
    if (part == cell.end() || *part != kCells || ++part == cell.end()) return {};
    return part->string();
}

/// What is not needed of a folder.
void removeOthers(const fs::path& folder, const std::set<std::string>& needed) {
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code))
        if (!needed.contains(entry.path().filename().string())) fs::remove_all(entry.path(), code);
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
    const auto rows = keepBytes(folder / kRows, writeCsv(toCsv(document.table)), kSuffix);
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
    if (document.origin) {
        const auto record = keepCell(folder, *document.origin);
        if (!record) return forward(record);
        root["origin"] = writeCellRecordYaml(*record);
    }
    YAML::Emitter emitter;
    emitter << root;
    return keepNumbered(folder, keptTableFile, std::string(emitter.c_str()) + "\n");
}

Result<TableDocument> readKeptTable(const fs::path& folder, const std::string& number) {
    const fs::path file = folder / number / keptTableFile;
    const auto text = readFile(file);
    if (!text) return forward(text);
    auto read = parse(*text, file.string());
    if (!read) return forward(read);
    const auto rows =
        readKeptBytes(folder / kRows, read->rows, kSuffix, fmt::format("The table {}", read->document.name));
    if (!rows) return forward(rows);
    TableImport import;
    import.dropsDuplicates = false;
    import.categories = read->categories;
    auto table = parseTable(*rows, (folder / kRows / (read->rows + kSuffix)).string(), import);
    if (!table) return forward(table);
    read->document.table = std::move(table->table);
    if (auto study = readKeptStudy(folder, number))
        read->document.study = std::make_shared<const Study>(std::move(*study));
    if (auto& origin = read->document.origin; origin && !cellFolder(*origin).empty())
        origin->cell = fs::absolute(folder / origin->cell).string();
    if (!read->document.table.column(read->document.target))
        return failAt(ErrorCode::Corrupt, file.string(), 0,
                      fmt::format("The kept table has no column \"{}\".", read->document.target));
    return std::move(read->document);
}

void pruneTables(const fs::path& folder, const std::string& number) {
    std::set<std::string> rows, cells;
    if (!number.empty()) {
        const fs::path file = folder / number / keptTableFile;
        const auto text = readFile(file);
        const auto read = text ? parse(*text, file.string()) : Result<Description>(forward(text));
        if (!read) return; // what cannot be read might still be rescued
        rows.insert(read->rows + kSuffix);
        if (read->document.origin) cells.insert(cellFolder(*read->document.origin));
    }
    removeOthers(folder, {number, kRows, kCells});
    removeOthers(folder / kRows, rows);
    removeOthers(folder / kCells, cells);
}

} // namespace headroom::delay
