#include "app/shell/session_status.h"

#include <QLabel>
#include <QStatusBar>

#include "app/jobs/job_queue.h"
#include "app/session/session.h"
#include "app/settings/settings.h"

namespace headroom::app {
namespace {

constexpr int kRefreshMilliseconds = 500;

QLabel* addLabel(QStatusBar& bar, const QString& name, const QString& tip) {
    auto* label = new QLabel(&bar);
    label->setObjectName(name);
    label->setToolTip(tip);
    label->setContentsMargins(6, 0, 6, 0);
    bar.addPermanentWidget(label);
    return label;
}

void setText(QLabel* label, const QString& text) {
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

SessionStatus::SessionStatus(Document& document, Session& session, JobQueue& jobs, Settings& settings,
                             QStatusBar& bar)
    : QObject(&bar)
    , m_document(document)
    , m_session(session)
    , m_jobs(jobs)
    , m_settings(settings)
    , m_activity(new QLabel(&bar)) {
    m_activity->setObjectName("activityStatus");
    bar.addWidget(m_activity);
    m_circuit = addLabel(bar, "circuitStatus", tr("The open circuit"));
    m_technology = addLabel(bar, "technologyStatus", tr("Technology that is simulated in"));
    m_model = addLabel(bar, "modelStatus", tr("What answers a specification"));
    m_device = addLabel(bar, "deviceStatus", tr("Where the networks run"));
    m_workers = addLabel(bar, "workersStatus", tr("Simulator processes"));
    m_cache = addLabel(bar, "cacheStatus", {});
    connect(&session, &Session::circuitChanged, this, &SessionStatus::refresh);
    connect(&session, &Session::modelChanged, this, &SessionStatus::refresh);
    connect(&session, &Session::poolChanged, this, &SessionStatus::refresh);
    connect(&settings, &Settings::changed, this, &SessionStatus::refresh);
    connect(&document, &Document::changed, this, &SessionStatus::refresh);
    connect(&jobs, &JobQueue::rowsChanged, this, [this] { m_timer.start(); });
    m_timer.setInterval(kRefreshMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &SessionStatus::refreshCache);
    refresh();
}

void SessionStatus::setActivity(const QString& what) {
    m_activity->setText(what.isEmpty() ? QString() : what + "…");
}

void SessionStatus::refresh() {
    const auto circuit = m_session.circuit();
    const auto pool = m_session.pool();
    QString text;
    if (circuit) {
        const auto& netlist = circuit->amplifier->netlist.circuit;
        text = tr("%1, %2 devices").arg(QString::fromStdString(netlist.name)).arg(netlist.devices.size());
    }
    setText(m_circuit, text);
    setText(m_technology, circuit ? QString::fromStdString(circuit->amplifier->technology.name)
                                  : QString::fromStdString(m_document.project().technology));
    QString answers;
    if (const auto& card = m_session.modelCard()) {
        answers = card->method == sizing::Method::Blocks
                      ? tr("network per block, %1 rows").arg(card->trainingRows)
                      : tr("joint network, %1 rows").arg(card->trainingRows);
    }
    setText(m_model, answers);
    if (m_session.modelReady()) {
        setText(m_device, QString::fromStdString(m_session.deviceDescription()));
    } else {
        setText(m_device, tr("device: %1").arg(QString::fromLatin1(compute::toString(m_settings.device()))));
    }
    setText(m_workers, !pool                  ? QString()
                       : pool->workers() == 1 ? tr("1 simulator")
                                              : tr("%1 simulators").arg(pool->workers()));
    refreshCache();
}

void SessionStatus::refreshCache() {
    if (m_jobs.activeCount() == 0) m_timer.stop();
    const auto pool = m_session.pool();
    const auto statistics = pool ? pool->statistics() : std::nullopt;
    if (pool && !statistics && m_jobs.activeCount() > 0) return; // busy: the last figure stays
    const long evaluations = statistics ? statistics->evaluations : 0;
    if (evaluations == 0) {
        setText(m_cache, tr("cache unused"));
        m_cache->setToolTip(tr("No simulation has been asked for since the circuit was opened."));
        return;
    }
    setText(m_cache,
            tr("%1 % of %2 from cache").arg(100 * statistics->hitRate(), 0, 'f', 0).arg(evaluations));
    m_cache->setToolTip(tr("Of %1 simulations since the circuit was opened %2 had been made before, and were "
                           "read from the project's cache; %3 were run. Its size: Edit, Preferences, "
                           "Computing.")
                            .arg(evaluations)
                            .arg(statistics->cacheHits)
                            .arg(evaluations - statistics->cacheHits));
}

} // namespace headroom::app
