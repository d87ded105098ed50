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
    double slope = -1;      ///< of log10 |gain| over log10 f, negative
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

/// Moves an estimate to the crossing that lies within a narrow response of the circuit itself, and is true;
/// or, where none does, along the line through the response towards it, @p longestStep decades at most, and
/// is false. The estimate tells full turns of the phase apart.
/// @pre the response has four points at least
bool refine(UnityCrossing& crossing, const FrequencyResponse& window, double longestStep);
bool refine(PhaseCrossing& crossing, const FrequencyResponse& window, double longestStep);

/// Whether the phase moves so far between neighbouring points, up to a frequency, that its turns cannot be
/// counted for certain.
bool isTooCoarse(const FrequencyResponse& response, double upTo);

/// The neighbours, by the number of the first, between which the phase moves so far that its turns cannot be
/// counted for certain.
std::vector<std::size_t> coarseIntervals(const FrequencyResponse& response);

/// How many more poles than zeros an impedance has in the right half-plane, by the argument principle: from
/// 0 Hz, where it is real, to the highest frequency, where it is that of a capacitor, its phase falls by 90
/// degrees for a pole in the left half-plane and rises by as much for one in the right. Of a node whose
/// short-circuit would leave a stable circuit, these are the poles of the circuit itself (its zeros are the
/// poles of the short-circuited one).
/// @pre the response is not empty, and coarseIntervals() are none
int rightHalfPlanePoles(const FrequencyResponse& impedance);

/// The root of a spectrum's integral between two frequencies, a power law from point to point; the rms of
/// what is heard there. Zero where the spectrum has no two points.
double integratedNoise(const NoiseSpectrum& spectrum, double from, double to);

/// Whether a waveform moves by no more than @p movement over the last @p share of its time.
bool isSteady(std::span<const double> times, std::span<const double> waveform, double share, double movement);

/// Whether a waveform leaves the band around its last value again after it was in it.
bool leavesBandAgain(std::span<const double> waveform, double band);

/// The time from which on a waveform stays within @p band around where it has @p settled, by linear
/// interpolation. @pre both spans are of one length and not empty; the last value is within the band
double settlingTimeOf(std::span<const double> times, std::span<const double> waveform, double settled,
                      double band);

/// Where a curve first falls below zero, by cubic interpolation over @p positions, or linear where there are
/// fewer than four; absent where it does not. @pre both spans are of one length
std::optional<double> firstFallBelowZero(std::span<const double> positions, std::span<const double> curve);

/// A curve between its points, by their numbers: cubic, or linear where there are fewer than four.
/// @pre 0 <= number <= curve.size() - 1
double interpolated(std::span<const double> curve, double number);

/// Whether curves of lower order through the neighbours of a fall, which firstFallBelowZero() found over the
/// numbers of the points, put it at the same place.
bool isExactFall(std::span<const double> curve, double fall, double tolerance);

/// |slope| of a waveform between its first crossings of two levels, V/s; absent where it does not reach the
/// later one.
std::optional<double> slopeBetween(std::span<const double> times, std::span<const double> waveform,
                                   double firstLevel, double secondLevel);

} // namespace headroom::simulation
