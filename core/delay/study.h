#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/distributions.h"
#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/generator.h"
#include "core/delay/refined_generator.h"
#include "core/delay/regressor.h"
#include "core/delay/resemblance.h"

namespace headroom::delay {

/// Real rows, and as many drawn from them with replacement as others get synthetic ones: what more rows alone
/// do.
inline constexpr const char* sizeMatchedNull = "null";
inline constexpr const char* realOnly = "real";
inline constexpr const char* syntheticRows = "synthetic"; ///< whoever made them

/// What is compared: a generator's rows beside the real ones, and the judges that learn from both.
struct StudySettings {
    std::vector<std::size_t> sizes{100, 250, 500,
                                   1000}; ///< numbers of real rows; those beyond the pool are left out
    int repeats = 3;                      ///< draws of the real rows, each with seeds of its own
    std::size_t synthetic = 1000;         ///< synthetic rows that are added
    std::uint64_t seed = 1;
    /// Where there is a choice of generators or baselines: times that a fifth of each draw is kept aside to
    /// choose by (Monte Carlo cross-validation; Picard and Cook, JASA 79:575, 1984).
    int validations = 2;
    /// Of the right targets, by which each generator's are judged too; may be empty.
    Labeller labeller = {};
    std::size_t labelRows = 200; ///< of each generator's rows, at most

    Result<void> validate() const;
};

using MakeGenerator = std::function<std::unique_ptr<Generator>()>;
using MakeRegressor = std::function<std::unique_ptr<Regressor>()>;

/// A judge; where it learns from synthetic rows too, it is augmented, else it is a baseline.
struct Judge {
    MakeRegressor make;
    bool augmented = true;
};

/// Boosting with 100 and 500 trees, augmented; a Gaussian process and linear least squares as baselines.
std::vector<Judge> defaultJudges();

/// How one judge did on one kind of training rows.
struct StudyResult {
    std::size_t size = 0; ///< real rows
    std::string rows;     ///< realOnly, sizeMatchedNull, or the name of a generator
    std::string judge;
    std::vector<RegressionScore> scores; ///< by repeat
    /// By row held out: the absolute error of the last repeat, in % of the row's target, or in its unit where
    /// hasPercentages() says no.
    std::vector<double> errors;

    MeanInterval r2() const;
    MeanInterval meanSquaredError() const;
    MeanInterval rootMeanSquaredError() const;
    MeanInterval meanAbsoluteError() const;
    MeanInterval meanAbsolutePercentage() const;
};

/// How a judge did on rows kept aside of those that are learned from: the first augmented one with a
/// generator's rows, a baseline with the real ones.
struct ValidationResult {
    std::size_t size = 0; ///< real rows, those kept aside among them
    std::string rows;     ///< realOnly, or the name of a generator
    std::string judge;
    std::vector<RegressionScore> scores; ///< by repeat and time

    MeanInterval meanAbsolutePercentage() const;
    MeanInterval rootMeanSquaredError() const;
};

/// How far a generator's targets are from the right ones.
struct LabelResult {
    std::size_t size = 0;
    std::string rows;               ///< name of the generator
    std::vector<LabelScore> scores; ///< by repeat

    MeanInterval meanAbsolutePercentage() const; ///< over the repeats, %
};

struct Study {
    std::string target;
    std::size_t heldOut = 0; ///< rows that everything was judged on
    std::vector<StudyResult> results;
    /// Of generators and baselines where there was a choice of them.
    std::vector<ValidationResult> validation = {};
    std::vector<LabelResult> labels = {}; ///< empty without StudySettings::labeller

    /// Null where there is no such result.
    const StudyResult* find(std::size_t size, const std::string& rows, const std::string& judge) const;
    const ValidationResult* findValidation(std::size_t size, const std::string& rows,
                                           const std::string& judge) const;
};

/// Fits generators and judges to draws of @p pool, scores the judges on @p heldOut. Nothing is fitted on rows
/// held out; a row of the pool that is held out too is refused. Each repeat draws its rows anew, the same
/// ones for all generators and judges, so that differences are paired. Errors: BadInput (checkTarget(), no
/// size fits, too few rows to choose a generator by, too few rows held out, shared rows), those of generators
/// and judges, Cancelled.
Result<Study> runStudy(const Table& pool, const Table& heldOut, std::size_t target,
                       const std::vector<MakeGenerator>& generators, const std::vector<Judge>& judges,
                       const StudySettings& settings, JobContext& context);

/// Judges given synthetic rows, whoever made them: one size, that of all real rows, and one repeat. The name
/// of the synthetic rows is "synthetic". Errors as above.
Result<Study> judgeRows(const Table& real, const Table& heldOut, const Table* synthetic, std::size_t target,
                        const std::vector<Judge>& judges, std::uint64_t seed, JobContext& context);

/// What a study says of one size, by the first augmented judge. Its generator and the baseline are chosen by
/// the rows kept aside (Study::validation) and judged on the rows held out: the best of several on the rows
/// held out themselves would look better than it is. Where there are too few rows to keep some aside the
/// baseline is the first of the judges.
struct Verdict {
    std::size_t size = 0;
    std::string measure;   ///< "MAPE" in %, or "RMSE" in the target's unit where there is no MAPE
    std::string judge;     ///< the augmented one
    std::string generator; ///< chosen by validation, or the only one
    std::string baseline;  ///< the judge on real rows alone that validation chose
    double real = 0;       ///< the augmented judge's measure on real rows alone
    double null = 0;       ///< on real rows and copies of them
    double best = 0;       ///< with that generator's rows
    double validated = 0;  ///< the same on the rows kept aside; NaN where there was no choice
    double baselineBest = 0;
    double baselineValidated = 0; ///< on the rows kept aside; NaN where there was no choice
    /// Of best - real, paired: over the repeats, or over the rows held out where there is one repeat alone.
    MeanInterval difference;
    bool helps = false;           ///< the whole interval lies below zero
    bool prefersBaseline = false; ///< the baseline is better than the augmented judge
    /// "With 100 real rows, augmentation (copula) lowers the MAPE of boosting_100 from 6.2 to 4.4 % (by 1.1
    /// to 2.5 with 95 % confidence); gaussian_process on the real rows alone gives 0.2 %: prefer it."
    std::string sentence;
};

/// One for each size that has synthetic rows.
std::vector<Verdict> verdicts(const Study& study, const std::vector<Judge>& judges);

/// Numbers from 0 to @p rows - 1 in a random order: the first @p share of them, and the rest.
std::pair<std::vector<std::size_t>, std::vector<std::size_t>> splitNumbers(std::size_t rows, double share,
                                                                           std::uint64_t seed);
/// Rows in a random order, the first @p share of them and the rest: real rows and those held out.
std::pair<Table, Table> splitRows(const Table& table, double share, std::uint64_t seed);

} // namespace headroom::delay
