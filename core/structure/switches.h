#pragma once

#include <vector>

#include "core/structure/wiring.h"

namespace headroom::structure {

/// Power-down circuitry: transistors that logic levels turn on or off.
struct Switches {
    std::vector<SwitchState> states; ///< by DeviceId; empty where there is none

    /// A net from outside that has to be tied to a rail while the amplifier works.
    struct Control {
        NetId net = -1;
        bool high = true;
    };
    std::vector<Control> controls;
};

/// Logic nets are those that inverters take from outside and drive, and outside nets named like a power
/// switch (en, pd, sleep, ...); what they gate are switches. The level at which the amplifier works is
/// the one that opens the switches from gate lines to the rail of the transistors on them.
Switches findSwitches(const Wiring& wiring);

} // namespace headroom::structure
