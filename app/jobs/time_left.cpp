#include "app/jobs/time_left.h"

#include <cmath>

namespace headroom::app {
namespace {

constexpr double kMemorySeconds = 5;
constexpr double kLeastSeconds = 1;
constexpr double kLeastFraction = 0.01;

} // namespace

void TimeLeft::update(double elapsedSeconds, double fraction) {
    const bool anew = fraction < 0 || fraction < m_fraction || m_fraction < 0;
    if (anew) {
        m_startSeconds = elapsedSeconds;
        m_startFraction = fraction;
        m_known = false;
    } else if (elapsedSeconds > m_seconds) {
        const double step = elapsedSeconds - m_seconds;
        const double mean = (fraction - m_startFraction) / (elapsedSeconds - m_startSeconds);
        const double recent = (fraction - m_fraction) / step;
        // Until there is a memory to speak of, the mean since the start is the better guess.
        const double weight = 1 - std::exp(-step / kMemorySeconds);
        m_rate = m_known ? m_rate + weight * (recent - m_rate) : mean;
        m_known = m_known || (elapsedSeconds - m_startSeconds >= kLeastSeconds &&
                              fraction - m_startFraction >= kLeastFraction);
    } else {
        return;
    }
    m_seconds = elapsedSeconds;
    m_fraction = fraction;
}

std::optional<double> TimeLeft::seconds() const {
    if (!m_known || !(m_rate > 0)) return std::nullopt;
    return (1 - m_fraction) / m_rate;
}

} // namespace headroom::app
