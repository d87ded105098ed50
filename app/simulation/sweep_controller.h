#pragma once

#include <QObject>

#include "app/jobs/job_queue.h"
#include "app/simulation/simulation_job.h"

namespace headroom::widgets {
class SimulationView;
}

namespace headroom::app {

class Document;
class Results;
class Session;

/// Runs the sweeps that the Simulation panel asks for and puts a point's value into the document.
class SweepController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Document& document;
        JobQueue& jobs;
        Session& session;
        Results& results;
        widgets::SimulationView& view;
    };
    SweepController(const Parts& parts, QObject* parent);

    bool isRunning() const;
    void startFromForm();
    void cancel();

signals:
    void failed(const headroom::Error& error);
    void stateChanged();

private:
    /// What can be swept now, with the present values; marks them in the sweep on show.
    void refreshVariables();
    void start(const widgets::SweepSettings& settings);
    void finish(Result<SweepPointer> sweep);
    void useValue(const widgets::SweepVariable& variable, double value);
    void useSize(const widgets::SweepVariable& variable, double value, const QString& step);
    netlist::Sizing presentSizing() const;

    Parts m_parts;
    JobQueue::JobId m_job = 0;
    std::string m_circuit; ///< hash, that the sweep on show is of
};

} // namespace headroom::app
