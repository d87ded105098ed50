#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/netlist/circuit.h"

namespace headroom::structure {

using netlist::DeviceId;
using netlist::NetId;
using netlist::Polarity;

/// The side of the supply that a net belongs to, if any.
enum class Rail : std::uint8_t { None, Positive, Negative };

/// What an array of parallel MOSFETs is by its own wiring (level 1 of the recognition).
enum class ArrayKind : std::uint8_t {
    Normal,
    Diode,     ///< gate tied to drain
    Capacitor, ///< drain tied to source: only its gate capacitance acts
    Dummy,     ///< drain, gate and source on one net, or both channel ends on rails with the gate off
    Off,       ///< gate tied to its own source or rail: never conducts
    Switch,    ///< power-down circuitry
};

/// What a power-down transistor does while the amplifier works.
enum class SwitchState : std::uint8_t {
    None, ///< no power-down transistor
    Off,  ///< open, or part of the logic
    On,   ///< closed: its two channel nets are one
};

/// Transistors in parallel, oriented: current of an N type flows from drain to source, of a P type from
/// source to drain. A bipolar counts with collector, base and emitter as drain, gate and source.
struct Array {
    std::vector<DeviceId> devices;
    Polarity polarity = Polarity::N;
    bool bipolar = false;
    ArrayKind kind = ArrayKind::Normal;
    NetId drain = -1, gate = -1, source = -1, bulk = -1;
};

/// What acts as one transistor: an array, or a stack of arrays in series that share one gate net and
/// whose inner nets touch nothing else (the way to draw a long channel).
struct Transistor {
    std::vector<int> arrays; ///< from the drain's side to the source's side
    Polarity polarity = Polarity::N;
    bool bipolar = false;
    ArrayKind kind = ArrayKind::Normal;
    NetId drain = -1, gate = -1, source = -1, bulk = -1;

    bool conducts() const { return kind == ArrayKind::Normal || kind == ArrayKind::Diode; }
    bool diode() const { return kind == ArrayKind::Diode; }
};

/// Names of supply nets that the caller knows; case does not matter.
struct Supplies {
    std::vector<std::string> positive = {}, negative = {};
};

/// The circuit as the recognition reads it: nets joined across 0 V sources, rails known, transistors
/// oriented and merged, and for each net what touches it.
struct Wiring {
    /// @param source every net id of a device or port exists
    /// @param switches by DeviceId, or empty where none is known
    explicit Wiring(const netlist::Circuit& source, const Supplies& supplies = {},
                    std::vector<SwitchState> switches = {});

    const netlist::Circuit& circuit;
    std::vector<NetId> canonical; ///< by NetId: the net that stands for it; negative ids never occur
    std::vector<Rail> rails;      ///< by canonical NetId
    std::vector<Array> arrays;
    std::vector<Transistor> transistors;
    std::vector<int> transistorOf; ///< by DeviceId; -1 where the device is no usable transistor

    /// By canonical NetId: indices of conducting transistors with that terminal there.
    std::vector<std::vector<int>> drainsAt, sourcesAt, gatesAt;
    /// By canonical NetId: two-terminal devices and whatever else is not in `transistors`.
    std::vector<std::vector<DeviceId>> othersAt;

    bool isRail(NetId net) const { return rails[static_cast<std::size_t>(net)] != Rail::None; }
    /// The rail that sources of this polarity stand on.
    static Rail ownRail(Polarity polarity) {
        return polarity == Polarity::N ? Rail::Negative : Rail::Positive;
    }
    bool onOwnRail(const Transistor& transistor) const {
        return rails[static_cast<std::size_t>(transistor.source)] == ownRail(transistor.polarity);
    }

    /// Nothing inside the amplifier sets the net's voltage: no channel, resistor, inductor or current
    /// source is there. Voltage sources of a test bench and capacitors are allowed.
    bool undriven(NetId net) const;
    bool hasDevice(NetId net, netlist::DeviceType type) const;
    /// The transistors whose channels lie side by side between @p net and another one, where @p net touches
    /// nothing else but capacitors: no direct current flows through them. Empty elsewhere.
    std::vector<int> channelBehind(NetId net) const;
    /// The other end of a two-terminal device, canonical; -1 where there is none.
    NetId otherEnd(DeviceId device, NetId net) const;
    bool isPort(NetId net) const;

    const std::string& netName(NetId net) const;
    /// All devices of a transistor, from the drain's side to the source's side.
    std::vector<DeviceId> devicesOf(int transistor) const;
    /// "M1" or, for arrays and stacks, "M1+M2".
    std::string nameOf(int transistor) const;

    const Transistor& operator[](int transistor) const {
        return transistors[static_cast<std::size_t>(transistor)];
    }

private:
    void buildArrays();
    void classify();
    void stack();
    void indexTerminals();

    SwitchState switchState(DeviceId device) const;

    std::vector<SwitchState> m_switches; // by DeviceId, or empty
    std::vector<bool> m_ports;           // by canonical NetId
};

/// Index into a vector by a net, device or transistor id.
inline std::size_t at(int id) {
    return static_cast<std::size_t>(id);
}

/// The device's DC value in SI units where it is a source with a plain value.
double sourceValue(const netlist::Device& device);

} // namespace headroom::structure
