#pragma once

#include <vector>

#include "core/structure/pairs.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

/// The amplifier as stages: what each transistor does, and which nets carry the signal.
struct Functions {
    std::vector<DeviceRole> roles; ///< by transistor index
    std::vector<Pair> inputPairs;
    std::vector<Pair> feedbackPairs; ///< of the common-mode feedback
    std::vector<Pair> otherPairs;    ///< of later stages
    std::vector<bool> pairHalf;      ///< by transistor index: half of one of the pairs above
    std::vector<bool> pairSource;    ///< by canonical NetId: common source of one of the pairs above
    /// By canonical NetId: the stage whose output (or internal signal node) it is; None elsewhere.
    std::vector<Stage> signalStage;
    /// Output nodes of the last stage, without those where a diode turns the signal round.
    std::vector<NetId> outputs;
    std::vector<bool> biasNets; ///< by canonical NetId: carries a bias voltage or reference current
};

/// Follows the direct-current paths from the input pair: its tail is the stage bias, what stands on its
/// drains up to the rails is the load; transistors gated by a stage's outputs make the next stage, and
/// what makes the remaining gate voltages is the main bias (Leibl/Graeb SMACD 2024; Abel et al.,
/// functional block composition).
Functions findFunctions(const Wiring& wiring);

} // namespace headroom::structure
