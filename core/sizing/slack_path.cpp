#include "core/sizing/slack_path.h"

#include <algorithm>
#include <cmath>

namespace headroom::sizing {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Width of the regression's weights, in standard deviations of the samples.
constexpr double kBandwidth = 0.4;
/// Least standard deviation of a logarithm that is told from none.
constexpr double kLeastDeviation = 1e-4;
/// Shares of the shift through the sizing itself that are tried.
constexpr double kShifts[] = {1, 0.75, 0.5, 0.25, 0};
/// Samples nearest in the variable that are tried where the mean is expected to miss the specification.
constexpr std::size_t kNearest = 6;

double deviationOf(const Slack& slack, std::size_t variable) {
    const auto at = static_cast<Index>(variable);
    return std::max(std::sqrt(std::max(0.0, slack.covariance(at, at))), kLeastDeviation);
}

} // namespace

SlackPath::SlackPath(std::shared_ptr<const Slack> slack, const DesignSpace& space)
    : m_slack(std::move(slack))
    , m_space(space)
    , m_samples(static_cast<Index>(m_slack->samples.size()), static_cast<Index>(space.size()))
    , m_centre(static_cast<Index>(space.size())) {
    for (std::size_t variable = 0; variable < space.size(); ++variable) {
        const auto column = static_cast<Index>(variable);
        m_centre[column] = std::log(m_slack->centre[variable]);
        for (std::size_t row = 0; row < m_slack->samples.size(); ++row)
            m_samples(static_cast<Index>(row), column) = std::log(m_slack->samples[row][variable]);
    }
}

std::pair<double, double> SlackPath::rangeOf(std::size_t variable) const {
    const VariableSlack& slack = m_slack->variables[variable];
    const auto column = m_samples.col(static_cast<Index>(variable));
    double low = slack.low, high = slack.high;
    if (m_samples.rows() > 0) {
        low = std::min(low, std::exp(column.minCoeff()));
        high = std::max(high, std::exp(column.maxCoeff()));
    }
    return {low, high};
}

SlackPath::Point SlackPath::meanGiven(std::size_t variable, double logarithm) const {
    const auto column = static_cast<Index>(variable);
    if (m_samples.rows() == 0) return m_centre;
    // Beyond the last samples there is nothing to weigh: the regression goes on from there.
    const double nearest =
        std::clamp(logarithm, m_samples.col(column).minCoeff(), m_samples.col(column).maxCoeff());
    const double width = kBandwidth * deviationOf(*m_slack, variable);
    const VectorXd weights =
        (-0.5 * ((m_samples.col(column).array() - nearest) / width).square()).exp().matrix();
    const double sum = weights.sum();
    const VectorXd mean = m_samples.transpose() * weights / sum;
    const VectorXd offsets = (m_samples.col(column).array() - mean[column]).matrix();
    const VectorXd weighted = weights.cwiseProduct(offsets);
    const double spread = weighted.dot(offsets) / sum;
    VectorXd slopes = VectorXd::Zero(m_centre.size());
    if (spread > kLeastDeviation * kLeastDeviation)
        slopes = (m_samples.rowwise() - mean.transpose()).transpose() * weighted / (sum * spread);
    VectorXd point = mean + slopes * (logarithm - mean[column]);
    point[column] = logarithm;
    return point;
}

/// Sizings with the variable at this value, the most wanted first.
std::vector<std::vector<double>> SlackPath::choices(std::size_t variable, double value) const {
    const auto column = static_cast<Index>(variable);
    const double logarithm = std::log(value);
    const VectorXd mean = meanGiven(variable, logarithm);
    const VectorXd shift = m_centre - meanGiven(variable, m_centre[column]);
    const double away = (logarithm - m_centre[column]) / deviationOf(*m_slack, variable);
    std::vector<VectorXd> points;
    for (const double share : kShifts)
        points.push_back(mean + share * std::exp(-0.5 * away * away) * shift);
    std::vector<Index> order(static_cast<std::size_t>(m_samples.rows()));
    for (std::size_t row = 0; row < order.size(); ++row)
        order[row] = static_cast<Index>(row);
    const std::size_t nearest = std::min(kNearest, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(nearest), order.end(),
                      [&](Index a, Index b) {
                          return std::abs(m_samples(a, column) - logarithm) <
                                 std::abs(m_samples(b, column) - logarithm);
                      });
    for (std::size_t rank = 0; rank < nearest; ++rank)
        points.push_back(m_samples.row(order[rank]));
    std::vector<std::vector<double>> sizings;
    for (VectorXd& point : points) {
        point[column] = logarithm;
        std::vector<double> values(m_space.size());
        for (std::size_t v = 0; v < values.size(); ++v)
            values[v] = std::exp(point[static_cast<Index>(v)]);
        sizings.push_back(m_space.snapForExport(values));
    }
    return sizings;
}

VectorXd SlackPath::leads(const MatrixXd& inputs) const {
    VectorXd least = VectorXd::Constant(inputs.rows(), std::numeric_limits<double>::infinity());
    for (const OutputLimit& limit : m_slack->limits) {
        const VectorXd means = m_slack->expected->processes()[limit.output].mean(inputs);
        for (Index row = 0; row < means.size(); ++row)
            least[row] = std::min(least[row], limit.lead(means[row]));
    }
    return least;
}

FollowedSizing SlackPath::at(std::size_t variable, double value) const {
    std::vector<std::vector<double>> sizings = choices(variable, value);
    const ForwardModel& model = m_slack->expected->model();
    const MatrixXd inputs = model.inputsOf(sizings);
    const VectorXd lead = leads(inputs);
    Index chosen = 0;
    while (chosen < lead.size() && lead[chosen] < 0)
        ++chosen;
    const bool holds = chosen < lead.size();
    if (!holds) lead.maxCoeff(&chosen);
    FollowedSizing followed{std::move(sizings[static_cast<std::size_t>(chosen)]), {}, holds};
    for (std::size_t p = 0; p < model.performances().size(); ++p) {
        const double mean = m_slack->expected->processes()[p].mean(inputs.row(chosen))[0];
        followed.predicted.push_back(model.normaliser(p).restore(mean));
    }
    return followed;
}

} // namespace headroom::sizing
