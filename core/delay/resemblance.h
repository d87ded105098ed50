#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/refined_generator.h"
#include "core/delay/table.h"

namespace headroom::delay {

/// Two densities on one axis: Gaussian kernels of Silverman's width (Silverman 1986, equation 3.31), each
/// integrating to one. Of a category: shares by category number.
struct ColumnDensity {
    std::vector<double> at; ///< ascending, in the column's unit
    std::vector<double> real, synthetic;
};

/// Of one column, whose rows both tables have in common kind and order of categories. Empty where a column is
/// constant. @param points at least 2
ColumnDensity densityOf(const Column& real, const Column& synthetic, std::size_t points = 101);

/// How alike one column is.
struct ColumnResemblance {
    std::string name, unit;
    /// Greatest difference of the distribution functions, 0 to 1; of a category half the sum of the
    /// differences of the shares (total variation).
    double kolmogorovSmirnov = 0;
    double wasserstein = 0; ///< Wasserstein's 1-distance by the real deviation; of a category as above
    ColumnDensity density;
};

/// Distances to the nearest row, in standardised columns by the square root of their number.
struct NearestRows {
    /// Medians: of synthetic rows to the nearest real one, and of real rows to the nearest other real one.
    double syntheticToReal = 0, realToReal = 0;
    /// Share of synthetic rows that are nearer to a real one than 95 % of the real rows are to any other:
    /// 0.05 is what fresh rows have, much more is memorisation.
    double memorised = 0;
};

struct Resemblance {
    std::vector<ColumnResemblance> columns;
    /// Of the columns of numbers: mean and greatest absolute difference of Pearson's correlations.
    double meanCorrelationDifference = 0, largestCorrelationDifference = 0;
    NearestRows nearest;
    /// Share of rows that boosted trees, fitted on other rows, tell right to be real or synthetic, both as
    /// many (Lopez-Paz and Oquab, ICLR 2017): 0.5 where nothing tells them apart. The interval is Wilson's.
    double classifierAccuracy = 0.5, classifierLow = 0, classifierHigh = 1;
    /// Of the synthetic targets against the right ones at the synthetic inputs, %: the paper's own measure.
    std::optional<double> labelPercentage;
};

/// What is known besides the rows themselves.
struct ResemblanceEvidence {
    const Table* fresh = nullptr; ///< real rows that no generator has seen
    std::optional<std::size_t> target;
    Labeller labeller; ///< of the right targets
};

struct ResemblanceSettings {
    std::size_t densityPoints = 101;
    std::size_t rows = 2000; ///< of each kind at most, where all pairs or a classifier are looked at
    int folds = 5;           ///< of the classifier's cross-validation
    std::uint64_t seed = 1;

    Result<void> validate() const;
};

/// Compares synthetic rows with the real ones that they were made from. Errors: BadInput (columns that do not
/// fit, fewer than fewestRows of any), Cancelled, those of the labeller.
Result<Resemblance> compareRows(const Table& real, const Table& synthetic,
                                const ResemblanceEvidence& evidence, const ResemblanceSettings& settings,
                                JobContext& context);

} // namespace headroom::delay
