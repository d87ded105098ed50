#include "app/simulation/simulation_controller.h"

#include "app/document/error_text.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/selection.h"
#include "app/session/session.h"
#include "app/settings/settings.h"
#include "app/simulation/sweep_controller.h"
#include "widgets/common/quantity_text.h"
#include "widgets/simulation/simulation_view.h"

namespace headroom::app {
namespace {

using widgets::SimulationView;

constexpr const char* kKey = "simulation.show";
constexpr const char* kPanel = "simulation";

/// Walking through candidates or undoing several steps is to end in one simulation.
constexpr int kDelayMilliseconds = 150;

QString conditionText(const simulation::BenchConditions& conditions) {
    QStringList parts;
    if (!conditions.corner.empty()) parts << QString::fromStdString(conditions.corner);
    parts << widgets::quantityText(conditions.supplyVoltage, "V")
          << QStringLiteral("%1 \u00b0C").arg(conditions.temperature);
    return parts.join(QStringLiteral(", "));
}

QString capitalised(QString text) {
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

} // namespace

SimulationController::SimulationController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts)
    , m_sweeps(
          new SweepController({parts.document, parts.jobs, parts.session, parts.results, parts.view}, this)) {
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMilliseconds);
    connect(&m_delay, &QTimer::timeout, this, &SimulationController::start);
    connect(&parts.session, &Session::circuitChanged, this, &SimulationController::refresh);
    connect(&parts.session, &Session::poolChanged, this, &SimulationController::refresh);
    connect(&parts.session, &Session::circuitFailed, this,
            [this](const Error& error) { m_parts.view.showError(errorSentence(error), errorDetail(error)); });
    connect(&parts.results, &Results::currentChanged, this, &SimulationController::refresh);
    connect(&parts.document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(Facet::Results) || facets.testFlag(Facet::Conditions)) refresh();
        if (facets.testFlag(Facet::Specification)) refreshTargets();
    });
    parts.view.restoreViewState(parts.settings.panelState(kPanel));
    connect(&parts.view, &SimulationView::viewStateChanged, this,
            [this] { m_parts.settings.savePanelState(kPanel, m_parts.view.viewState()); });
    connect(&parts.view, &SimulationView::shown, this, &SimulationController::refresh);
    connect(&parts.view, &SimulationView::simulationRequested, this, &SimulationController::simulate);
    connect(&parts.view, &SimulationView::cancelRequested, this, &SimulationController::cancel);
    connect(&parts.view, &SimulationView::actionRequested, this, [this] {
        if (m_parts.session.circuit())
            simulate();
        else
            emit importRequested();
    });
    connect(m_sweeps, &SweepController::failed, this, &SimulationController::failed);
    connect(m_sweeps, &SweepController::stateChanged, this, &SimulationController::stateChanged);
    parts.session.selection().connectView(parts.view, &SimulationView::devicesSelected);
    refresh();
}

bool SimulationController::canSimulate() const {
    return m_parts.session.circuit() && m_parts.session.pool();
}

bool SimulationController::isRunning() const {
    return m_parts.jobs.isActive(kKey) || m_sweeps->isRunning();
}

std::optional<EvaluationKey> SimulationController::wantedKey() const {
    const auto circuit = m_parts.session.circuit();
    if (!circuit || !m_parts.session.pool()) return std::nullopt;
    const Subject subject = presentSubject(m_parts.document, *circuit, m_parts.results);
    return evaluationKey(*circuit, m_parts.document.project().conditions, subject.sizing);
}

widgets::Targets SimulationController::targets() const {
    widgets::Targets targets;
    for (const project::Target& target : m_parts.document.project().specification.targets) {
        if (std::isfinite(target.value)) targets[target.performance] = target.value;
    }
    return targets;
}

bool SimulationController::showWhyNot() {
    const auto circuit = m_parts.session.circuit();
    if (canSimulate()) return true;
    m_parts.jobs.cancelKey(kKey);
    m_delay.stop();
    m_shown.reset();
    m_running.reset();
    m_parts.view.setData({});
    if (!circuit) {
        if (m_parts.session.busy())
            m_parts.view.showEmpty(tr("The netlist is being opened."));
        else
            m_parts.view.showEmpty(tr("Import a netlist to simulate it."), tr("Import Netlist…"));
    } else if (circuit->problem) {
        m_parts.view.showError(errorSentence(*circuit->problem), errorDetail(*circuit->problem));
    }
    return false;
}

void SimulationController::refresh() {
    emit stateChanged();
    if (!showWhyNot()) return;
    const auto wanted = wantedKey();
    if (wanted == m_running || (!m_running && wanted == m_shown)) {
        m_delay.stop();
        return;
    }
    if (isInSight()) m_delay.start();
}

bool SimulationController::isInSight() const {
    // A dock behind another one counts as visible; there is nothing to be seen of it.
    return m_parts.view.isVisible() && !m_parts.view.visibleRegion().isEmpty();
}

void SimulationController::refreshTargets() {
    if (!m_parts.view.data().evaluation) return;
    widgets::SimulationData data = m_parts.view.data();
    data.targets = targets();
    m_parts.view.setData(data);
}

void SimulationController::simulate() {
    if (showWhyNot()) start();
}

void SimulationController::start() {
    const auto circuit = m_parts.session.circuit();
    const auto pool = m_parts.session.pool();
    if (!circuit || !pool) return;
    m_delay.stop();
    const Subject subject = presentSubject(m_parts.document, *circuit, m_parts.results);
    const EvaluationKey key = evaluationKey(*circuit, m_parts.document.project().conditions, subject.sizing);
    m_running = key;
    m_parts.jobs.start<Simulated>(
        {tr("Simulate %1").arg(subject.title), kKey, true}, this,
        [pool, sizing = subject.sizing](JobMonitor& monitor) { return runSimulation(pool, sizing, monitor); },
        [this, key, subject](Result<Simulated> simulated) { finish(key, subject, std::move(simulated)); });
    m_parts.view.showBusy(tr("Simulating: %1").arg(subject.title));
    emit stateChanged();
}

void SimulationController::finish(const EvaluationKey& key, const Subject& subject,
                                  Result<Simulated> simulated) {
    m_running.reset();
    const auto circuit = m_parts.session.circuit();
    if (!simulated) {
        const Error& error = simulated.error();
        if (error.code == ErrorCode::Cancelled) {
            if (m_parts.view.hasContent())
                m_parts.view.showContent();
            else
                m_parts.view.showEmpty(tr("The simulation was cancelled."), tr("Simulate"));
        } else {
            m_shown = key;
            m_parts.session.shown().set(key, nullptr);
            m_parts.view.setData({});
            m_parts.view.showError(errorSentence(error), errorDetail(error), tr("Simulate Again"));
        }
        emit stateChanged();
        return;
    }
    if (!circuit || circuit->hash != key.circuit) return; // another netlist was opened meanwhile
    widgets::SimulationData data;
    data.evaluation = simulated->evaluation;
    data.subject = capitalised(subject.title);
    data.conditions = conditionText(simulated->conditions);
    data.commonModeVoltage = simulated->conditions.commonModeVoltage;
    data.outputVoltage = simulated->conditions.outputVoltage;
    data.circuit = {circuit->current, &circuit->current->circuit};
    data.structure = {circuit->amplifier, &circuit->amplifier->structure};
    data.targets = targets();
    m_shown = key;
    m_parts.view.setData(data);
    if (const auto& error = simulated->evaluation->error)
        m_parts.view.showError(errorSentence(*error), errorDetail(*error));
    else
        m_parts.view.showContent();
    m_parts.view.selectDevices(m_parts.session.selection().devices());
    m_parts.session.shown().set(key, simulated->evaluation);
    emit stateChanged();
}

void SimulationController::sweep() {
    m_sweeps->startFromForm();
}

void SimulationController::cancel() {
    m_parts.jobs.cancelKey(kKey);
    m_sweeps->cancel();
}

} // namespace headroom::app
