#include "core/sizing/free_performances.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/random.h"

namespace headroom::sizing {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Rows that a free performance is drawn from: enough for variety, few enough to be near.
constexpr std::size_t kNearRows = 16;

} // namespace

FreePerformances::FreePerformances(MatrixXd rows, std::vector<Performance> performances,
                                   const Normalisation& normalisation)
    : m_rows(std::move(rows))
    , m_performances(std::move(performances))
    , m_normalisation(normalisation) {}

/// The rows nearest to the targets that are numbers; all rows where none is.
std::vector<Index> FreePerformances::nearRows(const VectorXd& targets) const {
    std::vector<Index> order(static_cast<std::size_t>(m_rows.rows()));
    std::iota(order.begin(), order.end(), 0);
    if (targets.array().isNaN().all()) return order;
    VectorXd distances = VectorXd::Zero(m_rows.rows());
    for (Index p = 0; p < targets.size(); ++p) {
        if (!std::isnan(targets[p])) distances += (m_rows.col(p).array() - targets[p]).square().matrix();
    }
    const std::size_t count = std::min(kNearRows, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                      [&](Index a, Index b) { return distances[a] < distances[b]; });
    order.resize(count);
    return order;
}

MatrixXd FreePerformances::complete(const Specification& specification, std::size_t count, std::uint64_t seed,
                                    std::size_t first) const {
    VectorXd targets(static_cast<Index>(m_performances.size()));
    for (std::size_t p = 0; p < m_performances.size(); ++p) {
        const Requirement* requirement = specification.find(m_performances[p]);
        const double target =
            requirement == nullptr ? std::numeric_limits<double>::quiet_NaN() : requirement->target();
        targets[static_cast<Index>(p)] =
            std::isnan(target) ? target : m_normalisation.performances[p].normalise(target);
    }
    MatrixXd conditions = targets.transpose().replicate(static_cast<Index>(count), 1);
    if (!targets.array().isNaN().any() || m_rows.rows() == 0) return conditions;
    const std::vector<Index> near = nearRows(targets);
    for (Index sample = 0; sample < conditions.rows(); ++sample) {
        RandomEngine engine(deriveSeed(seed, first + static_cast<std::size_t>(sample)));
        const Index row = near[engine() % near.size()];
        for (Index p = 0; p < targets.size(); ++p) {
            if (std::isnan(targets[p])) conditions(sample, p) = m_rows(row, p);
        }
    }
    return conditions;
}

} // namespace headroom::sizing
