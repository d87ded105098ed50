#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/delay/table.h"

namespace headroom::delay {

/// What becomes of a row with an empty cell, or one that says "NA", "NaN", "null", "?" or "-".
enum class MissingValues {
    Refuse,
    DropRows,
    /// A number becomes the median of its column, a category the most frequent one.
    Median,
};
std::optional<MissingValues> missingValuesFromName(std::string_view name); ///< "refuse", "drop", "median"

struct TableImport {
    MissingValues missing = MissingValues::Refuse;
    bool hasHeading = true; ///< false: columns are called "column 1" and so on
    bool dropsDuplicates = true;
    /// Columns, by name or heading, that are text although their cells look like numbers.
    std::vector<std::string> categories;
};

/// What an import noticed; each note is one sentence.
struct ImportReport {
    std::size_t rowsRead = 0;
    std::size_t missingCells = 0;
    std::size_t incompleteRows = 0; ///< that had one
    std::size_t duplicateRows = 0;  ///< beyond the first of each
    std::vector<std::string> constantColumns;
    /// Whose values differ by less than 1e-7 in all, so that boosted trees would not see it unscaled.
    std::vector<std::string> tinyRanges;
    std::vector<std::string> notes;
};

struct ImportedTable {
    Table table;
    ImportReport report;
};

/// Reads a table of cells separated by commas, semicolons (where numbers may have decimal commas) or tabs. A
/// column is of numbers where most of its cells are; a column called "provenance" tells each row's origin.
/// Errors, all BadInput with file and line: no text, no heading, two columns of one name, ragged rows, text
/// or an infinite value in a column of numbers, more than 200 different words in another, missing values
/// where they are refused (the first of them and how many), no rows.
Result<ImportedTable> parseTable(std::string_view text, const std::string& fileName,
                                 const TableImport& settings);
/// Errors: those of readFile() and parseTable().
Result<ImportedTable> readTable(const std::filesystem::path& file, const TableImport& settings);

/// With fewer rows nothing can be learned from a table, nor its judgement trusted.
inline constexpr std::size_t fewestRows = 30;

/// Error BadInput where there are fewer rows than that.
Result<void> checkRows(const Table& rows);

/// Whether a column of a table can be learned from the others. Errors, all BadInput: no other column, a
/// target that is a category or does not vary, or that is the same as an input up to scale, fewer than
/// fewestRows.
Result<void> checkTarget(const Table& table, std::size_t target);

} // namespace headroom::delay
