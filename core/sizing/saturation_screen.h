#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Dense>

#include "core/simulation/simulator.h"
#include "core/sizing/electrical_coordinates.h"

namespace headroom::sizing {

/// Foresees which drawings leave some MOSFET unsaturated, so that they need not be simulated: in stacked
/// circuits that share gate biases they can be nineteen of twenty. At known inversion coefficients the
/// gate-source and saturation voltages of a MOSFET are those of the EKV model,
///     V_GS - V_T = 2 n Ut ln(exp(sqrt IC) - 1),   V_DSsat = 2 Ut (sqrt(IC + 1/4) + 3/2)
/// (Enz, Krummenacher, Vittoz 1995), every net's voltage is a sum of such, and threshold voltages depend on
/// lengths; so the saturation margin of each device is fitted as a linear function of these terms of all
/// groups, on what was simulated. Deterministic.
class SaturationScreen {
public:
    /// @param margin V, that every MOSFET is to have but those named @p exempt
    SaturationScreen(std::shared_ptr<const ElectricalCoordinates> coordinates, double margin,
                     std::vector<std::string> exempt = {});

    /// Takes a simulated operating point into account from the next fit() on.
    void learn(std::span<const double> values, const simulation::OperatingPoint& point);

    /// Fits anew to all that was learned. Where a good part of it is saturated, or there is too little yet,
    /// nothing is screened.
    void fit();
    bool isActive() const { return m_coefficients.size() > 0; }

    /// Chance that all MOSFETs have the margin, from 0 to 1; 1 while inactive.
    double chance(std::span<const double> values) const;

    /// Whether that chance is worth a simulation.
    bool passes(std::span<const double> values) const;

private:
    Eigen::VectorXd termsOf(std::span<const double> values) const;

    std::shared_ptr<const ElectricalCoordinates> m_coordinates;
    double m_margin;
    std::vector<std::string> m_exempt;
    std::vector<std::string> m_devices;     ///< MOSFETs, in the order of m_learned's values
    std::vector<Eigen::VectorXd> m_terms;   ///< by drawing
    std::vector<Eigen::VectorXd> m_learned; ///< V, by drawing: each device's margin
    std::size_t m_saturated = 0;            ///< of the drawings
    Eigen::MatrixXd m_coefficients;         ///< terms x devices; empty while inactive
    Eigen::VectorXd m_deviations;           ///< V, of what is not foreseen, by device
};

} // namespace headroom::sizing
