#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/delay/generator.h"
#include "core/delay/regressor.h"

namespace headroom::delay {

/// The right targets of some rows, in the unit of the target: from a simulator, or a known function. NaN
/// where a row has none.
using Labeller = std::function<Result<std::vector<double>>(const Table& rows, JobContext& context)>;

/// Rows of another generator whose targets are replaced by what a regressor, fitted on the same rows as the
/// generator, says of their inputs (a Gaussian process where none is given). A generator need not know how a
/// target follows from the inputs; a good regressor does.
/// @param target name of the column
std::unique_ptr<Generator> makeRefinedGenerator(std::unique_ptr<Generator> inputs, std::string target,
                                                std::unique_ptr<Regressor> labels = makeProcessRegressor());

/// The same with targets by @p labeller, for instance simulated ones; rows without a target are left out, and
/// others are drawn in their place. Error of sample() also: BadInput where most rows have none.
/// @param origin added to the name ("ngspice")
std::unique_ptr<Generator> makeLabelledGenerator(std::unique_ptr<Generator> inputs, std::string target,
                                                 Labeller labeller, std::string origin);

} // namespace headroom::delay
