#include "core/sizing/dataset_summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "core/base/statistics.h"
#include "core/sizing/normalisation.h"
#include "core/sizing/training_data.h"

namespace headroom::sizing {
namespace {

ColumnSummary summariseColumn(std::string name, std::string unit, std::vector<double> values) {
    const Summary summary = summarise(values);
    std::sort(values.begin(), values.end());
    return {std::move(name),       std::move(unit),        summary.mean,           summary.deviation,
            summary.minimum,       summary.maximum,        quantile(values, 0.05), quantile(values, 0.25),
            quantile(values, 0.5), quantile(values, 0.75), quantile(values, 0.95)};
}

RangeCoverage coverageOf(const Variable& variable, const std::vector<double>& values) {
    const double from = std::log(variable.low);
    const double range = std::log(variable.high) - from;
    RangeCoverage coverage{variable.low, variable.high, 0, 0};
    if (!(range > 0)) return coverage;
    std::array<bool, coverageBins> occupied{};
    for (const double value : values) {
        const double share = (std::log(value) - from) / range;
        occupied[static_cast<std::size_t>(
            std::clamp(static_cast<int>(share * coverageBins), 0, coverageBins - 1))] = true;
    }
    const auto [least, largest] = std::minmax_element(values.begin(), values.end());
    coverage.span = std::log(*largest / *least) / range;
    coverage.occupied =
        static_cast<double>(std::count(occupied.begin(), occupied.end(), true)) / coverageBins;
    return coverage;
}

Eigen::MatrixXd correlationOf(const Dataset& dataset) {
    std::vector<std::size_t> all(dataset.rows.size());
    std::iota(all.begin(), all.end(), 0);
    const Normalisation normalisation = Normalisation::fit(dataset, all);
    const std::size_t variables = dataset.variableNames.size();
    const std::size_t columns = variables + dataset.performances.size();
    Eigen::MatrixXd values(static_cast<Eigen::Index>(all.size()), static_cast<Eigen::Index>(columns));
    for (const std::size_t row : all) {
        for (std::size_t c = 0; c < columns; ++c) {
            const DataRow& data = dataset.rows[row];
            values(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(c)) =
                c < variables
                    ? normalisation.variables[c].normalise(data.values[c])
                    : normalisation.performances[c - variables].normalise(data.performances[c - variables]);
        }
    }
    return values.transpose() * values / static_cast<double>(all.size());
}

} // namespace

DatasetSummary summariseDataset(const Dataset& dataset, const DesignSpace& space) {
    DatasetSummary summary;
    summary.rows = dataset.rows.size();
    summary.trainingRows = dataset.trainingRows().size();
    summary.heldOutRows = dataset.heldOutRows().size();
    for (std::size_t v = 0; v < space.size(); ++v) {
        std::vector<double> values;
        for (const DataRow& row : dataset.rows)
            values.push_back(row.values[v]);
        const Variable& variable = space.variables()[v];
        summary.coverage.push_back(coverageOf(variable, values));
        summary.variables.push_back(summariseColumn(variable.name, variable.unit, std::move(values)));
    }
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        std::vector<double> values;
        for (const DataRow& row : dataset.rows)
            values.push_back(row.performances[p]);
        const simulation::PerformanceInfo& info = simulation::info(dataset.performances[p]);
        summary.performances.push_back(summariseColumn(info.name, info.unit, std::move(values)));
    }
    summary.correlation = correlationOf(dataset);
    summary.constant = constantPerformances(dataset);
    summary.beaten = dataset.rows.size() - nonDominatedRows(dataset.rows, dataset.performances).size();
    std::set<std::vector<double>> known;
    for (const DataRow& row : dataset.rows)
        known.insert(row.values);
    summary.repeated = dataset.rows.size() - known.size();
    return summary;
}

} // namespace headroom::sizing
