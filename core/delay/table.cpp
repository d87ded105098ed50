#include "core/delay/table.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/quantity.h"

namespace headroom::delay {
namespace {

/// Numbers of the categories of @p second in @p first, which gets those that it lacks.
std::vector<double> translated(Column& first, const Column& second) {
    std::vector<double> numbers;
    for (const std::string& category : second.categories) {
        const auto found = std::find(first.categories.begin(), first.categories.end(), category);
        numbers.push_back(static_cast<double>(found - first.categories.begin()));
        if (found == first.categories.end()) first.categories.push_back(category);
    }
    return numbers;
}

std::string originOf(const Table& table, std::size_t row) {
    return table.provenance.empty() ? realRows : table.provenance[row];
}

} // namespace

std::string Column::heading() const {
    return unit.empty() ? name : fmt::format("{} [{}]", name, unit);
}

std::optional<std::size_t> Table::column(std::string_view wanted) const {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& each) {
        return each.name == wanted || each.heading() == wanted;
    });
    if (found == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
}

Result<std::size_t> Table::findColumn(std::string_view wanted) const {
    if (const auto found = column(wanted)) return *found;
    std::vector<std::string> names;
    for (const Column& each : columns)
        names.push_back(fmt::format("\"{}\"", each.name));
    return fail(ErrorCode::BadInput,
                fmt::format("The table has no column \"{}\", but {}.", wanted, fmt::join(names, ", ")));
}

Table Table::pick(const std::vector<std::size_t>& wanted) const {
    Table picked = withoutRows();
    for (std::size_t c = 0; c < columns.size(); ++c) {
        picked.columns[c].values.reserve(wanted.size());
        for (const std::size_t row : wanted)
            picked.columns[c].values.push_back(columns[c].values[row]);
    }
    if (provenance.empty()) return picked;
    for (const std::size_t row : wanted)
        picked.provenance.push_back(provenance[row]);
    return picked;
}

Table Table::withoutRows() const {
    Table empty;
    for (const Column& each : columns)
        empty.columns.push_back({each.name, each.unit, each.kind, {}, each.categories});
    return empty;
}

Result<Table> alignedTo(const Table& first, const Table& second) {
    Table aligned = first.withoutRows();
    for (Column& column : aligned.columns) {
        const auto found = second.column(column.name);
        if (!found)
            return fail(ErrorCode::BadInput,
                        fmt::format("The second table has no column \"{}\".", column.name));
        const Column& other = second.columns[*found];
        if (other.kind != column.kind)
            return fail(ErrorCode::BadInput,
                        fmt::format("The column \"{}\" holds numbers in one table and text in the other.",
                                    column.name));
        if (other.unit != column.unit && !other.unit.empty() && !column.unit.empty())
            return fail(ErrorCode::BadInput,
                        fmt::format("The column \"{}\" is in {} in one table and in {} in the other.",
                                    column.name, column.unit, other.unit));
        column.values = other.values;
        if (column.kind == ColumnKind::Number) continue;
        const std::vector<double> numbers = translated(column, other);
        for (std::size_t row = 0; row < column.values.size(); ++row)
            column.values[row] = numbers[other.categoryOf(row)];
    }
    aligned.provenance = second.provenance;
    return aligned;
}

Result<Table> joined(const Table& first, const Table& second) {
    auto aligned = alignedTo(first, second);
    if (!aligned) return aligned;
    Table all = first;
    for (std::size_t c = 0; c < all.columns.size(); ++c) {
        Column& column = all.columns[c];
        const Column& other = aligned->columns[c];
        column.values.insert(column.values.end(), other.values.begin(), other.values.end());
        column.categories = other.categories;
    }
    if (first.provenance.empty() && second.provenance.empty()) return all;
    all.provenance.clear();
    for (const Table* part : {&first, &second}) {
        for (std::size_t row = 0; row < part->rows(); ++row)
            all.provenance.push_back(originOf(*part, row));
    }
    return all;
}

std::vector<std::size_t> rowsOfOrigin(const Table& table, bool real) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if ((originOf(table, row) == realRows) == real) rows.push_back(row);
    }
    return rows;
}

CsvTable toCsv(const Table& table) {
    CsvTable csv;
    for (const Column& column : table.columns)
        csv.columns.push_back(column.heading());
    csv.columns.emplace_back(provenanceHeading);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        std::vector<std::string> cells;
        for (const Column& column : table.columns) {
            cells.push_back(column.kind == ColumnKind::Category ? column.categories[column.categoryOf(row)]
                                                                : formatExact(column.values[row]));
        }
        cells.push_back(originOf(table, row));
        csv.rows.push_back(std::move(cells));
    }
    return csv;
}

} // namespace headroom::delay
