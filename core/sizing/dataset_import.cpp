#include "core/sizing/dataset_import.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"
#include "core/sizing/normalisation.h"
#include "core/sizing/specification.h"

namespace headroom::sizing {
namespace {

/// Between devices that share a value, and beyond legal limits: what is lost where numbers are printed.
constexpr double kRounding = 1e-4;
/// More names than these are counted.
constexpr std::size_t kNamed = 8;

/// What a column of the table is for.
struct Column {
    std::string heading;
    std::optional<std::size_t> variable;
    std::optional<Performance> performance;
    std::string unit;            ///< SI
    std::optional<double> scale; ///< of plain numbers, where the heading has a unit
};

/// Variables by every heading that stands for them, in lower case.
std::map<std::string, std::size_t> headingsOf(const DesignSpace& space) {
    std::map<std::string, std::size_t> headings;
    for (std::size_t v = 0; v < space.size(); ++v) {
        const Variable& variable = space.variables()[v];
        headings[netlist::lowerCase(variable.name)] = v;
        const std::string devices = variable.name.substr(0, variable.name.rfind(' '));
        for (std::size_t begin = 0; begin < devices.size();) {
            const std::size_t end = std::min(devices.find(',', begin), devices.size());
            const std::string device = netlist::lowerCase(devices.substr(begin, end - begin));
            headings[device + ' ' + variable.parameter] = v;
            headings[device + '.' + variable.parameter] = v;
            if (variable.parameter == "value") headings[device] = v;
            begin = end + 1;
        }
    }
    return headings;
}

class TableReader {
public:
    TableReader(const CsvTable& table, const std::string& fileName, const DesignSpace& space)
        : m_table(table)
        , m_fileName(fileName)
        , m_space(space) {}

    Result<Dataset> read() {
        if (const auto understood = readHeadings(); !understood) return forward(understood);
        if (const auto complete = checkHeadings(); !complete) return forward(complete);
        for (std::size_t row = 0; row < m_table.rows.size(); ++row) {
            if (const auto taken = readRow(row); !taken) return forward(taken);
        }
        if (m_dataset.rows.empty())
            return failAt(ErrorCode::BadInput, m_fileName, 1, "The table has a heading, but no rows.");
        return m_dataset;
    }

private:
    tl::unexpected<Error> refuse(int line, std::string message) const {
        return failAt(ErrorCode::BadInput, m_fileName, line, std::move(message));
    }

    Result<void> readHeadings() {
        const auto known = headingsOf(m_space);
        for (const std::string& heading : m_table.columns) {
            Column column{heading, {}, {}, {}, {}};
            std::string name(netlist::trimmed(heading));
            std::string unit;
            if (const auto bracket = name.find('['); bracket != std::string::npos && name.ends_with(']')) {
                unit =
                    netlist::trimmed(std::string_view(name).substr(bracket + 1, name.size() - bracket - 2));

                name = std::string(netlist::trimmed(std::string_view(name).substr(0, bracket)));
            }
            name = netlist::lowerCase(name);
            const auto variable = known.find(name);
            column.performance = simulation::performanceFromName(name);
            if (variable != known.end()) {
                column.variable = variable->second;
                column.unit = m_space.variables()[variable->second].unit;
            } else if (column.performance) {
                column.unit = simulation::info(*column.performance).unit;
            } else {
                return refuse(1, fmt::format("The column \"{}\" is neither a parameter of this circuit nor a "
                                             "performance.",
                                             heading));
            }
            if (!unit.empty()) {
                const auto scale = parseQuantity("1 " + unit, column.unit);
                if (!scale)
                    return refuse(1, fmt::format("The unit of the column \"{}\" is not one of {}.", heading,
                                                 column.unit));
                column.scale = *scale;
            }
            if (!m_names.try_emplace(name, heading).second)
                return refuse(1, fmt::format("There are two columns \"{}\".", name));
            m_columns.push_back(std::move(column));
        }
        return {};
    }

    Result<void> checkHeadings() {
        std::vector<std::string> missing;
        for (std::size_t v = 0; v < m_space.size(); ++v) {
            m_dataset.variableNames.push_back(m_space.variables()[v].name);
            const bool isThere = std::any_of(m_columns.begin(), m_columns.end(),
                                             [&](const Column& column) { return column.variable == v; });
            if (!isThere) missing.push_back(fmt::format("\"{}\"", m_space.variables()[v].name));
        }
        for (const Column& column : m_columns) {
            if (column.performance) m_dataset.performances.push_back(*column.performance);
        }
        if (!missing.empty()) {
            const std::size_t count = missing.size();
            if (count > kNamed) missing.resize(kNamed);
            return refuse(1, fmt::format("The table has no column for {}{}.", fmt::join(missing, ", "),
                                         count > kNamed ? fmt::format(" and {} more", count - kNamed) : ""));
        }
        if (m_dataset.performances.empty()) return refuse(1, "The table has no performance column.");
        return {};
    }

    Result<double> number(const Column& column, const std::string& cell, int line) const {
        const std::string text(netlist::trimmed(cell));
        const auto complain = [&](const char* what) {
            return refuse(line,
                          fmt::format("\"{}\" in the column \"{}\" is {}.", text, column.heading, what));
        };
        if (text.empty()) return refuse(line, fmt::format("The column \"{}\" is empty.", column.heading));
        double value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec == std::errc() && read.ptr == text.data() + text.size()) {
            if (!std::isfinite(value)) return complain("not finite");
            return value * column.scale.value_or(1);
        }
        if (column.scale) return complain("no plain number, as the unit in its heading asks for");
        const auto quantity = parseQuantity(text, column.unit);
        if (!quantity) return complain(fmt::format("no number of {}", column.unit).c_str());
        return *quantity;
    }

    Result<void> take(DataRow& row, const Column& column, double value, int line) const {
        if (column.performance) {
            if (isLogarithmic(*column.performance) && !(value > 0)) {
                return refuse(line, fmt::format("The column \"{}\" must be positive, not {}.", column.heading,
                                                formatExact(value)));
            }
            row.performances.push_back(value);
            return {};
        }
        const Variable& variable = m_space.variables()[*column.variable];
        double& known = row.values[*column.variable];
        if (value < variable.low * (1 - kRounding) || value > variable.high * (1 + kRounding)) {
            return refuse(line, fmt::format("The column \"{}\" says {}, which is outside of {} to {}.",
                                            column.heading, formatQuantity(value, variable.unit),
                                            formatQuantity(variable.low, variable.unit),
                                            formatQuantity(variable.high, variable.unit)));
        }
        if (known > 0 && std::abs(value - known) > kRounding * known) {
            return refuse(line, fmt::format("The devices of \"{}\" are matched, but have {} and {}.",
                                            variable.name, formatQuantity(known, variable.unit),
                                            formatQuantity(value, variable.unit)));
        }
        if (known == 0) known = value;
        return {};
    }

    Result<void> readRow(std::size_t index) {
        const int line = m_table.lines[index];
        DataRow row{std::vector<double>(m_space.size(), 0.0), {}};
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const auto value = number(m_columns[c], m_table.rows[index][c], line);
            if (!value) return forward(value);
            if (const auto taken = take(row, m_columns[c], *value, line); !taken) return taken;
        }
        const auto [first, isNew] = m_lines.try_emplace(row.values, line);
        if (!isNew) return refuse(line, fmt::format("The sizing is that of line {} again.", first->second));
        m_dataset.rows.push_back(std::move(row));
        return {};
    }

    const CsvTable& m_table;
    const std::string& m_fileName;
    const DesignSpace& m_space;
    std::vector<Column> m_columns;
    std::map<std::string, std::string> m_names;
    std::map<std::vector<double>, int> m_lines; ///< of sizings
    Dataset m_dataset;
};

} // namespace

Result<Dataset> importDataset(std::string_view text, const std::string& fileName, const DesignSpace& space) {
    const auto table = parseCsv(text, fileName);
    if (!table) return forward(table);
    auto dataset = TableReader(*table, fileName, space).read();
    if (dataset) dataset->saturationMargin = 0;
    return dataset;
}

Result<RowCheck> checkRows(const Dataset& dataset, const DesignSpace& space, simulation::EvaluationPool& pool,
                           std::size_t count, double supplyVoltage, JobContext& context) {
    RowCheck check;
    check.differences.resize(dataset.performances.size());
    std::vector<simulation::EvaluationRequest> requests;
    count = std::min(count, dataset.rows.size());
    for (std::size_t i = 0; i < count; ++i) {
        check.rows.push_back(i * dataset.rows.size() / count);
        requests.push_back({space.expand(dataset.rows[check.rows.back()].values),
                            {},
                            simulation::Extent{dataset.performances, false}});
    }
    const auto evaluations = pool.evaluate(requests, context);
    if (!evaluations) return forward(evaluations);
    for (std::size_t i = 0; i < count; ++i) {
        const simulation::Evaluation& evaluation = (*evaluations)[i];
        if (!evaluation.ok()) ++check.failed;
        for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
            const auto found = evaluation.performances.find(dataset.performances[p]);
            if (!evaluation.ok() || found == evaluation.performances.end()) continue;
            check.differences[p].push_back(relativeDifference(dataset.performances[p], found->second,
                                                              dataset.rows[check.rows[i]].performances[p],
                                                              supplyVoltage));
        }
    }
    return check;
}

} // namespace headroom::sizing
