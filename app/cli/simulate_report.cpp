#include "app/cli/simulate_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/netlist_json.h"
#include "app/cli/place_options.h"
#include "core/base/quantity.h"
#include "core/base/statistics.h"

namespace headroom::cli {
namespace {

using nlohmann::json;
using simulation::Evaluation;
using simulation::Performance;

/// A performance or measurement over all places or draws; those that failed are left out.
struct Column {
    std::string name, title, unit;
    std::vector<double> values;
};

std::vector<Column> columnsOf(const SimulateReport& report,
                              const std::vector<const Evaluation*>& evaluations) {
    std::vector<Column> columns;
    for (const Performance performance : report.settings.performances) {
        const simulation::PerformanceInfo& info = simulation::info(performance);
        Column column{info.name, info.title, info.unit, {}};
        for (const Evaluation* evaluation : evaluations)
            if (const auto found = evaluation->performances.find(performance);
                found != evaluation->performances.end())
                column.values.push_back(found->second);
        if (!column.values.empty()) columns.push_back(std::move(column));
    }
    for (const simulation::Measurement& measurement : report.settings.measurements) {
        Column column{measurement.name, measurement.name, measurement.unit, {}};
        for (const Evaluation* evaluation : evaluations)
            if (const auto found = evaluation->measurements.find(measurement.name);
                found != evaluation->measurements.end())
                column.values.push_back(found->second);
        if (!column.values.empty()) columns.push_back(std::move(column));
    }
    return columns;
}

void addPlaces(const SimulateReport& report, Output& output) {
    std::vector<const Evaluation*> evaluations;
    json places = json::array();
    for (const PlaceResult& place : report.places) {
        json entry = placeJson(place.variation, report.conditions);
        entry.update(outcomeJson(place.evaluation));
        places.push_back(entry);
        evaluations.push_back(&place.evaluation);
    }
    output.json["places"] = places;
    output.text += fmt::format("\n{:<28} {:>14} {:>14}\n", fmt::format("over {} corners", places.size()),
                               "least", "most");
    json extremes = json::object();
    for (const Column& column : columnsOf(report, evaluations)) {
        const auto [least, most] = std::minmax_element(column.values.begin(), column.values.end());
        extremes[column.name] = {
            {"minimum", number(*least)}, {"maximum", number(*most)}, {"unit", column.unit}};
        output.text += fmt::format("{:<28} {:>14} {:>14}\n", column.title,
                                   formatQuantity(*least, column.unit), formatQuantity(*most, column.unit));
    }
    output.json["over_places"] = extremes;
    for (std::size_t index = 0; index < report.places.size(); ++index)
        if (!report.places[index].evaluation.ok())
            output.text += fmt::format("{}: {}\n", placeName(places[index]),
                                       report.places[index].evaluation.error->message);
}

void addMismatch(const SimulateReport& report, Output& output) {
    std::vector<const Evaluation*> evaluations;
    std::string firstProblem;
    int failed = 0;
    for (const Evaluation& evaluation : report.mismatch) {
        evaluations.push_back(&evaluation);
        if (evaluation.ok()) continue;
        if (failed++ == 0) firstProblem = evaluation.error->message;
    }
    json performances = json::object();
    output.text += fmt::format("\n{:<28} {:>14} {:>14} {:>14} {:>14}\n",
                               fmt::format("{} mismatch draws", report.mismatch.size()), "mean", "sigma",
                               "least", "most");
    for (const Column& column : columnsOf(report, evaluations)) {
        const Summary summary = summarise(column.values);
        json numbers = json::array();
        for (const double value : column.values)
            numbers.push_back(number(value));
        performances[column.name] = {{"mean", number(summary.mean)},
                                     {"deviation", number(summary.deviation)},
                                     {"minimum", number(summary.minimum)},
                                     {"median", number(summary.median)},
                                     {"maximum", number(summary.maximum)},
                                     {"unit", column.unit},
                                     {"values", numbers}};
        output.text += fmt::format(
            "{:<28} {:>14} {:>14} {:>14} {:>14}\n", column.title, formatQuantity(summary.mean, column.unit),
            formatQuantity(summary.deviation, column.unit), formatQuantity(summary.minimum, column.unit),
            formatQuantity(summary.maximum, column.unit));
    }
    output.json["mismatch"] = {{"seed", report.seed},
                               {"count", report.mismatch.size()},
                               {"failed", failed},
                               {"performances", performances}};
    if (failed > 0) {
        output.json["mismatch"]["first_problem"] = firstProblem;
        output.text += fmt::format("{} draws failed, the first one so: {}\n", failed, firstProblem);
    }
}

void addSweep(const SimulateReport& report, Output& output) {
    const ParameterSweep& sweep = *report.sweep;
    json points = json::array();
    output.text += fmt::format("\n{}\n", sweep.parameter);
    for (std::size_t index = 0; index < sweep.values.size(); ++index) {
        json point = outcomeJson(sweep.evaluations[index]);
        point["value"] = number(sweep.values[index]);
        points.push_back(point);
        output.text += fmt::format("{:>12}", formatQuantity(sweep.values[index], ""));
        for (const auto& [performance, value] : sweep.evaluations[index].performances)
            output.text += fmt::format("  {} {}", simulation::info(performance).symbol,
                                       formatQuantity(value, simulation::info(performance).unit));
        if (!sweep.evaluations[index].ok()) output.text += "  " + sweep.evaluations[index].error->message;
        output.text += '\n';
    }
    output.json["sweep"] = {{"parameter", sweep.parameter}, {"points", points}};
}

std::string nominalText(const SimulateReport& report) {
    const Evaluation& evaluation = report.places.front().evaluation;
    std::string text;
    for (const auto& [performance, value] : evaluation.performances) {
        const simulation::PerformanceInfo& info = simulation::info(performance);
        text += fmt::format("{:<28} {}\n", info.title, formatQuantity(value, info.unit));
    }
    for (const simulation::Measurement& measurement : report.settings.measurements)
        if (const auto found = evaluation.measurements.find(measurement.name);
            found != evaluation.measurements.end())
            text +=
                fmt::format("{:<28} {}\n", measurement.name, formatQuantity(found->second, measurement.unit));
    for (const std::string& note : evaluation.notes)
        text += note + "\n";
    text += fmt::format("\n{:<16} {:>10} {:>10} {:>9} {:>9} {:>9}  {}\n", "device", "Id", "gm", "overdrive",
                        "Vds", "margin", "region");
    for (const auto& [name, point] : evaluation.operatingPoint.devices)
        text +=
            fmt::format("{:<16} {:>10} {:>10} {:>9} {:>9} {:>9}  {}\n", name,
                        formatQuantity(point.id, "A", 3), formatQuantity(point.gm, "S", 3),
                        formatQuantity(point.overdrive(), "V", 3), formatQuantity(point.vds, "V", 3),
                        formatQuantity(point.saturationMargin(), "V", 3), simulation::toString(point.region));
    return text;
}

} // namespace

Output describe(const SimulateReport& report) {
    const Evaluation& nominal = report.places.front().evaluation;
    Output output{toJson(nominal), toText(report.findings) + nominalText(report)};
    output.json["diagnostics"] = toJson(report.findings);
    json measurements = json::object();
    for (const simulation::Measurement& measurement : report.settings.measurements)
        if (const auto found = nominal.measurements.find(measurement.name);
            found != nominal.measurements.end())
            measurements[measurement.name] = {{"value", number(found->second)}, {"unit", measurement.unit}};
    output.json["measurements"] = measurements;
    output.json["conditions"] = placeJson(report.places.front().variation, report.conditions);
    output.json["conditions"].update({{"common_mode_voltage", number(report.conditions.commonModeVoltage)},
                                      {"output_voltage", number(report.conditions.outputVoltage)},
                                      {"bias_current", number(report.conditions.biasCurrent)},
                                      {"load_capacitance", number(report.conditions.loadCapacitance)}});
    if (report.places.size() > 1) addPlaces(report, output);
    if (!report.mismatch.empty()) addMismatch(report, output);
    if (report.sweep) addSweep(report, output);
    return output;
}

} // namespace headroom::cli
