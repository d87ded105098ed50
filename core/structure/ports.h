#pragma once

#include <optional>
#include <string>

#include "core/structure/functions.h"
#include "core/structure/structure.h"
#include "core/structure/switches.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

struct PortsAnswer {
    std::optional<AmplifierPorts> ports;
    std::string problem;        ///< one or two sentences where ports are absent
    NetId proposedSupply = -1; ///< a net that may be the supply that is missing
};

/// The nets through which a test bench reaches the amplifier; signs of the inputs by following the
/// signal to the output.
PortsAnswer findPorts(const Wiring& wiring, const Functions& functions, const Switches& switches);

} // namespace headroom::structure
