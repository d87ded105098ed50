#include "app/simulation/sweep_controller.h"

#include "app/document/document.h"
#include "app/document/error_text.h"
#include "app/session/accept_sizing.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/session/shown_evaluation.h"
#include "widgets/simulation/simulation_view.h"
#include "widgets/simulation/sweep_form.h"
#include "widgets/simulation/sweep_page.h"

namespace headroom::app {
namespace {

using widgets::SweepPage;
using widgets::SweepVariable;

constexpr const char* kKey = "simulation.sweep";

} // namespace

SweepController::SweepController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    SweepPage& page = parts.view.sweepPage();
    connect(&page, &SweepPage::sweepRequested, this, &SweepController::start);
    connect(&page, &SweepPage::sweepCancelRequested, this, &SweepController::cancel);
    connect(&page, &SweepPage::valueChosen, this, &SweepController::useValue);
    connect(&parts.session, &Session::circuitChanged, this, &SweepController::refreshVariables);
    connect(&parts.results, &Results::currentChanged, this, &SweepController::refreshVariables);
    connect(&parts.document, &Document::changed, this, [this](Facets facets) {
        // What runs is about something else now.
        if (facets & (Facets(Facet::Netlist) | Facet::Technology | Facet::Conditions)) cancel();
        if (facets.testFlag(Facet::Conditions)) refreshVariables();
    });
    connect(&parts.jobs, &JobQueue::rowChanged, this, [this](const widgets::JobRow& row) {
        if (row.id != m_job || m_job == 0) return;
        m_parts.view.sweepPage().setProgress(row.fraction, widgets::activityAndTimeLeft(row));
    });
    refreshVariables();
}

bool SweepController::isRunning() const {
    return m_parts.jobs.isActive(kKey);
}

void SweepController::cancel() {
    m_parts.jobs.cancelKey(kKey);
}

netlist::Sizing SweepController::presentSizing() const {
    const auto circuit = m_parts.session.circuit();
    return circuit ? presentSubject(m_parts.document, *circuit, m_parts.results).sizing : netlist::Sizing{};
}

void SweepController::refreshVariables() {
    const auto circuit = m_parts.session.circuit();
    SweepPage& page = m_parts.view.sweepPage();
    if (!circuit || !m_parts.session.pool()) {
        page.form().setVariables({});
        page.setSweep(nullptr);
        return;
    }
    auto variables = sweepVariables(*circuit, m_parts.document.project().conditions, presentSizing());
    if (const auto shown = page.sweep()) {
        const auto same =
            std::find_if(variables.begin(), variables.end(), [&](const SweepVariable& variable) {
                return variable.id() == shown->variable.id();
            });
        if (circuit->hash != m_circuit || same == variables.end()) {
            page.setSweep(nullptr);
        } else if (same->present != shown->variable.present && !isRunning()) {
            auto marked = std::make_shared<widgets::SweepData>(*shown);
            marked->variable.present = same->present;
            page.setSweep(std::move(marked));
        }
    }
    page.form().setVariables(std::move(variables));
}

void SweepController::startFromForm() {
    if (const auto settings = m_parts.view.sweepPage().form().settings()) start(*settings);
}

void SweepController::start(const widgets::SweepSettings& settings) {
    const auto circuit = m_parts.session.circuit();
    const auto pool = m_parts.session.pool();
    const SweepVariable* variable = m_parts.view.sweepPage().form().variable();
    if (!circuit || !pool || variable == nullptr || variable->id() != settings.variable) return;
    widgets::SweepData sweep{
        *variable, sweepPositions(*circuit, *variable, settings), {}, settings.logarithmic};
    sweep.results.resize(sweep.positions.size());
    SweepPage& page = m_parts.view.sweepPage();
    page.setProblem({});
    if (sweep.positions.size() < 2) {
        page.setProblem(tr("On the technology's grid and within its limits this is one value only."));
        return;
    }
    const QString title = tr("Sweep %1").arg(variable->heading());
    m_circuit = circuit->hash;
    const auto work = [this, pool, sizing = presentSizing(), sweep](JobMonitor& monitor) {
        const auto preview = [this, &monitor](SweepPointer partial) {
            // `this` is the job's receiver: the queue calls this only while it lives.
            monitor.publish(
                [this, partial = std::move(partial)] { m_parts.view.sweepPage().setSweep(partial); });
        };
        return runSweep(pool, sizing, sweep, monitor, preview);
    };
    m_job = m_parts.jobs.start<SweepPointer>(
        {title, kKey}, this, work, [this](Result<SweepPointer> result) { finish(std::move(result)); });
    page.setSweep(std::make_shared<const widgets::SweepData>(std::move(sweep)));
    page.setRunning(true);
    emit stateChanged();
}

void SweepController::finish(Result<SweepPointer> sweep) {
    m_job = 0;
    SweepPage& page = m_parts.view.sweepPage();
    page.setRunning(false);
    if (sweep) {
        const auto circuit = m_parts.session.circuit();
        if (circuit && circuit->hash == m_circuit) page.setSweep(std::move(*sweep));
    } else if (sweep.error().code == ErrorCode::Cancelled) {
        if (const auto shown = page.sweep())
            page.setProblem(
                tr("Cancelled after %1 of %2 points.").arg(shown->done()).arg(shown->positions.size()));
    } else {
        page.setProblem(errorSentence(sweep.error()));
    }
    emit stateChanged();
}

void SweepController::useValue(const SweepVariable& variable, double value) {
    const QString step = tr("Set %1 to %2").arg(variable.heading(), variable.text(value));
    project::Project project = m_parts.document.project();
    switch (variable.kind) {
    case SweepVariable::Kind::Size:
        useSize(variable, value, step);
        return;
    case SweepVariable::Kind::Temperature:
        project.conditions.temperature = value;
        break;
    case SweepVariable::Kind::SupplyVoltage:
        project.conditions.supplyVoltage = value;
        break;
    case SweepVariable::Kind::Corner:
        // The first one is the nominal one, which conditions leave out.
        project.conditions.corner = value < 1 ? std::string() : variable.text(value).toStdString();
        break;
    }
    m_parts.document.edit(step, std::move(project));
}

void SweepController::useSize(const SweepVariable& variable, double value, const QString& step) {
    const auto circuit = m_parts.session.circuit();
    if (!circuit) return;
    const netlist::Sizing sizing = withValue(presentSizing(), variable.devices, variable.parameter, value);
    acceptSizing(m_parts.document, m_parts.jobs, m_parts.session, this, sizing, step,
                 [this](const Error& error) { emit failed(error); });
}

} // namespace headroom::app
