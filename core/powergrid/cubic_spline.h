#pragma once

#include <span>
#include <vector>

namespace headroom::powergrid {

/// The natural cubic spline through points: of all curves through them the one of least curvature. Constant
/// beyond its ends.
class CubicSpline {
public:
    /// @param places strictly increasing, at least one
    CubicSpline(std::span<const double> places, std::span<const double> values);

    double operator()(double place) const;

    /// At whole places 0, 1, ... @param result of any size
    void sample(std::span<double> result) const;

private:
    double between(std::size_t interval, double place) const;

    std::vector<double> m_places, m_values;
    std::vector<double> m_curvatures; ///< second derivatives at the places
};

} // namespace headroom::powergrid
