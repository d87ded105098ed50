#pragma once

#include <complex>
#include <optional>
#include <vector>

namespace headroom::simulation {

/// An open-loop frequency response.
struct FrequencyResponse {
    std::vector<double> frequencies; ///< Hz, rising
    std::vector<std::complex<double>> gain;
};

/// The output's answer to a step of the reference in unity feedback.
struct StepResponse {
    std::vector<double> times;  ///< s, from the step on
    std::vector<double> output; ///< V; of a fully differential amplifier the difference of its outputs
    double from = 0, to = 0;    ///< V, of the reference
};

struct NoiseSpectrum {
    std::vector<double> frequencies; ///< Hz, rising
    std::vector<double> density;     ///< V / sqrt(Hz), referred to the input
};

/// One limit's DC sweep, as far as it was made.
struct RangeSweep {
    std::vector<double> positions; ///< V, of the common-mode input or the output
    std::vector<double> margins;   ///< V, the smallest V_DS - V_DS,sat of the MOSFETs that are watched
};

/// What performances are read off. Parts that were not asked for, or that failed, are absent.
struct Curves {
    std::optional<FrequencyResponse> gain;
    std::optional<StepResponse> rising, falling;
    std::optional<NoiseSpectrum> noise;
    std::optional<RangeSweep> commonModeDown, commonModeUp, outputDown, outputUp;
};

} // namespace headroom::simulation
