#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/sizing_export.h"
#include "core/simulation/simulator.h"
#include "core/sizing/specification.h"
#include "core/sizing/unit_transistors.h"

namespace headroom::sizing {

using netlist::DeviceId;
using netlist::Sizing;

/// One degree of freedom: a parameter that one device, or several matched ones, share. Matched devices
/// and those that act as one transistor (in parallel, or in series on one gate) have one variable for W and
/// one for L; a mirror's devices share L. Symmetry therefore holds by construction, in training and in every
/// proposal.
struct Variable {
    std::string name;              ///< "M1,M2 w"
    std::vector<DeviceId> devices; ///< all devices that take the value
    std::string parameter;         ///< "w", "l" or "value"
    std::string unit;              ///< "m", "F", "Ohm"
    double low = 0, high = 0;      ///< legal range, SI
    double grid = 0;               ///< snap step; 0: none
};

/// The sizable parameters of an amplifier, and how they map onto devices.
class DesignSpace {
public:
    /// Every conducting MOSFET's W and L and every compensation capacitor's and resistor's value. The load
    /// capacitor is a condition, not a variable; dummies, switches and decoupling stay as they are drawn. W
    /// is what the netlist calls so: that of all fingers or of one. Error NotFound where the technology does
    /// not know a MOSFET's model.
    static Result<DesignSpace> create(const simulation::AmplifierUnderTest& amplifier);

    /// The variable that a parameter of a device follows. @param parameter "w", "l" or "value", in any case
    std::optional<std::size_t> find(std::string_view device, std::string_view parameter) const;

    /// Of the first device that follows a variable.
    const std::string& nameOfDevice(std::size_t variable) const { return m_deviceNames[variable].front(); }
    const std::vector<std::string>& namesOfDevices(std::size_t variable) const {
        return m_deviceNames[variable];
    }

    const std::vector<Variable>& variables() const { return m_variables; }
    std::size_t size() const { return m_variables.size(); }

    /// The sizing that gives every device its value, in file order, W before L. Mirrors that are made of
    /// units get their numbers (m) too, behind the unit's W, where there is more than one. @param values by
    /// variable, SI units
    Sizing expand(std::span<const double> values) const;

    /// The values that a sizing (or, where it is silent, the netlist) gives the variables: of devices
    /// that share a variable, the first one's; W of as many units as the netlist draws. Error NotFound where
    /// neither has a value.
    Result<std::vector<double>> collapse(const netlist::Netlist& netlist, const Sizing& sizing) const;

    /// The same space, in which the widths of a mirror's transistors are snapped to whole multiples of a unit
    /// transistor's; see unitTransistors(). @param mostUnits in one transistor; 0: widths are free
    DesignSpace withUnitTransistors(std::size_t mostUnits) const;
    std::size_t mostUnits() const { return m_mostUnits; }

    /// The transistors of one mirror, or of several on one reference, whose widths are different variables.
    /// Fingers stay as drawn, and those of a mirror get one width: a transistor of more fingers is counted in
    /// wider pieces of as many units.
    struct MirrorBank {
        std::vector<std::size_t> widths; ///< variables, the reference's first
        std::vector<std::size_t> pieces; ///< by width: units side by side in what is counted, for its fingers
        std::vector<std::size_t> copies; ///< by width: m as drawn, the largest of its devices
        double leastWidth = 0;           ///< m, of one unit
        double grid = 0;                 ///< m, such that each multiple is on its variable's grid
    };
    const std::vector<MirrorBank>& mirrorBanks() const { return m_mirrorBanks; }

    /// Of what units a bank is made where its widths are whole multiples of one; absent where they are not,
    /// or the space has free widths. A width is its count times its pieces times the unit's. @param values
    /// snapped
    std::optional<UnitTransistors> unitsOf(const MirrorBank& bank, std::span<const double> values) const;

    /// A bank as it is laid out.
    struct Mirror {
        double unitWidth = 0; ///< m
        /// Devices and of how many units each is made, pieces and copies (m as drawn) and all.
        std::vector<std::pair<std::string, std::size_t>> transistors;
    };
    /// Those banks that are made of units. @param values snapped
    std::vector<Mirror> mirrorsOf(std::span<const double> values) const;

    /// Clamps to the legal range and snaps to the grid. Pinned sizes take the place of what @p values has;
    /// where widths of mirrors are snapped to each other, the others follow them.
    std::vector<double> snap(std::span<const double> values, std::span<const PinnedSize> pinned = {}) const;

    /// snap(), with capacitors and resistors rounded to four significant digits, as designers write them.
    std::vector<double> snapForExport(std::span<const double> values,
                                      std::span<const PinnedSize> pinned = {}) const;

    /// Variables of each sizing block (structure.sizingBlocks order), ascending. Blocks without a variable
    /// are left out.
    struct BlockVariables {
        std::string name; ///< "Differential pair M1 M2"
        int block = -1;   ///< index into Structure::blocks
        std::vector<std::size_t> variables;
    };
    const std::vector<BlockVariables>& blocks() const { return m_blocks; }

    /// MOSFET widths in metres by device name, for histograms: device -> variable index.
    const std::vector<std::pair<std::string, std::size_t>>& deviceWidths() const { return m_deviceWidths; }

private:
    Result<void> addVariables(const simulation::AmplifierUnderTest& amplifier);
    void nameVariables(const netlist::Circuit& circuit);
    void listDeviceValues(const netlist::Circuit& circuit);
    void listBlocks(const netlist::Circuit& circuit, const structure::Structure& structure);
    void listMirrorBanks(const simulation::AmplifierUnderTest& amplifier);
    void describeBank(MirrorBank& bank, const simulation::AmplifierUnderTest& amplifier) const;
    /// How many copies of a device there are, m as drawn.
    std::size_t copiesOf(DeviceId device) const;
    std::optional<UnitTransistors> findUnits(const MirrorBank& bank, std::span<const double> values,
                                             std::span<const PinnedSize> pinned) const;

    std::vector<Variable> m_variables;
    /// One value of one device.
    struct DeviceValue {
        DeviceId device = -1;
        std::string name;
        std::size_t variable = 0;
        double multiplier = 1; ///< m as drawn
    };

    std::vector<std::vector<std::string>> m_deviceNames; ///< by variable
    std::vector<DeviceValue> m_deviceValues;             ///< in the order of expand()
    std::vector<BlockVariables> m_blocks;
    std::vector<MirrorBank> m_mirrorBanks;
    std::size_t m_mostUnits = 0;
    std::vector<std::pair<std::string, std::size_t>> m_deviceWidths;
};

} // namespace headroom::sizing
