#include "widgets/sizing/dataset_view.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

#include "widgets/common/icons.h"
#include "widgets/common/sample_plot.h"
#include "widgets/sizing/histogram_grid.h"
#include "widgets/common/legend_bar.h"
#include "widgets/common/sample_models.h"
#include "widgets/common/sample_table_view.h"

namespace headroom::widgets {
namespace {

/// Histograms of the data set's own rows; drawings that were turned down have no performances and would hide
/// what is covered.
std::vector<HistogramData> coverageHistograms(const DatasetData& data) {
    const SampleTable& samples = *data.samples;
    std::vector<bool> heldOut;
    for (const std::uint8_t ofClass : samples.classOf)
        heldOut.push_back(ofClass == 1);
    std::vector<HistogramData> histograms;
    for (const SampleColumn& column : samples.columns) {
        HistogramData histogram;
        histogram.key = column.key;
        histogram.title = column.title;
        histogram.symbol = column.symbol;
        histogram.definition = column.definition;
        histogram.unit = column.unit;
        histogram.values = column.values;
        std::fill(histogram.values.begin() + static_cast<std::ptrdiff_t>(data.rows), histogram.values.end(),
                  std::numeric_limits<double>::quiet_NaN());
        histogram.predicted = heldOut;
        histogram.firstKind = samples.classes[0].name;
        histogram.secondKind = samples.classes[1].name;
        histogram.range = column.range;
        histograms.push_back(std::move(histogram));
    }
    return histograms;
}

} // namespace

DatasetView::DatasetView(QWidget* parent)
    : Panel(QStringLiteral("datasetPanel"), tr("Data Set"), parent) {
    buildContent();
    setData(nullptr);
}

void DatasetView::buildContent() {
    auto* content = new QWidget(this);
    m_tabs = new QTabWidget(content);
    m_tabs->setObjectName(QStringLiteral("datasetTabs"));
    m_tabs->setDocumentMode(true);
    m_coverage = new HistogramGrid;
    m_coverage->setObjectName(QStringLiteral("coverageHistograms"));
    m_coverage->setAccessibleName(tr("Histograms of the data set"));
    m_tabs->addTab(m_coverage, icon(QStringLiteral("sizing")), tr("Coverage"));
    connect(m_coverage, &HistogramGrid::brushed, this, &DatasetView::binsBrushed);
    connect(m_coverage, &HistogramGrid::exportRequested, this, &Panel::exportRequested);
    buildPlots();
    buildTables();
    m_legend = new LegendBar;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_tabs, 1);
    auto* margin = new QHBoxLayout;
    margin->setContentsMargins(8, 0, 8, 2);
    margin->addWidget(m_legend, 1);
    column->addLayout(margin);
    setContent(content);
    auto* clear = new QAction(tr("End the brush"), this);
    clear->setObjectName(QStringLiteral("datasetClearBrush"));
    clear->setShortcut(QKeySequence(Qt::Key_Escape));
    clear->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(clear, &QAction::triggered, this, [this] { setBrush({}); });
    addAction(clear);
}

QWidget* DatasetView::buildBar() {
    auto* bar = new QWidget;
    m_summary = new QLabel(bar);
    m_summary->setObjectName(QStringLiteral("datasetSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_summary->setWordWrap(true);
    m_use = new QPushButton(icon(QStringLiteral("specification")), tr("Use as specification"), bar);
    m_use->setObjectName(QStringLiteral("datasetUseRow"));
    m_use->setToolTip(tr("Put the performances of the chosen row into the specification"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_summary, 1);
    row->addWidget(m_use);
    const auto addTool = [&](const char* name, const char* symbol, const QString& text, const QString& tip,
                             auto signal) {
        auto* tool = new QToolButton(bar);
        tool->setObjectName(QLatin1String(name));
        tool->setIcon(icon(QLatin1String(symbol)));
        tool->setAccessibleName(text);
        tool->setToolTip(tip);
        connect(tool, &QToolButton::clicked, this, signal);
        row->addWidget(tool);
    };
    addTool("datasetExtend", "dataset", tr("Extend"), tr("Draw and simulate more sizings for this data set"),
            &DatasetView::extensionRequested);
    addTool("datasetImport", "import", tr("Import"),
            tr("Take a table of sizings that were simulated elsewhere as the data set"),
            &DatasetView::importRequested);
    connect(m_use, &QPushButton::clicked, this, [this] { emit specificationRequested(m_chosen); });
    return bar;
}

void DatasetView::buildPlots() {
    using Kind = SamplePlot::Kind;
    m_scatter = new SamplePlotPage(Kind::Scatter);
    m_scatter->setObjectName(QStringLiteral("datasetScatter"));
    m_scatter->plot()->setTitle(tr("Scatter matrix of the data set"));
    m_parallel = new SamplePlotPage(Kind::Parallel);
    m_parallel->setObjectName(QStringLiteral("datasetParallel"));
    m_parallel->plot()->setTitle(tr("Parallel coordinates of the data set"));
    m_tabs->addTab(m_scatter, icon(QStringLiteral("scatter")), tr("Scatter matrix"));
    m_tabs->addTab(m_parallel, icon(QStringLiteral("parallel")), tr("Parallel coordinates"));
    for (SamplePlot* plot : {m_scatter->plot(), m_parallel->plot()}) {
        connect(plot, &SamplePlot::brushEdited, this, &DatasetView::setBrush);
        connect(plot, &SamplePlot::rowChosen, this, &DatasetView::chooseSample);
        connect(plot, &SamplePlot::columnsChanged, this, &DatasetView::viewStateChanged);
        connect(plot, &SamplePlot::exportRequested, this, &Panel::exportRequested);
    }
}

void DatasetView::buildTables() {
    m_correlation = new CorrelationModel;
    m_correlationTable = new SampleTableView(QStringLiteral("correlationTable"), tr("Rank correlations"),
                                             m_correlation, QStringLiteral("correlation.csv"));
    m_statistics = new StatisticsModel;
    m_statisticsTable = new SampleTableView(QStringLiteral("datasetStatistics"), tr("Statistics"),
                                            m_statistics, QStringLiteral("dataset_statistics.csv"));
    m_rowsModel = new SampleRowsModel;
    m_rowsTable = new SampleTableView(QStringLiteral("datasetRows"), tr("Rows of the data set"), m_rowsModel,
                                      QStringLiteral("dataset_rows.csv"));
    m_rowsTable->view()->setSortingEnabled(true);
    m_rowsTable->view()->sortByColumn(SampleRowsModel::Number, Qt::AscendingOrder);
    m_rowsTable->view()->setSelectionMode(QAbstractItemView::SingleSelection);
    auto* only = new QCheckBox(tr("Brushed rows only"));
    only->setObjectName(QStringLiteral("datasetOnlyBrushed"));
    m_rowsTable->bar()->insertWidget(0, only);
    connect(only, &QCheckBox::toggled, this, &DatasetView::showTables);
    m_tabs->addTab(m_correlationTable, icon(QStringLiteral("columns")), tr("Correlation"));
    m_tabs->addTab(m_statisticsTable, icon(QStringLiteral("statistics")), tr("Statistics"));
    connect(m_tabs, &QTabWidget::currentChanged, this, &DatasetView::updateSummary);
    m_tabs->addTab(m_rowsTable, icon(QStringLiteral("data-row")), tr("Rows"));
    for (SampleTableView* table : {m_correlationTable, m_statisticsTable, m_rowsTable})
        connect(table, &SampleTableView::exportRequested, this, &Panel::exportRequested);
    connect(m_rowsTable->view()->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid() && !m_following) chooseSample(m_rowsModel->sampleAt(current.row()));
            });
}

void DatasetView::setData(std::shared_ptr<const DatasetData> data) {
    m_data = std::move(data);
    const auto samples = m_data ? m_data->samples : nullptr;
    m_rows.setTable(samples);
    m_chosen = -1;
    if (m_brush.rows()) m_brush = {};
    m_coverage->setHistograms(m_data ? coverageHistograms(*m_data) : std::vector<HistogramData>());
    m_scatter->plot()->setData(samples);
    m_parallel->plot()->setData(samples);
    m_correlationTable->refresh([this, samples] { m_correlation->setSamples(samples); });
    m_rowsModel->setSamples(samples);
    setBrush(m_brush);
    chooseSample(-1);
    setContentPresent(m_data && m_data->rows > 0, tr("There is no data set for this circuit yet."));
}

void DatasetView::showPage(Page page) {
    m_tabs->setCurrentIndex(static_cast<int>(page));
}

void DatasetView::chooseSample(int sample) {
    const bool valid =
        m_data && sample >= 0 && static_cast<std::size_t>(sample) < m_data->samples->rowCount();
    m_chosen = valid ? sample : -1;
    m_coverage->setChosen(m_chosen);
    m_scatter->plot()->setChosen(m_chosen);
    m_parallel->plot()->setChosen(m_chosen);
    m_use->setEnabled(valid && static_cast<std::size_t>(sample) < m_data->rows);
    m_following = true;
    const int row = valid ? m_rowsModel->rowOf(sample) : -1;
    m_rowsTable->view()->setCurrentIndex(row < 0 ? QModelIndex() : m_rowsModel->index(row, 0));
    m_following = false;
    updateSummary();
}

void DatasetView::setBrush(const RowBrush& brush) {
    m_brush = brush;
    const std::vector<std::uint8_t>& marked = m_rows.update(brush);
    m_brushed = m_rows.indices();
    m_coverage->setBrushed(m_brushed);
    m_scatter->plot()->setBrush(brush, marked);
    m_parallel->plot()->setBrush(brush, marked);
    showTables();
    updateSummary();
}

void DatasetView::showTables() {
    const auto samples = m_data ? m_data->samples : nullptr;
    m_statisticsTable->refresh([this, samples] {
        m_statistics->setSamples(samples,
                                 m_brush.isEmpty() ? std::vector<std::uint8_t>() : m_rows.update(m_brush));
    });
    m_rowsTable->refresh([this] {
        const auto* only = findChild<QCheckBox*>(QStringLiteral("datasetOnlyBrushed"));
        m_following = true;
        m_rowsModel->setMarked(m_rows.update(m_brush), only->isChecked() && !m_brush.isEmpty());
        m_following = false;
    });
}

void DatasetView::binsBrushed(const QString& key, const std::vector<int>& samples,
                              Qt::KeyboardModifiers modifiers) {
    if (m_data) setBrush(brushOfBins(m_brush, *m_data->samples, key, samples, modifiers));
}

QVariantMap DatasetView::viewState() const {
    return {{QStringLiteral("scatter"), m_scatter->plot()->state()},
            {QStringLiteral("parallel"), m_parallel->plot()->state()}};
}

void DatasetView::restoreViewState(const QVariantMap& state) {
    m_scatter->plot()->restoreState(state.value(QStringLiteral("scatter")).toMap());
    m_parallel->plot()->restoreState(state.value(QStringLiteral("parallel")).toMap());
}

void DatasetView::updateSummary() {
    if (!m_data) {
        m_summary->clear();
        return;
    }
    QStringList parts{m_data->caption};
    if (!m_brush.isEmpty()) parts << tr("%1 brushed").arg(m_brushed.size());
    if (m_chosen >= 0) parts << m_data->samples->rowTitle.arg(m_chosen + 1);
    m_summary->setText(parts.join(QStringLiteral(" \u00b7 ")));
    m_summary->setToolTip(m_data->caption);
    using Glyph = LegendEntry::Glyph;
    std::vector<LegendEntry> entries;
    const auto& classes = m_data->samples->classes;
    const bool coverage = m_tabs->currentWidget() == m_coverage; // has no rows that were turned down
    for (std::size_t ofClass = 0; ofClass < classes.size() && !(coverage && ofClass == 2); ++ofClass) {
        entries.push_back({coverage && ofClass == 1 ? Glyph::HatchedBar : Glyph::Bar, classes[ofClass].color,
                           classes[ofClass].name});
    }
    if (!m_brush.isEmpty()) entries.push_back({Glyph::Bar, ColorRole::Brushed, tr("brushed")});
    if (m_chosen >= 0) entries.push_back({Glyph::Diamond, ColorRole::Chosen, tr("chosen row")});
    m_legend->setEntries(std::move(entries));
}

} // namespace headroom::widgets
