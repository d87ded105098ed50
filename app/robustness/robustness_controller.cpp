#include "app/robustness/robustness_controller.h"

#include "app/document/document.h"
#include "app/document/error_text.h"
#include "app/robustness/robustness_json.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/settings/settings.h"

namespace headroom::app {
namespace {

using widgets::RobustnessView;
using widgets::RobustnessWishes;

constexpr const char* kKey = "robustness.assess";
constexpr const char* kPanel = "robustnessPanel";

RobustnessWishes wishesFrom(const QVariantMap& state) {
    RobustnessWishes wishes;
    wishes.corners = state.value("corners", wishes.corners).toBool();
    wishes.draws = state.value("draws", wishes.draws).toInt();
    wishes.atWorst = state.value("atWorst", wishes.atWorst).toBool();
    wishes.tolerance = state.value("tolerance", wishes.tolerance).toDouble();
    wishes.intervalWidth = state.value("intervalWidth", wishes.intervalWidth).toDouble();
    return wishes; // the panel brings what it cannot show into its ranges
}

QVariantMap stateOf(const RobustnessWishes& wishes) {
    return {{"corners", wishes.corners},
            {"draws", wishes.draws},
            {"atWorst", wishes.atWorst},
            {"tolerance", wishes.tolerance},
            {"intervalWidth", wishes.intervalWidth}};
}

} // namespace

RobustnessController::RobustnessController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    parts.view.setWishes(wishesFrom(parts.settings.panelState(kPanel)));
    connect(&parts.view, &RobustnessView::wishesChanged, this, [this] {
        m_parts.settings.savePanelState(kPanel, stateOf(m_parts.view.wishes()));
        refresh();
    });
    connect(&parts.document, &Document::changed, this, [this](Facets facets) {
        // What runs is about something else now.
        if (facets & (Facets(Facet::Netlist) | Facet::Technology | Facet::Conditions)) cancel();
        refresh();
    });
    connect(&parts.results, &Results::currentChanged, this, &RobustnessController::refresh);
    connect(&parts.session, &Session::circuitChanged, this, &RobustnessController::refresh);
    connect(&parts.session, &Session::poolChanged, this, &RobustnessController::refresh);
    connect(&parts.view, &RobustnessView::assessRequested, this, &RobustnessController::assess);
    connect(&parts.view, &RobustnessView::cancelRequested, this, &RobustnessController::cancel);
    connect(&parts.view, &RobustnessView::actionRequested, this, &RobustnessController::importRequested);
    connect(&parts.jobs, &JobQueue::rowChanged, this, [this](const widgets::JobRow& row) {
        if (row.id != m_job || m_job == 0) return;
        m_parts.view.setProgress(row.fraction, widgets::activityAndTimeLeft(row));
    });
    refresh();
}

bool RobustnessController::canAssess() const {
    const auto circuit = m_parts.session.circuit();
    const RobustnessWishes wishes = m_parts.view.wishes();
    return circuit && circuit->space && m_parts.session.pool() && (wishes.corners || wishes.draws > 0);
}

bool RobustnessController::isRunning() const {
    return m_parts.jobs.isActive(kKey);
}

void RobustnessController::cancel() {
    m_parts.jobs.cancelKey(kKey);
}

void RobustnessController::refresh() {
    const auto circuit = m_parts.session.circuit();
    const Subject present = presentSubject(m_parts.document, m_parts.session, m_parts.results);
    m_parts.view.setAssessable(canAssess() && !isRunning(), present.title);
    if (isRunning()) return;
    if (m_found && (!circuit || circuit->hash != m_key.circuit)) m_found.reset();
    const EvaluationKey key = evaluationKey(m_parts.session, m_parts.document, present.sizing);
    const bool isPresent = m_found && key == m_key;
    if (!isPresent) recall(key);
    if (m_found) {
        const QString note = isPresent ? QString() : tr(" (on show now: %1)").arg(present.title);
        if (note != m_shownNote || !m_parts.view.hasContent()) {
            m_shownNote = note;
            show(m_found);
        }
    } else if (!circuit) {
        m_parts.view.setData(nullptr, tr("Import a netlist to begin."), tr("Import Netlist…"));
    } else if (circuit->problem) {
        m_parts.view.setData(nullptr, errorSentence(*circuit->problem));
    } else {
        m_parts.view.setReady(tr("The robustness of %1 has not been assessed yet.").arg(present.title));
    }
    m_parts.view.showContent();
    emit foundPresent(m_found && key == m_key ? m_found : nullptr);
    emit stateChanged();
}

/// Shows what the project keeps about the sizing on show, if there is something.
void RobustnessController::recall(const EvaluationKey& present) {
    const std::string subject = subjectOf(present);
    const std::string wanted = m_parts.document.folder().string() + '\n' + subject;
    if (subject.empty() || wanted == m_recalled) return;
    m_recalled = wanted;
    m_parts.results.recall(robustnessAssessment, subject, this,
                           [this, present, wanted](const std::string& document) {
                               auto found = robustnessFromJson(document);
                               if (!found || isRunning() || wanted != m_recalled) return;
                               m_found = std::move(found);
                               m_key = present;
                               m_shownNote.clear();
                               show(m_found);
                               refresh();
                           });
}

void RobustnessController::show(RobustnessPointer data) {
    if (m_shownNote.isEmpty()) {
        m_parts.view.setData(std::move(data));
        return;
    }
    auto noted = std::make_shared<widgets::RobustnessData>(*data);
    noted->origin += m_shownNote;
    m_parts.view.setData(std::move(noted));
}

void RobustnessController::assess() {
    if (!canAssess()) {
        refresh();
        return;
    }
    const Subject present = presentSubject(m_parts.document, m_parts.session, m_parts.results);
    const RobustnessInput input{m_parts.session.circuit(),
                                m_parts.session.data(),
                                m_parts.session.pool(),
                                present.sizing,
                                m_parts.document.project().specification,
                                m_parts.view.wishes(),
                                m_parts.document.project().sampling.seed,
                                present.title};
    const QString title = tr("Assess the robustness of %1").arg(present.title);
    m_found.reset();
    m_key = evaluationKey(m_parts.session, m_parts.document, present.sizing);
    m_shownNote.clear();
    const auto work = [this, input](JobMonitor& monitor) {
        return runRobustness(input, monitor, [this, &monitor](RobustnessPointer partial) {
            // `this` is the job's receiver: the queue calls this only while it lives.
            monitor.publish([this, partial = std::move(partial)] {
                m_found = partial;
                m_parts.view.setData(partial);
            });
        });
    };
    m_job = m_parts.jobs.start<RobustnessPointer>(
        {title, kKey}, this, work, [this](Result<RobustnessPointer> found) { finish(std::move(found)); });
    m_parts.view.showBusy(title);
    m_parts.view.setAssessable(false, present.title);
    emit stateChanged();
}

void RobustnessController::finish(Result<RobustnessPointer> found) {
    m_job = 0;
    if (found) {
        m_found = std::move(*found);
        m_parts.results.keep({robustnessAssessment, subjectOf(m_key), robustnessJson(*m_found)});
        show(m_found);
    }
    m_recalled.clear();
    refresh();
    if (found) return;
    if (found.error().code != ErrorCode::Cancelled) {
        m_parts.view.showError(errorSentence(found.error()), errorDetail(found.error()));
    } else if (m_found) {
        m_parts.view.showError(tr("Stopped; what is on show is not all of it."));
    }
}

} // namespace headroom::app
