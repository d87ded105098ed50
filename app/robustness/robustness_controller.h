#pragma once

#include <QObject>

#include "app/jobs/job_queue.h"
#include "app/robustness/robustness_job.h"
#include "app/session/shown_evaluation.h"

namespace headroom::app {

class Document;
class Results;
class Session;
class Settings;

/// The Robustness panel: simulates the sizing on show at corners and under mismatch, with live partial
/// results.
class RobustnessController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Session& session;
        Results& results;
        Settings& settings;
        widgets::RobustnessView& view;
    };
    RobustnessController(const Parts& parts, QObject* parent);

    bool canAssess() const;
    bool isRunning() const;
    void assess();
    void cancel();

signals:
    void stateChanged();
    void importRequested();
    /// Of the sizing on show; null: it has not been assessed.
    void foundPresent(const std::shared_ptr<const headroom::widgets::RobustnessData>& found);

private:
    void refresh();
    void show(RobustnessPointer data);
    void finish(Result<RobustnessPointer> found);
    void recall(const EvaluationKey& present);

    Parts m_parts;
    RobustnessPointer m_found; ///< what there is, also of an assessment that was stopped
    EvaluationKey m_key;       ///< of it
    std::string m_recalled;    ///< what was looked for among the project's results last
    QString m_shownNote;
    JobQueue::JobId m_job = 0;
};

} // namespace headroom::app
