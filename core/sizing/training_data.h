#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/sizing/dataset.h"

namespace headroom::sizing {

/// What of a data set a model is trained on.
struct TrainingData {
    Dataset dataset; ///< with the performances that vary
    /// Performances that are the same in all training rows: no condition for a model, and no question to it.
    std::vector<Performance> leftOut;
    std::vector<std::string> remarks; ///< sentences for the user
};

/// The fewest rows that a model is trained on.
inline constexpr std::size_t fewestTrainingRows = 8;

/// Performances that are the same in all training rows, to a millionth of their largest magnitude.
std::vector<Performance> constantPerformances(const Dataset& dataset);

/// The data set with these performances alone, in this order. Error BadInput, naming it, where one is
/// missing.
Result<Dataset> withPerformances(const Dataset& dataset, const std::vector<Performance>& performances);

/// The data set without its constantPerformances(). Error BadInput, naming them, where no other is left.
Result<Dataset> withoutConstants(const Dataset& dataset);

/// Leaves out the performances that do not vary; a remark says so, and another one where there are so few
/// rows that training goes without something. Error BadInput where there are too few rows to train on or no
/// performance varies; it says how many rows more are needed, and why.
/// @param validationShare of the rows, see diffusion::TrainingConfig
Result<TrainingData> prepareTraining(const Dataset& dataset, double validationShare);

} // namespace headroom::sizing
