#pragma once

#include <string>
#include <vector>

#include "core/netlist/circuit.h"

namespace headroom::structure {

/// "M1, M2, M3".
inline std::string namesOf(const netlist::Circuit& circuit, const std::vector<netlist::DeviceId>& devices) {
    std::string text;
    for (const netlist::DeviceId device : devices)
        text += (text.empty() ? "" : ", ") + circuit.devices[static_cast<std::size_t>(device)].name;
    return text;
}

} // namespace headroom::structure
