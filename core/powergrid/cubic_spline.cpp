#include "core/powergrid/cubic_spline.h"

#include <algorithm>

namespace headroom::powergrid {
namespace {

/// The second derivatives, by elimination along a tridiagonal matrix; none at the ends.
std::vector<double> curvaturesOf(std::span<const double> x, std::span<const double> y) {
    const std::size_t n = x.size();
    std::vector<double> curvatures(n, 0.0), diagonal(n, 1.0);
    const auto step = [&](std::size_t i) { return x[i + 1] - x[i]; };
    const auto slope = [&](std::size_t i) { return (y[i + 1] - y[i]) / step(i); };
    for (std::size_t i = 1; i + 1 < n; ++i) {
        const double factor = i > 1 ? step(i - 1) / diagonal[i - 1] : 0;
        diagonal[i] = 2 * (step(i - 1) + step(i)) - factor * step(i - 1);
        curvatures[i] = 6 * (slope(i) - slope(i - 1)) - factor * curvatures[i - 1];
    }
    for (std::size_t i = n - 1; i-- > 1;)
        curvatures[i] = (curvatures[i] - step(i) * curvatures[i + 1]) / diagonal[i];
    return curvatures;
}

} // namespace

CubicSpline::CubicSpline(std::span<const double> places, std::span<const double> values)
    : m_places(places.begin(), places.end())
    , m_values(values.begin(), values.end())
    , m_curvatures(curvaturesOf(places, values)) {}

double CubicSpline::between(std::size_t i, double place) const {
    const double step = m_places[i + 1] - m_places[i];
    const double a = (m_places[i + 1] - place) / step, b = (place - m_places[i]) / step;
    return a * m_values[i] + b * m_values[i + 1] +
           ((a * a * a - a) * m_curvatures[i] + (b * b * b - b) * m_curvatures[i + 1]) * step * step / 6;
}

double CubicSpline::operator()(double place) const {
    if (place <= m_places.front()) return m_values.front();
    if (place >= m_places.back()) return m_values.back();
    const auto next = std::upper_bound(m_places.begin(), m_places.end(), place);
    return between(static_cast<std::size_t>(next - m_places.begin()) - 1, place);
}

void CubicSpline::sample(std::span<double> result) const {
    std::size_t interval = 0;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto place = static_cast<double>(i);
        if (place <= m_places.front() || place >= m_places.back()) {
            result[i] = place <= m_places.front() ? m_values.front() : m_values.back();
            continue;
        }
        while (m_places[interval + 1] < place)
            ++interval;
        result[i] = between(interval, place);
    }
}

} // namespace headroom::powergrid
