#include "core/sizing/training_data.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/diffusion/diffusion_model.h"

namespace headroom::sizing {
namespace {

/// Of the largest magnitude: differences below it are the simulator's tolerance.
constexpr double kSameValue = 1e-6;

bool isConstant(const Dataset& dataset, const std::vector<std::size_t>& rows, std::size_t performance) {
    double low = 0, high = 0, largest = 0;
    bool isFirst = true;
    for (const std::size_t row : rows) {
        const double value = dataset.rows[row].performances[performance];
        low = isFirst ? value : std::min(low, value);
        high = isFirst ? value : std::max(high, value);
        largest = std::max(largest, std::abs(value));
        isFirst = false;
    }
    return high - low <= kSameValue * largest;
}

std::string namesOf(const std::vector<Performance>& performances) {
    std::vector<std::string_view> names;
    for (const Performance performance : performances)
        names.emplace_back(simulation::info(performance).name);
    return fmt::format("{}", fmt::join(names, ", "));
}

/// Rows, held-out ones included, of which at least @p training are trained on.
std::size_t rowsFor(std::size_t training) {
    return training + (training - 1) / (Dataset::heldOutEvery - 1);
}

/// "40 more rows": until so many are trained on.
std::string missingRows(const Dataset& dataset, std::size_t training) {
    const std::size_t missing = rowsFor(training) - dataset.rows.size();
    return fmt::format("{} more row{}", missing, missing == 1 ? "" : "s");
}

} // namespace

std::vector<Performance> constantPerformances(const Dataset& dataset) {
    const std::vector<std::size_t> rows = dataset.trainingRows();
    std::vector<Performance> constant;
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        if (isConstant(dataset, rows, p)) constant.push_back(dataset.performances[p]);
    }
    return constant;
}

Result<Dataset> withPerformances(const Dataset& dataset, const std::vector<Performance>& performances) {
    if (dataset.performances == performances) return dataset;
    std::vector<std::size_t> columns;
    for (const Performance performance : performances) {
        const auto found = std::find(dataset.performances.begin(), dataset.performances.end(), performance);
        if (found == dataset.performances.end()) {
            return fail(ErrorCode::BadInput, fmt::format("The data set does not have the performance {}.",
                                                         simulation::info(performance).name));
        }
        columns.push_back(static_cast<std::size_t>(found - dataset.performances.begin()));
    }
    Dataset chosen = dataset;
    chosen.performances = performances;
    for (DataRow& row : chosen.rows) {
        std::vector<double> values;
        for (const std::size_t column : columns)
            values.push_back(row.performances[column]);
        row.performances = std::move(values);
    }
    return chosen;
}

Result<Dataset> withoutConstants(const Dataset& dataset) {
    const std::vector<Performance> constant = constantPerformances(dataset);
    std::vector<Performance> varying;
    for (const Performance performance : dataset.performances) {
        if (std::count(constant.begin(), constant.end(), performance) == 0) varying.push_back(performance);
    }
    if (!varying.empty()) return withPerformances(dataset, varying);
    return fail(ErrorCode::BadInput,
                fmt::format("No performance of the data set ({}) varies with the sizes: there is nothing to "
                            "learn.",
                            namesOf(constant)));
}

Result<TrainingData> prepareTraining(const Dataset& dataset, double validationShare) {
    const std::size_t rows = dataset.trainingRows().size();
    if (rows < fewestTrainingRows) {
        return fail(ErrorCode::BadInput,
                    fmt::format("The data set has {} rows to train on and needs {}, below which neither a "
                                "network nor a forward model can tell a trend from chance: extend it by {}; "
                                "about 1000 are usual.",
                                rows, fewestTrainingRows, missingRows(dataset, fewestTrainingRows)));
    }
    TrainingData data;
    auto varying = withoutConstants(dataset);
    if (!varying) return forward(varying);
    data.dataset = std::move(*varying);
    data.leftOut = constantPerformances(dataset);
    if (!data.leftOut.empty()) {
        data.remarks.push_back(
            fmt::format("Left out, since all rows have the same value: {}.", namesOf(data.leftOut)));
    }
    // A linear trend has one coefficient per size and a constant.
    const std::size_t trend = dataset.variableNames.size() + 2;
    if (rows < trend) {
        data.remarks.push_back(
            fmt::format("{} rows do not even determine how {} sizes act linearly: {} would.", rows,
                        dataset.variableNames.size(), missingRows(dataset, trend)));
    }
    if (validationShare <= 0) return data;
    const auto judged = static_cast<std::size_t>(
        std::ceil(static_cast<double>(diffusion::fewestValidationRows) / validationShare));
    if (rows < judged) {
        data.remarks.push_back(
            fmt::format("With {} rows none is kept aside to judge the weights, so that the "
                        "last ones are kept, however overfitted: {} would do.",
                        rows, missingRows(dataset, judged)));
    }
    return data;
}

} // namespace headroom::sizing
