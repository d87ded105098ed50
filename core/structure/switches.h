#pragma once

#include <vector>

#include "core/structure/wiring.h"

namespace headroom::structure {

/// Power-down circuitry: transistors that logic levels turn on or off.
struct Switches {
    std::vector<bool> isSwitch;   ///< by transistor index: a pass, pull-up or pull-down switch
    std::vector<bool> isInverter; ///< by transistor index: half of a logic inverter

    /// A net that has to be tied to a rail while the amplifier works.
    struct Control {
        NetId net = -1;
        bool high = true;
    };
    std::vector<Control> controls; ///< those that come from outside

    bool any(int transistor) const { return isSwitch[at(transistor)] || isInverter[at(transistor)]; }
};

/// Logic nets are those that inverters take from outside and drive, and outside nets named like a power
/// switch (en, pd, sleep, ...); what they gate are switches.
Switches findSwitches(const Wiring& wiring);

} // namespace headroom::structure
