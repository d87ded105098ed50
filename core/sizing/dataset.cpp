#include "core/sizing/dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "core/sizing/normalisation.h"

namespace headroom::sizing {
namespace {

constexpr const char* kMarginColumn = "saturation_margin";

bool betterEverywhere(const DataRow& a, const DataRow& b, const std::vector<int>& signs) {
    for (std::size_t p = 0; p < signs.size(); ++p) {
        if (!(a.performances[p] * signs[p] > b.performances[p] * signs[p])) return false;
    }
    return true;
}

std::vector<int> directions(const std::vector<Performance>& performances) {
    std::vector<int> signs;
    for (const Performance performance : performances) {
        signs.push_back(simulation::info(performance).biggerIsBetter ? 1 : -1);
    }
    return signs;
}

Result<double> readNumber(const std::string& cell, const std::string& fileName, std::size_t row) {
    auto number = parseQuantity(cell, "");
    if (!number)
        return failAt(ErrorCode::BadInput, fileName, static_cast<int>(row) + 2, number.error().message);
    return *number;
}

} // namespace

std::vector<std::size_t> Dataset::trainingRows() const {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % heldOutEvery != heldOutEvery - 1) indices.push_back(i);
    }
    return indices;
}

std::vector<std::size_t> Dataset::heldOutRows() const {
    std::vector<std::size_t> indices;
    for (std::size_t i = heldOutEvery - 1; i < rows.size(); i += heldOutEvery)
        indices.push_back(i);
    return indices;
}

std::size_t Dataset::centralHeldOutRow() const {
    const std::vector<std::size_t> candidates = heldOutRows();
    const Normalisation normalisation = Normalisation::fit(*this, trainingRows());
    const auto distance = [&](std::size_t row) {
        double sum = 0;
        for (const double value : normalisation.normalisePerformances(rows[row].performances))
            sum += value * value;
        return sum;
    };
    return *std::min_element(candidates.begin(), candidates.end(),
                             [&](std::size_t a, std::size_t b) { return distance(a) < distance(b); });
}

std::string writeDatasetCsv(const Dataset& dataset) {
    CsvTable table;
    table.columns = dataset.variableNames;
    for (const Performance performance : dataset.performances) {
        table.columns.emplace_back(simulation::info(performance).name);
    }
    for (const DataRow& row : dataset.rows) {
        std::vector<std::string> cells = numberCells(row.values);
        const std::vector<std::string> performances = numberCells(row.performances);
        cells.insert(cells.end(), performances.begin(), performances.end());
        table.rows.push_back(std::move(cells));
    }
    return writeCsv(table);
}

Result<Dataset> readDatasetCsv(std::string_view text, const std::string& fileName) {
    const auto table = parseCsv(text, fileName);
    if (!table) return forward(table);
    Dataset dataset;
    for (const std::string& column : table->columns) {
        if (const auto performance = simulation::performanceFromName(column)) {
            dataset.performances.push_back(*performance);
        } else if (dataset.performances.empty()) {
            dataset.variableNames.push_back(column);
        } else {
            return failAt(ErrorCode::BadInput, fileName, 1,
                          fmt::format("The column \"{}\" is no performance, but stands behind one.", column));
        }
    }
    if (dataset.performances.empty()) {
        return failAt(ErrorCode::BadInput, fileName, 1, "The table has no performance column.");
    }
    for (std::size_t r = 0; r < table->rows.size(); ++r) {
        DataRow row;
        for (std::size_t c = 0; c < table->columns.size(); ++c) {
            const auto number = readNumber(table->rows[r][c], fileName, r);
            if (!number) return forward(number);
            (c < dataset.variableNames.size() ? row.values : row.performances).push_back(*number);
        }
        dataset.rows.push_back(std::move(row));
    }
    return dataset;
}

std::string writeSaturationCsv(const Dataset& dataset) {
    CsvTable table;
    table.columns = dataset.variableNames;
    table.columns.emplace_back(kMarginColumn);
    for (const SaturationRow& row : dataset.saturation) {
        std::vector<std::string> cells = numberCells(row.values);
        cells.push_back(formatExact(row.margin));
        table.rows.push_back(std::move(cells));
    }
    return writeCsv(table);
}

Result<std::vector<SaturationRow>> readSaturationCsv(std::string_view text, const std::string& fileName) {
    const auto table = parseCsv(text, fileName);
    if (!table) return forward(table);
    if (table->columns.empty() || table->columns.back() != kMarginColumn) {
        return failAt(ErrorCode::BadInput, fileName, 1,
                      fmt::format("The last column is not \"{}\".", kMarginColumn));
    }
    std::vector<SaturationRow> rows;
    for (std::size_t r = 0; r < table->rows.size(); ++r) {
        SaturationRow row;
        for (const std::string& cell : table->rows[r]) {
            const auto number = readNumber(cell, fileName, r);
            if (!number) return forward(number);
            row.values.push_back(*number);
        }
        row.margin = row.values.back();
        row.values.pop_back();
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<std::size_t> nonDominatedRows(const std::vector<DataRow>& rows,
                                          const std::vector<Performance>& performances) {
    const std::vector<int> signs = directions(performances);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool beaten = std::any_of(rows.begin(), rows.end(), [&](const DataRow& other) {
            return betterEverywhere(other, rows[i], signs);
        });
        if (!beaten) kept.push_back(i);
    }
    return kept;
}

std::vector<std::size_t> leastBeatenRows(const std::vector<DataRow>& rows,
                                         const std::vector<std::size_t>& candidates,
                                         const std::vector<Performance>& performances, std::size_t count) {
    Dataset all;
    all.performances = performances;
    all.rows = rows;
    std::vector<std::size_t> everyRow(rows.size());
    std::iota(everyRow.begin(), everyRow.end(), 0);
    const Normalisation normalisation = Normalisation::fit(all, everyRow);
    const std::vector<int> signs = directions(performances);
    std::vector<std::vector<double>> merit;
    for (const DataRow& row : rows) {
        merit.push_back(normalisation.normalisePerformances(row.performances));
        for (std::size_t p = 0; p < signs.size(); ++p)
            merit.back()[p] *= signs[p];
    }
    std::vector<std::pair<double, std::size_t>> distances;
    for (const std::size_t candidate : candidates) {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t other = 0; other < rows.size(); ++other) {
            if (other == candidate) continue;
            double lead = -std::numeric_limits<double>::infinity();
            for (std::size_t p = 0; p < signs.size() && lead < least; ++p) {
                lead = std::max(lead, merit[candidate][p] - merit[other][p]);
            }
            least = std::min(least, lead);
        }
        distances.emplace_back(-least, candidate);
    }
    std::sort(distances.begin(), distances.end());
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < std::min(count, distances.size()); ++i)
        kept.push_back(distances[i].second);
    std::sort(kept.begin(), kept.end());
    return kept;
}

} // namespace headroom::sizing
