#pragma once

#include <optional>

namespace headroom::app {

/// Estimates how long work will still take from how fast it has been lately.
class TimeLeft {
public:
    /// @param elapsedSeconds since the work began, ascending
    /// @param fraction done, 0 to 1; negative where unknown. Falling back means that a new phase began: the
    /// estimate starts anew
    void update(double elapsedSeconds, double fraction);

    /// Absent until there is something to go by: a second of work and a hundredth of it done.
    std::optional<double> seconds() const;

private:
    double m_startSeconds = 0, m_startFraction = 0;
    double m_seconds = 0, m_fraction = -1;
    double m_rate = 0; ///< fraction per second, smoothed over about five seconds
    bool m_known = false;
};

} // namespace headroom::app
