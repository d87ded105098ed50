#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <QTimer>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/jobs/job_monitor.h"
#include "core/base/error.h"
#include "widgets/jobs/job_row.h"

namespace headroom::app {

/// What a job is called and how it relates to others.
struct JobRequest {
    QString title; ///< "Propose 100 sizings"
    /// A job cancels all unfinished ones with the same key and takes their place: their receivers hear
    /// nothing more. Empty: on its own.
    QString key;
    /// Not listed in the Jobs panel unless it fails: for work that the user did not ask for.
    bool quiet = false;
    /// Takes minutes: the user is asked before it is given up, and may pause it.
    bool precious = false;
};

/// The only door to background work. Work gets a snapshot of its input by value and returns an immutable
/// result; both ends meet on the GUI thread:
///
///     GUI     start() ------------------------------------------> done(result)
///     worker            work(monitor): previews, progress, log --^
///
/// - An error, an exception and a cancellation all arrive as the error of the result.
/// - The receiver may die at any time: the work is cancelled and done() is not called.
/// - A newer job with the same key wins: the older one is cancelled and its done() is not called.
/// - The destructor cancels everything and waits; no done() is called from it.
class JobQueue final : public QObject {
    Q_OBJECT

public:
    using JobId = quint64;

    explicit JobQueue(QObject* parent = nullptr);
    ~JobQueue() override;

    /// @param work runs on a worker thread; must not touch widgets or the document
    /// @param done runs on the GUI thread
    template <class T>
    JobId start(const JobRequest& request, QObject* receiver, std::function<Result<T>(JobMonitor&)> work,
                std::function<void(Result<T>)> done) {
        return launch(request, receiver,
                      [work = std::move(work), done = std::move(done)](JobMonitor& monitor) {
                          auto result = std::make_shared<Result<T>>(guarded<T>(work, monitor));
                          Outcome outcome;
                          if (!*result) outcome.error = result->error();
                          outcome.deliver = [result, done] { done(std::move(*result)); };
                          return outcome;
                      });
    }

    /// Asks a job to stop; its done() hears of it.
    void cancel(JobId id);
    void cancelKey(const QString& key);
    /// Lets a precious job rest, or go on; the others cannot.
    void setPaused(JobId id, bool paused);
    bool isActive(const QString& key) const;
    int activeCount() const;
    /// Titles of precious jobs that are not finished.
    QStringList preciousTitles() const;

    /// Lets go of something whose destruction may take long, on a worker thread.
    void dispose(std::shared_ptr<const void> object);

    /// Listed jobs, newest first.
    std::vector<widgets::JobRow> rows() const;
    void clearFinished();

signals:
    void rowChanged(const headroom::widgets::JobRow& row);
    void rowsChanged();
    /// A job ended with an error that is not a cancellation.
    void jobFailed(const QString& title, const headroom::Error& error);

private:
    struct Outcome {
        std::optional<Error> error;
        std::function<void()> deliver;
    };
    struct Job;
    using Work = std::function<Outcome(JobMonitor&)>;

    template <class T>
    static Result<T> guarded(const std::function<Result<T>(JobMonitor&)>& work, JobMonitor& monitor) {
        if (monitor.cancelled()) return failCancelled();
        try {
            return work(monitor);
        } catch (const std::exception& exception) {
            return fail(ErrorCode::Internal, "The work stopped because of a mistake in the program.",
                        exception.what());
        } catch (...) {
            return fail(ErrorCode::Internal, "The work stopped because of a mistake in the program.");
        }
    }

    JobId launch(const JobRequest& request, QObject* receiver, Work work);
    void finish(const std::shared_ptr<Job>& job, Outcome outcome);
    void conclude(Job& job, const std::optional<Error>& error);
    std::shared_ptr<Job> activeJob(JobId id) const;
    void supersede(const QString& key);
    void cancelJob(const std::shared_ptr<Job>& job);
    void tick();
    bool update(Job& job, bool always);
    void list(const std::shared_ptr<Job>& job);

    QThreadPool m_pool;
    QTimer m_timer;
    JobId m_lastId = 0;
    std::vector<std::shared_ptr<Job>> m_active;
    std::vector<std::shared_ptr<Job>> m_listed; ///< oldest first
};

} // namespace headroom::app
