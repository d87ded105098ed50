#pragma once

#include <string_view>

#include "core/simulation/simulator.h"

namespace headroom::simulation {

/// How far a draw of mismatch moves one MOSFET, in standard deviations: independent standard normal numbers.
struct MismatchDeviates {
    double threshold = 0;     ///< of its threshold voltage
    double currentFactor = 0; ///< of its current factor
};

/// What a draw gives a device, whatever its size. @param device name as in the source
MismatchDeviates mismatchDeviates(const MismatchDraw& draw, std::string_view device);

} // namespace headroom::simulation
