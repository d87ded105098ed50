#include "widgets/simulation/simulation_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/simulation/curve_pages.h"
#include "widgets/simulation/sweep_form.h"
#include "widgets/simulation/sweep_page.h"
#include "widgets/simulation/table_pages.h"

namespace headroom::widgets {
namespace {

constexpr int kPages = 6;

} // namespace

SimulationView::SimulationView(QWidget* parent)
    : Panel(QStringLiteral("simulationPanel"), tr("Simulation"), parent) {
    buildContent();
    connectPages();
    setData({});
}

void SimulationView::buildContent() {
    auto* content = new QWidget(this);
    m_point = new OperatingPointPage;
    m_performances = new PerformancePage;
    m_frequency = new FrequencyPage;
    m_step = new StepPage;
    m_ranges = new RangePage;
    m_sweep = new SweepPage;
    m_tabs = new QTabWidget(content);
    m_tabs->setObjectName(QStringLiteral("simulationTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->addTab(m_point, tr("Operating Point"));
    m_tabs->addTab(m_performances, tr("Performances"));
    m_tabs->addTab(m_frequency, tr("Frequency"));
    m_tabs->addTab(m_step, tr("Step"));
    m_tabs->addTab(m_ranges, tr("Ranges"));
    m_tabs->addTab(m_sweep, tr("Sweep"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(m_tabs, 1);
    setContent(content);
}

QWidget* SimulationView::buildHead() {
    auto* head = new QWidget(this);
    m_caption = new ElidedLabel(head);
    m_caption->setObjectName(QStringLiteral("simulationCaption"));
    const auto button = [head](const char* name, const char* iconName, const QString& title) {
        auto* tool = new QToolButton(head);
        tool->setObjectName(QString::fromLatin1(name));
        tool->setIcon(icon(QString::fromLatin1(iconName)));
        tool->setToolTip(title);
        tool->setAccessibleName(title);
        tool->setAutoRaise(true);
        tool->setFocusPolicy(Qt::TabFocus);
        return tool;
    };
    m_cursors = button("simulationCursors", "cursors", tr("Cursors"));
    m_cursors->setToolTip(
        tr("Two cursors to read the curves at: drag them, or move them with the arrow keys; "
           "A and B choose one"));
    m_cursors->setCheckable(true);
    auto* again = button("simulationAgain", "refresh", tr("Simulate again"));
    connect(m_cursors, &QToolButton::toggled, this, &SimulationView::setCursorsVisible);
    connect(again, &QToolButton::clicked, this, &SimulationView::simulationRequested);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_caption, 1);
    row->addWidget(m_cursors);
    row->addWidget(again);
    return head;
}

void SimulationView::connectPages() {
    connect(m_point, &OperatingPointPage::devicesSelected, this, [this](const QStringList& names) {
        if (names.size() == 1) m_sweep->form().chooseDevice(names.front());
        emit devicesSelected(names);
    });
    connect(m_point, &OperatingPointPage::exportRequested, this, &Panel::exportRequested);
    connect(m_performances, &PerformancePage::exportRequested, this, &Panel::exportRequested);
    connect(m_sweep, &SweepPage::exportRequested, this, &Panel::exportRequested);
    for (CurvePage* page : std::initializer_list<CurvePage*>{m_frequency, m_step, m_ranges}) {
        connect(page, &CurvePage::exportRequested, this, &Panel::exportRequested);
        connect(page, &CurvePage::settingsChanged, this, &SimulationView::viewStateChanged);
    }
    connect(m_sweep, &SweepPage::settingsChanged, this, &SimulationView::viewStateChanged);
    connect(m_point, &OperatingPointPage::columnsChanged, this, &SimulationView::viewStateChanged);
    connect(m_tabs, &QTabWidget::currentChanged, this, &SimulationView::viewStateChanged);
}

void SimulationView::setData(const SimulationData& data) {
    m_data = data;
    m_point->setData(data);
    m_performances->setData(data);
    m_frequency->setData(data);
    m_step->setData(data);
    m_ranges->setData(data);
    m_sweep->setTargets(data.targets);
    if (!data.evaluation) {
        m_caption->clear();
        setContentPresent(false, tr("Nothing has been simulated yet."));
        return;
    }
    const simulation::Evaluation& evaluation = *data.evaluation;
    QStringList parts{data.subject, data.conditions};
    parts << (evaluation.fromCache ? tr("from the cache")
                                   : tr("simulated in %1").arg(durationText(evaluation.elapsedSeconds)));
    parts.removeAll(QString());
    m_caption->setText(parts.join(QStringLiteral(" \u00b7 ")));
    setContentPresent(true);
}

void SimulationView::selectDevices(const QStringList& names) {
    m_point->selectDevices(names);
    if (names.size() == 1) m_sweep->form().chooseDevice(names.front());
}

void SimulationView::showPage(Page page) {
    m_tabs->setCurrentIndex(static_cast<int>(page));
}

SimulationView::Page SimulationView::page() const {
    return static_cast<Page>(m_tabs->currentIndex());
}

void SimulationView::setCursorsVisible(bool on) {
    {
        const QSignalBlocker blocker(m_cursors);
        m_cursors->setChecked(on);
    }
    for (CurvePage* page : std::initializer_list<CurvePage*>{m_frequency, m_step, m_ranges})
        page->setCursorsVisible(on);
    m_sweep->setCursorsVisible(on);
    if (!m_restoring) emit viewStateChanged();
}

bool SimulationView::cursorsVisible() const {
    return m_cursors->isChecked();
}

QVariantMap SimulationView::viewState() const {
    QVariantMap state{{QStringLiteral("page"), m_tabs->currentIndex()},
                      {QStringLiteral("cursors"), cursorsVisible()},
                      {QStringLiteral("noise"), m_frequency->noiseVisible()},
                      {QStringLiteral("columns"), QString::fromLatin1(m_point->columnState().toBase64())}};
    QStringList curves;
    for (const simulation::Performance performance : m_sweep->form().shownPerformances())
        curves << QString::fromLatin1(simulation::info(performance).name);
    state[QStringLiteral("sweepCurves")] = curves;
    if (const auto sweep = m_sweep->form().remembered()) {
        state[QStringLiteral("sweepVariable")] = sweep->variable;
        state[QStringLiteral("sweepFrom")] = sweep->from;
        state[QStringLiteral("sweepTo")] = sweep->to;
        state[QStringLiteral("sweepPoints")] = sweep->points;
        state[QStringLiteral("sweepLogarithmic")] = sweep->logarithmic;
    }
    return state;
}

void SimulationView::restoreViewState(const QVariantMap& state) {
    m_restoring = true;
    const QSignalBlocker blocker(this);
    m_tabs->setCurrentIndex(std::clamp(state.value(QStringLiteral("page")).toInt(), 0, kPages - 1));
    m_frequency->setNoiseVisible(state.value(QStringLiteral("noise")).toBool());
    if (const QByteArray columns = state.value(QStringLiteral("columns")).toString().toLatin1();
        !columns.isEmpty())
        m_point->restoreColumnState(QByteArray::fromBase64(columns));
    if (state.contains(QStringLiteral("sweepCurves"))) {
        std::set<simulation::Performance> shown;
        for (const QString& name : state.value(QStringLiteral("sweepCurves")).toStringList()) {
            if (const auto performance = simulation::performanceFromName(name.toStdString()))
                shown.insert(*performance);
        }
        m_sweep->form().setShownPerformances(shown);
    }
    const SweepSettings sweep{state.value(QStringLiteral("sweepVariable")).toString(),
                              state.value(QStringLiteral("sweepFrom")).toDouble(),
                              state.value(QStringLiteral("sweepTo")).toDouble(),
                              state.value(QStringLiteral("sweepPoints")).toInt(),
                              state.value(QStringLiteral("sweepLogarithmic")).toBool()};
    if (!sweep.variable.isEmpty() && sweep.to > sweep.from && sweep.points > 1)
        m_sweep->form().setSettings(sweep);
    setCursorsVisible(state.value(QStringLiteral("cursors")).toBool());
    m_restoring = false;
}

void SimulationView::showEvent(QShowEvent* event) {
    Panel::showEvent(event);
    emit shown();
}

} // namespace headroom::widgets
