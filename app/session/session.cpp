#include "app/session/session.h"

#include "app/jobs/job_queue.h"
#include "app/session/selection.h"
#include "app/session/shown_evaluation.h"
#include "app/settings/settings.h"

namespace headroom::app {
namespace {

constexpr const char* kCircuitKey = "session.circuit";
constexpr const char* kDataKey = "session.data";
constexpr const char* kModelKey = "session.model";

struct Sources {
    SizingSources places;
    std::shared_ptr<const DataSource> data;
};

} // namespace

Session::Session(Document& document, JobQueue& jobs, Settings& settings, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_jobs(jobs)
    , m_settings(settings)
    , m_selection(new Selection(this))
    , m_shownEvaluation(new ShownEvaluation(this))
    , m_device(settings.device())
    , m_workers(settings.workers())
    , m_cacheMegabytes(settings.cacheMegabytes()) {
    connect(&document, &Document::changed, this, &Session::documentChanged);
    connect(&document, &Document::folderChanged, this, [this] {
        if (m_circuit) makePool(); // its cache lies elsewhere now
    });
    connect(&settings, &Settings::changed, this, [this] {
        const bool samePool =
            m_settings.workers() == m_workers && m_settings.cacheMegabytes() == m_cacheMegabytes;
        if (!samePool && m_circuit) makePool();
        if (m_settings.device() != m_device && m_circuit) loadModel();
        m_workers = m_settings.workers();
        m_cacheMegabytes = m_settings.cacheMegabytes();
        m_device = m_settings.device();
    });
}

Session::~Session() = default;

bool Session::busy() const {
    return m_jobs.isActive(kCircuitKey) || m_jobs.isActive(kDataKey) || m_jobs.isActive(kModelKey);
}

void Session::documentChanged(Facets facets) {
    const bool another = facets.testFlag(Facet::Netlist) || facets.testFlag(Facet::Technology) ||
                         facets.testFlag(Facet::Supplies);
    if (another || facets.testFlag(Facet::Sizing) || facets.testFlag(Facet::Roles)) {
        openCircuit(!another);
    } else if (facets.testFlag(Facet::Model) && m_circuit) {
        loadData();
    }
    if (facets.testFlag(Facet::Conditions) && m_circuit && !another) makePool();
}

void Session::openCircuit(bool sameCircuit) {
    if (!m_document.project().netlist) {
        m_jobs.cancelKey(kCircuitKey);
        takeCircuit(nullptr, false);
        return;
    }
    // A newer request replaces an older one; what that one was to bring must not be forgotten.
    m_sourcesStale = m_sourcesStale || !sameCircuit;
    m_jobs.start<std::shared_ptr<const Circuit>>(
        {tr("Open netlist"), kCircuitKey, true}, this,
        [project = m_document.project(), folder = m_document.folder(),
         library = std::filesystem::path(m_settings.blockLibraryFile().toStdString())](JobMonitor&) {
            return app::openCircuit(project, folder, library);
        },
        [this](Result<std::shared_ptr<const Circuit>> circuit) {
            const bool stale = std::exchange(m_sourcesStale, false);
            if (circuit) {
                if ((*circuit)->libraryProblem)
                    emit remarked(QString::fromStdString((*circuit)->libraryProblem->describe()));
                takeCircuit(std::move(*circuit), !stale);
            } else if (circuit.error().code != ErrorCode::Cancelled) {
                takeCircuit(nullptr, false);
                emit circuitFailed(circuit.error());
            }
        });
}

void Session::takeCircuit(std::shared_ptr<const Circuit> circuit, bool sameCircuit) {
    m_circuit = std::move(circuit);
    if (!sameCircuit) {
        m_selection->select({}, nullptr);
        m_data.reset();
        m_dataProblem.reset();
        dropModel();
        makePool();
    }
    // Listeners that ask busy() are to know that more is on its way.
    if (!sameCircuit) loadData();
    emit circuitChanged();
    if (sameCircuit) return;
    emit dataChanged();
    emit modelChanged();
}

void Session::loadData() {
    if (!m_circuit || !m_circuit->space) return;
    m_jobs.start<Sources>(
        {tr("Load data set"), kDataKey, true}, this,
        [project = m_document.project(), folder = m_document.folder(),
         circuit = m_circuit](JobMonitor&) -> Result<Sources> {
            Sources sources;
            const auto places = findSources(project, folder, *circuit);
            if (!places) return forward(places);
            sources.places = *places;
            if (places->dataset.empty()) return sources;
            auto data = app::loadData(places->dataset, *circuit);
            if (!data) return forward(data);
            sources.data = std::move(*data);
            return sources;
        },
        [this](Result<Sources> sources) {
            dropModel();
            m_data.reset();
            m_dataProblem.reset();
            if (!sources) {
                m_dataProblem = sources.error();
            } else {
                m_data = sources->data;
                if (!sources->places.model.empty()) {
                    m_model = std::make_shared<SharedModel>(sources->places.model, m_circuit->space,
                                                            m_settings.device());
                }
            }
            emit dataChanged();
            loadModel();
        });
}

void Session::loadModel() {
    if (m_model) {
        // Another device means another copy of the weights.
        auto model = std::make_shared<SharedModel>(m_model->folder(), m_circuit->space, m_settings.device());
        dropModel();
        m_model = std::move(model);
    }
    if (m_model) warmUp();
    emit modelChanged();
}

void Session::warmUp() {
    m_jobs.start<ModelFacts>(
        {tr("Load model"), kModelKey, true}, this,
        [model = m_model, amplifier = m_circuit->amplifier](JobMonitor&) -> Result<ModelFacts> {
            if (const auto loaded = model->load(); !loaded) return forward(loaded);
            ModelFacts facts = model->facts();
            if (!facts.card) return facts;
            if (const auto fits = sizing::checkOrigin(*facts.card, *amplifier); !fits) return forward(fits);
            return facts;
        },
        [this](Result<ModelFacts> facts) {
            m_modelReady = facts.has_value();
            m_modelFacts = facts.value_or(ModelFacts{});
            m_modelProblem.reset();
            if (!facts && facts.error().code != ErrorCode::Cancelled) m_modelProblem = facts.error();
            emit modelChanged();
            if (!m_modelFacts.warning.empty()) emit remarked(QString::fromStdString(m_modelFacts.warning));
        });
}

void Session::dropModel() {
    m_jobs.cancelKey(kModelKey);
    m_modelReady = false;
    m_modelFacts = {};
    m_modelProblem.reset();
    m_jobs.dispose(std::move(m_model));
    m_model.reset();
}

void Session::makePool() {
    m_jobs.dispose(std::move(m_pool));
    m_pool.reset();
    if (m_circuit && m_circuit->space) {
        simulation::PoolOptions options;
        options.workers = m_settings.workers();
        options.cacheFile = (m_document.folder() / project::resultsFileName).string();
        options.cacheLimit = std::int64_t{m_settings.cacheMegabytes()} * 1000000;
        const auto settings = evaluationSettings(m_document.project().conditions);
        m_pool = std::make_shared<SharedPool>(m_circuit->amplifier, settings, options);
    }
    emit poolChanged();
}

} // namespace headroom::app
