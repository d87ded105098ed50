#pragma once

#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "core/simulation/curves.h"

namespace headroom::simulation {

struct UnityCrossing {
    double frequency = 0;   ///< Hz
    double phaseMargin = 0; ///< degrees
};

/// 20 log10 |value|.
double decibels(std::complex<double> value);

/// The lowest frequency at which |gain| falls through 1 and the phase margin there, by cubic interpolation
/// of log |gain| and of the unwrapped phase over log frequency. Absent where |gain| starts below 1 or stays
/// above it.
std::optional<UnityCrossing> findUnityCrossing(const FrequencyResponse& response);

/// Where a curve first falls below zero, by linear interpolation over @p positions; absent where it does
/// not. @pre both spans are of one length
std::optional<double> firstFallBelowZero(std::span<const double> positions, std::span<const double> curve);

/// |slope| of a waveform between its first crossings of two levels, V/s; absent where it does not reach the
/// later one.
std::optional<double> slopeBetween(std::span<const double> times, std::span<const double> waveform,
                                   double firstLevel, double secondLevel);

} // namespace headroom::simulation
