#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/delay/table.h"

namespace headroom::delay {

/// A public problem of regression whose rows follow from a formula.
struct KnownTable {
    std::string name;        ///< "friedman1"
    std::string description; ///< a phrase for lists
};

/// "friedman1", "friedman2", "friedman3": ten uniform inputs of which five count, and impedance and phase of
/// an alternating-current circuit, with normal noise of deviation 1, 125 and 0.1. Friedman, Multivariate
/// adaptive regression splines, Annals of Statistics 19:1, 1991; named so by Breiman, Bagging predictors,
/// Machine Learning 24:123, 1996.
const std::vector<KnownTable>& knownTables();

/// Rows with the inputs x1, x2, ... and the target y. Row i depends on the seed and i alone.
/// Error NotFound, naming the tables that there are.
Result<Table> drawKnownTable(std::string_view name, std::size_t rows, std::uint64_t seed);

} // namespace headroom::delay
