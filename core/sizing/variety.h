#pragma once

#include <string>
#include <vector>

#include "core/sizing/exploration.h"

namespace headroom::sizing {

/// Mean and standard deviation of one device's width over sampled sizings (table I of the inverse-sizing
/// paper), m.
struct WidthVariety {
    std::string device;
    double mean = 0, deviation = 0;
};

/// How varied and how accurate the sizings are that a model proposes for one specification.
struct VarietyScore {
    std::string model;
    double temperature = 1;
    double accuracy = 0;    ///< median over all sizings of the worst shortfall in simulation, relative
    std::size_t failed = 0; ///< that did not simulate; they count as infinitely short
    std::vector<WidthVariety> widths; ///< of every MOSFET, in file order
    double variety = 0;               ///< mean over MOSFETs of deviation / mean
};

/// @param exploration all of whose candidates were simulated
VarietyScore scoreVariety(const std::string& model, double temperature, const Exploration& exploration,
                          const DesignSpace& space);

/// Of scores of one model that differ in temperature: the most varied one that is at least as accurate as
/// @p accuracy; absent where none is.
const VarietyScore* mostVaried(const std::vector<VarietyScore>& scores, double accuracy);

/// One row per device and a pair of columns per score, in metres.
std::string varietyCsv(const std::vector<VarietyScore>& scores);

} // namespace headroom::sizing
