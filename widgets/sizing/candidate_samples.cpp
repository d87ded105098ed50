#include "widgets/sizing/candidate_samples.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

QString text(const char* source) {
    return QCoreApplication::translate("CandidateSamples", source);
}

/// Fills a column; @p value is asked for each candidate that is not excluded.
template <class Value>
void fill(SampleColumn& column, const ExplorationData& data, const Value& value) {
    column.values.reserve(data.candidates.size());
    for (const CandidateRow& row : data.candidates)
        column.values.push_back(row.excluded ? kNaN : value(row));
}

double at(const std::vector<double>& values, std::size_t index) {
    return index < values.size() ? values[index] : kNaN;
}

void setLimits(SampleColumn& column, const ExplorationData& data, std::size_t index) {
    if (index >= data.requirements.size()) return;
    column.minimum = data.requirements[index].lowerLimit();
    column.maximum = data.requirements[index].upperLimit();
}

bool anyFinite(const SampleColumn& column) {
    for (const double value : column.values) {
        if (std::isfinite(value)) return true;
    }
    return false;
}

void addPerformances(SampleTable& table, const ExplorationData& data) {
    for (std::size_t index = 0; index < data.performances.size(); ++index) {
        SampleColumn column = performanceColumn(data.performances[index]);
        fill(column, data, [index](const CandidateRow& row) { return at(row.performances, index); });
        setLimits(column, data, index);
        if (data.truthPerformances && std::isfinite(at(*data.truthPerformances, index)))
            column.truth = at(*data.truthPerformances, index);
        table.columns.push_back(std::move(column));
    }
}

void addPredictions(SampleTable& table, const ExplorationData& data) {
    for (std::size_t index = 0; index < data.performances.size(); ++index) {
        SampleColumn column = performanceColumn(data.performances[index]);
        column.key.prepend(QStringLiteral("predicted_"));
        column.title = text("%1, predicted").arg(column.title);
        column.symbol += QStringLiteral("*");
        column.definition =
            text("What the forward model expects, before simulation. %1").arg(column.definition);
        column.shownAtFirst = false;
        fill(column, data, [index](const CandidateRow& row) { return at(row.predictions, index); });
        setLimits(column, data, index);
        if (anyFinite(column)) table.columns.push_back(std::move(column));
    }
    SampleColumn probability;
    probability.key = QStringLiteral("probability");
    probability.title = text("Probability");
    probability.symbol = QStringLiteral("p");
    probability.definition =
        text("That all targets are met with every MOSFET saturated, by the forward model");
    probability.shownAtFirst = false;
    fill(probability, data, [](const CandidateRow& row) { return row.probability; });
    if (anyFinite(probability)) table.columns.push_back(std::move(probability));
}

void addMarginAndArea(SampleTable& table, const ExplorationData& data) {
    SampleColumn margin;
    margin.key = QStringLiteral("saturation_margin");
    margin.title = text("Saturation margin");
    margin.symbol = text("margin");
    margin.unit = QStringLiteral("V");
    margin.definition = text("Least drain-source voltage beyond saturation of all MOSFETs");
    margin.shownAtFirst = false;
    fill(margin, data, [](const CandidateRow& row) { return row.saturationMargin; });
    if (anyFinite(margin)) table.columns.push_back(std::move(margin));
    if (table.columnOf(QStringLiteral("area")) >= 0) return;
    SampleColumn area = performanceColumn(simulation::Performance::Area);
    area.shownAtFirst = false;
    fill(area, data, [](const CandidateRow& row) { return row.area; });
    if (anyFinite(area)) table.columns.push_back(std::move(area));
}

void addSizes(SampleTable& table, const ExplorationData& data) {
    for (std::size_t index = 0; index < data.variables.size(); ++index) {
        SampleColumn column = variableColumn(data.variables[index]);
        fill(column, data, [index](const CandidateRow& row) { return at(row.values, index); });
        if (data.truthValues) column.truth = at(*data.truthValues, index);
        table.columns.push_back(std::move(column));
    }
    if (!data.variables.empty()) return;
    for (std::size_t index = 0; index < data.widthNames.size(); ++index) {
        SampleColumn column = variableColumn({widthKey(data.widthNames[index]), QStringLiteral("m"), 0, 0});
        fill(column, data, [index](const CandidateRow& row) { return at(row.widths, index); });
        if (data.truthWidths) column.truth = at(*data.truthWidths, index);
        table.columns.push_back(std::move(column));
    }
}

} // namespace

QString widthKey(const QString& device) {
    return QStringLiteral("%1 w").arg(device);
}

SampleColumn performanceColumn(simulation::Performance performance) {
    const simulation::PerformanceInfo& info = simulation::info(performance);
    SampleColumn column;
    column.key = QString::fromLatin1(info.name);
    column.title = QString::fromUtf8(info.title);
    column.symbol = QString::fromUtf8(info.symbol);
    column.unit = QString::fromUtf8(info.unit);
    column.definition =
        QStringLiteral("%1 (%2): %3").arg(column.title, column.symbol, QString::fromUtf8(info.definition));
    return column;
}

SampleColumn variableColumn(const VariableInfo& variable) {
    SampleColumn column;
    column.key = column.title = variable.name;
    column.unit = variable.unit;
    column.definition = text("%1, snapped to the grid").arg(variable.name);
    column.shownAtFirst = false;
    if (variable.low < variable.high) column.range = std::pair(variable.low, variable.high);
    return column;
}

std::shared_ptr<const SampleTable> candidateSamples(const ExplorationData& data) {
    auto table = std::make_shared<SampleTable>();
    table->rowTitle = text("Candidate %1");
    table->classes = {{text("simulated"), ColorRole::Simulated},
                      {text("not simulated"), ColorRole::Predicted}};
    for (const CandidateRow& row : data.candidates)
        table->classOf.push_back(row.status == CandidateStatus::Predicted ? 1 : 0);
    addPerformances(*table, data);
    addMarginAndArea(*table, data);
    addSizes(*table, data);
    addPredictions(*table, data);
    return table;
}

} // namespace headroom::widgets
