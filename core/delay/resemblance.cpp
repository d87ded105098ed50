#include "core/delay/resemblance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include <Eigen/Core>

#include "core/base/bounds.h"
#include "core/base/distributions.h"
#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/base/statistics.h"
#include "core/delay/booster.h"
#include "core/delay/table_import.h"
#include "core/delay/table_scaler.h"

namespace headroom::delay {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kNearQuantile = 0.05;
constexpr std::size_t kDensityValues = 5000;
enum Stream : std::uint64_t { kRealRows, kSyntheticRows, kKnownRows, kFolds };

std::vector<double> shares(const Column& column, std::size_t categories) {
    std::vector<double> found(categories);
    for (std::size_t row = 0; row < column.values.size(); ++row)
        found[column.categoryOf(row)] += 1;
    for (double& share : found)
        share /= static_cast<double>(column.values.size());
    return found;
}

ColumnDensity densityOfCategories(const Column& real, const Column& synthetic) {
    ColumnDensity density;
    const std::size_t categories = synthetic.categories.size();
    density.real = shares(real, categories);
    density.synthetic = shares(synthetic, categories);
    for (std::size_t i = 0; i < categories; ++i)
        density.at.push_back(static_cast<double>(i));
    return density;
}

ColumnResemblance compareCategories(const Column& real, const Column& synthetic) {
    ColumnResemblance result{real.name, real.unit, 0, 0, densityOfCategories(real, synthetic)};
    for (std::size_t i = 0; i < result.density.at.size(); ++i)
        result.kolmogorovSmirnov += 0.5 * std::abs(result.density.real[i] - result.density.synthetic[i]);
    result.wasserstein = result.kolmogorovSmirnov;
    return result;
}

/// Ascending, and no more of them than a density can be seen to gain from.
std::vector<double> forDensity(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    if (values.size() <= kDensityValues) return values;
    std::vector<double> some;
    for (std::size_t i = 0; i < kDensityValues; ++i)
        some.push_back(quantile(values, (static_cast<double>(i) + 0.5) / kDensityValues));
    return some;
}

/// Silverman's width: less than the deviation suggests where there are outliers. @param values ascending
double kernelWidth(const std::vector<double>& values) {
    const double deviation = summarise(values).deviation;
    const double quartiles = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.34;
    const double spread = quartiles > 0 ? std::min(deviation, quartiles) : deviation;
    return 0.9 * spread * std::pow(static_cast<double>(values.size()), -0.2);
}

std::vector<double> kernelDensity(const std::vector<double>& values, const std::vector<double>& at,
                                  double width) {
    const double scale = 1 / (static_cast<double>(values.size()) * width * std::sqrt(2 * std::numbers::pi));
    std::vector<double> density;
    for (const double x : at) {
        double sum = 0;
        for (const double value : values)
            sum += std::exp(-0.5 * std::pow((x - value) / width, 2));
        density.push_back(scale * sum);
    }
    return density;
}

ColumnDensity densityOfNumbers(const Column& real, const Column& synthetic, std::size_t points) {
    ColumnDensity density;
    const std::vector<double> ours = forDensity(real.values), others = forDensity(synthetic.values);
    const double width = kernelWidth(ours), ownWidth = kernelWidth(others);
    if (!(width > 0) || !(ownWidth > 0)) return density; // a constant has none
    const double margin = 3 * std::max(width, ownWidth);
    const double low = std::min(ours.front(), others.front()) - margin;
    const double high = std::max(ours.back(), others.back()) + margin;
    for (std::size_t i = 0; i < points; ++i)
        density.at.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(points - 1));
    density.real = kernelDensity(ours, density.at, width);
    density.synthetic = kernelDensity(others, density.at, ownWidth);
    return density;
}

ColumnResemblance compareNumbers(const Column& real, const Column& synthetic, std::size_t points) {
    ColumnResemblance result{real.name, real.unit, 0, 0, densityOfNumbers(real, synthetic, points)};
    const SampleDistance distance = sampleDistance(real.values, synthetic.values);
    const double deviation = summarise(real.values).deviation;
    result.kolmogorovSmirnov = distance.kolmogorovSmirnov;
    if (deviation > 0)
        result.wasserstein = distance.wasserstein / deviation;
    else
        result.wasserstein = distance.wasserstein > 0 ? std::numeric_limits<double>::infinity() : 0;
    return result;
}

/// Correlations of the columns of numbers that vary; zero where one does not.
MatrixXd correlations(const Table& table) {
    std::vector<std::size_t> numbers;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (table.columns[c].kind == ColumnKind::Number) numbers.push_back(c);
    }
    const MatrixXd x = TableScaler::fit(table, numbers, Scaling::Standard).apply(table);
    return x.transpose() * x / static_cast<double>(x.rows());
}

/// At most so many rows, drawn at random.
Table someOf(const Table& table, std::size_t count, std::uint64_t seed) {
    if (table.rows() <= count) return table;
    std::vector<std::size_t> order(table.rows());
    std::iota(order.begin(), order.end(), 0);
    RandomEngine engine(seed);
    shuffle(order, engine);
    order.resize(count);
    return table.pick(order);
}

/// Of each row of @p from its distance to the nearest row of @p to. @param same whether both are the same
/// rows, of which none is its own neighbour
Result<std::vector<double>> nearestDistances(const MatrixXd& from, const MatrixXd& to, bool same,
                                             JobContext& context) {
    std::vector<double> distances;
    for (Index row = 0; row < from.rows(); ++row) {
        if (context.cancelled()) return failCancelled();
        VectorXd squares = (to.rowwise() - from.row(row)).rowwise().squaredNorm();
        if (same) squares[row] = std::numeric_limits<double>::infinity();
        distances.push_back(std::sqrt(squares.minCoeff() / static_cast<double>(to.cols())));
    }
    std::sort(distances.begin(), distances.end());
    return distances;
}

/// @param same whether the fresh rows are the known ones themselves
Result<NearestRows> compareNearest(const MatrixXd& known, const MatrixXd& fresh, const MatrixXd& synthetic,
                                   bool same, JobContext& context) {
    const auto among = nearestDistances(fresh, known, same, context);
    if (!among) return forward(among);
    const auto made = nearestDistances(synthetic, known, false, context);
    if (!made) return forward(made);
    NearestRows nearest{quantile(*made, 0.5), quantile(*among, 0.5), 0};
    const double near = quantile(*among, kNearQuantile);
    const auto closer = std::upper_bound(made->begin(), made->end(), near) - made->begin();
    nearest.memorised = static_cast<double>(closer) / static_cast<double>(made->size());
    return nearest;
}

/// How many of the rows asked for a classifier told right.
struct Accuracy {
    std::size_t right = 0, asked = 0;
};

/// Each row is asked for once, of a classifier that was fitted on the other folds.
Result<Accuracy> tellApart(const MatrixXd& real, const MatrixXd& synthetic,
                           const ResemblanceSettings& settings, JobContext& context) {
    MatrixXd x(real.rows() + synthetic.rows(), real.cols());
    x << real, synthetic;
    VectorXd isReal(x.rows());
    isReal << VectorXd::Ones(real.rows()), VectorXd::Zero(synthetic.rows());
    std::vector<Index> order(static_cast<std::size_t>(x.rows()));
    std::iota(order.begin(), order.end(), 0);
    RandomEngine engine(deriveSeed(settings.seed, kFolds));
    shuffle(order, engine);
    Accuracy accuracy;
    for (int fold = 0; fold < settings.folds; ++fold) {
        std::vector<Index> known, asked;
        for (std::size_t i = 0; i < order.size(); ++i)
            (static_cast<int>(i % static_cast<std::size_t>(settings.folds)) == fold ? asked : known)
                .push_back(order[i]);
        const auto booster =
            Booster::fit(x(known, Eigen::all), isReal(known), {100, 3, 0.1, BoostingTask::Classes}, context);
        if (!booster) return forward(booster);
        const auto chances = booster->predict(x(asked, Eigen::all));
        if (!chances) return forward(chances);
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const bool saysReal = (*chances)[static_cast<Index>(i)] > 0.5;
            accuracy.right += saysReal == (isReal[asked[i]] > 0.5) ? 1 : 0;
            ++accuracy.asked;
        }
    }
    return accuracy;
}

} // namespace

ColumnDensity densityOf(const Column& real, const Column& synthetic, std::size_t points) {
    return real.kind == ColumnKind::Category ? densityOfCategories(real, synthetic)
                                             : densityOfNumbers(real, synthetic, points);
}

Result<void> ResemblanceSettings::validate() const {
    return checkAll(
        {checkWithin("The number of points of a density", static_cast<double>(densityPoints), 2, 1e5),
         checkWithin("The number of rows that are compared", static_cast<double>(rows), fewestRows, 1e5),
         checkWithin("The number of folds", folds, 2, 100)});
}

Result<Resemblance> compareRows(const Table& real, const Table& synthetic,
                                const ResemblanceEvidence& evidence, const ResemblanceSettings& settings,
                                JobContext& context) {
    if (const auto valid = settings.validate(); !valid) return forward(valid);
    const auto made = alignedTo(real, synthetic);
    if (!made) return forward(made);
    const auto fresh = alignedTo(real, evidence.fresh != nullptr ? *evidence.fresh : real);
    if (!fresh) return forward(fresh);
    for (const Table* table : {&real, &*made, &*fresh}) {
        if (const auto enough = checkRows(*table); !enough) return forward(enough);
    }
    Resemblance resemblance;
    for (std::size_t c = 0; c < real.columns.size(); ++c) {
        if (context.cancelled()) return failCancelled();
        context.progress(0.5 * static_cast<double>(c) / static_cast<double>(real.columns.size()),
                         "Comparing columns");
        const Column &known = real.columns[c], &own = made->columns[c];
        resemblance.columns.push_back(known.kind == ColumnKind::Category
                                          ? compareCategories(known, own)
                                          : compareNumbers(known, own, settings.densityPoints));
    }
    const MatrixXd difference = (correlations(real) - correlations(*made)).cwiseAbs();
    const auto numbers = static_cast<double>(difference.rows());
    if (difference.rows() > 1) {
        resemblance.meanCorrelationDifference =
            (difference.sum() - difference.diagonal().sum()) / (numbers * (numbers - 1));
        resemblance.largestCorrelationDifference = difference.maxCoeff();
    }
    // Equally many of both, so that half of them are told right by chance.
    const std::size_t count = std::min({settings.rows, fresh->rows(), made->rows()});
    const auto scaler = TableScaler::fit(real, columnsExcept(real, {}), Scaling::Standard);
    const auto some = [&](const Table& table, std::size_t most, Stream stream) {
        return scaler.apply(someOf(table, most, deriveSeed(settings.seed, stream)));
    };
    const MatrixXd x = some(*fresh, count, kRealRows), y = some(*made, count, kSyntheticRows);
    context.progress(0.5, "Looking for the nearest rows");
    auto nearest = evidence.fresh == nullptr
                       ? compareNearest(x, x, y, true, context)
                       : compareNearest(some(real, settings.rows, kKnownRows), x, y, false, context);
    if (!nearest) return forward(nearest);
    resemblance.nearest = *nearest;
    context.progress(0.7, "Telling real and synthetic rows apart");
    const auto told = tellApart(x, y, settings, context);
    if (!told) return forward(told);
    const ShareInterval interval = wilsonInterval(told->right, told->asked);
    resemblance.classifierAccuracy = static_cast<double>(told->right) / static_cast<double>(told->asked);
    resemblance.classifierLow = interval.low;
    resemblance.classifierHigh = interval.high;
    if (!evidence.target || !evidence.labeller) return resemblance;
    StageContext labels(context, 0.9, 1);
    const auto truth = evidence.labeller(*made, labels);
    if (!truth) return forward(truth);
    if (truth->size() != made->rows())
        return fail(ErrorCode::BadInput, "Not every synthetic row got a right target.");
    resemblance.labelPercentage =
        scorePredictions(made->columns[*evidence.target].values, *truth).meanAbsolutePercentage;
    return resemblance;
}

} // namespace headroom::delay
