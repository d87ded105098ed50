#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/simulation/simulator.h"
#include "core/sizing/design_space.h"

namespace headroom::sizing {

/// The direct currents of an amplifier's MOSFETs: Kirchhoff's law at every net that only MOSFETs carry
/// current to, equal currents in matched devices, and a ratio for each mirror that these leave free. Where a
/// mirror's currents follow from the rest of the circuit (cascoded mirrors, in which two mirrors carry one
/// current) its ratio is no freedom; where nothing sets a branch's current (it flows through a resistor) its
/// multiple of the bias current is one. What is still open is the solution of least squares. Immutable and
/// thread-safe.
class BranchCurrents {
public:
    /// @param biasCurrent A, into every current-bias port, and through the copy of a MOSFET that makes a bias
    /// voltage
    BranchCurrents(const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                   double biasCurrent);

    /// Ratios of mirrors, then multiples of the bias current.
    std::size_t freeRatios() const { return m_ratioCount; }

    /// A, by DeviceId; 0 of what does not conduct. Absent where Kirchhoff's law cannot be met.
    std::optional<std::vector<double>> solve(std::span<const double> ratios) const;

    /// The same by the mirrors' ratios of W to L; some are negative where a branch is robbed of its current.
    /// @param values by variable, SI units
    std::optional<std::vector<double>> ofSizes(std::span<const double> values) const;

    /// MOSFETs that conduct, in file order.
    const std::vector<DeviceId>& devices() const { return m_devices; }

    /// How many times as wide as the variable W a MOSFET has to be for its current and length: rows in series
    /// add to its length, fingers and multiplicity to its width.
    double stretch(DeviceId device) const { return m_stretch[static_cast<std::size_t>(device)]; }

    /// The MOSFET whose gate voltage another one shares without being its mirror: both have the copy that
    /// makes a bias voltage. Absent for all others.
    std::optional<DeviceId> biasedAlike(DeviceId device) const;

private:
    struct Equations {
        Eigen::MatrixXd rows;
        Eigen::VectorXd right;
        void add(const Eigen::VectorXd& row, double value);
    };
    /// What is added to Kirchhoff's and the matched devices' equations, in this order.
    struct Step {
        std::vector<structure::MirrorRatio> mirrors; ///< of one ratio; empty: a branch
        DeviceId branch = -1;
        std::optional<std::size_t> ratio; ///< which of the free ones; absent: that of the currents in `given`
        structure::MirrorRatio given;
    };
    using MirrorGroup = std::vector<structure::MirrorRatio>;

    void collectDevices();
    void writeKirchhoff();
    void writeEqualCurrents();
    void writeBiasVoltages();
    std::vector<MirrorGroup> mirrorGroups() const;
    void plan();
    void planMirrors(const MirrorGroup& group, Equations& equations);
    bool isRail(netlist::NetId net) const;
    double currentInto(netlist::NetId net) const;
    bool carriesOtherCurrent(netlist::NetId net) const;
    bool isBenchSource(const netlist::Device& device) const;
    netlist::NetId joined(netlist::NetId net) const;
    Eigen::VectorXd unit(DeviceId device) const;
    Eigen::VectorXd mirrorRow(const structure::MirrorRatio& mirror, double ratio) const;
    double aspectOf(DeviceId device, std::span<const double> values) const;
    const netlist::Device& device(DeviceId id) const;

    const simulation::AmplifierUnderTest& m_amplifier;
    const DesignSpace& m_space;
    double m_biasCurrent;
    std::vector<DeviceId> m_devices;
    std::vector<Eigen::Index> m_column;                       ///< by DeviceId; -1 of what does not conduct
    std::vector<double> m_stretch;                            ///< by DeviceId
    std::vector<std::pair<std::size_t, std::size_t>> m_sizes; ///< by DeviceId: variables of W and L
    std::vector<MirrorGroup> m_biasMirrors; ///< devices with one bias voltage at their gates
    Equations m_fixed;
    std::vector<Step> m_steps;
    std::size_t m_ratioCount = 0;
};

} // namespace headroom::sizing
