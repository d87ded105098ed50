#include <QCoreApplication>

#include <limits>
#include <string_view>
#include <unordered_map>

#include "core/sizing/dataset.h"
#include "widgets/sizing/candidate_samples.h"
#include "widgets/sizing/dataset_view.h"

// A data set as samples.

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
enum RowClass : std::uint8_t { Training, HeldOut, NotSaturated };

QString text(const char* source) {
    return QCoreApplication::translate("DatasetData", source);
}

std::string_view bytesOf(const std::vector<double>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

/// Saturation rows by their sizes; rows of the data set are among them, bit for bit.
std::unordered_map<std::string_view, double> marginsOf(const sizing::Dataset& dataset) {
    std::unordered_map<std::string_view, double> margins;
    for (const sizing::SaturationRow& row : dataset.saturation)
        margins.emplace(bytesOf(row.values), row.margin);
    return margins;
}

} // namespace

std::shared_ptr<const DatasetData> datasetData(const sizing::Dataset& dataset,
                                               const std::vector<std::size_t>& heldOut,
                                               const std::vector<VariableInfo>& variables) {
    auto samples = std::make_shared<SampleTable>();
    samples->rowTitle = text("Row %1");
    samples->classes = {{text("trained on"), ColorRole::Simulated},
                        {text("held out"), ColorRole::Predicted},
                        {text("not saturated"), ColorRole::Failed}};
    for (const simulation::Performance performance : dataset.performances)
        samples->columns.push_back(performanceColumn(performance));
    for (const VariableInfo& variable : variables) {
        SampleColumn column = variableColumn(variable);
        column.definition = variable.name;
        samples->columns.push_back(std::move(column));
    }
    SampleColumn margin;
    margin.key = QStringLiteral("saturation_margin");
    margin.title = text("Saturation margin");
    margin.symbol = text("margin");
    margin.unit = QStringLiteral("V");
    margin.definition = text("Least drain-source voltage beyond saturation of all MOSFETs");
    margin.shownAtFirst = false;
    samples->columns.push_back(std::move(margin));

    const auto add = [&](RowClass ofClass, const std::vector<double>* performances,
                         const std::vector<double>& values, double saturation) {
        std::size_t column = 0;
        for (std::size_t p = 0; p < dataset.performances.size(); ++p)
            samples->columns[column++].values.push_back(performances != nullptr ? performances->at(p) : kNaN);
        for (std::size_t v = 0; v < variables.size(); ++v)
            samples->columns[column++].values.push_back(v < values.size() ? values[v] : kNaN);
        samples->columns[column].values.push_back(saturation);
        samples->classOf.push_back(ofClass);
    };
    auto margins = marginsOf(dataset);
    for (const sizing::DataRow& row : dataset.rows) {
        const auto known = margins.find(bytesOf(row.values));
        add(Training, &row.performances, row.values, known == margins.end() ? kNaN : known->second);
        if (known != margins.end()) margins.erase(known);
    }
    for (const std::size_t row : heldOut)
        samples->classOf[row] = HeldOut;
    std::size_t turnedDown = 0;
    for (const sizing::SaturationRow& row : dataset.saturation) {
        if (margins.find(bytesOf(row.values)) == margins.end()) continue;
        add(NotSaturated, nullptr, row.values, row.margin);
        ++turnedDown;
    }
    auto data = std::make_shared<DatasetData>();
    data->rows = dataset.rows.size();
    data->caption = text("%1 rows, %2 of them held out; %3 drawings that were not saturated; seed %4")
                        .arg(dataset.rows.size())
                        .arg(heldOut.size())
                        .arg(turnedDown)
                        .arg(dataset.seed);
    data->samples = std::move(samples);
    return data;
}

} // namespace headroom::widgets
