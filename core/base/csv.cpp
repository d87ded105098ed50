#include "core/base/csv.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/quantity.h"

namespace headroom {
namespace {

void appendCell(std::string& text, const std::string& cell) {
    if (cell.find_first_of(",;\t\"\r\n") == std::string::npos) {
        text += cell;
        return;
    }
    text += '"';
    for (const char c : cell) {
        if (c == '"') text += '"';
        text += c;
    }
    text += '"';
}

void appendRow(std::string& text, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) text += ',';
        appendCell(text, cells[i]);
    }
    text += '\n';
}

/// Splits text into records; remembers the line on which the current record starts.
class RecordReader {
public:
    RecordReader(std::string_view text, char separator)
        : m_text(text)
        , m_separator(separator) {}

    bool atEnd() const { return m_position >= m_text.size(); }
    int line() const { return m_line; }

    /// @return false where a quote is never closed
    bool read(std::vector<std::string>& cells) {
        cells.assign(1, {});
        m_line = m_nextLine;
        bool quoted = false;
        while (m_position < m_text.size()) {
            const char c = m_text[m_position++];
            if (c == '\n') ++m_nextLine;
            if (quoted) {
                if (c != '"')
                    cells.back() += c;
                else if (m_position < m_text.size() && m_text[m_position] == '"')
                    cells.back() += m_text[m_position++];
                else
                    quoted = false;
            } else if (c == '"') {
                quoted = true;
            } else if (c == m_separator) {
                cells.emplace_back();
            } else if (c == '\n') {
                return true;
            } else if (c != '\r') {
                cells.back() += c;
            }
        }
        return !quoted;
    }

private:
    std::string_view m_text;
    char m_separator;
    std::size_t m_position = 0;
    int m_line = 1;
    int m_nextLine = 1;
};

} // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
}

char separatorOf(std::string_view text) {
    char separator = ',';
    bool isQuoted = false;
    for (const char c : text) {
        if (c == '"') isQuoted = !isQuoted;
        if (isQuoted) continue;
        if (c == '\n') break;
        if (c == ';') return c;
        if (c == '\t') separator = c;
    }
    return separator;
}

Result<CsvTable> parseCsv(std::string_view text, const std::string& fileName, char separator) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (text.find('\0') != std::string_view::npos)
        return failAt(ErrorCode::BadInput, fileName, 1, "This is no table: it is not plain text.");
    CsvTable table;
    RecordReader reader(text, separator);
    std::vector<std::string> cells;
    while (!reader.atEnd()) {
        if (!reader.read(cells)) {
            return failAt(ErrorCode::BadInput, fileName, reader.line(), "A quotation mark is never closed.");
        }
        if (cells.size() == 1 && cells.front().empty()) continue;
        if (table.columns.empty()) {
            table.columns = cells;
        } else if (cells.size() != table.columns.size()) {
            const bool hasSemicolons = text.substr(0, text.find('\n')).find(';') != std::string_view::npos;
            return failAt(
                ErrorCode::BadInput, fileName, reader.line(),
                fmt::format("The row has {} cells, the heading has {}.{}", cells.size(), table.columns.size(),
                            hasSemicolons ? " Cells are separated by commas, not by semicolons." : ""));
        } else {
            table.rows.push_back(cells);
            table.lines.push_back(reader.line());
        }
    }
    if (table.columns.empty()) return failAt(ErrorCode::BadInput, fileName, 1, "The table is empty.");
    return table;
}

std::vector<std::string> numberCells(const std::vector<double>& numbers) {
    std::vector<std::string> cells;
    cells.reserve(numbers.size());
    for (const double number : numbers)
        cells.push_back(formatExact(number));
    return cells;
}

std::string writeCsv(const CsvTable& table) {
    std::string text;
    appendRow(text, table.columns);
    for (const auto& row : table.rows)
        appendRow(text, row);
    return text;
}

} // namespace headroom
