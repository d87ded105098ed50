#pragma once

#include <QObject>

#include <memory>
#include <optional>

#include "app/document/document.h"
#include "app/session/circuit.h"
#include "app/session/data_source.h"
#include "app/session/shared_model.h"
#include "app/session/shared_pool.h"

namespace headroom::app {

class JobQueue;
class Selection;
class Settings;
class ShownEvaluation;

/// The immutable core objects behind the open document: circuit, data set, model, simulator processes. They
/// are made in jobs when the document's facets change, and shared with every job that asks. The GUI thread
/// only ever holds pointers to them.
///
///     Document --changed(facets)--> Session --job--> circuitChanged() --job--> dataChanged() --job-->
///     modelChanged()
class Session final : public QObject {
    Q_OBJECT

public:
    Session(Document& document, JobQueue& jobs, Settings& settings, QObject* parent = nullptr);
    ~Session() override;

    /// Null while there is no netlist or it is being opened for the first time.
    std::shared_ptr<const Circuit> circuit() const { return m_circuit; }
    std::shared_ptr<const DataSource> data() const { return m_data; }
    std::shared_ptr<SharedModel> model() const { return m_model; }
    std::shared_ptr<SharedPool> pool() const { return m_pool; }

    /// The devices that all panels show as selected.
    Selection& selection() const { return *m_selection; }
    /// The evaluation that all panels show as the present one.
    ShownEvaluation& shown() const { return *m_shownEvaluation; }

    /// Why data set or model are not there; absent while they are, or are on their way.
    const std::optional<Error>& dataProblem() const { return m_dataProblem; }
    const std::optional<Error>& modelProblem() const { return m_modelProblem; }

    /// Whether the model is loaded and warm.
    bool modelReady() const { return m_modelReady; }
    /// "CPU, 2 threads", where the model runs; empty while it is not ready.
    const std::string& deviceDescription() const { return m_modelFacts.device; }
    /// What answers a specification; empty while it is not ready.
    const std::optional<sizing::ModelCard>& modelCard() const { return m_modelFacts.card; }
    /// How the model's networks were trained; empty where that is not known.
    const std::vector<sizing::TrainingCurve>& trainingCurves() const { return m_modelFacts.training; }
    bool busy() const;

signals:
    /// Something about this machine that the user should know.
    void remarked(const QString& sentence);
    void circuitChanged();
    void circuitFailed(const headroom::Error& error);
    void dataChanged();
    /// The model was loaded, failed to load, or went away.
    void modelChanged();
    void poolChanged();

private:
    void documentChanged(Facets facets);
    void openCircuit(bool sameCircuit);
    void takeCircuit(std::shared_ptr<const Circuit> circuit, bool sameCircuit);
    void loadData();
    void loadModel();
    void warmUp();
    void makePool();
    void dropModel();

    Document& m_document;
    JobQueue& m_jobs;
    Settings& m_settings;
    Selection* m_selection;
    ShownEvaluation* m_shownEvaluation;
    std::shared_ptr<const Circuit> m_circuit;
    std::shared_ptr<const DataSource> m_data;
    std::shared_ptr<SharedModel> m_model;
    std::shared_ptr<SharedPool> m_pool;
    std::optional<Error> m_dataProblem, m_modelProblem;
    bool m_modelReady = false;
    ModelFacts m_modelFacts;
    bool m_sourcesStale = false;
    compute::DeviceChoice m_device;
    int m_workers;
    int m_cacheMegabytes;
};

} // namespace headroom::app
