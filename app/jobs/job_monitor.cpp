#include "app/jobs/job_monitor.h"

#include <algorithm>
#include <utility>

namespace headroom::app {
namespace {

QString toText(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Lines that wait for the queue's next look: a job that floods its log keeps the newest ones.
constexpr qsizetype kMostWaitingLines = 1000;

} // namespace

JobMonitor::JobMonitor() {
    m_clock.start();
}

double JobMonitor::waitWhilePaused() {
    std::unique_lock lock(m_mutex);
    const qint64 before = m_clock.nsecsElapsed();
    m_goesOn.wait(lock, [this] { return !m_paused || m_cancelled.load(); });
    return static_cast<double>(m_clock.nsecsElapsed() - before) * 1e-9;
}

void JobMonitor::cancel() {
    {
        const std::scoped_lock lock(m_mutex);
        m_cancelled.store(true, std::memory_order_relaxed);
    }
    m_goesOn.notify_all();
}

void JobMonitor::pause() {
    const std::scoped_lock lock(m_mutex);
    if (m_paused) return;
    m_paused = m_changed = true;
    m_pausedSince = m_clock.nsecsElapsed();
}

void JobMonitor::resume() {
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_paused) return;
        m_paused = false;
        m_changed = true;
        m_pausedNanoseconds += m_clock.nsecsElapsed() - m_pausedSince;
    }
    m_goesOn.notify_all();
}

bool JobMonitor::paused() const {
    const std::scoped_lock lock(m_mutex);
    return m_paused;
}

void JobMonitor::progress(double fraction, std::string_view activity) {
    const std::scoped_lock lock(m_mutex);
    m_fraction = fraction < 0 ? -1 : std::min(fraction, 1.0);
    m_activity = toText(activity);
    m_changed = true;
}

void JobMonitor::log(std::string_view line) {
    const std::scoped_lock lock(m_mutex);
    if (m_newLines.size() >= kMostWaitingLines) m_newLines.removeFirst();
    m_newLines.append(toText(line));
    m_changed = true;
}

void JobMonitor::publish(std::function<void()> deliver) {
    // The replaced function is destroyed outside the lock: it may own much.
    const std::scoped_lock lock(m_mutex);
    std::swap(m_preview, deliver);
}

bool JobMonitor::wantsPreview() const {
    const std::scoped_lock lock(m_mutex);
    return !m_preview && m_clock.elapsed() - m_lastPreview >= tickMilliseconds;
}

JobMonitor::Report JobMonitor::takeReport() {
    const std::scoped_lock lock(m_mutex);
    Report report{m_fraction, m_activity, std::exchange(m_newLines, {}), std::exchange(m_changed, false)};
    return report;
}

std::function<void()> JobMonitor::takePreview() {
    const std::scoped_lock lock(m_mutex);
    if (m_preview) m_lastPreview = m_clock.elapsed();
    return std::exchange(m_preview, {});
}

double JobMonitor::elapsedSeconds() const {
    const std::scoped_lock lock(m_mutex);
    const qint64 now = m_paused ? m_pausedSince : m_clock.nsecsElapsed();
    return static_cast<double>(now - m_pausedNanoseconds) * 1e-9;
}

void JobMonitor::markStarted() {
    const std::scoped_lock lock(m_mutex);
    m_clock.restart();
    m_pausedSince = m_pausedNanoseconds = 0;
    m_lastPreview = -tickMilliseconds;
}

} // namespace headroom::app
