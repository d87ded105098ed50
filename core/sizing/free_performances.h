#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "core/sizing/normalisation.h"
#include "core/sizing/specification.h"

namespace headroom::sizing {

/// What performances go together, from simulated sizings: it fills in what a specification leaves free, so
/// that models which are guided by every performance answer specifications of any of them. A free
/// performance takes the value that it has in a row near to what is asked for, another row for each sample:
/// draws from the rows' own conditional distribution (nearest-neighbour imputation, Chen and Shao 2000).
class FreePerformances {
public:
    /// @param rows rows x performances, normalised  @param performances by column
    FreePerformances(Eigen::MatrixXd rows, std::vector<Performance> performances,
                     const Normalisation& normalisation);

    /// Conditions for some samples of one specification, normalised. Equal seeds give equal values; row i
    /// depends on the seed and i alone. @param first number of the first sample  @return count x performances
    Eigen::MatrixXd complete(const Specification& specification, std::size_t count, std::uint64_t seed,
                             std::size_t first = 0) const;

private:
    std::vector<Eigen::Index> nearRows(const Eigen::VectorXd& targets) const;

    Eigen::MatrixXd m_rows;
    std::vector<Performance> m_performances;
    const Normalisation& m_normalisation;
};

} // namespace headroom::sizing
