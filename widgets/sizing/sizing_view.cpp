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
#include <limits>

#include "widgets/common/icons.h"
#include "widgets/sizing/candidate_table.h"
#include "widgets/sizing/histogram_grid.h"
#include "widgets/sizing/legend_bar.h"
#include "widgets/sizing/operating_point_table.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

enum class Quantity { Performance, Width };

/// One quantity of all candidates; excluded ones are left out.
std::vector<double> valuesOf(const ExplorationData& data, Quantity quantity, std::size_t index) {
    std::vector<double> values;
    values.reserve(data.candidates.size());
    for (const CandidateRow& row : data.candidates) {
        const std::vector<double>& source = quantity == Quantity::Performance ? row.performances : row.widths;
        values.push_back(row.excluded || index >= source.size() ? kNaN : source[index]);
    }
    return values;
}

std::vector<HistogramData> performanceHistograms(const ExplorationData& data,
                                                 const std::vector<bool>& predicted) {
    std::vector<HistogramData> histograms;
    for (std::size_t index = 0; index < data.performances.size(); ++index) {
        const simulation::PerformanceInfo& info = simulation::info(data.performances[index]);
        HistogramData histogram;
        histogram.title = QString::fromUtf8(info.title);
        histogram.symbol = QString::fromUtf8(info.symbol);
        histogram.definition =
            QStringLiteral("%1 (%2): %3")
                .arg(histogram.title, histogram.symbol, QString::fromUtf8(info.definition));
        histogram.unit = QString::fromUtf8(info.unit);
        histogram.values = valuesOf(data, Quantity::Performance, index);
        histogram.predicted = predicted;
        if (index < data.requirements.size()) {
            const sizing::Requirement& requirement = data.requirements[index];
            if (requirement.hasMinimum()) histogram.minimum = requirement.minimum;
            if (requirement.hasMaximum()) histogram.maximum = requirement.maximum;
        }
        if (data.truthPerformances && index < data.truthPerformances->size())
            histogram.truth = (*data.truthPerformances)[index];
        histograms.push_back(std::move(histogram));
    }
    return histograms;
}

std::vector<HistogramData> widthHistograms(const ExplorationData& data, const std::vector<bool>& predicted) {
    std::vector<HistogramData> histograms;
    for (std::size_t index = 0; index < data.widthNames.size(); ++index) {
        HistogramData histogram;
        histogram.title = SizingView::tr("W of %1").arg(data.widthNames[index]);
        histogram.definition =
            SizingView::tr("Channel width of %1, snapped to the grid").arg(data.widthNames[index]);
        histogram.unit = QStringLiteral("m");
        histogram.values = valuesOf(data, Quantity::Width, index);
        histogram.predicted = predicted;
        if (data.truthWidths && index < data.truthWidths->size())
            histogram.truth = (*data.truthWidths)[index];
        histograms.push_back(std::move(histogram));
    }
    return histograms;
}

} // namespace

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
    connect(clear, &QAction::triggered, this, [this] { userBrushed({}); });
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
    m_histogramTabs->setToolTip(tr("Click or drag over bars to mark their candidates everywhere; Ctrl adds, "
                                   "Shift narrows, Escape ends"));
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

QWidget* SizingView::buildTables() {
    m_tableTabs = new QTabWidget;
    m_tableTabs->setObjectName(QStringLiteral("sizingTables"));
    m_tableTabs->setDocumentMode(true);
    m_candidates = new CandidateTable;
    m_operatingPoint = new OperatingPointTable;
    m_tableTabs->addTab(m_candidates, icon(QStringLiteral("columns")), tr("Candidates"));
    m_tableTabs->addTab(m_operatingPoint, icon(QStringLiteral("simulate")), tr("Operating point"));
    connect(m_candidates, &CandidateTable::chosen, this, &SizingView::userChose);
    connect(m_candidates, &CandidateTable::selected, this, &SizingView::userBrushed);
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
    std::erase_if(m_brushed, [count](int candidate) { return static_cast<std::size_t>(candidate) >= count; });
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
    m_candidates->setData(m_data);
    brush(m_brushed);
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
    m_export->setEnabled(true);
    m_useAsTargets->setEnabled(m_data->candidates[static_cast<std::size_t>(candidate)].status <
                               CandidateStatus::NoResult);
    updateSummary();
    emit candidateChosen(candidate);
}

void SizingView::brush(const std::vector<int>& candidates) {
    m_brushed = candidates;
    m_performances->setBrushed(candidates);
    m_widths->setBrushed(candidates);
    m_candidates->setBrushed(candidates);
    updateSummary();
}

void SizingView::userBrushed(const std::vector<int>& candidates) {
    if (candidates == m_brushed) return;
    brush(candidates);
    emit candidatesBrushed(candidates);
}

void SizingView::binsBrushed(const std::vector<int>& candidates, Qt::KeyboardModifiers modifiers) {
    std::vector<int> result;
    if (modifiers & Qt::ControlModifier) {
        std::set_union(m_brushed.begin(), m_brushed.end(), candidates.begin(), candidates.end(),
                       std::back_inserter(result));
    } else if ((modifiers & Qt::ShiftModifier) && !m_brushed.empty()) {
        std::set_intersection(m_brushed.begin(), m_brushed.end(), candidates.begin(), candidates.end(),
                              std::back_inserter(result));
    } else {
        result = candidates;
    }
    userBrushed(result);
    if (result.size() == 1) {
        m_candidates->choose(result.front());
        userChose(result.front());
    }
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
    bool predicted = false;
    for (const CandidateRow& row : m_data->candidates) {
        ++counts[static_cast<std::size_t>(row.status)];
        excluded += row.excluded ? 1 : 0;
        predicted = predicted || row.status == CandidateStatus::Predicted;
    }
    QStringList parts;
    for (const auto status : {CandidateStatus::Met, CandidateStatus::NearlyMet, CandidateStatus::Failed,
                              CandidateStatus::NoResult, CandidateStatus::Predicted}) {
        const int count = counts[static_cast<std::size_t>(status)];
        if (count > 0 || status == CandidateStatus::Met)
            parts << QStringLiteral("%1 %2").arg(count).arg(statusTitle(status));
    }
    if (excluded > 0) parts << tr("%1 excluded").arg(excluded);
    if (!m_brushed.empty()) parts << tr("%1 brushed").arg(m_brushed.size());
    m_summary->setText(QStringLiteral("%1\n%2").arg(parts.join(QStringLiteral(" \u00b7 ")), m_data->caption));
    m_summary->setToolTip(m_data->caption);

    const bool performances = m_histogramTabs->currentIndex() == 0;
    using Glyph = LegendEntry::Glyph;
    std::vector<LegendEntry> entries{{Glyph::Bar, ColorRole::Simulated, tr("simulated")}};
    if (predicted)
        entries.push_back({Glyph::HatchedBar, ColorRole::Predicted, tr("proposed, not simulated")});
    if (!m_brushed.empty()) entries.push_back({Glyph::Bar, ColorRole::Brushed, tr("brushed")});
    const bool asks =
        std::any_of(m_data->requirements.begin(), m_data->requirements.end(),
                    [](const sizing::Requirement& requirement) { return !requirement.isFree(); });
    if (performances && asks)
        entries.push_back({Glyph::DashedLine, ColorRole::Target, tr("limit, tinted where met")});
    if (m_data->truthPerformances)
        entries.push_back({Glyph::Star, ColorRole::GroundTruth, tr("ground truth")});
    if (m_chosen >= 0) entries.push_back({Glyph::Diamond, ColorRole::Chosen, tr("chosen candidate")});
    m_legend->setEntries(std::move(entries));
}

} // namespace headroom::widgets
