#pragma once

#include <QObject>

#include "app/jobs/job_queue.h"
#include "app/session/shown_evaluation.h"
#include "app/slack/slack_job.h"

namespace headroom::widgets {
class SchematicView;
class SlackView;
} // namespace headroom::widgets

namespace headroom::app {

class Document;
class Results;
class Session;
class Settings;

/// The Slack panel: looks for the room around the sizing on show, shows it there and as bars on the drawing,
/// moves sizes through it, and puts what was moved to into the netlist.
class SlackController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Session& session;
        Results& results;
        Settings& settings;
        widgets::SlackView& view;
        widgets::SchematicView& schematic;
    };
    SlackController(const Parts& parts, QObject* parent);

    bool canFind() const;
    bool isRunning() const;
    void find();
    void cancel();

signals:
    void failed(const headroom::Error& error);
    void stateChanged();
    void modelRequested();
    void importRequested();

private:
    enum class Action { None, Train, Import };

    void refresh();
    void recall(const EvaluationKey& present);
    void restore(const EvaluationKey& present, const std::string& document);
    void showNothing();
    void act();
    void finish(Result<SlackPointer> found);
    void move(int row, double value);
    void simulateMoved();
    void takeSimulated(const Result<simulation::Evaluation>& evaluation);
    void resetMoved();
    void useMoved();
    QString heldText() const;

    Parts m_parts;
    SlackPointer m_found;
    EvaluationKey m_key; ///< of what was found, or is looked for
    QString m_origin;    ///< "candidate 12", likewise
    QString m_held;
    std::string m_recalled; ///< what was looked for among the project's results last
    QString m_shownOrigin;
    widgets::MovedSizing m_moved;
    bool m_isMoved = false;
    Action m_action = Action::None;
    JobQueue::JobId m_job = 0;
};

} // namespace headroom::app
