#include "core/delay/study.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/delay/refined_generator.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

const std::size_t kTarget = KnownDelays::target();

Result<std::vector<double>> rightDelays(const Table& rows, JobContext&) {
    std::vector<double> delays;
    for (std::size_t row = 0; row < rows.rows(); ++row)
        delays.push_back(KnownDelays::delayOf(rows, row));
    return delays;
}

std::unique_ptr<Generator> rightlyLabelled() {
    return makeLabelledGenerator(makeCopulaGenerator(), "delay", rightDelays, "right");
}

/// Copies of rows with another row's delay: of no use.
class Nonsense final : public Generator {
public:
    std::string name() const override { return "nonsense"; }
    Result<void> fit(const Table& rows, std::uint64_t, JobContext&) override {
        m_rows = rows;
        return {};
    }
    Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext&) override {
        RandomEngine engine(seed);
        std::vector<std::size_t> drawn(count);
        for (std::size_t& row : drawn)
            row = engine() % m_rows.rows();
        Table table = m_rows.pick(drawn);
        std::rotate(table.columns.back().values.begin(), table.columns.back().values.begin() + 1,
                    table.columns.back().values.end());
        return table;
    }

private:
    Table m_rows;
};

/// What it is fitted to, remembered.
class Witness final : public Regressor {
public:
    explicit Witness(std::vector<Table>& seen)
        : m_seen(seen) {}
    std::string name() const override { return "witness"; }
    Result<void> fit(const Table& rows, std::size_t, JobContext&) override {
        m_seen.push_back(rows);
        return {};
    }
    Result<std::vector<double>> predict(const Table& rows) const override {
        return std::vector<double>(rows.rows(), 1e-11);
    }

private:
    std::vector<Table>& m_seen;
};

std::vector<Judge> boosting() {
    return {{[] { return makeBoosting({}); }, true}, {[] { return makeProcessRegressor(); }, false}};
}

StudySettings small() {
    StudySettings settings;
    settings.sizes = {100};
    settings.synthetic = 400;
    return settings;
}

TEST(Study, FindsWhatHelpsAndSaysSo) {
    SilentContext context;
    const auto study = runStudy(KnownDelays::draw(300, 1), KnownDelays::draw(300, 2), kTarget,
                                {rightlyLabelled, [] { return std::make_unique<Nonsense>(); }}, boosting(),
                                small(), context);
    ASSERT_TRUE(study) << study.error().describe();
    const auto percentage = [&](const char* rows) {
        const StudyResult* found = study->find(100, rows, "boosting_100");
        EXPECT_TRUE(found) << rows;
        return found ? found->meanAbsolutePercentage() : MeanInterval{};
    };
    EXPECT_LT(percentage("copula+right").high, percentage(realOnly).low);
    EXPECT_GT(percentage("nonsense").low, percentage(realOnly).high);
    EXPECT_EQ(percentage(realOnly).count, 3U);
    EXPECT_FALSE(study->find(100, "nonsense", "gaussian_process")); // a baseline learns from real rows alone
    EXPECT_NEAR(percentage(sizeMatchedNull).mean, percentage(realOnly).mean, 1.5);

    const auto said = verdicts(*study, boosting());
    ASSERT_EQ(said.size(), 1U);
    EXPECT_TRUE(said[0].helps);
    EXPECT_EQ(said[0].generator, "copula+right");
    EXPECT_EQ(study->findValidation(100, "nonsense", "boosting_100")->scores.size(),
              6U); // three repeats, twice each
    EXPECT_NEAR(said[0].validated,
                study->findValidation(100, "copula+right", "boosting_100")->meanAbsolutePercentage().mean,
                1e-9);
    EXPECT_FALSE(study->findValidation(100, realOnly, "gaussian_process")); // there is no other baseline
    EXPECT_LT(said[0].difference.high, 0);
    EXPECT_TRUE(said[0].prefersBaseline);
    EXPECT_TRUE(
        said[0].sentence.starts_with("With 100 real rows, augmentation (copula+right) lowers the MAPE of "
                                     "boosting_100 from "))
        << said[0].sentence;
    EXPECT_NE(said[0].sentence.find("; gaussian_process on the real rows alone gives "), std::string::npos)
        << said[0].sentence;
}

TEST(Study, SaysWhereNothingHelps) {
    SilentContext context;
    const auto study = runStudy(KnownDelays::draw(200, 1), KnownDelays::draw(200, 2), kTarget,
                                {[] { return std::make_unique<Nonsense>(); }}, boosting(), small(), context);
    ASSERT_TRUE(study);
    const auto said = verdicts(*study, boosting());
    ASSERT_EQ(said.size(), 1U);
    EXPECT_FALSE(said[0].helps);
    EXPECT_NE(said[0].sentence.find("raises the MAPE"), std::string::npos) << said[0].sentence;
}

TEST(Study, LearnsNothingFromRowsHeldOut) {
    SilentContext context;
    const Table pool = KnownDelays::draw(150, 1), heldOut = KnownDelays::draw(80, 2);
    std::vector<Table> seen;
    const std::vector<Judge> judges{{[&] { return std::make_unique<Witness>(seen); }, true}};
    const auto run = [&](const Table& judged) {
        seen.clear();
        const auto study = runStudy(pool, judged, kTarget, {makeCopulaGenerator}, judges, small(), context);
        EXPECT_TRUE(study);
        return seen;
    };
    const std::vector<Table> first = run(heldOut);
    ASSERT_EQ(first.size(), 9U); // real, null and copula, three times
    // Every real row is one of the pool's.
    for (const Table& rows : first) {
        for (std::size_t row = 0; row < 100; ++row) {
            const auto& known = pool.columns[0].values;
            EXPECT_NE(std::find(known.begin(), known.end(), rows.columns[0].values[row]), known.end());
        }
    }
    // Whatever rows are held out: what is learned from stays the same to the last bit.
    Table strange = heldOut;
    for (Column& column : strange.columns) {
        for (double& value : column.values)
            value = 1e6 * value + 3;
    }
    const std::vector<Table> second = run(strange);
    ASSERT_EQ(second.size(), first.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        for (std::size_t c = 0; c < pool.columns.size(); ++c)
            EXPECT_EQ(first[i].columns[c].values, second[i].columns[c].values);
    }
}

StudyResult resultNamed(const char* rows, const char* judge, double percentage) {
    RegressionScore score;
    score.meanAbsolutePercentage = percentage;
    return {100, rows, judge, {score, score}, {}};
}

TEST(Study, ChoosesTheGeneratorByRowsKeptAsideAndNotByThoseHeldOut) {
    Study study{"delay",
                50,
                {resultNamed(realOnly, "boosting_100", 6), resultNamed(sizeMatchedNull, "boosting_100", 6),
                 resultNamed("lucky", "boosting_100", 3), resultNamed("good", "boosting_100", 4)},
                {}};
    EXPECT_TRUE(verdicts(study, boosting()).empty()); // there is nothing to choose by
    study.validation = {{100, "lucky", "boosting_100", resultNamed("lucky", "", 5).scores},
                        {100, "good", "boosting_100", resultNamed("good", "", 4.5).scores}};
    const auto said = verdicts(study, boosting());
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].generator, "good");
    EXPECT_EQ(said[0].best, 4);
    EXPECT_EQ(said[0].validated, 4.5);
}

TEST(Study, ChoosesTheBaselineByRowsKeptAsideToo) {
    Study study{"delay",
                50,
                {resultNamed(realOnly, "boosting_100", 6), resultNamed(sizeMatchedNull, "boosting_100", 6),
                 resultNamed("some", "boosting_100", 4), resultNamed(realOnly, "gaussian_process", 2),
                 resultNamed(realOnly, "linear", 1)},
                {}};
    const auto unvalidated = verdicts(study, defaultJudges());
    ASSERT_EQ(unvalidated.size(), 1U);
    EXPECT_EQ(unvalidated[0].baseline, "gaussian_process"); // the first of the judges
    EXPECT_TRUE(std::isnan(unvalidated[0].baselineValidated));
    study.validation = {{100, realOnly, "gaussian_process", resultNamed("", "", 2.5).scores},
                        {100, realOnly, "linear", resultNamed("", "", 3).scores}};
    const auto said = verdicts(study, defaultJudges());
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].baseline, "gaussian_process");
    EXPECT_EQ(said[0].baselineBest, 2);
    EXPECT_EQ(said[0].baselineValidated, 2.5);
    EXPECT_TRUE(std::isnan(said[0].validated)); // one generator is no choice
}

TEST(Study, ValidatesBaselinesOfGivenRowsAndOfASingleGenerator) {
    SilentContext context;
    const Table pool = KnownDelays::draw(150, 1), heldOut = KnownDelays::draw(80, 2);
    const auto study =
        runStudy(pool, heldOut, kTarget, {makeCopulaGenerator}, defaultJudges(), small(), context);
    ASSERT_TRUE(study) << study.error().describe();
    EXPECT_EQ(study->validation.size(), 2U);
    EXPECT_EQ(study->findValidation(100, realOnly, "linear")->scores.size(), 6U);
    EXPECT_FALSE(study->findValidation(100, "copula", "boosting_100"));
    const Table synthetic = KnownDelays::draw(60, 3);
    const auto judged = judgeRows(pool, heldOut, &synthetic, kTarget, defaultJudges(), 1, context);
    ASSERT_TRUE(judged);
    EXPECT_EQ(judged->findValidation(150, realOnly, "gaussian_process")->scores.size(), 2U);
    // Too few to keep some aside.
    const auto few = judgeRows(pool.pick({0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                          16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}),
                               heldOut, &synthetic, kTarget, defaultJudges(), 1, context);
    ASSERT_TRUE(few) << few.error().describe();
    EXPECT_TRUE(few->validation.empty());
    EXPECT_EQ(verdicts(*few, defaultJudges()).at(0).baseline, "gaussian_process");
}

TEST(Study, KeepsRowsAsideFromGeneratorsAndJudges) {
    SilentContext context;
    const Table pool = KnownDelays::draw(150, 1);
    std::vector<Table> seen;
    const std::vector<Judge> judges{{[&] { return std::make_unique<Witness>(seen); }, true}};
    StudySettings settings = small();
    settings.repeats = 1;
    ASSERT_TRUE(runStudy(pool, KnownDelays::draw(80, 2), kTarget, {makeCopulaGenerator, rightlyLabelled},
                         judges, settings, context));
    // Real, null and two generators' rows; then the generators' again, twice, with eighty real rows.
    ASSERT_EQ(seen.size(), 8U);
    for (std::size_t i = 4; i < 8; ++i)
        EXPECT_EQ(rowsOfOrigin(seen[i], true).size(), 80U);
    EXPECT_NE(seen[4].columns[0].values, seen[6].columns[0].values); // another fifth
    settings.sizes = {35};
    const auto few = runStudy(pool, KnownDelays::draw(80, 2), kTarget, {makeCopulaGenerator, rightlyLabelled},
                              judges, settings, context);
    ASSERT_FALSE(few);
    EXPECT_NE(few.error().message.find("at least 40 of them, not 35"), std::string::npos)
        << few.error().message;
}

TEST(Study, RefusesWhatWouldMislead) {
    SilentContext context;
    const Table pool = KnownDelays::draw(150, 1), heldOut = KnownDelays::draw(80, 2);
    const auto says = [&](const Table& judged, const StudySettings& settings) {
        const auto study = runStudy(pool, judged, kTarget, {}, boosting(), settings, context);
        EXPECT_FALSE(study);
        return study ? std::string() : study.error().message;
    };
    EXPECT_NE(says(*joined(heldOut, pool.pick({3, 4})), small()).find("2 of the 82 rows held out are among"),
              std::string::npos);
    EXPECT_NE(says(heldOut.pick({1, 2, 3}), small()).find("3 rows are held out; at least 10"),
              std::string::npos);
    StudySettings large = small();
    large.sizes = {500, 1000};
    EXPECT_NE(says(heldOut, large).find("150 rows, too few for a study of 500, 1000"), std::string::npos);
    const auto shared = judgeRows(pool, heldOut, &heldOut, kTarget, boosting(), 1, context);
    ASSERT_FALSE(shared);
    EXPECT_NE(shared.error().message.find("80 of the 80 rows held out"), std::string::npos);
    context.cancel();
    EXPECT_EQ(runStudy(pool, heldOut, kTarget, {}, boosting(), small(), context).error().code,
              ErrorCode::Cancelled);
}

TEST(Study, JudgesGivenRowsWithAnIntervalOverTheRowsHeldOut) {
    SilentContext context;
    const Table real = KnownDelays::draw(100, 1), heldOut = KnownDelays::draw(200, 2);
    const auto generator = rightlyLabelled();
    ASSERT_TRUE(generator->fit(real, 1, context));
    const Table synthetic = *generator->sample(400, 1, context);
    const auto study = judgeRows(real, heldOut, &synthetic, kTarget, boosting(), 1, context);
    ASSERT_TRUE(study) << study.error().describe();
    const auto said = verdicts(*study, boosting());
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].generator, syntheticRows);
    EXPECT_EQ(said[0].difference.count, 200U);
    EXPECT_NEAR(said[0].difference.mean, said[0].best - said[0].real, 1e-9);
    EXPECT_TRUE(said[0].helps);
    const auto alone = judgeRows(real, heldOut, nullptr, kTarget, boosting(), 1, context);
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->results.size(), 2U);
    EXPECT_TRUE(verdicts(*alone, boosting()).empty());
}

TEST(RefinedGenerator, TakesTargetsFromAProcessFittedOnTheSameRows) {
    SilentContext context;
    const Table rows = KnownDelays::draw(150, 1);
    const auto plain = makeCopulaGenerator();
    const auto refined = makeRefinedGenerator(makeCopulaGenerator(), "delay");
    EXPECT_EQ(refined->name(), "copula+gaussian_process");
    ASSERT_TRUE(plain->fit(rows, 1, context));
    ASSERT_TRUE(refined->fit(rows, 1, context));
    const Table raw = *plain->sample(500, 1, context), better = *refined->sample(500, 1, context);
    EXPECT_EQ(raw.columns[4].values, better.columns[4].values);
    const auto errorOf = [&](const Table& table) {
        return scorePredictions(table.columns[kTarget].values, *rightDelays(table, context))
            .meanAbsolutePercentage;
    };
    EXPECT_GT(errorOf(raw), 3); // a copula knows no curvature
    EXPECT_LT(errorOf(better), 0.2 * errorOf(raw));
    EXPECT_EQ(better.provenance[0], "copula+gaussian_process, seed 1");
    EXPECT_FALSE(makeRefinedGenerator(makeCopulaGenerator(), "slew")->fit(rows, 1, context));
}

TEST(LabelledGenerator, DrawsOtherRowsForThoseWithoutATarget) {
    SilentContext context;
    const Table rows = KnownDelays::draw(100, 1);
    // Nothing is known of hot rows.
    const auto cool = [](const Table& asked, JobContext& job) -> Result<std::vector<double>> {
        auto labels = rightDelays(asked, job);
        for (std::size_t row = 0; row < asked.rows(); ++row) {
            if (asked.columns[13].values[row] > 80) (*labels)[row] = std::nan("");
        }
        return labels;
    };
    const auto generator = makeLabelledGenerator(makeCopulaGenerator(), "delay", cool, "cool");
    ASSERT_TRUE(generator->fit(rows, 1, context));
    const auto table = generator->sample(200, 1, context);
    ASSERT_TRUE(table) << table.error().describe();
    EXPECT_GE(table->rows(), 200U);
    for (std::size_t row = 0; row < table->rows(); ++row) {
        EXPECT_LE(table->columns[13].values[row], 80);
        EXPECT_EQ(table->columns[kTarget].values[row], KnownDelays::delayOf(*table, row));
    }
    const auto none = makeLabelledGenerator(
        makeCopulaGenerator(), "delay",
        [](const Table& asked, JobContext&) -> Result<std::vector<double>> {
            return std::vector<double>(asked.rows(), std::nan(""));
        },
        "nothing");
    ASSERT_TRUE(none->fit(rows, 1, context));
    const auto useless = none->sample(200, 1, context);
    ASSERT_FALSE(useless);
    EXPECT_NE(useless.error().message.find("only 0 have a target by nothing"), std::string::npos)
        << useless.error().message;
}

TEST(Study, SaysHowFarSyntheticTargetsAreFromTheRightOnes) {
    SilentContext context;
    StudySettings settings = small();
    settings.repeats = 2;
    settings.validations = 1;
    settings.labeller = rightDelays;
    settings.labelRows = 50;
    const auto study = runStudy(KnownDelays::draw(150, 1), KnownDelays::draw(80, 2), kTarget,
                                {makeCopulaGenerator, rightlyLabelled}, boosting(), settings, context);
    ASSERT_TRUE(study) << study.error().describe();
    ASSERT_EQ(study->labels.size(), 2U);
    EXPECT_EQ(study->labels[0].rows, "copula");
    EXPECT_EQ(study->labels[0].scores.size(), 2U);
    EXPECT_EQ(study->labels[0].scores[1].labelled, 50U);
    EXPECT_GT(study->labels[0].meanAbsolutePercentage().mean, 1);
    EXPECT_NEAR(study->labels[1].meanAbsolutePercentage().mean, 0, 1e-9);
}

TEST(SplitRows, TakesEveryRowOnce) {
    const Table table = KnownDelays::draw(100, 1);
    const auto [first, second] = splitRows(table, 0.7, 3);
    EXPECT_EQ(first.rows(), 70U);
    std::vector<double> all = first.columns[0].values;
    all.insert(all.end(), second.columns[0].values.begin(), second.columns[0].values.end());
    std::vector<double> known = table.columns[0].values;
    EXPECT_NE(all, known);
    std::sort(all.begin(), all.end());
    std::sort(known.begin(), known.end());
    EXPECT_EQ(all, known);
}

} // namespace
} // namespace headroom::delay
