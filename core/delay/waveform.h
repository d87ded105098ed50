#pragma once

#include <optional>
#include <vector>

namespace headroom::delay {

/// When a waveform last passes a level in one direction between two times, by cubic interpolation through the
/// four points around; absent where it does not.
std::optional<double> lastCrossing(const std::vector<double>& times, const std::vector<double>& values,
                                   double level, bool rising, double from, double to);

/// By a line between the points around; the first or last value beyond them.
double valueAt(const std::vector<double>& times, const std::vector<double>& values, double time);

/// The last time between two at which a waveform is further than @p band from @p value; @p from where it
/// never is.
double timeOutside(const std::vector<double>& times, const std::vector<double>& values, double value,
                   double band, double from, double to);

} // namespace headroom::delay
