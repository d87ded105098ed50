#include "app/sizing/model_report_controller.h"

#include "app/document/error_text.h"
#include "app/jobs/job_queue.h"
#include "app/session/session.h"
#include "app/settings/settings.h"
#include "app/sizing/model_controller.h"
#include "core/sizing/paper_report.h"
#include "core/sizing/training_data.h"
#include "widgets/sizing/model_view.h"

namespace headroom::app {
namespace {

using widgets::ModelView;

constexpr const char* kKey = "sizing.report";
constexpr const char* kPanel = "modelPanel";

QString namesOf(const std::vector<simulation::Performance>& performances) {
    QStringList names;
    for (const simulation::Performance performance : performances)
        names << QString::fromUtf8(simulation::info(performance).title);
    return names.join(QStringLiteral(", "));
}

QString summaryOf(const sizing::ModelCard& card) {
    QString text =
        ModelReportController::tr("%1, %2, trained on %3 rows in %4 s (%5, seed %6)")
            .arg(QString::fromLatin1(sizing::toString(card.method)), QString::fromStdString(card.technology))
            .arg(card.trainingRows)
            .arg(card.trainingSeconds, 0, 'f', 0)
            .arg(QString::fromStdString(card.device))
            .arg(card.seed);
    if (!card.leftOut.empty())
        text +=
            ModelReportController::tr(". Left out, since they do not vary: %1").arg(namesOf(card.leftOut));
    if (!card.unexplained.empty())
        text += ModelReportController::tr(". Not explained by the sizes: %1").arg(namesOf(card.unexplained));
    return text;
}

struct ReportInput {
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<const DataSource> data;
    std::shared_ptr<SharedModel> model;
    std::shared_ptr<SharedPool> pool;
    int steps = 0;
};

/// The same core call as `headroom-cli sizing report`, for one model.
Result<std::shared_ptr<const widgets::ModelReport>> runReport(const ReportInput& input, JobMonitor& monitor) {
    using Pointer = std::shared_ptr<const widgets::ModelReport>;
    const auto pool = input.pool->get();
    if (!pool) return forward(pool);
    return input.model->use<Pointer>([&](sizing::SizingModel& model) -> Result<Pointer> {
        const auto known = sizing::withPerformances(input.data->dataset, model.performances());
        if (!known) return forward(known);
        sizing::PaperReportSettings settings;
        settings.sampling.steps = input.steps;
        // Borrowed: the report outlives neither this call nor the model.
        const std::shared_ptr<sizing::SizingModel> borrowed(std::shared_ptr<void>(), &model);
        const auto report =
            sizing::reproducePaper({{sizing::toString(model.card().method), borrowed}}, *input.circuit->space,
                                   *known, **pool, settings, input.pool->supplyVoltage(), monitor);
        if (!report) return forward(report);
        return widgets::modelReport(*report, *input.circuit->space);
    });
}

} // namespace

ModelReportController::ModelReportController(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts) {
    const QVariantMap state = parts.settings.panelState(kPanel);
    parts.view.setSteps(state.value(QStringLiteral("steps"), parts.view.steps()).toInt());
    connect(&parts.view, &ModelView::stepsChanged, this, [this](int steps) {
        m_parts.settings.savePanelState(kPanel, {{QStringLiteral("steps"), steps}});
    });
    connect(&parts.session, &Session::circuitChanged, this, &ModelReportController::refresh);
    connect(&parts.session, &Session::dataChanged, this, &ModelReportController::refresh);
    connect(&parts.session, &Session::modelChanged, this, &ModelReportController::refresh);
    connect(&parts.session, &Session::poolChanged, this, &ModelReportController::refresh);
    connect(&parts.models, &ModelController::trainingWatched, this,
            [this](const std::vector<sizing::TrainingCurve>& curves, bool isRunning) {
                const bool isSame = m_isTraining == isRunning;
                m_isTraining = isRunning;
                if (isRunning) m_parts.view.setTraining(curves, true);
                if (!isSame) refresh();
            });
    connect(&parts.view, &ModelView::reportRequested, this, &ModelReportController::reproduce);
    connect(&parts.view, &ModelView::cancelRequested, this, [this] { m_parts.jobs.cancelKey(kKey); });
    connect(&parts.view, &ModelView::actionRequested, this, [this] {
        if (m_parts.session.circuit())
            emit modelRequested();
        else
            emit importRequested();
    });
    connect(&parts.jobs, &JobQueue::rowChanged, this, [this](const widgets::JobRow& row) {
        if (m_parts.jobs.isActive(kKey) && row.id == m_job)
            m_parts.view.setProgress(row.fraction, widgets::activityAndTimeLeft(row));
    });
    refresh();
}

bool ModelReportController::canReproduce() const {
    return m_parts.session.modelReady() && m_parts.session.data() && m_parts.session.pool() &&
           !m_parts.jobs.isActive(kKey);
}

void ModelReportController::refresh() {
    ModelView& view = m_parts.view;
    view.setReportable(canReproduce());
    const auto model = m_parts.session.model();
    if (!model || model->folder() != m_reported) {
        m_parts.jobs.cancelKey(kKey);
        m_reported.clear();
        view.setReport(nullptr);
    }
    const auto& card = m_parts.session.modelCard();
    if (!m_isTraining) view.setTraining(m_parts.session.trainingCurves(), false);
    if (card) {
        view.setModel(summaryOf(*card));
    } else if (!m_parts.session.circuit()) {
        view.setModel({}, tr("Import a netlist to begin."), tr("Import Netlist…"));
    } else if (const auto& problem = m_parts.session.modelProblem()) {
        view.setModel({}, errorSentence(*problem), tr("Train Model…"));
    } else if (model) {
        view.setModel({}, tr("The model is being loaded."));
    } else {
        view.setModel({}, tr("There is no model for this circuit yet."), tr("Train Model…"));
    }
    emit stateChanged();
}

void ModelReportController::reproduce() {
    if (!canReproduce()) return;
    const ReportInput input{m_parts.session.circuit(), m_parts.session.data(), m_parts.session.model(),
                            m_parts.session.pool(), m_parts.view.steps()};
    m_reported = input.model->folder();
    const QString title = tr("Reproduce the paper's figures");
    m_job = m_parts.jobs.start<ReportPointer>(
        {title, kKey}, this, [input](JobMonitor& monitor) { return runReport(input, monitor); },
        [this](Result<ReportPointer> made) { finish(std::move(made)); });
    m_parts.view.showBusy(title);
    refresh();
}

void ModelReportController::finish(Result<ReportPointer> made) {
    m_job = 0;
    if (made) m_parts.view.setReport(*made);
    refresh();
    if (made || made.error().code == ErrorCode::Cancelled)
        m_parts.view.showContent();
    else
        m_parts.view.showError(errorSentence(made.error()), errorDetail(made.error()));
}

} // namespace headroom::app
