#include "app/cli/evaluation_json.h"

#include <fmt/format.h>

#include "app/cli/session.h"

namespace headroom::cli {
namespace {

using nlohmann::json;

json toJson(const simulation::DeviceOperatingPoint& point) {
    return {{"id", number(point.id)},
            {"gm", number(point.gm)},
            {"gds", number(point.gds)},
            {"vgs", number(point.vgs)},
            {"vds", number(point.vds)},
            {"vth", number(point.vth)},
            {"vdsat", number(point.vdsat)},
            {"vov", number(point.overdrive())},
            {"saturation_margin", number(point.saturationMargin())},
            {"region", simulation::toString(point.region)}};
}

json sharesOf(const std::map<int, double>& shares) {
    json document = json::object();
    for (const auto& [count, share] : shares)
        document[fmt::format("best_of_{}", count)] = number(share);
    return document;
}

json valuesOf(const simulation::Evaluation& evaluation) {
    json values = json::object();
    for (const auto& [performance, value] : evaluation.performances)
        values[simulation::info(performance).name] = number(value);
    for (const auto& [name, value] : evaluation.measurements)
        values[name] = number(value);
    return values;
}

} // namespace

json outcomeJson(const simulation::Evaluation& evaluation) {
    json document = {{"performances", valuesOf(evaluation)}};
    if (!evaluation.ok()) document["error"] = evaluation.error->message;
    if (!evaluation.notes.empty()) document["notes"] = evaluation.notes;
    return document;
}

json toJson(const simulation::Evaluation& evaluation) {
    json performances = json::object();
    for (const auto& [performance, value] : evaluation.performances) {
        const simulation::PerformanceInfo& info = simulation::info(performance);
        performances[info.name] = {{"value", number(value)}, {"unit", info.unit}};
    }
    json devices = json::object();
    for (const auto& [name, point] : evaluation.operatingPoint.devices)
        devices[name] = toJson(point);
    json nets = json::object();
    for (const auto& [name, voltage] : evaluation.operatingPoint.nets)
        nets[name] = number(voltage);
    return {{"performances", performances},
            {"operating_point",
             {{"devices", devices},
              {"nets", nets},
              {"supply_current", number(evaluation.operatingPoint.supplyCurrent)},
              {"worst_saturation_margin", number(evaluation.operatingPoint.worstSaturationMargin)},
              {"worst_device", evaluation.operatingPoint.worstDevice}}},
            {"notes", evaluation.notes},
            {"simulations", evaluation.simulations},
            {"elapsed_ms", number(1000 * evaluation.elapsedSeconds)}};
}

json cacheJson(const simulation::PoolStatistics& statistics) {
    return {{"hits", statistics.cacheHits},
            {"misses", statistics.evaluations - statistics.cacheHits},
            {"hit_rate", statistics.hitRate()}};
}

json toJson(const sizing::EvaluationReport& report) {
    json methods = json::object();
    for (const sizing::MethodScore& method : report.methods) {
        json performances = json::object();
        for (std::size_t p = 0; p < report.performances.size(); ++p) {
            const sizing::Quartiles& q = method.relativeDifferences[p];
            performances[simulation::info(report.performances[p]).name] = {
                {"median", number(q.median)},
                {"lower_quartile", number(q.lower)},
                {"upper_quartile", number(q.upper)},
                {"low_whisker", number(q.lowWhisker)},
                {"high_whisker", number(q.highWhisker)}};
        }
        methods[method.name] = {{"relative_difference", performances},
                                {"met",
                                 {{"within_5_percent", sharesOf(method.metAt5)},
                                  {"within_10_percent", sharesOf(method.metAt10)}}},
                                {"met_saturated",
                                 {{"within_5_percent", sharesOf(method.saturatedMetAt5)},
                                  {"within_10_percent", sharesOf(method.saturatedMetAt10)}}},
                                {"near_target",
                                 {{"within_5_percent", sharesOf(method.nearAt5)},
                                  {"within_10_percent", sharesOf(method.nearAt10)}}},
                                {"saturated", number(method.saturated)},
                                {"simulations", method.simulations},
                                {"failed", method.failed},
                                {"seconds", number(method.seconds)}};
    }
    return {{"targets", report.targets}, {"methods", methods}};
}

} // namespace headroom::cli
