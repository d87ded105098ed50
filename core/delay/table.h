#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/csv.h"
#include "core/base/error.h"

namespace headroom::delay {

enum class ColumnKind { Number, Category };

/// One quantity by row. Numbers keep the unit of their heading; nothing is converted.
struct Column {
    std::string name; ///< without the unit
    std::string unit; ///< of "delay [s]": "s"; empty where the heading names none
    ColumnKind kind = ColumnKind::Number;
    /// By row. Of a category: its number in @p categories.
    std::vector<double> values;
    std::vector<std::string> categories; ///< in order of their first appearance

    std::string heading() const; ///< "delay [s]"
    std::size_t categoryOf(std::size_t row) const { return static_cast<std::size_t>(values[row]); }
};

/// Columns of equal length without holes: every number is finite.
struct Table {
    std::vector<Column> columns;
    /// By row, whence it is: "real", "smote, seed 3". Empty where the table says nothing of it.
    std::vector<std::string> provenance;

    std::size_t rows() const { return columns.empty() ? 0 : columns.front().values.size(); }

    /// Index of a column by its name or its whole heading.
    std::optional<std::size_t> column(std::string_view name) const;
    /// The same, or the error BadInput that lists what there is.
    Result<std::size_t> findColumn(std::string_view name) const;

    /// Rows in the given order, of which some may come twice.
    Table pick(const std::vector<std::size_t>& rows) const;
    /// The columns without rows.
    Table withoutRows() const;
};

/// Rows of both, of the columns of the first. Error BadInput where the second lacks one of them, has it of
/// the other kind or in another unit; categories that the first does not know are added.
Result<Table> joined(const Table& first, const Table& second);

/// The second table's columns in the order, and with the category numbers, of the first one's. Error as
/// above.
Result<Table> alignedTo(const Table& first, const Table& second);

/// The name under which rows of a table that say nothing else are exported.
inline constexpr const char* realRows = "real";
inline constexpr const char* provenanceHeading = "provenance";

/// Rows of one origin. @param real whether those that are real, or all others
std::vector<std::size_t> rowsOfOrigin(const Table& table, bool real);

/// A table as CSV, numbers with all their digits, and a column "provenance" at the end.
CsvTable toCsv(const Table& table);

} // namespace headroom::delay
