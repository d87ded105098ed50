#pragma once

#include <QElapsedTimer>
#include <QString>
#include <QStringList>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "core/base/job_context.h"

namespace headroom::app {

/// Where a job on a worker thread and the queue on the GUI thread meet. The worker writes as often as it
/// likes; the queue looks 25 times a second, so nothing floods the GUI's event loop:
///
///     worker:  progress() progress() publish(A) publish(B) progress()
///     GUI:     ............ tick: 40 %, B .................. tick: 55 %
///
/// All members may be called from any thread.
class JobMonitor final : public JobContext {
public:
    JobMonitor();

    // For the worker.
    bool cancelled() const override { return m_cancelled.load(std::memory_order_relaxed); }
    double waitWhilePaused() override;
    void progress(double fraction, std::string_view activity) override;
    void log(std::string_view line) override;

    /// Hands over what there is to show so far, as a function that the GUI thread calls; a newer one replaces
    /// an older one that has not been called yet. It is not called once the receiver is gone, the job is over
    /// or a newer request took its place.
    void publish(std::function<void()> deliver);

    /// Whether publish() would be shown soon: false while the last preview waits or is younger than a tick.
    bool wantsPreview() const;

    // For the queue.
    void cancel();
    /// The work rests at its next waitWhilePaused(); the clock stands still meanwhile.
    void pause();
    void resume();
    bool paused() const;

    struct Report {
        double fraction = -1;
        QString activity;
        QStringList newLines;
        bool changed = false; ///< anything since the last report
    };
    Report takeReport();
    std::function<void()> takePreview();
    /// Since markStarted(), without what the work was paused for.
    double elapsedSeconds() const;
    void markStarted();

    /// Milliseconds between two looks of the queue.
    static constexpr int tickMilliseconds = 40;

private:
    std::atomic<bool> m_cancelled = false;
    mutable std::mutex m_mutex;
    std::condition_variable m_goesOn;
    bool m_paused = false;
    qint64 m_pausedSince = 0, m_pausedNanoseconds = 0;
    QElapsedTimer m_clock;
    double m_fraction = -1;
    QString m_activity;
    QStringList m_newLines;
    bool m_changed = false;
    std::function<void()> m_preview;
    qint64 m_lastPreview = -tickMilliseconds;
};

} // namespace headroom::app
