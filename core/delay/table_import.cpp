#include "core/delay/table_import.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/file.h"
#include "core/base/statistics.h"

namespace headroom::delay {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
/// Ranges below this vanish in single-precision splits of boosted trees.
constexpr double kTinyRange = 1e-7;
/// Two columns whose correlation is this near to one are the same.
constexpr double kSame = 1e-10;
/// Each category is a coordinate of what learns from a table.
constexpr std::size_t kMostCategories = 200;
constexpr char kCommaIsDecimalBeside = ';';

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
        text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
        text.remove_suffix(1);
    return text;
}

bool isMissing(std::string_view cell) {
    std::string lower(cell);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static const std::set<std::string> words{"", "na", "n/a", "nan", "null", "none", "?", "-"};
    return words.contains(lower);
}

/// A number, an infinite one where it is too large or says so; absent where the text is none.
std::optional<double> numberIn(std::string_view cell) {
    if (cell.starts_with('+')) cell.remove_prefix(1);
    double value = 0;
    const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (end != cell.data() + cell.size() || code == std::errc::invalid_argument) return std::nullopt;
    if (code == std::errc::result_out_of_range) {
        // Too large, or so small that it is zero.
        const auto exponent = cell.find_first_of("eE");
        const bool isSmall = exponent != std::string_view::npos && cell.substr(exponent + 1).starts_with('-');
        return isSmall ? 0 : std::numeric_limits<double>::infinity();
    }
    return value;
}

/// Where cells are separated by semicolons, "1,5" is one and a half.
void settleDecimalCommas(CsvTable& csv) {
    for (auto& row : csv.rows) {
        for (std::string& cell : row) {
            const auto comma = cell.find(',');
            if (comma == std::string::npos) continue;
            std::string number = cell;
            number[comma] = '.';
            if (numberIn(trimmed(number))) cell = std::move(number);
        }
    }
}

/// "delay [s]" -> "delay", "s"
Column columnOf(std::string_view heading) {
    Column column;
    heading = trimmed(heading);
    const auto open = heading.rfind('[');
    if (heading.ends_with(']') && open != std::string_view::npos && open > 0) {
        column.unit = trimmed(heading.substr(open + 1, heading.size() - open - 2));
        heading = trimmed(heading.substr(0, open));
    }
    column.name = heading;
    return column;
}

/// "1 row", "3 rows"
std::string counted(const char* what, std::size_t number) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string quoted(const std::string& name) {
    return fmt::format("\"{}\"", name);
}

class Reader {
public:
    Reader(CsvTable csv, const std::string& fileName, const TableImport& settings)
        : m_csv(std::move(csv))
        , m_file(fileName)
        , m_settings(settings) {}

    Result<ImportedTable> read() {
        m_report.rowsRead = m_csv.rows.size();
        if (auto named = nameColumns(); !named) return forward(named);
        if (m_csv.rows.empty()) return refuse(1, "The table has a heading but no rows.");
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            if (auto taken = takeColumn(c); !taken) return forward(taken);
        }
        if (auto settled = settleMissing(); !settled) return forward(settled);
        dropDuplicates();
        if (m_table.rows() == 0) return refuse(1, "No row of the table is complete.");
        describeColumns();
        return ImportedTable{std::move(m_table), std::move(m_report)};
    }

private:
    tl::unexpected<Error> refuse(int line, std::string message) const {
        return failAt(ErrorCode::BadInput, m_file, line, std::move(message));
    }

    Result<void> nameColumns() {
        std::set<std::string> names;
        std::size_t numbers = 0;
        for (const std::string& heading : m_csv.columns) {
            Column column = columnOf(heading);
            numbers += numberIn(column.name) ? 1 : 0;
            if (column.name.empty())
                return refuse(1, fmt::format("Column {} has no name.", m_columns.size() + 1));
            m_columns.push_back(std::move(column));
        }
        if (numbers > 0 && 2 * numbers >= m_columns.size())
            return refuse(1, "The first line holds numbers where the names of the columns should be.");
        for (const Column& column : m_columns) {
            if (!names.insert(column.name).second)
                return refuse(1, fmt::format("Two columns are called \"{}\".", column.name));
        }
        return {};
    }

    bool isCategory(const Column& column, std::size_t index) const {
        const auto& chosen = m_settings.categories;
        if (std::find(chosen.begin(), chosen.end(), column.name) != chosen.end() ||
            std::find(chosen.begin(), chosen.end(), column.heading()) != chosen.end())
            return true;
        std::size_t numbers = 0, words = 0;
        for (const auto& row : m_csv.rows) {
            const std::string_view cell = trimmed(row[index]);
            if (!isMissing(cell)) ++(numberIn(cell) ? numbers : words);
        }
        return words > numbers;
    }

    Result<void> takeColumn(std::size_t index) {
        Column column = m_columns[index];
        if (column.name == provenanceHeading) {
            for (const auto& row : m_csv.rows)
                m_table.provenance.emplace_back(trimmed(row[index]));
            return {};
        }
        column.kind = isCategory(column, index) ? ColumnKind::Category : ColumnKind::Number;
        for (std::size_t r = 0; r < m_csv.rows.size(); ++r) {
            const std::string_view cell = trimmed(m_csv.rows[r][index]);
            if (isMissing(cell)) {
                if (m_report.missingCells++ == 0 || m_csv.lines[r] < m_firstMissingLine) {
                    m_firstMissing = column.name;
                    m_firstMissingLine = m_csv.lines[r];
                }
                column.values.push_back(kMissing);
            } else if (column.kind == ColumnKind::Category) {
                const auto found = std::find(column.categories.begin(), column.categories.end(), cell);
                column.values.push_back(static_cast<double>(found - column.categories.begin()));
                if (found == column.categories.end()) column.categories.emplace_back(cell);
                if (column.categories.size() > kMostCategories)
                    return refuse(
                        m_csv.lines[r],
                        fmt::format("The column \"{}\" holds more than {} different words: leave it out.",
                                    column.name, kMostCategories));
            } else {
                const auto value = numberIn(cell);
                if (!value)
                    return refuse(m_csv.lines[r], fmt::format("\"{}\" in the column \"{}\" is no number.",
                                                              cell, column.name));
                if (!std::isfinite(*value))
                    return refuse(m_csv.lines[r], fmt::format("\"{}\" in the column \"{}\" is not finite.",
                                                              cell, column.name));
                column.values.push_back(*value);
            }
        }
        m_table.columns.push_back(std::move(column));
        return {};
    }

    Result<void> settleMissing() {
        std::vector<std::size_t> complete;
        for (std::size_t row = 0; row < m_csv.rows.size(); ++row) {
            const bool isComplete =
                std::none_of(m_table.columns.begin(), m_table.columns.end(),
                             [&](const Column& column) { return std::isnan(column.values[row]); });
            if (isComplete) complete.push_back(row);
        }
        m_report.incompleteRows = m_csv.rows.size() - complete.size();
        if (m_report.incompleteRows == 0) return {};
        const std::string missing = fmt::format(
            "{} in {} of {} rows {} missing", counted("cell", m_report.missingCells), m_report.incompleteRows,
            m_csv.rows.size(), m_report.missingCells == 1 ? "is" : "are");
        switch (m_settings.missing) {
        case MissingValues::Refuse:
            return refuse(
                m_firstMissingLine,
                fmt::format("{}, the first of them in the column \"{}\": drop such rows or fill them in.",
                            missing, m_firstMissing));
        case MissingValues::DropRows:
            m_table = m_table.pick(complete);
            m_report.notes.push_back(missing + ": these rows are left out.");
            return {};
        case MissingValues::Median:
            for (Column& column : m_table.columns) {
                if (!fillIn(column))
                    return refuse(1, fmt::format("The column \"{}\" has no values.", column.name));
            }
            m_report.notes.push_back(missing + ": they are filled in by the medians of their columns.");
            return {};
        }
        return {};
    }

    static bool fillIn(Column& column) {
        std::vector<double> known;
        for (const double value : column.values) {
            if (!std::isnan(value)) known.push_back(value);
        }
        if (known.empty()) return false;
        double filling = summarise(known).median;
        if (column.kind == ColumnKind::Category) {
            std::vector<std::size_t> counts(column.categories.size());
            for (const double value : known)
                ++counts[static_cast<std::size_t>(value)];
            filling = static_cast<double>(std::max_element(counts.begin(), counts.end()) - counts.begin());
        }
        for (double& value : column.values) {
            if (std::isnan(value)) value = filling;
        }
        return true;
    }

    void dropDuplicates() {
        std::set<std::vector<double>> seen;
        std::vector<std::size_t> kept;
        for (std::size_t row = 0; row < m_table.rows(); ++row) {
            std::vector<double> values;
            for (const Column& column : m_table.columns)
                values.push_back(column.values[row]);
            if (seen.insert(std::move(values)).second) kept.push_back(row);
        }
        m_report.duplicateRows = m_table.rows() - kept.size();
        if (m_report.duplicateRows == 0) return;
        const bool isOne = m_report.duplicateRows == 1;
        m_report.notes.push_back(
            fmt::format("{}{}.",
                        isOne ? "1 row is a copy of another"
                              : fmt::format("{} rows are copies of others", m_report.duplicateRows),
                        !m_settings.dropsDuplicates ? ""
                        : isOne                     ? " and is left out"
                                                    : " and are left out"));
        if (m_settings.dropsDuplicates) m_table = m_table.pick(kept);
    }

    void describeColumns() {
        for (const Column& column : m_table.columns) {
            const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
            if (*low == *high)
                m_report.constantColumns.push_back(column.name);
            else if (*high - *low < kTinyRange)
                m_report.tinyRanges.push_back(column.name);
        }
        const auto list = [](std::vector<std::string> names) {
            std::transform(names.begin(), names.end(), names.begin(), quoted);
            return fmt::format("{}", fmt::join(names, ", "));
        };
        if (!m_report.constantColumns.empty())
            m_report.notes.push_back(fmt::format("The same in every row, and so of no use as inputs: {}.",
                                                 list(m_report.constantColumns)));
        if (!m_report.tinyRanges.empty())
            m_report.notes.push_back(fmt::format(
                "Scaled, since boosted trees overlook ranges below 1e-7: {}.", list(m_report.tinyRanges)));
    }

    CsvTable m_csv;
    std::string m_file;
    const TableImport& m_settings;
    std::vector<Column> m_columns;
    Table m_table;
    ImportReport m_report;
    std::string m_firstMissing;
    int m_firstMissingLine = 0;
};

/// Whether one column is a + b times the other, up to rounding.
bool isLinearIn(const std::vector<double>& a, const std::vector<double>& b) {
    const Summary first = summarise(a), second = summarise(b);
    if (!(first.deviation > 0) || !(second.deviation > 0)) return false;
    double product = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        product += (a[i] - first.mean) / first.deviation * ((b[i] - second.mean) / second.deviation);
    return std::abs(product) / static_cast<double>(a.size() - 1) > 1 - kSame;
}

} // namespace

std::optional<MissingValues> missingValuesFromName(std::string_view name) {
    if (name == "refuse") return MissingValues::Refuse;
    if (name == "drop") return MissingValues::DropRows;
    if (name == "median") return MissingValues::Median;
    return std::nullopt;
}

Result<ImportedTable> parseTable(std::string_view text, const std::string& fileName,
                                 const TableImport& settings) {
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return failAt(
            ErrorCode::BadInput, fileName,
            1 + static_cast<int>(std::count(text.begin(), text.begin() + zero, '\n')),
            "This is no table of plain text: it holds bytes of zero, as binary files and UTF-16 do.");
    const char separator = separatorOf(text);
    std::string named;
    if (!settings.hasHeading) {
        // A heading of our own, on the line of the first row so that the others keep their numbers.
        const auto first = parseCsv(text.substr(0, text.find('\n')), fileName, separator);
        if (!first) return forward(first);
        for (std::size_t c = 1; c <= first->columns.size(); ++c)
            named += fmt::format("{}column {}", c > 1 ? std::string(1, separator) : "", c);
        named += '\n';
        named += text;
        text = named;
    }
    auto csv = parseCsv(text, fileName, separator);
    if (!csv) return forward(csv);
    if (!settings.hasHeading) {
        for (int& line : csv->lines)
            --line;
    }
    if (separator == kCommaIsDecimalBeside) settleDecimalCommas(*csv);
    return Reader(std::move(*csv), fileName, settings).read();
}

Result<ImportedTable> readTable(const std::filesystem::path& file, const TableImport& settings) {
    const auto text = readFile(file);
    if (!text) return forward(text);
    return parseTable(*text, file.string(), settings);
}

Result<void> checkRows(const Table& rows) {
    if (rows.rows() >= fewestRows) return {};
    return fail(ErrorCode::BadInput, fmt::format("The table has {}; at least {} are needed to learn from it.",
                                                 counted("row", rows.rows()), fewestRows));
}

Result<void> checkTarget(const Table& table, std::size_t target) {
    const auto refuse = [](std::string message) { return fail(ErrorCode::BadInput, std::move(message)); };
    if (target >= table.columns.size()) return refuse("The target is no column of the table.");
    const Column& wanted = table.columns[target];
    if (table.columns.size() < 2)
        return refuse(fmt::format("The table has the column \"{}\" alone: there is nothing to learn it from.",
                                  wanted.name));
    if (wanted.kind == ColumnKind::Category)
        return refuse(fmt::format("The target \"{}\" holds text; a target is a number.", wanted.name));
    if (const auto enough = checkRows(table); !enough) return forward(enough);
    const auto [low, high] = std::minmax_element(wanted.values.begin(), wanted.values.end());
    if (*low == *high) return refuse(fmt::format("The target \"{}\" is the same in every row.", wanted.name));
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const Column& input = table.columns[c];
        if (c == target || input.kind == ColumnKind::Category) continue;
        if (isLinearIn(wanted.values, input.values))
            return refuse(
                fmt::format("The target \"{}\" is the input \"{}\" up to scale: leave that input out.",
                            wanted.name, input.name));
    }
    return {};
}

} // namespace headroom::delay
