#include "widgets/simulation/simulation_data.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {

QString SweepVariable::heading() const {
    if (kind != Kind::Size) return title;
    return QCoreApplication::translate("SweepVariable", "%1 of %2").arg(title, owner);
}

QString SweepVariable::text(double value) const {
    if (kind == Kind::Corner) return choices.value(static_cast<int>(std::lround(value)));
    // Degrees take no prefix.
    if (kind == Kind::Temperature) return QString::number(value, 'g', 6) + QStringLiteral(" \u00b0C");
    if (unit.isEmpty()) return QString::number(value, 'g', 6);
    return quantityText(value, unit.toUtf8().constData(), 6);
}

std::optional<double> SweepVariable::parsed(const QString& text, QString* problem) const {
    if (kind != Kind::Temperature) return parsedQuantity(text, unit.toUtf8().constData(), problem);
    QString number = text.trimmed();
    for (const QString& suffix : {QStringLiteral("\u00b0C"), QStringLiteral("degC"), QStringLiteral("C")}) {
        if (!number.endsWith(suffix, Qt::CaseInsensitive)) continue;
        number.chop(suffix.size());
        break;
    }
    return parsedQuantity(number, "1", problem);
}

std::size_t SweepData::done() const {
    return static_cast<std::size_t>(
        std::count_if(results.begin(), results.end(), [](const auto& result) { return result != nullptr; }));
}

QByteArray sweepCsv(const SweepData& data) {
    const bool corner = data.variable.kind == SweepVariable::Kind::Corner;
    CsvTable table;
    const QString unit =
        data.variable.unit.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(data.variable.unit);
    table.columns.push_back((data.variable.heading() + unit).toStdString());
    std::vector<simulation::Performance> shown;
    for (const simulation::PerformanceInfo& info : simulation::performanceInfos()) {
        const bool present = std::any_of(data.results.begin(), data.results.end(), [&](const auto& result) {
            return result && result->performances.contains(info.performance);
        });
        if (!present) continue;
        shown.push_back(info.performance);
        table.columns.emplace_back(info.name);
    }
    table.columns.emplace_back("error");
    for (std::size_t i = 0; i < data.positions.size() && i < data.results.size(); ++i) {
        const auto& result = data.results[i];
        if (!result) continue;
        std::vector<std::string> row{corner ? data.variable.text(data.positions[i]).toStdString()
                                            : formatExact(data.positions[i])};
        for (const simulation::Performance performance : shown) {
            const auto value = result->performances.find(performance);
            row.push_back(value == result->performances.end() ? std::string() : formatExact(value->second));
        }
        row.push_back(result->error ? result->error->message : std::string());
        table.rows.push_back(std::move(row));
    }
    return QByteArray::fromStdString(writeCsv(table));
}

} // namespace headroom::widgets
