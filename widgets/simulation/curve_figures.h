#pragma once

#include <optional>
#include <vector>

#include "core/simulation/curves.h"

namespace headroom::widgets {

/// A frequency response as it is plotted.
struct BodeCurves {
    std::vector<double> frequencies;                     ///< Hz
    std::vector<double> gain;                            ///< dB
    std::vector<double> phase;                           ///< degrees, unwrapped from the lowest frequency
    std::optional<double> transitFrequency, phaseMargin; ///< Hz, degrees
    /// Where the phase has fallen by 180 degrees: Hz, dB.
    std::optional<double> phaseCrossover, gainMargin;
};
BodeCurves bodeCurves(const simulation::FrequencyResponse& response);

/// How a step response settles.
struct Settling {
    double value = 0; ///< V, that it settles at: the last one simulated
    double band = 0;  ///< V, 1 % of the step
    std::optional<double>
        time; ///< s, from which on it stays within the band; absent where it does not settle
};
Settling settlingOf(const simulation::StepResponse& response);

/// The two halves of a range as one curve, rising in position.
simulation::RangeSweep joined(const std::optional<simulation::RangeSweep>& down,
                              const std::optional<simulation::RangeSweep>& up);

} // namespace headroom::widgets
