#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/sizing/electrical_drawing.h"

namespace headroom::sizing {

/// Sizings as a designer thinks of them: logarithms of currents, inversion coefficients, gate areas, lengths
/// and passive values. Performances are nearly linear or at least smooth in these, while the same widths
/// mean different things at different currents. Immutable and thread-safe.
class ElectricalCoordinates {
public:
    /// @param amplifier is kept; @param biasCurrent A, into every current-bias port
    static std::shared_ptr<const ElectricalCoordinates>
    create(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier, const DesignSpace& space,
           double biasCurrent);

    std::size_t size() const { return m_coordinates.size(); }

    /// For humans: "M3 current".
    std::vector<std::string> names() const;

    /// Which coordinates are inversion coefficients, and which lengths.
    const std::vector<std::size_t>& inversions() const { return m_inversions; }
    const std::vector<std::size_t>& lengths() const { return m_lengths; }

    /// @param values by variable, SI units, positive  @return size() natural logarithms
    Eigen::VectorXd of(std::span<const double> values) const;

private:
    enum class Kind { Value, Current, Inversion, GateArea };
    struct Coordinate {
        Kind kind = Kind::Value;
        std::size_t variable = 0; ///< the value's, or the width's
        std::size_t length = 0;   ///< variable of the same devices' length
        DeviceId device = -1;     ///< whose current it is
        std::string name;
    };

    ElectricalCoordinates(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier,
                          const DesignSpace& space, double biasCurrent);

    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier;
    std::shared_ptr<const DesignSpace> m_space;
    double m_biasCurrent;
    ElectricalDrawing m_drawing;
    std::vector<Coordinate> m_coordinates;
    std::vector<std::size_t> m_inversions, m_lengths;
};

} // namespace headroom::sizing
