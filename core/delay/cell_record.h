#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/delay/characterisation.h"

namespace headroom::delay {

/// What the delays of a table were simulated with, as kept beside the table: all that it takes to simulate
/// the same delays at other conditions.
struct CellRecord {
    std::string cell;       ///< as loadCell() takes it; a file by its absolute path
    std::string technology; ///< as loadTechnology() takes it; a file by its absolute path
    std::string corner;     ///< empty: the nominal one
    ConditionRanges ranges; ///< complete; what is fixed has no column in the table
    std::string deck;       ///< SHA-256 of CellBench::deck(); empty: not known
};

/// Of a cell and technology as the user has named them. Errors: those of loadCell(), loadTechnology(),
/// CellBench::create() and ConditionRanges::validate().
Result<CellRecord> makeCellRecord(const std::string& cell, const std::string& technology,
                                  const std::string& corner, const ConditionRanges& ranges);

std::string writeCellRecordYaml(const CellRecord& record);
/// Errors: Corrupt, Unsupported (of a newer Headroom).
Result<CellRecord> readCellRecordYaml(const std::string& yaml, const std::string& fileName);

/// Where the record of a table lies: "inv.csv.cell.yaml" of "inv.csv".
std::filesystem::path cellRecordFile(const std::filesystem::path& table);
Result<void> writeCellRecord(const std::filesystem::path& table, const CellRecord& record);
/// Absent where the table has none. Errors: those of readFile() and readCellRecordYaml().
Result<std::optional<CellRecord>> readCellRecord(const std::filesystem::path& table);

} // namespace headroom::delay
