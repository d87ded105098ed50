#pragma once

#include <optional>
#include <vector>

#include "core/structure/functions.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// Roles of all devices that are no conducting transistors (capacitors, MOS capacitors, resistors,
/// sources, ...), written into @p roles (by DeviceId).
void assignPassives(const Wiring& wiring, const Functions& functions,
                    const std::optional<AmplifierPorts>& ports, std::vector<DeviceRole>& roles);

} // namespace headroom::structure
