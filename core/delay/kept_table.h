#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/delay/cell_record.h"
#include "core/delay/study.h"
#include "core/delay/table.h"

namespace headroom::delay {

/// Of a kept table's description.
inline constexpr const char* keptTableFile = "table.yaml";

/// A table that is worked on: real rows, some of which are held out, and synthetic ones.
struct TableDocument {
    std::string name; ///< "inv", "delays.csv"
    Table table;      ///< synthetic rows say so in their provenance
    std::string target;
    std::optional<CellRecord> origin; ///< absent: imported
    double heldOutShare = 0.3;        ///< of the real rows
    std::uint64_t splitSeed = 1;
    std::shared_ptr<const Study> study; ///< what was found out of it when it was kept; null: nothing

    /// Index of the target. @pre there is such a column
    std::size_t targetColumn() const { return *table.column(target); }
    Table realRows() const { return table.pick(rowsOfOrigin(table, true)); }
    Table syntheticRows() const { return table.pick(rowsOfOrigin(table, false)); }
    std::size_t syntheticCount() const { return rowsOfOrigin(table, false).size(); }
    /// Real rows that are learned from, and those held out; see splitRows().
    std::pair<Table, Table> split() const;
    /// By row of the real rows, whether it is held out.
    std::vector<bool> heldOut() const;
};

/// Keeps a document in a folder: <folder>/<number>/table.yaml, its rows as <folder>/rows/<hash>.csv, and a
/// cell of the user's own with what its file includes in <folder>/cells (see netlist::copyNetlist()), so that
/// the folder can be moved. Nothing that is there is ever altered. @return the number. Errors: those of
/// writeFileAtomically().
Result<std::string> keepTable(const std::filesystem::path& folder, const TableDocument& document);

/// With the study that was kept of it. Errors: NotFound, Corrupt with file and line (also where the rows are
/// not those that were kept), Unsupported for a newer format.
Result<TableDocument> readKeptTable(const std::filesystem::path& folder, const std::string& number);

/// Removes all documents but one, and the rows and cells that it does not need. @param number empty: all of
/// them
void pruneTables(const std::filesystem::path& folder, const std::string& number);

} // namespace headroom::delay
