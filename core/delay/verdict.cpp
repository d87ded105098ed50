#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "core/delay/study.h"

namespace headroom::delay {
namespace {

/// What a verdict goes by.
struct Yardstick {
    double RegressionScore::*measure = &RegressionScore::meanAbsolutePercentage;
    const char* name = "MAPE";
    const char* unit = " %";
};

Yardstick yardstickFor(const Study& study) {
    const auto isFinite = [](const auto& result) {
        return std::all_of(result.scores.begin(), result.scores.end(), [](const RegressionScore& score) {
            return std::isfinite(score.meanAbsolutePercentage);
        });
    };
    if (std::all_of(study.results.begin(), study.results.end(), isFinite) &&
        std::all_of(study.validation.begin(), study.validation.end(), isFinite))
        return {};
    return {&RegressionScore::rootMeanSquaredError, "RMSE", ""};
}

double meanOf(const std::vector<RegressionScore>& scores, double RegressionScore::*measure) {
    double sum = 0;
    for (const RegressionScore& score : scores)
        sum += score.*measure;
    return sum / static_cast<double>(scores.size());
}

/// What was chosen by.
double validated(const Study& study, const StudyResult& result, double RegressionScore::*measure) {
    const ValidationResult* validation = study.findValidation(result.size, result.rows, result.judge);
    return validation == nullptr || validation->scores.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                               : meanOf(validation->scores, measure);
}

/// The result that was best on the rows kept aside, or the only one; null where there are several and no such
/// rows. @param candidates of one size
const StudyResult* chosenOf(const Study& study, const std::vector<const StudyResult*>& candidates,
                            double RegressionScore::*measure) {
    if (candidates.size() == 1) return candidates.front();
    const StudyResult* chosen = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const StudyResult* each : candidates) {
        const double mean = validated(study, *each, measure);
        if (mean < least) {
            least = mean;
            chosen = each;
        }
    }
    return chosen;
}

MeanInterval pairedDifference(const StudyResult& a, const StudyResult& b, double RegressionScore::*measure) {
    std::vector<double> differences;
    if (a.scores.size() > 1) {
        for (std::size_t i = 0; i < a.scores.size(); ++i)
            differences.push_back(a.scores[i].*measure - b.scores[i].*measure);
    } else {
        for (std::size_t i = 0; i < a.errors.size(); ++i)
            differences.push_back(a.errors[i] - b.errors[i]);
    }
    return meanInterval(differences);
}

std::string sentenceOf(const Verdict& verdict, const char* unit) {
    const bool isLower = verdict.best < verdict.real;
    std::string sentence =
        fmt::format("With {} real rows, augmentation ({}) {} the {} of {} from {:.3g} to {:.3g}{}",
                    verdict.size, verdict.generator, isLower ? "lowers" : "raises", verdict.measure,
                    verdict.judge, verdict.real, verdict.best, unit);
    const bool isCertain = verdict.helps || verdict.difference.low > 0;
    if (isCertain) {
        const double ends[] = {std::abs(verdict.difference.low), std::abs(verdict.difference.high)};
        sentence += fmt::format(" (by {:.2g} to {:.2g} with 95 % confidence)", std::min(ends[0], ends[1]),
                                std::max(ends[0], ends[1]));
    } else {
        sentence += " (no more than chance may do)";
    }
    if (verdict.helps && verdict.null <= verdict.best)
        sentence += fmt::format(", which copies of the real rows do as well ({:.3g}{})", verdict.null, unit);
    if (verdict.prefersBaseline)
        sentence += fmt::format("; {} on the real rows alone gives {:.3g}{}: prefer it", verdict.baseline,
                                verdict.baselineBest, unit);
    return sentence + ".";
}

/// Absent where the judge has seen no synthetic rows at this size.
std::optional<Verdict> verdictOf(const Study& study, std::size_t size, const std::string& judge,
                                 const std::set<std::string>& augmented) {
    const Yardstick yardstick = yardstickFor(study);
    const auto of = [&](const StudyResult& result) { return meanOf(result.scores, yardstick.measure); };
    std::vector<const StudyResult*> candidates, baselines;
    for (const StudyResult& each : study.results) {
        if (each.size != size) continue;
        const bool isSynthetic = each.rows != realOnly && each.rows != sizeMatchedNull;
        if (each.judge == judge && isSynthetic) candidates.push_back(&each);
        if (!augmented.contains(each.judge) && each.rows == realOnly) baselines.push_back(&each);
    }
    const StudyResult* baseline = chosenOf(study, baselines, yardstick.measure);
    if (baseline == nullptr && !baselines.empty()) baseline = baselines.front();
    const StudyResult* best = chosenOf(study, candidates, yardstick.measure);
    const StudyResult* real = study.find(size, realOnly, judge);
    const StudyResult* null = study.find(size, sizeMatchedNull, judge);
    if (best == nullptr || real == nullptr || null == nullptr) return std::nullopt;
    Verdict verdict;
    verdict.size = size;
    verdict.measure = yardstick.name;
    verdict.judge = judge;
    verdict.generator = best->rows;
    verdict.real = of(*real);
    verdict.null = of(*null);
    verdict.best = of(*best);
    verdict.validated = validated(study, *best, yardstick.measure);
    verdict.difference = pairedDifference(*best, *real, yardstick.measure);
    verdict.helps = verdict.difference.high < 0;
    if (baseline != nullptr) {
        verdict.baseline = baseline->judge;
        verdict.baselineBest = of(*baseline);
        verdict.baselineValidated = validated(study, *baseline, yardstick.measure);
        verdict.prefersBaseline = verdict.baselineBest < std::min(verdict.best, verdict.real);
    }
    verdict.sentence = sentenceOf(verdict, yardstick.unit);
    return verdict;
}

} // namespace

std::vector<Verdict> verdicts(const Study& study, const std::vector<Judge>& judges) {
    std::set<std::string> augmented;
    std::string first;
    for (const Judge& judge : judges) {
        if (!judge.augmented) continue;
        const std::string name = judge.make()->name();
        if (augmented.empty()) first = name;
        augmented.insert(name);
    }
    std::set<std::size_t> sizes;
    for (const StudyResult& result : study.results)
        sizes.insert(result.size);
    std::vector<Verdict> all;
    for (const std::size_t size : sizes) {
        if (auto verdict = verdictOf(study, size, first, augmented)) all.push_back(std::move(*verdict));
    }
    return all;
}

} // namespace headroom::delay
