#pragma once

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

#include "app/session/shown_evaluation.h"
#include "app/simulation/simulation_job.h"
#include "core/base/error.h"

namespace headroom::widgets {
class SimulationView;
}

namespace headroom::app {

class JobQueue;
class Results;
class Session;
class Settings;
class SweepController;

/// Keeps the Simulation panel in step with the document: simulates what is to be shown while the panel is in
/// sight, a moment after it changed, and nothing while it is not. Owns the sweeps.
class SimulationController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Session& session;
        Results& results;
        Settings& settings;
        widgets::SimulationView& view;
    };
    SimulationController(const Parts& parts, QObject* parent);

    bool canSimulate() const;
    bool isRunning() const;
    /// Simulates what is to be shown, if it is not on show already and the panel is in sight.
    void refresh();
    /// Simulates now, whatever is on show.
    void simulate();
    /// What the panel's form says.
    void sweep();
    void cancel();

signals:
    void failed(const headroom::Error& error);
    void importRequested();
    void stateChanged();

private:
    bool isInSight() const;
    void refreshTargets();
    void start();
    void finish(const EvaluationKey& key, const Subject& subject, Result<Simulated> simulated);
    /// @return whether there is something to simulate; else the panel says why not
    bool showWhyNot();
    std::optional<EvaluationKey> wantedKey() const;
    widgets::Targets targets() const;

    Parts m_parts;
    SweepController* m_sweeps;
    QTimer m_delay;
    std::optional<EvaluationKey> m_shown;   ///< also of a failure
    std::optional<EvaluationKey> m_running; ///< that is being simulated
};

} // namespace headroom::app
