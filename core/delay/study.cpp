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

/// Of each draw: kept aside to choose a generator by, and the least number that says anything.
constexpr double kValidationShare = 0.2;
constexpr std::size_t kFewestValidationRows = 8;

enum Stream : std::uint64_t { kRows, kNull, kValidation, kGenerators = 16 };

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
    const bool isPercentage = hasPercentages(truth);
    std::vector<double> errors;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const double error = std::abs(predicted[i] - truth[i]);
        errors.push_back(isPercentage ? 100 * error / std::abs(truth[i]) : error);
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

/// Compares the targets of each generator's rows with the right ones, where those can be told.
Result<void> judgeLabels(Study& study, std::size_t size, const std::vector<TrainingRows>& sets,
                         std::size_t target, const StudySettings& settings, JobContext& context) {
    if (!settings.labeller) return {};
    for (const TrainingRows& rows : sets) {
        if (rows.name == realOnly || rows.name == sizeMatchedNull) continue;
        std::vector<std::size_t> synthetic(rows.table.rows() - size);
        std::iota(synthetic.begin(), synthetic.end(), size);
        QuietContext quiet(context);
        const auto score =
            scoreLabels(rows.table.pick(synthetic), target, settings.labeller, settings.labelRows, quiet);
        if (!score) return forward(score);
        const auto known = std::find_if(study.labels.begin(), study.labels.end(), [&](const auto& each) {
            return each.size == size && each.rows == rows.name;
        });
        if (known == study.labels.end())
            study.labels.push_back({size, rows.name, {*score}});
        else
            known->scores.push_back(*score);
    }
    return {};
}

ValidationResult& validationOf(Study& study, std::size_t size, const std::string& rows,
                               const std::string& judge) {
    for (ValidationResult& each : study.validation) {
        if (each.size == size && each.rows == rows && each.judge == judge) return each;
    }
    study.validation.push_back({size, rows, judge, {}});
    return study.validation.back();
}

/// What is chosen by rows kept aside.
struct Choice {
    std::vector<MakeGenerator> generators; ///< empty: there is none of them
    const Judge* judge = nullptr;          ///< that generators are chosen by
    std::vector<const Judge*> baselines;   ///< empty: there is none of them
};

Choice choiceOf(const std::vector<MakeGenerator>& generators, const std::vector<Judge>& judges) {
    Choice choice;
    for (const Judge& judge : judges) {
        if (!judge.augmented) choice.baselines.push_back(&judge);
        if (judge.augmented && choice.judge == nullptr) choice.judge = &judge;
    }
    if (choice.baselines.size() < 2) choice.baselines.clear();
    if (generators.size() > 1 && choice.judge != nullptr) choice.generators = generators;
    return choice;
}

/// Fits what is to be chosen to four fifths of the rows and scores it on the others.
Result<void> validate(Study& study, const Table& real, std::size_t target, const Choice& choice,
                      const StudySettings& settings, std::uint64_t seed, JobContext& context) {
    for (int time = 0; time < settings.validations; ++time) {
        const double part = static_cast<double>(time) / settings.validations;
        StageContext stage(context, part, part + 1.0 / settings.validations);
        const std::uint64_t own = deriveSeed(seed, static_cast<std::uint64_t>(time));
        const auto [learned, aside] = splitRows(real, 1 - kValidationShare, own);
        const auto sets = makeSets(learned, choice.generators, settings.synthetic, own, stage);
        if (!sets) return forward(sets);
        QuietContext quiet(context);
        for (const TrainingRows& rows : *sets) {
            if (rows.name == sizeMatchedNull) continue;
            const auto judges =
                rows.name == realOnly ? choice.baselines : std::vector<const Judge*>{choice.judge};
            for (const Judge* judge : judges) {
                const auto regressor = judge->make();
                const auto score = fitAndScore(*regressor, rows.table, aside, target, quiet);
                if (!score) return forward(score);
                validationOf(study, real.rows(), rows.name, regressor->name()).scores.push_back(*score);
            }
        }
    }
    return {};
}

/// Whether there are enough rows to learn from and to choose by.
bool canChoose(std::size_t size) {
    const auto learned = static_cast<std::size_t>((1 - kValidationShare) * static_cast<double>(size));
    return learned >= fewestRows && size - learned >= kFewestValidationRows;
}

Result<void> checkChoice(const std::vector<std::size_t>& sizes) {
    const std::size_t smallest = *std::min_element(sizes.begin(), sizes.end());
    if (canChoose(smallest)) return {};
    const auto fewest = static_cast<std::size_t>(
        std::ceil(std::max(static_cast<double>(fewestRows) / (1 - kValidationShare),
                           static_cast<double>(kFewestValidationRows) / kValidationShare)));
    return fail(
        ErrorCode::BadInput,
        fmt::format("To choose among generators a study keeps a fifth of the real rows aside: it needs "
                    "at least {} of them, not {}.",
                    fewest, smallest));
}

MeanInterval intervalOf(const std::vector<RegressionScore>& scores, double RegressionScore::*measure) {
    std::vector<double> values;
    for (const RegressionScore& score : scores)
        values.push_back(score.*measure);
    return meanInterval(values);
}

} // namespace

Result<void> StudySettings::validate() const {
    if (sizes.empty()) return fail(ErrorCode::BadInput, "A study needs at least one number of real rows.");
    return checkAll(
        {checkWithin("The smallest number of real rows",
                     static_cast<double>(*std::min_element(sizes.begin(), sizes.end())), fewestRows, 1e7),
         checkWithin("The number of repeats", repeats, 1, 1000),
         checkWithin("The number of validations", validations, 1, 1000),
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
    return intervalOf(scores, &RegressionScore::r2);
}
MeanInterval StudyResult::meanSquaredError() const {
    return intervalOf(scores, &RegressionScore::meanSquaredError);
}
MeanInterval StudyResult::rootMeanSquaredError() const {
    return intervalOf(scores, &RegressionScore::rootMeanSquaredError);
}
MeanInterval StudyResult::meanAbsoluteError() const {
    return intervalOf(scores, &RegressionScore::meanAbsoluteError);
}
MeanInterval StudyResult::meanAbsolutePercentage() const {
    return intervalOf(scores, &RegressionScore::meanAbsolutePercentage);
}

MeanInterval ValidationResult::meanAbsolutePercentage() const {
    return intervalOf(scores, &RegressionScore::meanAbsolutePercentage);
}
MeanInterval ValidationResult::rootMeanSquaredError() const {
    return intervalOf(scores, &RegressionScore::rootMeanSquaredError);
}

MeanInterval LabelResult::meanAbsolutePercentage() const {
    std::vector<double> values;
    for (const LabelScore& score : scores)
        values.push_back(score.meanAbsolutePercentage);
    return meanInterval(values);
}

const StudyResult* Study::find(std::size_t size, const std::string& rows, const std::string& judge) const {
    for (const StudyResult& each : results) {
        if (each.size == size && each.rows == rows && each.judge == judge) return &each;
    }
    return nullptr;
}

const ValidationResult* Study::findValidation(std::size_t size, const std::string& rows,
                                              const std::string& judge) const {
    for (const ValidationResult& each : validation) {
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
    const Choice choice = choiceOf(generators, judges);
    const bool isOfGenerators = !choice.generators.empty();
    if (isOfGenerators) {
        if (const auto enough = checkChoice(sizes); !enough) return forward(enough);
    }
    // Of a round, before the choice is made.
    const double judging = isOfGenerators ? 1 / (1 + (1 - kValidationShare) * settings.validations) : 1;
    Study study{pool.columns[target].name, heldOut.rows(), {}};
    const double rounds = static_cast<double>(sizes.size()) * settings.repeats;
    double done = 0;
    for (const std::size_t size : sizes) {
        for (int repeat = 0; repeat < settings.repeats; ++repeat) {
            context.waitWhilePaused();
            if (context.cancelled()) return failCancelled();
            StageContext round(context, done / rounds, (done + 1) / rounds);
            StageContext stage(round, 0, judging), choosing(round, judging, 1);
            ++done;
            const std::uint64_t seed = deriveSeed(settings.seed, static_cast<std::uint64_t>(repeat));
            std::vector<std::size_t> order(pool.rows());
            std::iota(order.begin(), order.end(), 0);
            RandomEngine engine(deriveSeed(seed, kRows));
            shuffle(order, engine);
            order.resize(size);
            const Table real = pool.pick(order);
            const auto sets = makeSets(real, generators, settings.synthetic, seed, stage);
            if (!sets) return forward(sets);
            const auto judged = judgeSets(study, size, *sets, *aligned, target, judges, stage);
            if (!judged) return forward(judged);
            const auto labelled = judgeLabels(study, size, *sets, target, settings, stage);
            if (!labelled) return forward(labelled);
            if (!canChoose(size) || (!isOfGenerators && choice.baselines.empty())) continue;
            const auto validated =
                validate(study, real, target, choice, settings, deriveSeed(seed, kValidation), choosing);
            if (!validated) return forward(validated);
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
    const Choice choice = choiceOf({}, judges);
    if (synthetic == nullptr || choice.baselines.empty() || !canChoose(real.rows())) return study;
    const auto validated = validate(study, real, target, choice, {}, deriveSeed(seed, kValidation), context);
    if (!validated) return forward(validated);
    return study;
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
