#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace headroom {

/// A rectangular table with a heading, as text cells.
struct CsvTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< each as long as columns
    std::vector<int> lines = {};                ///< by row, on which it starts, from 1; filled by parseCsv()

    /// Index of a column by its exact name.
    std::optional<std::size_t> column(std::string_view name) const;
};

/// RFC 4180: quoted cells, doubled quotes, LF or CRLF. Ragged rows are errors that name the line.
Result<CsvTable> parseCsv(std::string_view text, const std::string& fileName = {}, char separator = ',');

/// What separates the cells of a table, by its first line outside of quotation marks: a semicolon where there
/// is one (commas are then those of numbers), else a tab, else a comma.
char separatorOf(std::string_view text);

/// Cells of numbers, with as many digits as it takes to read the same numbers again.
std::vector<std::string> numberCells(const std::vector<double>& numbers);

/// Quotes only what needs it, separators of other tables among that; LF line ends.
std::string writeCsv(const CsvTable& table);

} // namespace headroom
