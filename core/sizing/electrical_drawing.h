#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/simulation/simulator.h"
#include "core/sizing/design_space.h"

namespace headroom::sizing {

/// Draws sizings in electrical space: mirror ratios give the branch currents (Kirchhoff's current law at
/// every net, equal currents in matched devices), then an inversion coefficient and a length per matched
/// or mirrored group give the widths,
///     W = L I / (IC I0),   I0 = 2 n u0 Cox Ut^2   (Enz, Krummenacher, Vittoz 1995),
///
/// where L is that of all devices in series and I that of one device's fingers and multiplicity.
/// Whether the devices really are saturated is for the simulator to say; the drawing only makes it likely.
class ElectricalDrawing {
public:
    /// @param biasCurrent A, into every current-bias port
    ElectricalDrawing(const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                      double biasCurrent);
    ~ElectricalDrawing();
    ElectricalDrawing(const ElectricalDrawing&) = delete;
    ElectricalDrawing& operator=(const ElectricalDrawing&) = delete;

    /// Drawing number @p index of the run seeded @p seed: values by variable, snapped; nothing where the
    /// drawn ratios leave some branch without current or a width is out of range.
    std::optional<std::vector<double>> draw(std::uint64_t seed, std::uint64_t index) const;

    /// A sentence on what most drawings from number @p from on fail at, for a user who gets none.
    std::string whyNone(std::uint64_t seed, std::uint64_t from) const;

    /// Drain currents (A, by DeviceId; 0 for other devices) for freeRatios() ratios (BranchCurrents). Absent
    /// where Kirchhoff's law cannot be met.
    std::optional<std::vector<double>> branchCurrents(const std::vector<double>& ratios) const;

    /// Drain currents (A, by DeviceId; 0 for other devices) of a sizing by its mirrors' ratios of W to L;
    /// some are negative where a branch is robbed of its current. Absent where Kirchhoff's law cannot be met.
    /// @param values by variable, SI units
    std::optional<std::vector<double>> currentsOf(std::span<const double> values) const;

    /// Drain current of a square device at inversion coefficient 1, A. @param device a MOSFET
    double squareCurrent(DeviceId device) const;

    /// BranchCurrents::stretch().
    double stretch(DeviceId device) const;

    /// Number of independent ratios.
    std::size_t freeRatios() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::sizing
