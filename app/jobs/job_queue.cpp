#include "app/jobs/job_queue.h"

#include <QRunnable>

#include <algorithm>

#include "app/jobs/time_left.h"

namespace headroom::app {
namespace {

/// Jobs mostly wait for simulators and networks; saving must not wait for them.
constexpr int kThreads = 8;
constexpr std::size_t kMostListed = 100;
constexpr qsizetype kMostLogLines = 1000;
constexpr double kRowRefreshSeconds = 0.25;

} // namespace

struct JobQueue::Job {
    JobRequest request;
    QPointer<QObject> receiver;
    JobMonitor monitor;
    widgets::JobRow row;
    TimeLeft timeLeft;
    QRunnable* waiting = nullptr; ///< owned by the pool; null once taken out or started
    std::atomic<bool> running = false;
    bool superseded = false;
    bool listed = false;
    double lastRefresh = 0;
    QMetaObject::Connection orphaned;
};

JobQueue::JobQueue(QObject* parent)
    : QObject(parent) {
    m_pool.setMaxThreadCount(kThreads);
    m_timer.setInterval(JobMonitor::tickMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &JobQueue::tick);
}

JobQueue::~JobQueue() {
    for (const auto& job : m_active)
        job->monitor.cancel();
    m_pool.clear();
    m_pool.waitForDone();
}

JobQueue::JobId JobQueue::launch(const JobRequest& request, QObject* receiver, Work work) {
    supersede(request.key);
    auto job = std::make_shared<Job>();
    job->request = request;
    job->receiver = receiver;
    job->row.id = ++m_lastId;
    job->row.title = request.title;
    job->row.isPausable = request.precious;
    m_active.push_back(job);
    if (!request.quiet) list(job);
    // A dead receiver needs no result: the work may stop.
    job->orphaned = connect(receiver, &QObject::destroyed, this, [this, weak = std::weak_ptr(job)] {
        if (const auto orphan = weak.lock()) cancelJob(orphan);
    });
    auto* runnable = QRunnable::create([this, job, work = std::move(work)]() mutable {
        job->monitor.markStarted();
        job->running.store(true);
        auto outcome = std::make_shared<Outcome>(work(job->monitor));
        work = {}; // the input is let go here, on the worker thread
        QMetaObject::invokeMethod(
            this, [this, job, outcome] { finish(job, std::move(*outcome)); }, Qt::QueuedConnection);
    });
    job->waiting = runnable;
    m_pool.start(runnable);
    if (!m_timer.isActive()) m_timer.start();
    return job->row.id;
}

void JobQueue::conclude(Job& job, const std::optional<Error>& error) {
    widgets::JobRow& row = job.row;
    row.remainingSeconds.reset();
    if (!error) {
        row.state = job.superseded ? widgets::JobState::Cancelled : widgets::JobState::Done;
        row.fraction = 1;
    } else if (error->code == ErrorCode::Cancelled || job.superseded) {
        row.state = widgets::JobState::Cancelled;
    } else {
        row.state = widgets::JobState::Failed;
        row.error = QString::fromStdString(error->message);
        row.errorDetail = QString::fromStdString(error->describe());
    }
}

void JobQueue::finish(const std::shared_ptr<Job>& job, Outcome outcome) {
    disconnect(job->orphaned);
    update(*job, true);
    std::erase(m_active, job);
    if (m_active.empty()) m_timer.stop();
    conclude(*job, outcome.error);
    const bool failed = job->row.state == widgets::JobState::Failed;
    if (failed && !job->listed) list(job);
    if (job->listed) emit rowChanged(job->row);
    if (failed) emit jobFailed(job->row.title, *outcome.error);
    if (job->receiver && !job->superseded) {
        outcome.deliver();
    } else {
        m_pool.start(QRunnable::create([unwanted = std::move(outcome.deliver)]() mutable { unwanted = {}; }));
    }
}

void JobQueue::supersede(const QString& key) {
    if (key.isEmpty()) return;
    const auto active = m_active;
    for (const auto& job : active) {
        if (job->request.key != key) continue;
        job->superseded = true;
        cancelJob(job);
    }
}

void JobQueue::cancelJob(const std::shared_ptr<Job>& job) {
    if (widgets::isFinished(job->row.state)) return;
    job->monitor.cancel();
    job->row.state = widgets::JobState::Cancelling;
    if (job->listed) emit rowChanged(job->row);
    // Work that has not begun is over at once: run here, it does nothing but report its cancellation.
    if (!job->running.load() && job->waiting != nullptr && m_pool.tryTake(job->waiting)) {
        const std::unique_ptr<QRunnable> runnable(job->waiting);
        job->waiting = nullptr;
        runnable->run();
    }
}

std::shared_ptr<JobQueue::Job> JobQueue::activeJob(JobId id) const {
    const auto found =
        std::find_if(m_active.begin(), m_active.end(), [&](const auto& job) { return job->row.id == id; });
    return found == m_active.end() ? nullptr : *found;
}

void JobQueue::cancel(JobId id) {
    if (const auto job = activeJob(id)) cancelJob(job);
}

void JobQueue::setPaused(JobId id, bool paused) {
    const auto job = activeJob(id);
    if (!job || !job->request.precious || job->monitor.cancelled()) return;
    if (paused)
        job->monitor.pause();
    else
        job->monitor.resume();
    update(*job, true);
    if (job->listed) emit rowChanged(job->row);
}

void JobQueue::cancelKey(const QString& key) {
    const auto active = m_active;
    for (const auto& job : active) {
        if (!key.isEmpty() && job->request.key == key) cancelJob(job);
    }
}

bool JobQueue::isActive(const QString& key) const {
    return std::any_of(m_active.begin(), m_active.end(),
                       [&](const auto& job) { return job->request.key == key && !job->superseded; });
}

int JobQueue::activeCount() const {
    return static_cast<int>(m_active.size());
}

QStringList JobQueue::preciousTitles() const {
    QStringList titles;
    for (const auto& job : m_active) {
        if (job->request.precious && !job->monitor.cancelled()) titles.append(job->request.title);
    }
    return titles;
}

void JobQueue::dispose(std::shared_ptr<const void> object) {
    if (!object) return;
    m_pool.start(QRunnable::create([kept = std::move(object)]() mutable { kept.reset(); }));
}

std::vector<widgets::JobRow> JobQueue::rows() const {
    std::vector<widgets::JobRow> rows;
    for (auto job = m_listed.rbegin(); job != m_listed.rend(); ++job)
        rows.push_back((*job)->row);
    return rows;
}

void JobQueue::clearFinished() {
    std::erase_if(m_listed, [](const auto& job) { return widgets::isFinished(job->row.state); });
    emit rowsChanged();
}

void JobQueue::list(const std::shared_ptr<Job>& job) {
    job->listed = true;
    m_listed.push_back(job);
    const auto oldest = std::find_if(m_listed.begin(), m_listed.end(),
                                     [](const auto& other) { return widgets::isFinished(other->row.state); });
    if (m_listed.size() > kMostListed && oldest != m_listed.end()) m_listed.erase(oldest);
    emit rowsChanged();
}

bool JobQueue::update(Job& job, bool always) {
    JobMonitor::Report report = job.monitor.takeReport();
    widgets::JobRow& row = job.row;
    const double elapsed = job.monitor.elapsedSeconds();
    const bool refresh = always || report.changed || elapsed - job.lastRefresh >= kRowRefreshSeconds;
    if (!refresh) return false;
    job.lastRefresh = elapsed;
    const bool running = job.running.load();
    if (running && !job.monitor.cancelled()) {
        row.state = job.monitor.paused() ? widgets::JobState::Paused : widgets::JobState::Running;
    }
    row.elapsedSeconds = running ? elapsed : 0;
    row.fraction = report.fraction;
    row.activity = report.activity;
    row.log += report.newLines;
    if (row.log.size() > kMostLogLines) row.log.remove(0, row.log.size() - kMostLogLines);
    job.timeLeft.update(elapsed, report.fraction);
    row.remainingSeconds = job.timeLeft.seconds();
    return true;
}

void JobQueue::tick() {
    const auto active = m_active;
    for (const auto& job : active) {
        if (update(*job, false) && job->listed) emit rowChanged(job->row);
        const auto preview = job->monitor.takePreview();
        if (preview && job->receiver && !job->superseded && !job->monitor.cancelled()) preview();
    }
}

} // namespace headroom::app
