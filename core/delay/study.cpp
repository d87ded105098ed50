#include "core/delay/study.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/bounds.h"
#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/delay/table_import.h"

namespace headroom::delay {
namespace {

/// Fewer rows held out say too little.
constexpr std::size_t kFewestHeldOut = 10;

enum Stream : std::uint64_t { kRows, kNull, kGenerators = 16 };

/// Rows that judges learn from.
struct TrainingRows {
    std::string name;
    Table table;
};

std::set<std::vector<double>> rowsAsSet(const Table& table) {
    std::set<std::vector<double>> rows;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        std::vector<double> values;
        for (const Column& column : table.columns)
            values.push_back(column.values[row]);
        rows.insert(std::move(values));
    }
    return rows;
}

Result<void> checkHeldOut(const Table& real, const Table& heldOut) {
    if (heldOut.rows() < kFewestHeldOut)
        return fail(ErrorCode::BadInput,
                    fmt::format("{} rows are held out; at least {} are needed to judge by.", heldOut.rows(),
                                kFewestHeldOut));
    const auto known = rowsAsSet(real), judged = rowsAsSet(heldOut);
    const auto shared =
        std::count_if(judged.begin(), judged.end(), [&](const auto& row) { return known.contains(row); });
    if (shared == 0) return {};
    return fail(
        ErrorCode::BadInput,
        fmt::format("{} of the {} rows held out are among the rows that are learned from: nothing can be "
                    "judged by them.",
                    shared, heldOut.rows()));
}

Table drawnWithReplacement(const Table& rows, std::size_t count, std::uint64_t seed) {
    RandomEngine engine(seed);
    std::vector<std::size_t> drawn(count);
    for (std::size_t& row : drawn)
        row = engine() % rows.rows();
    return rows.pick(drawn);
}

std::vector<double> errorsBySize(const std::vector<double>& predicted, const std::vector<double>& truth) {
    const bool hasZero = std::find(truth.begin(), truth.end(), 0.0) != truth.end();
    std::vector<double> errors;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const double error = std::abs(predicted[i] - truth[i]);
        errors.push_back(hasZero ? error : 100 * error / std::abs(truth[i]));
    }
    return errors;
}

/// Where a result is kept; made where it is not there yet.
StudyResult& resultOf(Study& study, std::size_t size, const std::string& rows, const std::string& judge) {
    for (StudyResult& each : study.results) {
        if (each.size == size && each.rows == rows && each.judge == judge) return each;
    }
    study.results.push_back({size, rows, judge, {}, {}});
    return study.results.back();
}

Result<void> judgeSets(Study& study, std::size_t size, const std::vector<TrainingRows>& sets,
                       const Table& heldOut, std::size_t target, const std::vector<Judge>& judges,
                       JobContext& context) {
    const std::vector<double>& truth = heldOut.columns[target].values;
    for (const Judge& judge : judges) {
        for (const TrainingRows& rows : sets) {
            if (!judge.augmented && rows.name != realOnly) continue;
            const auto regressor = judge.make();
            QuietContext quiet(context);
            if (const auto fitted = regressor->fit(rows.table, target, quiet); !fitted)
                return forward(fitted);
            const auto predicted = regressor->predict(heldOut);
            if (!predicted) return forward(predicted);
            StudyResult& result = resultOf(study, size, rows.name, regressor->name());
            result.scores.push_back(scorePredictions(*predicted, truth));
            result.errors = errorsBySize(*predicted, truth);
        }
    }
    return {};
}

/// The real rows, copies of them, and those of each generator.
Result<std::vector<TrainingRows>> makeSets(const Table& real, const std::vector<MakeGenerator>& generators,
                                           std::size_t synthetic, std::uint64_t seed, JobContext& context) {
    std::vector<TrainingRows> sets{{realOnly, real}};
    if (generators.empty()) return sets;
    const auto add = [&](const std::string& name, const Table& rows) -> Result<void> {
        auto all = joined(real, rows);
        if (!all) return forward(all);
        sets.push_back({name, std::move(*all)});
        return {};
    };
    const Table copies = drawnWithReplacement(real, synthetic, deriveSeed(seed, kNull));
    if (const auto added = add(sizeMatchedNull, copies); !added) return forward(added);
    for (std::size_t g = 0; g < generators.size(); ++g) {
        const auto part = static_cast<double>(g) / static_cast<double>(generators.size());
        StageContext stage(context, part, part + 1 / static_cast<double>(generators.size()));
        const auto generator = generators[g]();
        const std::uint64_t own = deriveSeed(seed, kGenerators + g);
        if (const auto fitted = generator->fit(real, own, stage); !fitted) return forward(fitted);
        const auto made = generator->sample(synthetic, own, stage);
        if (!made) return forward(made);
        if (const auto added = add(generator->name(), *made); !added) return forward(added);
    }
    return sets;
}

template <class Measure>
MeanInterval intervalOf(const StudyResult& result, Measure measure) {
    std::vector<double> values;
    for (const RegressionScore& score : result.scores)
        values.push_back(score.*measure);
    return meanInterval(values);
}

/// What a verdict goes by.
struct Yardstick {
    double RegressionScore::*measure = &RegressionScore::meanAbsolutePercentage;
    const char* name = "MAPE";
    const char* unit = " %";
};

Yardstick yardstickFor(const Study& study) {
    for (const StudyResult& result : study.results) {
        for (const RegressionScore& score : result.scores) {
            if (!std::isfinite(score.meanAbsolutePercentage))
                return {&RegressionScore::rootMeanSquaredError, "RMSE", ""};
        }
    }
    return {};
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
    const auto of = [&](const StudyResult& result) { return intervalOf(result, yardstick.measure).mean; };
    const StudyResult* best = nullptr;
    const StudyResult* baseline = nullptr;
    for (const StudyResult& each : study.results) {
        if (each.size != size) continue;
        const bool isSynthetic = each.rows != realOnly && each.rows != sizeMatchedNull;
        if (each.judge == judge && isSynthetic && (best == nullptr || of(each) < of(*best))) best = &each;
        if (!augmented.contains(each.judge) && each.rows == realOnly &&
            (baseline == nullptr || of(each) < of(*baseline)))
            baseline = &each;
    }
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
    verdict.difference = pairedDifference(*best, *real, yardstick.measure);
    verdict.helps = verdict.difference.high < 0;
    if (baseline != nullptr) {
        verdict.baseline = baseline->judge;
        verdict.baselineBest = of(*baseline);
        verdict.prefersBaseline = verdict.baselineBest < std::min(verdict.best, verdict.real);
    }
    verdict.sentence = sentenceOf(verdict, yardstick.unit);
    return verdict;
}

} // namespace

Result<void> StudySettings::validate() const {
    if (sizes.empty()) return fail(ErrorCode::BadInput, "A study needs at least one number of real rows.");
    return checkAll(
        {checkWithin("The smallest number of real rows",
                     static_cast<double>(*std::min_element(sizes.begin(), sizes.end())), fewestRows, 1e7),
         checkWithin("The number of repeats", repeats, 1, 1000),
         checkWithin("The number of synthetic rows", static_cast<double>(synthetic), 1, 1e7)});
}

std::vector<Judge> defaultJudges() {
    return {{[] { return makeBoosting({}); }, true},
            {[] {
                 return makeBoosting({500, 3, 0.1});
             },
             true},
            {[] { return makeProcessRegressor(); }, false},
            {[] { return makeLinearRegressor(); }, false}};
}

MeanInterval StudyResult::r2() const {
    return intervalOf(*this, &RegressionScore::r2);
}
MeanInterval StudyResult::meanSquaredError() const {
    return intervalOf(*this, &RegressionScore::meanSquaredError);
}
MeanInterval StudyResult::rootMeanSquaredError() const {
    return intervalOf(*this, &RegressionScore::rootMeanSquaredError);
}
MeanInterval StudyResult::meanAbsoluteError() const {
    return intervalOf(*this, &RegressionScore::meanAbsoluteError);
}
MeanInterval StudyResult::meanAbsolutePercentage() const {
    return intervalOf(*this, &RegressionScore::meanAbsolutePercentage);
}

const StudyResult* Study::find(std::size_t size, const std::string& rows, const std::string& judge) const {
    for (const StudyResult& each : results) {
        if (each.size == size && each.rows == rows && each.judge == judge) return &each;
    }
    return nullptr;
}

Result<Study> runStudy(const Table& pool, const Table& heldOut, std::size_t target,
                       const std::vector<MakeGenerator>& generators, const std::vector<Judge>& judges,
                       const StudySettings& settings, JobContext& context) {
    if (const auto valid = settings.validate(); !valid) return forward(valid);
    if (const auto usable = checkTarget(pool, target); !usable) return forward(usable);
    const auto aligned = alignedTo(pool, heldOut);
    if (!aligned) return forward(aligned);
    if (const auto apart = checkHeldOut(pool, *aligned); !apart) return forward(apart);
    std::vector<std::size_t> sizes;
    for (const std::size_t size : settings.sizes) {
        if (size <= pool.rows()) sizes.push_back(size);
    }
    if (sizes.empty())
        return fail(ErrorCode::BadInput, fmt::format("The table has {} rows, too few for a study of {}.",
                                                     pool.rows(), fmt::join(settings.sizes, ", ")));
    Study study{pool.columns[target].name, heldOut.rows(), {}};
    const double rounds = static_cast<double>(sizes.size()) * settings.repeats;
    double done = 0;
    for (const std::size_t size : sizes) {
        for (int repeat = 0; repeat < settings.repeats; ++repeat) {
            context.waitWhilePaused();
            if (context.cancelled()) return failCancelled();
            StageContext stage(context, done / rounds, (done + 1) / rounds);
            ++done;
            const std::uint64_t seed = deriveSeed(settings.seed, static_cast<std::uint64_t>(repeat));
            std::vector<std::size_t> order(pool.rows());
            std::iota(order.begin(), order.end(), 0);
            RandomEngine engine(deriveSeed(seed, kRows));
            shuffle(order, engine);
            order.resize(size);
            const auto sets = makeSets(pool.pick(order), generators, settings.synthetic, seed, stage);
            if (!sets) return forward(sets);
            const auto judged = judgeSets(study, size, *sets, *aligned, target, judges, stage);
            if (!judged) return forward(judged);
        }
    }
    return study;
}

Result<Study> judgeRows(const Table& real, const Table& heldOut, const Table* synthetic, std::size_t target,
                        const std::vector<Judge>& judges, std::uint64_t seed, JobContext& context) {
    if (const auto usable = checkTarget(real, target); !usable) return forward(usable);
    const auto aligned = alignedTo(real, heldOut);
    if (!aligned) return forward(aligned);
    if (const auto apart = checkHeldOut(real, *aligned); !apart) return forward(apart);
    std::vector<TrainingRows> sets{{realOnly, real}};
    if (synthetic != nullptr) {
        const auto fresh = alignedTo(real, *synthetic);
        if (!fresh) return forward(fresh);
        if (const auto apart = checkHeldOut(*fresh, *aligned); !apart) return forward(apart);
        auto copies = joined(real, drawnWithReplacement(real, fresh->rows(), deriveSeed(seed, kNull)));
        auto all = joined(real, *fresh);
        if (!all) return forward(all);
        sets.push_back({sizeMatchedNull, std::move(*copies)});
        sets.push_back({syntheticRows, std::move(*all)});
    }
    Study study{real.columns[target].name, heldOut.rows(), {}};
    const auto judged = judgeSets(study, real.rows(), sets, *aligned, target, judges, context);
    if (!judged) return forward(judged);
    return study;
}

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

std::pair<std::vector<std::size_t>, std::vector<std::size_t>> splitNumbers(std::size_t rows, double share,
                                                                           std::uint64_t seed) {
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), 0);
    RandomEngine engine(seed);
    shuffle(order, engine);
    const auto count = static_cast<std::ptrdiff_t>(share * static_cast<double>(rows));
    return {{order.begin(), order.begin() + count}, {order.begin() + count, order.end()}};
}

std::pair<Table, Table> splitRows(const Table& table, double share, std::uint64_t seed) {
    const auto [first, rest] = splitNumbers(table.rows(), share, seed);
    return {table.pick(first), table.pick(rest)};
}

} // namespace headroom::delay
