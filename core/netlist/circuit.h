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

struct DeviceRule;

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
    /// What the device table (core/netlist/device_table.h) says about the model: its process kit and the
    /// names of its parameters; nullptr where it says nothing.
    const DeviceRule* rule = nullptr;
    /// Unit of bare W and L of this device, in metres; number("w") and number("l") are in metres already.
    double lengthUnit = 1;
    /// number("w") is one finger's width and not that of all fingers of one unit.
    bool widthIsPerFinger = false;
    bool spectre = false; ///< its line is written in Spectre's language
    /// Its card instantiates a subcircuit (X), which process kits wrap their devices in. The name need not
    /// tell: schematics give M1 and put the X in front of it.
    bool isInstance = false;

    const Parameter* parameter(std::string_view lowerCaseName) const;
    std::optional<double> number(std::string_view lowerCaseName) const;

    /// The parameter that holds the width and the length: "w" and "l" but for kits with names of their own.
    std::string_view widthName() const;
    std::string_view lengthName() const;
    /// The parameter that counts the fingers of one unit ("nf", "ng", "nr"); empty if there is none.
    std::string_view fingersName() const;
    /// Fingers of one unit, whatever the kit calls them (nf, ng, nr); 1 where the file says nothing.
    double fingers() const;
    /// Width of one unit over all its fingers, in metres.
    std::optional<double> unitWidth() const;
    /// Width of one finger, in metres.
    std::optional<double> fingerWidth() const;
    /// Width of everything in parallel: unit width times m.
    std::optional<double> totalWidth() const;
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

    /// Where no name is spelled like that, case is ignored.
    std::optional<NetId> findNet(std::string_view name) const;
    std::optional<DeviceId> findDevice(std::string_view name) const;
};

} // namespace headroom::netlist
