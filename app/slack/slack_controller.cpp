#include "app/slack/slack_controller.h"

#include <cmath>
#include <limits>

#include "app/document/document.h"
#include "app/document/error_text.h"
#include "app/session/accept_sizing.h"
#include "app/session/results.h"
#include "app/session/selection.h"
#include "app/session/session.h"
#include "app/settings/settings.h"
#include "app/slack/kept_slack.h"
#include "widgets/common/quantity_text.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/slack/slack_view.h"

namespace headroom::app {
namespace {

using widgets::SlackView;

constexpr const char* kKey = "slack.find";
constexpr const char* kSimulateKey = "slack.simulate";
constexpr const char* kRecallKey = "slack.recall";
constexpr const char* kAssessment = "slack"; ///< among the project's results
const QString kPanel = QStringLiteral("slackPanel");
const QString kHeldState = QStringLiteral("holdsOwn"), kToleranceState = QStringLiteral("tolerance");
constexpr double kTolerance = 0.05;

} // namespace

SlackController::SlackController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    const QVariantMap state = parts.settings.panelState(kPanel);
    const double tolerance = state.value(kToleranceState, kTolerance).toDouble();
    parts.view.setSettings(state.value(kHeldState).toBool() ? SlackView::Held::OwnPerformances
                                                            : SlackView::Held::Specification,
                           tolerance >= 0 && tolerance <= 1 ? tolerance : kTolerance);
    connect(&parts.view, &SlackView::settingsChanged, this, [this] {
        m_parts.settings.savePanelState(
            kPanel, {{kHeldState, m_parts.view.held() == SlackView::Held::OwnPerformances},
                     {kToleranceState, m_parts.view.tolerance()}});
    });
    connect(&parts.document, &Document::changed, this, [this](Facets facets) {
        // What runs is about something else now.
        if (facets & (Facets(Facet::Netlist) | Facet::Technology | Facet::Conditions)) cancel();
        refresh();
    });
    connect(&parts.results, &Results::currentChanged, this, &SlackController::refresh);
    connect(&parts.session, &Session::circuitChanged, this, &SlackController::refresh);
    connect(&parts.session, &Session::dataChanged, this, &SlackController::refresh);
    connect(&parts.session, &Session::modelChanged, this, &SlackController::refresh);
    parts.session.selection().connectView(parts.view, &SlackView::devicesSelected);
    connect(&parts.view, &SlackView::findRequested, this, &SlackController::find);
    connect(&parts.view, &SlackView::cancelRequested, this, &SlackController::cancel);
    connect(&parts.view, &SlackView::actionRequested, this, &SlackController::act);
    connect(&parts.view, &SlackView::moveRequested, this, &SlackController::move);
    connect(&parts.view, &SlackView::moveSettled, this, &SlackController::simulateMoved);
    connect(&parts.view, &SlackView::moveReset, this, &SlackController::resetMoved);
    connect(&parts.view, &SlackView::useRequested, this, &SlackController::useMoved);
    connect(&parts.jobs, &JobQueue::rowChanged, this, [this](const widgets::JobRow& row) {
        if (row.id != m_job || m_job == 0) return;
        m_parts.view.setProgress(row.fraction, widgets::activityAndTimeLeft(row));
    });
    refresh();
}

QString SlackController::heldText() const {
    const QString tolerance = QString::number(100 * m_parts.view.tolerance(), 'g', 3);
    return m_parts.view.held() == SlackView::Held::Specification
               ? tr("the specification within %1 %").arg(tolerance)
               : tr("what it achieves within %1 %").arg(tolerance);
}

bool SlackController::canFind() const {
    const auto circuit = m_parts.session.circuit();
    return circuit && circuit->space && m_parts.session.pool() && m_parts.session.model() &&
           !m_parts.session.modelProblem();
}

bool SlackController::isRunning() const {
    return m_parts.jobs.isActive(kKey);
}

void SlackController::cancel() {
    m_parts.jobs.cancelKey(kKey);
}

void SlackController::refresh() {
    const auto circuit = m_parts.session.circuit();
    if (m_found && (!circuit || circuit->hash != m_found->circuit->hash)) {
        m_found.reset();
        m_isMoved = false;
    }
    const Subject present = presentSubject(m_parts.document, m_parts.session, m_parts.results);
    m_parts.view.setFindable(canFind() && !isRunning(), present.title);
    if (isRunning()) return;
    const EvaluationKey key = evaluationKey(m_parts.session, m_parts.document, present.sizing);
    const bool isPresent = m_found && key == m_key;
    if (!isPresent && canFind()) recall(key);
    if (!m_found) {
        showNothing();
    } else {
        const QString origin = isPresent ? m_origin : tr("%1 (on show now: %2)").arg(m_origin, present.title);
        if (origin != m_shownOrigin) {
            m_shownOrigin = origin;
            m_isMoved = false;
            m_parts.view.setData(
                std::make_shared<const widgets::SlackData>(slackData(*m_found, origin, m_held)));
        }
        m_parts.view.showContent();
        m_parts.schematic.setTolerances(
            isPresent ? toleranceBars(*m_found) : decltype(toleranceBars(*m_found)){}, m_origin);
    }
    emit stateChanged();
}

/// Shows what the project keeps about the sizing on show, if there is something.
void SlackController::recall(const EvaluationKey& present) {
    const std::string subject = subjectOf(present);
    const std::string wanted = m_parts.document.folder().string() + '\n' + subject;
    if (subject.empty() || wanted == m_recalled) return;
    m_recalled = wanted;
    m_parts.results.recall(kAssessment, subject, this, [this, present, wanted](const std::string& document) {
        if (!isRunning() && canFind() && wanted == m_recalled) restore(present, document);
    });
}

void SlackController::restore(const EvaluationKey& present, const std::string& document) {
    const RecallInput input{document, m_parts.session.circuit(), m_parts.session.model(),
                            m_parts.session.pool()->supplyVoltage()};
    m_parts.jobs.start<NamedSlack>(
        {tr("Read the slack"), kRecallKey, true}, this,
        [input](JobMonitor& monitor) { return recallSlack(input, monitor); },
        [this, present, wanted = m_recalled](Result<NamedSlack> recalled) {
            // What cannot be read is found anew on request.
            if (!recalled || isRunning() || wanted != m_recalled) return;
            m_found = std::move(recalled->found);
            m_key = present;
            m_origin = recalled->origin;
            m_held = recalled->held;
            m_shownOrigin.clear();
            refresh();
        });
}

void SlackController::showNothing() {
    m_shownOrigin.clear();
    m_parts.schematic.setTolerances({}, {});
    const auto circuit = m_parts.session.circuit();
    const auto& problem = m_parts.session.modelProblem();
    QString sentence, action;
    m_action = Action::None;
    if (!circuit) {
        m_action = Action::Import;
        sentence = tr("Import a netlist to begin.");
        action = tr("Import Netlist…");
    } else if (circuit->problem) {
        sentence = errorSentence(*circuit->problem);
    } else if (problem) {
        m_action = Action::Train;
        sentence = errorSentence(*problem);
        action = tr("Train a Model…");
    } else if (!m_parts.session.model()) {
        m_action = m_parts.session.busy() ? Action::None : Action::Train;
        sentence = m_parts.session.busy()
                       ? tr("The model is being loaded.")
                       : tr("There is no model for this circuit yet; slack is found with its forward model.");
        action = m_parts.session.busy() ? QString() : tr("Train a Model…");
    } else {
        m_parts.view.setReady(
            tr("The slack of %1 has not been looked for yet.")
                .arg(presentSubject(m_parts.document, m_parts.session, m_parts.results).title));
        m_parts.view.showContent();
        return;
    }
    m_parts.view.setData(nullptr, sentence, action);
    m_parts.view.showContent();
}

void SlackController::act() {
    if (m_action == Action::Train) emit modelRequested();
    if (m_action == Action::Import) emit importRequested();
}

void SlackController::find() {
    if (!canFind()) {
        refresh();
        return;
    }
    resetMoved();
    const Subject present = presentSubject(m_parts.document, m_parts.session, m_parts.results);
    const SlackInput input{m_parts.session.circuit(),
                           m_parts.session.data(),
                           m_parts.session.model(),
                           m_parts.session.pool(),
                           present.sizing,
                           m_parts.document.project().specification,
                           m_parts.view.held() == SlackView::Held::OwnPerformances,
                           m_parts.view.tolerance()};
    const QString title = tr("Find the slack of %1").arg(present.title);
    m_job = m_parts.jobs.start<SlackPointer>(
        {title, kKey}, this, [input](JobMonitor& monitor) { return findSlack(input, monitor); },
        [this, key = evaluationKey(m_parts.session, m_parts.document, present.sizing), origin = present.title,
         held = heldText()](Result<SlackPointer> found) {
            if (found) {
                m_key = key;
                m_origin = origin;
                m_held = held;
            }
            finish(std::move(found));
        });
    m_parts.view.showBusy(title);
    m_parts.view.setFindable(false, present.title);
    emit stateChanged();
}

void SlackController::finish(Result<SlackPointer> found) {
    m_job = 0;
    if (found) {
        m_found = std::move(*found);
        m_shownOrigin.clear();
        m_parts.results.keep({kAssessment, subjectOf(m_key), keptSlack({m_found, m_origin, m_held})});
    }
    m_recalled.clear();
    refresh();
    if (!found && found.error().code != ErrorCode::Cancelled)
        m_parts.view.showError(errorSentence(found.error()), errorDetail(found.error()));
}

void SlackController::move(int row, double value) {
    if (!m_found || row < 0 || static_cast<std::size_t>(row) >= m_found->slack->centre.size()) return;
    m_parts.jobs.cancelKey(kSimulateKey);
    m_moved = movedSizing(*m_found, static_cast<std::size_t>(row), value);
    m_isMoved = true;
    m_parts.view.setMoved(std::make_shared<const widgets::MovedSizing>(m_moved));
}

void SlackController::simulateMoved() {
    const auto pool = m_parts.session.pool();
    if (!m_found || !m_isMoved || !pool) return;
    m_moved.isSimulating = true;
    m_parts.view.setMoved(std::make_shared<const widgets::MovedSizing>(m_moved));
    m_parts.jobs.start<simulation::Evaluation>(
        {tr("Simulate the moved sizing"), kSimulateKey, true}, this,
        [pool, sizing = m_found->circuit->space->expand(m_moved.values)](
            JobMonitor& monitor) -> Result<simulation::Evaluation> {
            const auto simulators = pool->get();
            if (!simulators) return forward(simulators);
            return (*simulators)->evaluateOne(sizing, monitor, {simulation::Priority::Interactive, false});
        },
        [this](Result<simulation::Evaluation> evaluation) { takeSimulated(evaluation); });
}

void SlackController::takeSimulated(const Result<simulation::Evaluation>& evaluation) {
    if (!m_isMoved) return;
    m_moved.isSimulating = false;
    if (!evaluation) {
        if (evaluation.error().code == ErrorCode::Cancelled) return;
        m_moved.problem = errorSentence(evaluation.error());
    } else {
        if (evaluation->error) m_moved.problem = errorSentence(*evaluation->error);
        for (widgets::MovedPerformance& performance : m_moved.performances) {
            const auto found = evaluation->performances.find(performance.performance);
            performance.simulated = found != evaluation->performances.end()
                                        ? found->second
                                        : std::numeric_limits<double>::quiet_NaN();
        }
    }
    m_parts.view.setMoved(std::make_shared<const widgets::MovedSizing>(m_moved));
}

void SlackController::resetMoved() {
    m_parts.jobs.cancelKey(kSimulateKey);
    if (!m_isMoved) return;
    m_isMoved = false;
    m_parts.view.setMoved(nullptr);
}

void SlackController::useMoved() {
    if (!m_found || !m_isMoved) return;
    const sizing::Variable& variable = m_found->circuit->space->variables()[m_moved.row];
    const QString step =
        tr("Move %1 to %2")
            .arg(QString::fromStdString(variable.name),
                 widgets::quantityText(m_moved.values[m_moved.row], variable.unit.c_str(), 3));
    acceptSizing(m_parts.document, m_parts.jobs, m_parts.session, this,
                 m_found->circuit->space->expand(m_moved.values), step,
                 [this](const Error& error) { emit failed(error); });
}

} // namespace headroom::app
