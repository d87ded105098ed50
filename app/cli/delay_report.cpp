#include "app/cli/delay_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/quantity.h"

namespace headroom::cli {
namespace {

using delay::StudyResult;

void put(nlohmann::json& json, const std::string& name, const MeanInterval& interval) {
    json[name] = number(interval.mean);
    if (interval.count < 2) return;
    json[name + "_low"] = number(interval.low);
    json[name + "_high"] = number(interval.high);
}

std::string percentageText(const MeanInterval& interval) {
    if (!std::isfinite(interval.mean)) return "-";
    if (interval.count < 2) return fmt::format("{:.2f}", interval.mean);
    return fmt::format("{:.2f} +- {:.2f}", interval.mean, interval.high - interval.mean);
}

} // namespace

nlohmann::json toJson(const delay::Study& study) {
    nlohmann::json results = nlohmann::json::array();
    for (const StudyResult& result : study.results) {
        nlohmann::json one{{"size", result.size},
                           {"rows", result.rows},
                           {"judge", result.judge},
                           {"repeats", result.scores.size()}};
        put(one, "r2", result.r2());
        put(one, "mse", result.meanSquaredError());
        put(one, "rmse", result.rootMeanSquaredError());
        put(one, "mae", result.meanAbsoluteError());
        put(one, "mape", result.meanAbsolutePercentage());
        results.push_back(std::move(one));
    }
    return results;
}

nlohmann::json toJson(const std::vector<delay::Verdict>& verdicts) {
    nlohmann::json all = nlohmann::json::array();
    for (const delay::Verdict& verdict : verdicts) {
        all.push_back({{"size", verdict.size},
                       {"measure", verdict.measure},
                       {"judge", verdict.judge},
                       {"generator", verdict.generator},
                       {"real", number(verdict.real)},
                       {"null", number(verdict.null)},
                       {"augmented", number(verdict.best)},
                       {"validated", number(verdict.validated)},
                       {"difference", number(verdict.difference.mean)},
                       {"difference_low", number(verdict.difference.low)},
                       {"difference_high", number(verdict.difference.high)},
                       {"helps", verdict.helps},
                       {"baseline", verdict.baseline},
                       {"baseline_value", number(verdict.baselineBest)},
                       {"baseline_validated", number(verdict.baselineValidated)},
                       {"prefers_baseline", verdict.prefersBaseline},
                       {"sentence", verdict.sentence}});
    }
    return all;
}

nlohmann::json labelsJson(const delay::Study& study) {
    nlohmann::json all = nlohmann::json::array();
    for (const delay::LabelResult& result : study.labels) {
        nlohmann::json one{{"size", result.size}, {"rows", result.rows}, {"repeats", result.scores.size()}};
        put(one, "label_mape", result.meanAbsolutePercentage());
        std::size_t failed = 0;
        for (const delay::LabelScore& score : result.scores)
            failed += score.unlabelled;
        one["label_failed"] = failed;
        all.push_back(std::move(one));
    }
    return all;
}

nlohmann::json validationJson(const delay::Study& study) {
    nlohmann::json all = nlohmann::json::array();
    for (const delay::ValidationResult& result : study.validation) {
        all.push_back({{"size", result.size},
                       {"rows", result.rows},
                       {"judge", result.judge},
                       {"scores", result.scores.size()},
                       {"mape", number(result.meanAbsolutePercentage().mean)},
                       {"rmse", number(result.rootMeanSquaredError().mean)}});
    }
    return all;
}

nlohmann::json toJson(const delay::Resemblance& resemblance) {
    nlohmann::json columns = nlohmann::json::array();
    for (const delay::ColumnResemblance& column : resemblance.columns) {
        columns.push_back({{"name", column.name},
                           {"unit", column.unit},
                           {"kolmogorov_smirnov", number(column.kolmogorovSmirnov)},
                           {"wasserstein", number(column.wasserstein)},
                           {"density",
                            {{"at", column.density.at},
                             {"real", column.density.real},
                             {"synthetic", column.density.synthetic}}}});
    }
    nlohmann::json json{{"columns", std::move(columns)},
                        {"correlation_difference",
                         {{"mean", number(resemblance.meanCorrelationDifference)},
                          {"largest", number(resemblance.largestCorrelationDifference)}}},
                        {"nearest_row",
                         {{"synthetic_to_real", number(resemblance.nearest.syntheticToReal)},
                          {"real_to_real", number(resemblance.nearest.realToReal)},
                          {"memorised", number(resemblance.nearest.memorised)}}},
                        {"classifier",
                         {{"accuracy", number(resemblance.classifierAccuracy)},
                          {"low", number(resemblance.classifierLow)},
                          {"high", number(resemblance.classifierHigh)}}}};
    if (resemblance.labelPercentage) {
        json["label_mape"] = number(*resemblance.labelPercentage);
        json["label_rows"] = resemblance.labelled;
        json["label_failed"] = resemblance.unlabelled;
    }
    return json;
}

std::string describe(const delay::Study& study, const std::string& unit) {
    std::size_t width = 4;
    for (const StudyResult& result : study.results)
        width = std::max(width, result.rows.size());
    std::string text = fmt::format("{:>6}  {:<{}}  {:<18}{:>10}{:>14}{:>14}{:>18}\n", "size", "rows", width,
                                   "judge", "R2", "RMSE", "MAE", "MAPE, %");
    for (const StudyResult& result : study.results) {
        text += fmt::format("{:>6}  {:<{}}  {:<18}{:>10.5f}{:>14}{:>14}{:>18}\n", result.size, result.rows,
                            width, result.judge, result.r2().mean,
                            formatQuantity(result.rootMeanSquaredError().mean, unit),
                            formatQuantity(result.meanAbsoluteError().mean, unit),
                            percentageText(result.meanAbsolutePercentage()));
    }
    for (const delay::LabelResult& result : study.labels)
        text += fmt::format("{:>6}  {:<{}}  targets are {} % off the simulated ones\n", result.size,
                            result.rows, width, percentageText(result.meanAbsolutePercentage()));
    return text;
}

std::string describe(const delay::Resemblance& resemblance) {
    std::string text = fmt::format("{:<24}{:>20}{:>14}\n", "column", "Kolmogorov-Smirnov", "Wasserstein");
    for (const delay::ColumnResemblance& column : resemblance.columns)
        text += fmt::format("{:<24}{:>20.3f}{:>14.3f}\n", column.name, column.kolmogorovSmirnov,
                            column.wasserstein);
    text += fmt::format("correlations differ by {:.3f} on average, {:.3f} at most\n",
                        resemblance.meanCorrelationDifference, resemblance.largestCorrelationDifference);
    text +=
        fmt::format("nearest real row: {:.3f} from synthetic rows, {:.3f} from rows held out; {:.1f} % of "
                    "the synthetic rows are nearer than 95 % of those are\n",
                    resemblance.nearest.syntheticToReal, resemblance.nearest.realToReal,
                    100 * resemblance.nearest.memorised);
    text += fmt::format("a classifier tells {:.1f} % of the rows right ({:.1f} to {:.1f}); 50 is chance\n",
                        100 * resemblance.classifierAccuracy, 100 * resemblance.classifierLow,
                        100 * resemblance.classifierHigh);
    if (resemblance.labelPercentage)
        text +=
            fmt::format("synthetic targets are {:.2f} % off the simulated ones on average, over {} rows{}\n",
                        *resemblance.labelPercentage, resemblance.labelled,
                        resemblance.unlabelled > 0
                            ? fmt::format("; {} rows could not be simulated", resemblance.unlabelled)
                            : std::string());
    return text;
}

} // namespace headroom::cli
