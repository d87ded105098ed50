#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/sizing/dataset.h"
#include "core/sizing/design_space.h"

namespace headroom::sizing {

/// A column of a data set over all rows, SI units.
struct ColumnSummary {
    std::string name;
    std::string unit;
    double mean = 0, deviation = 0;
    double minimum = 0, maximum = 0;
    double quantile5 = 0, lowerQuartile = 0, median = 0, upperQuartile = 0, quantile95 = 0;
};

/// How much of a variable's legal range the rows use, in logarithms.
struct RangeCoverage {
    double low = 0, high = 0; ///< legal, SI units
    double span = 0;          ///< share between the least and the largest value
    double occupied = 0;      ///< share of coverageBins equal intervals that hold a row
};
inline constexpr int coverageBins = 20;

/// What there is to know of a data set before a model is trained on it.
struct DatasetSummary {
    std::size_t rows = 0, trainingRows = 0, heldOutRows = 0;
    std::vector<ColumnSummary> variables, performances;
    std::vector<RangeCoverage> coverage; ///< by variable
    /// Pearson's, of variables, then performances, as they are normalised for training (logarithms where
    /// those are used); 0 with a column that does not vary.
    Eigen::MatrixXd correlation;
    std::vector<Performance> constant;
    std::size_t beaten = 0;   ///< rows that another one beats in every performance
    std::size_t repeated = 0; ///< rows whose sizing stands there before
};

/// @param space of the data set's variables  @pre the data set has rows
DatasetSummary summariseDataset(const Dataset& dataset, const DesignSpace& space);

} // namespace headroom::sizing
