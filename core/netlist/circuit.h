#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::netlist {

/// Where something stands in a source file. Offsets are bytes in SourceFile::text, so that a writer can
/// replace exactly these bytes and keep every other one.
struct SourceSpan {
    int file = 0; ///< index into Netlist::files
    std::size_t offset = 0;
    std::size_t length = 0;
    int line = 0;   ///< 1-based, of the first byte
    int column = 0; ///< 1-based, in bytes
};

enum class DeviceType {
    Mosfet,
    Bipolar,
    Diode,
    Resistor,
    Capacitor,
    Inductor,
    VoltageSource,
    CurrentSource,
    Other
};
enum class Polarity { N, P };

/// "mosfet", "resistor", ...
const char* toString(DeviceType type);

using NetId = int;
using DeviceId = int;

/// A device's parameter or value. `text` is what the file says ("'w1*2'", "4u"); `number` its value in
/// SI units after expressions, parameters and the technology's unit rule, where it could be evaluated.
struct Parameter {
    std::string name; ///< lower case: "w", "l", "m", "nf", "value", ...
    std::string text;
    std::optional<double> number;
    /// The value token in the file; absent where the value comes from a default or was set by us.
    std::optional<SourceSpan> span;
};

/// One device of the flattened circuit.
struct Device {
    std::string name; ///< as in the source, hierarchical with '/': "X1/M3"
    DeviceType type = DeviceType::Other;
    std::string model;                ///< as in the source; empty for plain R, L, C and sources
    std::optional<Polarity> polarity; ///< for MOSFETs and bipolars, where it could be told
    /// MOSFET: drain gate source bulk; bipolar: collector base emitter [substrate]; two-terminal:
    /// plus minus. A missing bulk is connected to the source.
    std::vector<NetId> nets;
    std::vector<Parameter> parameters;
    SourceSpan span; ///< the device's whole (logical) line
    /// Product of the m= of the instances around the device. number("m") contains it already.
    double hierarchyMultiplier = 1;

    const Parameter* parameter(std::string_view lowerCaseName) const;
    std::optional<double> number(std::string_view lowerCaseName) const;
};

/// Index of each MOSFET terminal in Device::nets.
enum MosfetTerminal : std::size_t { Drain = 0, Gate = 1, Source = 2, Bulk = 3 };

/// The name of terminal @p index of a device: "d", "g", "s", "b", "plus", ...
std::string_view terminalName(DeviceType type, std::size_t index);

enum class PortDirection { Unknown, Input, Output, InOut, Supply, Ground };
const char* toString(PortDirection direction);

struct Port {
    std::string name;
    NetId net = -1;
    PortDirection direction = PortDirection::Unknown;
};

/// What the importers deliver and everything else starts from: the flattened top cell.
/// Net names are unique; ground is named "0", "gnd", "gnd!" or "vss" as the file has it.
struct Circuit {
    std::string name;              ///< the top cell's name; the file's stem for a flat netlist
    std::vector<std::string> nets; ///< names, by NetId
    std::vector<bool> globalNets;  ///< by NetId: declared by .global or by convention (0, name ending in '!')
    std::vector<Device> devices;   ///< by DeviceId, in file order
    std::vector<Port> ports;       ///< declared by the top cell; empty for a flat netlist

    std::optional<NetId> findNet(std::string_view name) const;       ///< ignores case
    std::optional<DeviceId> findDevice(std::string_view name) const; ///< ignores case
};

} // namespace headroom::netlist
