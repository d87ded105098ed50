#include "app/cli/sizing_file.h"

#include <cmath>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/base/quantity.h"

namespace headroom::cli {
namespace {

Result<netlist::Sizing> sampleRow(const CsvTable& table, const std::string& path, std::size_t row,
                                  const sizing::DesignSpace& space) {
    if (row < 1 || row > table.rows.size()) {
        return failAt(ErrorCode::BadInput, path, 0,
                      fmt::format("There is no row {}; the table has {}.", row, table.rows.size()));
    }
    std::vector<double> values;
    for (const sizing::Variable& variable : space.variables()) {
        const auto column = table.column(variable.name);
        if (!column) {
            return failAt(ErrorCode::BadInput, path, 1,
                          fmt::format("The table has no column \"{}\".", variable.name));
        }
        const auto value = parseQuantity(table.rows[row - 1][*column], "");
        if (!value)
            return failAt(ErrorCode::BadInput, path, static_cast<int>(row) + 1, value.error().message);
        values.push_back(*value);
    }
    return space.expand(values);
}

} // namespace

Result<netlist::Sizing> readSizingFile(const std::string& path, std::size_t row,
                                       const sizing::DesignSpace& space) {
    const auto text = readFile(path);
    if (!text) return forward(text);
    const auto table = parseCsv(*text, path);
    if (table && !space.variables().empty() && table->column(space.variables().front().name)) {
        return sampleRow(*table, path, row, space);
    }
    return netlist::readSizing(*text, path);
}

netlist::Sizing snapSizing(const netlist::Sizing& sizing, const simulation::AmplifierUnderTest& amplifier) {
    netlist::Sizing snapped = sizing;
    for (netlist::Assignment& assignment : snapped) {
        const auto id = amplifier.netlist.circuit.findDevice(assignment.device);
        if (!id) continue;
        const auto* rules =
            amplifier.technology.rulesFor(amplifier.netlist.circuit.devices[static_cast<std::size_t>(*id)]);
        if (rules == nullptr) continue;
        const double grid = amplifier.technology.grid;
        if (assignment.parameter == "w") {
            assignment.value =
                technology::snapToGrid(assignment.value, grid, rules->minWidth, rules->maxWidth);
        } else if (assignment.parameter == "l") {
            assignment.value =
                technology::snapToGrid(assignment.value, grid, rules->minLength, rules->maxLength);
        }
    }
    return snapped;
}

std::string writeSamplesCsv(const sizing::DesignSpace& space, const sizing::Exploration& exploration) {
    CsvTable table;
    const std::vector<simulation::Performance> performances = exploration.specification.performances();
    for (const sizing::Variable& variable : space.variables())
        table.columns.push_back(variable.name);
    for (const char* kind : {"predicted", "simulated"}) {
        for (const auto performance : performances) {
            table.columns.push_back(fmt::format("{}_{}", kind, simulation::info(performance).name));
        }
    }
    table.columns.emplace_back("predicted_probability");
    table.columns.emplace_back("shortfall");
    table.columns.emplace_back("error");
    for (const sizing::Candidate& candidate : exploration.candidates) {
        std::vector<std::string> cells = numberCells(candidate.values);
        for (std::size_t p = 0; p < performances.size(); ++p)
            cells.push_back(p < candidate.predicted.size() ? formatExact(candidate.predicted[p]) : "");
        for (const auto performance : performances) {
            const auto found = candidate.evaluation.performances.find(performance);
            cells.push_back(found == candidate.evaluation.performances.end() ? ""
                                                                             : formatExact(found->second));
        }
        cells.push_back(std::isfinite(candidate.probability) ? formatExact(candidate.probability) : "");
        cells.push_back(std::isfinite(candidate.shortfall) ? formatExact(candidate.shortfall) : "");
        cells.push_back(candidate.evaluation.error ? candidate.evaluation.error->message : "");
        table.rows.push_back(std::move(cells));
    }
    return writeCsv(table);
}

} // namespace headroom::cli
