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
    double slope = -1;      ///< of log10 |gain| over log10 f
};

/// 20 log10 |value|.
double decibels(std::complex<double> value);

/// The lowest frequency at which |gain| falls through 1 and the phase margin there, by cubic interpolation
/// of log |gain| and of the unwrapped phase over log frequency. Absent where |gain| starts below 1 or stays
/// above it.
std::optional<UnityCrossing> findUnityCrossing(const FrequencyResponse& response);

struct PhaseCrossing {
    double frequency = 0;  ///< Hz
    double gainMargin = 0; ///< dB
    double level = 0;      ///< degrees, of the unwrapped phase
    double slope = 0;      ///< degrees per decade
};

/// The lowest frequency at which the phase, unwrapped from DC (0 or 180 degrees), has fallen by 180 degrees,
/// and -20 log10 |gain| there, interpolated as in findUnityCrossing(). Absent where it does not fall that
/// far.
std::optional<PhaseCrossing> findPhaseCrossing(const FrequencyResponse& response);

/// The root of a spectrum's integral between two frequencies, a power law from point to point; the rms of
/// what is heard there. Zero where the spectrum has no two points.
double integratedNoise(const NoiseSpectrum& spectrum, double from, double to);

/// Whether a waveform moves by no more than @p movement over the last @p share of its time.
bool isSteady(std::span<const double> times, std::span<const double> waveform, double share, double movement);

/// Whether a waveform leaves the band around its last value again after it was in it.
bool leavesBandAgain(std::span<const double> waveform, double band);

/// The time from which on a waveform stays within @p band around its last value, by linear interpolation.
/// @pre both spans are of one length and not empty
double settlingTimeOf(std::span<const double> times, std::span<const double> waveform, double band);

/// Where a curve first falls below zero, by linear interpolation over @p positions; absent where it does
/// not. @pre both spans are of one length
std::optional<double> firstFallBelowZero(std::span<const double> positions, std::span<const double> curve);

/// |slope| of a waveform between its first crossings of two levels, V/s; absent where it does not reach the
/// later one.
std::optional<double> slopeBetween(std::span<const double> times, std::span<const double> waveform,
                                   double firstLevel, double secondLevel);

} // namespace headroom::simulation
