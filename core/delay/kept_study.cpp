#include "core/delay/kept_study.h"

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/delay/kept_table.h"

namespace headroom::delay {
namespace {

using nlohmann::json;

constexpr int kFormatVersion = 1;
constexpr const char* kKind = "delay_study";
constexpr const char* kFile = "study.json";

json number(double value) {
    return std::isfinite(value) ? json(value) : json(nullptr);
}

double numberIn(const json& value) {
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

/// The figures of a score, in the order in which they are written.
constexpr double RegressionScore::*kFigures[] = {
    &RegressionScore::r2, &RegressionScore::meanSquaredError, &RegressionScore::rootMeanSquaredError,
    &RegressionScore::meanAbsoluteError, &RegressionScore::meanAbsolutePercentage};

json toJson(const std::vector<RegressionScore>& scores) {
    json all = json::array();
    for (const RegressionScore& score : scores) {
        json one = json::array({score.rows});
        for (const auto figure : kFigures)
            one.push_back(number(score.*figure));
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<RegressionScore> scoresIn(const json& list) {
    std::vector<RegressionScore> scores;
    for (const json& one : list) {
        RegressionScore score;
        score.rows = one.at(0).get<std::size_t>();
        for (std::size_t i = 0; i < std::size(kFigures); ++i)
            score.*kFigures[i] = numberIn(one.at(i + 1));
        scores.push_back(score);
    }
    return scores;
}

json toJson(const Study& study) {
    json results = json::array(), validation = json::array(), labels = json::array();
    for (const StudyResult& each : study.results) {
        json errors = json::array();
        for (const double error : each.errors)
            errors.push_back(number(error));
        results.push_back({{"size", each.size},
                           {"rows", each.rows},
                           {"judge", each.judge},
                           {"scores", toJson(each.scores)},
                           {"errors", std::move(errors)}});
    }
    for (const ValidationResult& each : study.validation)
        validation.push_back({{"size", each.size},
                              {"rows", each.rows},
                              {"judge", each.judge},
                              {"scores", toJson(each.scores)}});
    for (const LabelResult& each : study.labels) {
        json scores = json::array();
        for (const LabelScore& score : each.scores)
            scores.push_back({number(score.meanAbsolutePercentage), score.labelled, score.unlabelled});
        labels.push_back({{"size", each.size}, {"rows", each.rows}, {"scores", std::move(scores)}});
    }
    return {{"format_version", kFormatVersion}, {"kind", kKind},
            {"target", study.target},           {"held_out", study.heldOut},
            {"results", std::move(results)},    {"validation", std::move(validation)},
            {"labels", std::move(labels)}};
}

Study studyIn(const json& document) {
    Study study{document.at("target").get<std::string>(), document.at("held_out").get<std::size_t>(), {}};
    for (const json& each : document.at("results")) {
        StudyResult result{each.at("size").get<std::size_t>(),
                           each.at("rows").get<std::string>(),
                           each.at("judge").get<std::string>(),
                           scoresIn(each.at("scores")),
                           {}};
        for (const json& error : each.at("errors"))
            result.errors.push_back(numberIn(error));
        study.results.push_back(std::move(result));
    }
    for (const json& each : document.at("validation"))
        study.validation.push_back({each.at("size").get<std::size_t>(), each.at("rows").get<std::string>(),
                                    each.at("judge").get<std::string>(), scoresIn(each.at("scores"))});
    for (const json& each : document.at("labels")) {
        LabelResult result{each.at("size").get<std::size_t>(), each.at("rows").get<std::string>(), {}};
        for (const json& score : each.at("scores"))
            result.scores.push_back(
                {numberIn(score.at(0)), score.at(1).get<std::size_t>(), score.at(2).get<std::size_t>()});
        study.labels.push_back(std::move(result));
    }
    return study;
}

Result<std::string> tableHash(const std::filesystem::path& folder, const std::string& number) {
    const auto text = readFile(folder / number / keptTableFile);
    if (!text) return forward(text);
    return sha256(*text);
}

} // namespace

Result<void> keepStudy(const std::filesystem::path& folder, const std::string& number, const Study& study) {
    const auto table = tableHash(folder, number);
    if (!table) return forward(table);
    json document = toJson(study);
    document["table_sha256"] = *table;
    return writeFileAtomically(folder / number / kFile,
                               document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

std::optional<Study> readKeptStudy(const std::filesystem::path& folder, const std::string& number) {
    const auto text = readFile(folder / number / kFile);
    const auto table = tableHash(folder, number);
    if (!text || !table) return std::nullopt;
    const json document = json::parse(*text, nullptr, false);
    try {
        if (document.at("kind") != kKind || document.at("format_version") != kFormatVersion ||
            document.at("table_sha256") != *table)
            return std::nullopt;
        return studyIn(document);
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

} // namespace headroom::delay
