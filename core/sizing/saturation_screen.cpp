#include "core/sizing/saturation_screen.h"

#include <algorithm>
#include <cmath>

#include "core/base/distributions.h"

namespace headroom::sizing {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// With a larger share of saturated drawings simulating the others costs little.
constexpr double kEnoughSaturated = 0.3;
/// Drawings that are fitted to, in multiples of the terms, at least and at most; the last ones count.
constexpr std::size_t kFewestPerTerm = 4, kMostPerTerm = 40;
/// Least chance that is worth a simulation.
constexpr double kWorthwhile = 0.1;
/// Weight of the prior that a coefficient is zero, in drawings.
constexpr double kRidge = 0.1;
/// A device far from saturation says nothing of how far: its margin is bounded by its saturation voltage.
constexpr double kLeastMargin = -0.15; // V
/// Margins above this are all the same.
constexpr double kMostMargin = 0.3; // V

} // namespace

SaturationScreen::SaturationScreen(std::shared_ptr<const ElectricalCoordinates> coordinates, double margin,
                                   std::vector<std::string> exempt)
    : m_coordinates(std::move(coordinates))
    , m_margin(margin)
    , m_exempt(std::move(exempt)) {}

VectorXd SaturationScreen::termsOf(std::span<const double> values) const {
    const VectorXd coordinates = m_coordinates->of(values);
    const std::vector<std::size_t>& inversions = m_coordinates->inversions();
    const std::vector<std::size_t>& lengths = m_coordinates->lengths();
    VectorXd terms(static_cast<Index>(1 + 2 * inversions.size() + 2 * lengths.size()));
    Index t = 0;
    terms[t++] = 1;
    for (const std::size_t i : inversions) {
        const double inversion = std::exp(coordinates[static_cast<Index>(i)]);
        const double root = std::sqrt(inversion);
        terms[t++] = root > 30 ? root : std::log(std::expm1(root));
        terms[t++] = std::sqrt(inversion + 0.25);
    }
    for (const std::size_t l : lengths) {
        const double micrometres = 1e6 * std::exp(coordinates[static_cast<Index>(l)]);
        terms[t++] = std::log(micrometres);
        terms[t++] = 1 / micrometres;
    }
    return terms;
}

void SaturationScreen::learn(std::span<const double> values, const simulation::OperatingPoint& point) {
    if (point.devices.empty()) return;
    if (m_devices.empty()) {
        for (const auto& [name, device] : point.devices) {
            if (std::find(m_exempt.begin(), m_exempt.end(), name) == m_exempt.end())
                m_devices.push_back(name);
        }
        if (m_devices.empty()) return;
    }
    VectorXd margins(static_cast<Index>(m_devices.size()));
    for (std::size_t d = 0; d < m_devices.size(); ++d) {
        const auto found = point.devices.find(m_devices[d]);
        if (found == point.devices.end() || !std::isfinite(found->second.saturationMargin())) return;
        margins[static_cast<Index>(d)] = found->second.saturationMargin();
    }
    m_saturated += margins.minCoeff() >= m_margin ? 1 : 0;
    m_terms.push_back(termsOf(values));
    m_learned.push_back(margins.cwiseMax(kLeastMargin).cwiseMin(kMostMargin));
}

void SaturationScreen::fit() {
    const std::size_t known = m_terms.size();
    if (known == 0) return;
    const auto terms = static_cast<std::size_t>(m_terms.front().size());
    // Once active, what passes is more often saturated: that does not end it.
    const bool rare =
        isActive() || static_cast<double>(m_saturated) < kEnoughSaturated * static_cast<double>(known);
    if (known < kFewestPerTerm * terms || !rare) return;
    const std::size_t used = std::min(known, kMostPerTerm * terms);
    MatrixXd inputs(static_cast<Index>(used), static_cast<Index>(terms));
    MatrixXd outputs(static_cast<Index>(used), m_learned.front().size());
    for (std::size_t i = 0; i < used; ++i) {
        inputs.row(static_cast<Index>(i)) = m_terms[known - used + i];
        outputs.row(static_cast<Index>(i)) = m_learned[known - used + i];
    }
    // Standardised terms, so that the prior means the same for each.
    const VectorXd means = inputs.colwise().mean();
    VectorXd scales =
        ((inputs.rowwise() - means.transpose()).colwise().squaredNorm() / static_cast<double>(used))
            .cwiseSqrt();
    scales[0] = 1;
    for (Index t = 1; t < scales.size(); ++t)
        scales[t] = std::max(scales[t], 1e-9);
    MatrixXd standard = inputs;
    for (Index t = 1; t < standard.cols(); ++t)
        standard.col(t) = (inputs.col(t).array() - means[t]) / scales[t];
    MatrixXd normal = standard.transpose() * standard;
    normal.diagonal().tail(normal.rows() - 1).array() += kRidge;
    MatrixXd coefficients = normal.ldlt().solve(standard.transpose() * outputs);
    const MatrixXd misses = standard * coefficients - outputs;
    m_deviations =
        (misses.colwise().squaredNorm() / static_cast<double>(used - terms)).cwiseSqrt().transpose();
    m_deviations = m_deviations.cwiseMax(1e-3);
    for (Index t = 1; t < coefficients.rows(); ++t) {
        coefficients.row(t) /= scales[t];
        coefficients.row(0) -= means[t] * coefficients.row(t);
    }
    m_coefficients = std::move(coefficients);
}

double SaturationScreen::chance(std::span<const double> values) const {
    if (!isActive()) return 1;
    const VectorXd margins = m_coefficients.transpose() * termsOf(values);
    double product = 1;
    for (Index d = 0; d < margins.size(); ++d)
        product *= normalProbability((margins[d] - m_margin) / m_deviations[d]);
    return product;
}

bool SaturationScreen::passes(std::span<const double> values) const {
    return chance(values) >= kWorthwhile;
}

} // namespace headroom::sizing
