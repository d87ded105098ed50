#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/netlist/circuit.h"

namespace headroom::netlist {

/// What a process kit's device is and how its figures are written. The nets of all devices of the table
/// stand in the order of Device::nets.
struct DeviceRule {
    std::string_view process; ///< "sky130", "gf180mcu", "sg13g2"; "generic" for names that many kits use
    std::string_view pattern; ///< of the model's name in lower case; '*' stands for any characters
    DeviceType type = DeviceType::Other;
    std::optional<Polarity> polarity;
    std::size_t fewestNets = 0;
    std::size_t mostNets = 0;
    double lengthUnit = 1;         ///< of bare W and L, in metres; 1e-6 for sky130
    bool widthIsPerFinger = false; ///< W is one finger's; else that of all fingers of one unit
    /// Parameter names, lower case; empty where the device has none.
    std::string_view width = "w";
    std::string_view length = "l";
    std::string_view fingers;
    std::string_view multiplier = "m";
};

/// The rule for a model's name (in any case) on a device with @p netCount nets; nullptr where the table
/// has none. Names of a kit win over generic patterns. The result lives for ever.
const DeviceRule* findDeviceRule(std::string_view model, std::size_t netCount);

/// As above for a MOSFET or any other device type, whatever its number of nets.
const DeviceRule* findDeviceRule(std::string_view model, DeviceType type);

/// Looks each model up once; for readers of large netlists.
class DeviceRuleIndex {
public:
    const DeviceRule* find(const std::string& model, std::size_t netCount);
    const DeviceRule* find(const std::string& model, DeviceType type);

private:
    std::unordered_map<std::string, const DeviceRule*> m_byNetCount;
    std::unordered_map<std::string, const DeviceRule*> m_byType;
};

/// A bare figure of a device's W, L, AD, PD, ... in SI units, with the device's length unit applied. A
/// figure that would be a nanometre or less in that unit is in metres already. Other parameters come back
/// as they are.
double inMetres(const Device& device, std::string_view parameter, double value);

/// The exponent of a unit that is a power of ten: -6 for micrometres; nothing for 0.09 um.
std::optional<int> powerOfTen(double unit);

/// Whether inMetres() may scale a parameter of this device, and by which power of its unit: 1 for lengths,
/// 2 for areas, 0 for everything else.
int lengthPower(const Device& device, std::string_view parameter);

/// How the devices of one kit in a circuit are read, to be shown to the user.
struct DeviceConvention {
    std::string process; ///< as in DeviceRule; "" for devices that the table does not know
    DeviceType type = DeviceType::Other;
    double lengthUnit = 1;
    bool widthIsPerFinger = false;
    std::string fingers; ///< name of the parameter; empty where no device has one
    std::size_t devices = 0;

    /// "sky130 MOSFETs: bare W and L are in micrometres; W is the width of all nf fingers."
    std::string sentence() const;
};

/// The conventions of all MOSFETs, resistors and capacitors with a width, most frequent first.
std::vector<DeviceConvention> deviceConventions(const Circuit& circuit);

/// Polarity told by a model's name: nmos, pfet, nch, "n", ...
std::optional<Polarity> polarityOfModelName(std::string_view model);

/// Whether a name is one that process kits give to MOSFETs: *nfet*, *pfet*, *nmos*, *pmos*, nch*, pch*.
bool isMosfetModelName(std::string_view model);

} // namespace headroom::netlist
