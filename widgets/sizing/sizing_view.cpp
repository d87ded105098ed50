#include "widgets/sizing/sizing_view.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"
#include "widgets/common/legend_bar.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/sample_models.h"
#include "widgets/common/sample_plot.h"
#include "widgets/common/sample_table_view.h"
#include "widgets/sizing/candidate_comparison.h"
#include "widgets/sizing/candidate_samples.h"
#include "widgets/sizing/candidate_table.h"
#include "widgets/sizing/convergence_plot.h"
#include "widgets/sizing/exploration_histograms.h"
#include "widgets/sizing/histogram_grid.h"
#include "widgets/sizing/operating_point_table.h"

namespace headroom::widgets {

SizingView::SizingView(QWidget* parent)
    : Panel(QStringLiteral("sizingPanel"), tr("Sizing"), parent) {
    buildContent();
    setData(nullptr);
}

void SizingView::buildContent() {
    auto* content = new QWidget(this);
    m_splitter = new QSplitter(Qt::Vertical, content);
    m_splitter->setObjectName(QStringLiteral("sizingSplitter"));
    m_splitter->addWidget(buildHistograms());
    m_splitter->addWidget(buildTables());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_splitter, 1);
    setContent(content);

    auto* clear = new QAction(tr("End the brush"), this);
    clear->setObjectName(QStringLiteral("sizingClearBrush"));
    clear->setShortcut(QKeySequence(Qt::Key_Escape));
    clear->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(clear, &QAction::triggered, this, [this] { userBrushed(RowBrush()); });
    addAction(clear);
}

QWidget* SizingView::buildBar() {
    auto* bar = new QWidget;
    m_summary = new QLabel(bar);
    m_summary->setObjectName(QStringLiteral("sizingSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_summary->setWordWrap(true);
    m_useAsTargets = new QPushButton(icon(QStringLiteral("specification")), tr("Use as targets"), bar);
    m_useAsTargets->setObjectName(QStringLiteral("sizingUseAsTargets"));
    m_useAsTargets->setToolTip(tr("Put the performances of the chosen candidate into the specification"));
    m_export = new QPushButton(icon(QStringLiteral("export")), tr("Export sizing..."), bar);
    m_export->setObjectName(QStringLiteral("sizingExport"));
    m_export->setToolTip(tr("Write the chosen candidate into the netlist, or as .param, CSV or JSON"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_summary, 1);
    row->addWidget(m_useAsTargets);
    row->addWidget(m_export);
    connect(m_export, &QPushButton::clicked, this, [this] { emit sizingExportRequested(m_chosen); });
    connect(m_useAsTargets, &QPushButton::clicked, this,
            [this] { emit targetsFromCandidateRequested(m_chosen); });
    return bar;
}

QWidget* SizingView::buildHistograms() {
    m_histogramTabs = new QTabWidget;
    m_histogramTabs->setObjectName(QStringLiteral("sizingHistograms"));
    m_histogramTabs->setDocumentMode(true);
    m_performances = new HistogramGrid;
    m_performances->setObjectName(QStringLiteral("performanceHistograms"));
    m_performances->setAccessibleName(tr("Histograms of performances"));
    m_widths = new HistogramGrid;
    m_widths->setObjectName(QStringLiteral("widthHistograms"));
    m_widths->setAccessibleName(tr("Histograms of device widths"));
    m_histogramTabs->addTab(m_performances, icon(QStringLiteral("sizing")), tr("Performances"));
    m_histogramTabs->addTab(m_widths, icon(QStringLiteral("transistor")), tr("Device widths"));
    connect(m_histogramTabs, &QTabWidget::currentChanged, this, &SizingView::updateSummary);
    buildPlots();
    m_histogramTabs->setToolTip(tr("Click or drag over bars to mark their candidates everywhere; Shift adds, "
                                   "Ctrl removes, Escape ends"));
    m_legend = new LegendBar;
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_histogramTabs, 1);
    auto* margin = new QHBoxLayout;
    margin->setContentsMargins(8, 0, 8, 2);
    margin->addWidget(m_legend, 1);
    column->addLayout(margin);
    for (HistogramGrid* grid : {m_performances, m_widths}) {
        connect(grid, &HistogramGrid::exportRequested, this, &Panel::exportRequested);
        connect(grid, &HistogramGrid::brushed, this, &SizingView::binsBrushed);
    }
    return page;
}

void SizingView::buildPlots() {
    using Kind = SamplePlot::Kind;
    m_scatter = new SamplePlotPage(Kind::Scatter);
    m_scatter->setObjectName(QStringLiteral("candidateScatter"));
    m_scatter->plot()->setTitle(tr("Scatter matrix of candidates"));
    m_parallel = new SamplePlotPage(Kind::Parallel);
    m_parallel->setObjectName(QStringLiteral("candidateParallel"));
    m_parallel->plot()->setTitle(tr("Parallel coordinates of candidates"));
    m_histogramTabs->addTab(m_scatter, icon(QStringLiteral("scatter")), tr("Scatter matrix"));
    m_histogramTabs->addTab(m_parallel, icon(QStringLiteral("parallel")), tr("Parallel coordinates"));
    m_convergence = new PlotView;
    m_convergence->setObjectName(QStringLiteral("candidateConvergence"));
    m_convergence->setTitle(tr("Convergence"));
    m_histogramTabs->addTab(m_convergence, icon(QStringLiteral("train")), tr("Convergence"));
    connect(m_convergence, &PlotView::exportRequested, this, &Panel::exportRequested);
    for (SamplePlot* plot : {m_scatter->plot(), m_parallel->plot()}) {
        connect(plot, &SamplePlot::brushEdited, this, &SizingView::userBrushed);
        connect(plot, &SamplePlot::rowChosen, this, [this](int candidate) {
            m_candidates->choose(candidate);
            userChose(candidate);
        });
        connect(plot, &SamplePlot::columnsChanged, this, &SizingView::viewStateChanged);
        connect(plot, &SamplePlot::exportRequested, this, &Panel::exportRequested);
    }
}

QWidget* SizingView::buildTables() {
    m_tableTabs = new QTabWidget;
    m_tableTabs->setObjectName(QStringLiteral("sizingTables"));
    m_tableTabs->setDocumentMode(true);
    m_candidates = new CandidateTable;
    m_operatingPoint = new OperatingPointTable;
    m_tableTabs->addTab(m_candidates, icon(QStringLiteral("columns")), tr("Candidates"));
    m_tableTabs->addTab(m_operatingPoint, icon(QStringLiteral("simulate")), tr("Operating point"));
    m_comparison = new ComparisonModel;
    m_comparisonTable = new SampleTableView(QStringLiteral("comparisonTable"), tr("Candidates side by side"),
                                            m_comparison, QStringLiteral("comparison.csv"));
    m_statistics = new StatisticsModel;
    m_statisticsTable = new SampleTableView(QStringLiteral("statisticsTable"), tr("Statistics"), m_statistics,
                                            QStringLiteral("statistics.csv"));
    m_statisticsOf = new QLabel;
    m_statisticsTable->bar()->insertWidget(0, m_statisticsOf);
    auto* hint = new ElidedLabel;
    hint->setText(tr("Select two to four candidates and press Compare; differences are those to the first"));
    m_comparisonTable->bar()->insertWidget(0, hint, 1);
    m_tableTabs->addTab(m_comparisonTable, icon(QStringLiteral("compare")), tr("Compare"));
    m_tableTabs->addTab(m_statisticsTable, icon(QStringLiteral("statistics")), tr("Statistics"));
    connect(m_comparisonTable, &SampleTableView::exportRequested, this, &Panel::exportRequested);
    connect(m_statisticsTable, &SampleTableView::exportRequested, this, &Panel::exportRequested);
    connect(m_candidates, &CandidateTable::chosen, this, &SizingView::userChose);
    connect(m_candidates, &CandidateTable::selected, this,
            [this](const std::vector<int>& candidates) { userBrushed(RowBrush::ofRows(candidates)); });
    connect(m_candidates, &CandidateTable::pinRequested, this, &SizingView::pinRequested);
    connect(m_candidates, &CandidateTable::noteEdited, this, &SizingView::noteEdited);
    connect(m_candidates, &CandidateTable::comparisonRequested, this,
            [this](const std::vector<int>& candidates) {
                compare(candidates);
                m_tableTabs->setCurrentWidget(m_comparisonTable);
            });
    connect(m_candidates, &CandidateTable::exclusionRequested, this, &SizingView::exclusionRequested);
    connect(m_candidates, &CandidateTable::exportRequested, this, &Panel::exportRequested);
    connect(m_operatingPoint, &OperatingPointTable::exportRequested, this, &Panel::exportRequested);
    return m_tableTabs;
}

void SizingView::showEvent(QShowEvent* event) {
    Panel::showEvent(event);
    if (m_placed) return;
    m_placed = true;
    m_splitter->setSizes({height() * 58 / 100, height() * 42 / 100});
}

void SizingView::setData(std::shared_ptr<const ExplorationData> data) {
    const auto count = data ? data->candidates.size() : 0;
    m_data = std::move(data);
    m_samples = m_data ? candidateSamples(*m_data) : nullptr;
    m_rows.setTable(m_samples);
    if (const auto& picked = m_brush.rows()) {
        std::vector<int> left = *picked;
        std::erase_if(left, [count](int candidate) { return static_cast<std::size_t>(candidate) >= count; });
        m_brush = RowBrush::ofRows(std::move(left));
    }
    if (m_chosen >= static_cast<int>(count)) {
        m_chosen = -1;
        setOperatingPoint(-1, nullptr);
    }
    if (m_data) {
        std::vector<bool> predicted;
        for (const CandidateRow& row : m_data->candidates)
            predicted.push_back(row.status == CandidateStatus::Predicted);
        m_performances->setHistograms(performanceHistograms(*m_data, predicted));
        m_widths->setHistograms(widthHistograms(*m_data, predicted));
    }
    m_scatter->plot()->setData(m_samples);
    m_parallel->plot()->setData(m_samples);
    plotConvergence(*m_convergence, m_data.get());
    m_candidates->setData(m_data);
    compare(m_compared);
    setBrush(m_brush);
    chooseCandidate(m_chosen);
    updateSummary();
    setContentPresent(count > 0, tr("No candidates yet. Set a specification and press Sample."));
}

void SizingView::chooseCandidate(int candidate) {
    const bool valid =
        m_data && candidate >= 0 && static_cast<std::size_t>(candidate) < m_data->candidates.size();
    m_chosen = valid ? candidate : -1;
    m_performances->setChosen(m_chosen);
    m_widths->setChosen(m_chosen);
    m_scatter->plot()->setChosen(m_chosen);
    m_parallel->plot()->setChosen(m_chosen);
    m_candidates->choose(m_chosen);
    m_export->setEnabled(m_chosen >= 0);
    m_useAsTargets->setEnabled(valid && m_data->candidates[static_cast<std::size_t>(candidate)].status <
                                            CandidateStatus::NoResult);
    updateSummary();
}

void SizingView::userChose(int candidate) {
    if (candidate == m_chosen) return;
    m_chosen = candidate;
    m_performances->setChosen(candidate);
    m_widths->setChosen(candidate);
    m_scatter->plot()->setChosen(candidate);
    m_parallel->plot()->setChosen(candidate);
    m_export->setEnabled(true);
    m_useAsTargets->setEnabled(m_data->candidates[static_cast<std::size_t>(candidate)].status <
                               CandidateStatus::NoResult);
    updateSummary();
    emit candidateChosen(candidate);
}

void SizingView::brush(const std::vector<int>& candidates) {
    setBrush(RowBrush::ofRows(candidates));
}

void SizingView::setBrush(const RowBrush& brush) {
    m_brush = brush;
    const std::vector<std::uint8_t>& marked = m_rows.update(brush);
    m_brushed = m_rows.indices();
    m_performances->setBrushed(m_brushed);
    m_widths->setBrushed(m_brushed);
    m_scatter->plot()->setBrush(brush, marked);
    m_parallel->plot()->setBrush(brush, marked);
    m_candidates->setBrushed(m_brushed);
    showStatistics();
    updateSummary();
}

void SizingView::userBrushed(const RowBrush& brush) {
    if (brush == m_brush) return;
    setBrush(brush);
    emit candidatesBrushed(m_brushed);
}

void SizingView::binsBrushed(const QString& key, const std::vector<int>& candidates,
                             Qt::KeyboardModifiers modifiers) {
    if (!m_samples) return;
    userBrushed(brushOfBins(m_brush, *m_samples, key, candidates, modifiers));
    if (m_brushed.size() == 1) {
        m_candidates->choose(m_brushed.front());
        userChose(m_brushed.front());
    }
}

void SizingView::compare(const std::vector<int>& candidates) {
    m_compared = candidates;
    m_comparisonTable->refresh([this] { m_comparison->setCandidates(m_samples, m_compared); });
}

void SizingView::showStatistics() {
    m_statisticsTable->refresh([this] {
        m_statistics->setSamples(m_samples,
                                 m_brush.isEmpty() ? std::vector<std::uint8_t>() : m_rows.update(m_brush));
        m_statisticsOf->setText(m_brush.isEmpty() ? tr("All candidates that are not excluded")
                                                  : tr("The %1 brushed candidates").arg(m_brushed.size()));
    });
}

QVariantMap SizingView::viewState() const {
    return {{QStringLiteral("scatter"), m_scatter->plot()->state()},
            {QStringLiteral("parallel"), m_parallel->plot()->state()}};
}

void SizingView::restoreViewState(const QVariantMap& state) {
    m_scatter->plot()->restoreState(state.value(QStringLiteral("scatter")).toMap());
    m_parallel->plot()->restoreState(state.value(QStringLiteral("parallel")).toMap());
}

void SizingView::setOperatingPoint(int candidate, std::shared_ptr<const simulation::OperatingPoint> point) {
    const bool valid =
        m_data && candidate >= 0 && static_cast<std::size_t>(candidate) < m_data->candidates.size();
    if (!valid) {
        m_operatingPoint->setPoint(tr("Choose a candidate to see its operating point."), nullptr);
        return;
    }
    const CandidateRow& row = m_data->candidates[static_cast<std::size_t>(candidate)];
    QString caption = tr("Candidate %1").arg(row.number);
    if (!point || point->devices.empty()) {
        caption = row.error.isEmpty() ? tr("%1 has no operating point.").arg(caption)
                                      : QStringLiteral("%1: %2").arg(caption, row.error);
        point = nullptr;
    }
    m_operatingPoint->setPoint(caption, std::move(point));
}

void SizingView::updateSummary() {
    if (!m_data) {
        m_summary->clear();
        return;
    }
    std::array<int, 5> counts{};
    int excluded = 0;
    for (const CandidateRow& row : m_data->candidates) {
        ++counts[static_cast<std::size_t>(row.status)];
        excluded += row.excluded ? 1 : 0;
    }
    QStringList parts;
    for (const auto status : {CandidateStatus::Met, CandidateStatus::NearlyMet, CandidateStatus::Failed,
                              CandidateStatus::NoResult, CandidateStatus::Predicted}) {
        const int count = counts[static_cast<std::size_t>(status)];
        if (count > 0 || status == CandidateStatus::Met)
            parts << QStringLiteral("%1 %2").arg(count).arg(statusTitle(status));
    }
    if (excluded > 0) parts << tr("%1 excluded").arg(excluded);
    if (!m_brush.isEmpty()) parts << tr("%1 brushed").arg(m_brushed.size());
    m_summary->setText(QStringLiteral("%1\n%2").arg(parts.join(QStringLiteral(" \u00b7 ")), m_data->caption));
    m_summary->setToolTip(m_data->caption);
    updateLegend();
}

void SizingView::updateLegend() {
    const QWidget* page = m_histogramTabs->currentWidget();
    const bool plots = page == m_scatter || page == m_parallel;
    const bool limits = page == m_performances || plots;
    const bool predicted =
        std::any_of(m_data->candidates.begin(), m_data->candidates.end(),
                    [](const CandidateRow& row) { return row.status == CandidateStatus::Predicted; });
    using Glyph = LegendEntry::Glyph;
    std::vector<LegendEntry> entries{{Glyph::Bar, ColorRole::Simulated, tr("simulated")}};
    if (predicted)
        entries.push_back(
            {plots ? Glyph::Bar : Glyph::HatchedBar, ColorRole::Predicted, tr("proposed, not simulated")});
    if (!m_brushed.empty()) entries.push_back({Glyph::Bar, ColorRole::Brushed, tr("brushed")});
    const bool asks =
        std::any_of(m_data->requirements.begin(), m_data->requirements.end(),
                    [](const sizing::Requirement& requirement) { return !requirement.isFree(); });
    if (limits && asks)
        entries.push_back({Glyph::DashedLine, ColorRole::Target, tr("limit, tinted where met")});
    if (m_data->truthPerformances)
        entries.push_back({Glyph::Star, ColorRole::GroundTruth, tr("ground truth")});
    if (m_chosen >= 0) entries.push_back({Glyph::Diamond, ColorRole::Chosen, tr("chosen candidate")});
    m_legend->setEntries(std::move(entries));
}

} // namespace headroom::widgets
