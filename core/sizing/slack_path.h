#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/sizing/slack.h"

namespace headroom::sizing {

/// A sizing in which one variable was moved and the others followed.
struct FollowedSizing {
    std::vector<double> values;    ///< by variable, SI units, snapped
    std::vector<double> predicted; ///< by the forward model's performances, SI units
    bool isExpectedToHold = false; ///< by the forward model
};

/// Moves one variable through the room around a sizing and lets the others follow: they take the mean of the
/// samples given that variable (a weighted linear regression of the logarithms around its value: Cleveland,
/// JASA 74:829, 1979), shifted so that the way leads through the sizing itself, and drawn back towards the
/// samples where the forward model expects the specification to be missed. Takes about a millisecond;
/// immutable, thus thread-safe.
class SlackPath {
public:
    /// @param space of the sizing; must outlive this object
    SlackPath(std::shared_ptr<const Slack> slack, const DesignSpace& space);

    /// How far samples, or simulations of the variable alone, reach. SI units.
    std::pair<double, double> rangeOf(std::size_t variable) const;

    /// @param value SI units, within rangeOf()
    FollowedSizing at(std::size_t variable, double value) const;

private:
    using Point = Eigen::VectorXd; ///< natural logarithms of sizes

    Point meanGiven(std::size_t variable, double logarithm) const;
    std::vector<std::vector<double>> choices(std::size_t variable, double value) const;
    /// Least lead over all limits, by sizing. @param inputs of the forward model
    Eigen::VectorXd leads(const Eigen::MatrixXd& inputs) const;

    std::shared_ptr<const Slack> m_slack;
    const DesignSpace& m_space;
    Eigen::MatrixXd m_samples; ///< samples x variables, natural logarithms
    Point m_centre;
};

} // namespace headroom::sizing
