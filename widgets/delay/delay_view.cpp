#include "widgets/delay/delay_view.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

#include "widgets/common/dropped_files.h"
#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"
#include "widgets/common/legend_bar.h"
#include "widgets/common/sample_models.h"
#include "widgets/common/sample_plot.h"
#include "widgets/common/sample_table_view.h"
#include "widgets/delay/resemblance_page.h"
#include "widgets/delay/training_page.h"
#include "widgets/delay/verdict_page.h"

namespace headroom::widgets {
namespace {

constexpr int kSideWidth = 270;
constexpr int kMostHeldOut = 90;

} // namespace

DelayView::DelayView(QWidget* parent)
    : Panel(QStringLiteral("delayPanel"), tr("Delay Data"), parent) {
    setAcceptDrops(true);
    buildContent();
    setData(nullptr);
}

void DelayView::buildContent() {
    auto* content = new QWidget(this);
    auto* begin =
        new QLabel(tr("Simulate a cell's delays, or import a table of your own (CSV): drop it here. "
                      "Then make synthetic rows from it and see what learning from them is worth."));
    begin->setObjectName(QStringLiteral("delayBegin"));
    begin->setAlignment(Qt::AlignCenter);
    begin->setWordWrap(true);
    begin->setMargin(40);
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("delayTabs"));
    m_tabs->setDocumentMode(true);
    buildPages();
    m_legend = new LegendBar;
    auto* pages = new QWidget;
    auto* pageColumn = new QVBoxLayout(pages);
    pageColumn->setContentsMargins(0, 0, 0, 0);
    pageColumn->setSpacing(0);
    pageColumn->addWidget(buildBar());
    pageColumn->addWidget(m_tabs, 1);
    auto* legend = new QHBoxLayout;
    legend->setContentsMargins(8, 0, 8, 2);
    legend->addWidget(m_legend, 1);
    pageColumn->addLayout(legend);
    m_stage = new QStackedWidget;
    m_stage->addWidget(begin);
    m_stage->addWidget(pages);
    m_splitter = new QSplitter(Qt::Horizontal, content);
    m_splitter->setObjectName(QStringLiteral("delaySplitter"));
    m_splitter->addWidget(buildSide());
    m_splitter->addWidget(m_stage);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(1, false);
    m_splitter->setSizes({kSideWidth, 4 * kSideWidth});
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_splitter);
    setContent(content);
    auto* clear = new QAction(tr("End the brush"), this);
    clear->setShortcut(QKeySequence(Qt::Key_Escape));
    clear->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(clear, &QAction::triggered, this, [this] { setBrush({}); });
    addAction(clear);
    connect(m_cell, &CellForm::simulateRequested, this, &DelayView::simulateRequested);
    connect(m_cell, &CellForm::cellFileRequested, this, &DelayView::cellFileRequested);
    connect(m_cell, &CellForm::edited, this, &DelayView::viewStateChanged);
    connect(m_generator, &GeneratorForm::makeRequested, this, &DelayView::makeRequested);
    connect(m_generator, &GeneratorForm::edited, this, &DelayView::viewStateChanged);
    connect(m_splitter, &QSplitter::splitterMoved, this, &DelayView::viewStateChanged);
}

QWidget* DelayView::buildSide() {
    auto* side = new QWidget;
    auto* rows = new QGroupBox(tr("Real rows"), side);
    m_cell = new CellForm(rows);
    auto* import = new QPushButton(icon(QStringLiteral("import")), tr("&Import Table\u2026"), rows);
    import->setObjectName(QStringLiteral("delayImport"));
    import->setToolTip(tr("A CSV file of anything with a number to predict"));
    auto* rowColumn = new QVBoxLayout(rows);
    rowColumn->addWidget(m_cell);
    rowColumn->addWidget(import);
    auto* synthetic = new QGroupBox(tr("Synthetic rows"), side);
    m_generator = new GeneratorForm(synthetic);
    m_resimulate = new QPushButton(icon(QStringLiteral("refresh")), tr("Simulate Their &Targets"), synthetic);
    m_resimulate->setObjectName(QStringLiteral("delayResimulate"));
    m_clear = new QPushButton(icon(QStringLiteral("clear")), tr("Remove"), synthetic);
    m_clear->setObjectName(QStringLiteral("delayClear"));
    auto* syntheticColumn = new QVBoxLayout(synthetic);
    syntheticColumn->addWidget(m_generator);
    syntheticColumn->addWidget(m_resimulate);
    syntheticColumn->addWidget(m_clear);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(6, 6, 6, 6);
    column->addWidget(rows);
    column->addWidget(synthetic);
    column->addStretch();
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("delaySide"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(side);
    scroll->setMinimumWidth(side->minimumSizeHint().width() + 20);
    connect(import, &QPushButton::clicked, this, &DelayView::importRequested);
    connect(m_resimulate, &QPushButton::clicked, this, &DelayView::resimulateRequested);
    connect(m_clear, &QPushButton::clicked, this, &DelayView::clearRequested);
    return scroll;
}

QWidget* DelayView::buildBar() {
    auto* bar = new QWidget;
    m_summary = new ElidedLabel(bar);
    m_summary->setObjectName(QStringLiteral("delaySummary"));
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_target = new QComboBox(bar);
    m_target->setObjectName(QStringLiteral("delayTarget"));
    m_target->setToolTip(tr("The column that is to be predicted from the others"));
    m_heldOut = new QSpinBox(bar);
    m_heldOut->setObjectName(QStringLiteral("delayHeldOut"));
    m_heldOut->setRange(1, kMostHeldOut);
    m_heldOut->setSuffix(QStringLiteral(" %"));
    m_heldOut->setKeyboardTracking(false);
    m_heldOut->setToolTip(tr("Share of the real rows that nothing is fitted on and everything is judged by"));
    m_export = new QToolButton(bar);
    m_export->setObjectName(QStringLiteral("delayExport"));
    m_export->setIcon(icon(QStringLiteral("export")));
    m_export->setText(tr("Export"));
    m_export->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_export->setAutoRaise(true);
    m_export->setToolTip(tr("All rows as CSV, with a column that says whence each is"));
    auto* target = new QLabel(tr("&Target"), bar);
    target->setBuddy(m_target);
    auto* heldOut = new QLabel(tr("&Held out"), bar);
    heldOut->setBuddy(m_heldOut);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_summary, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{target, m_target, heldOut, m_heldOut, m_export})
        row->addWidget(widget);
    connect(m_target, &QComboBox::currentTextChanged, this, &DelayView::targetChosen);
    connect(m_heldOut, &QSpinBox::valueChanged, this, &DelayView::heldOutChosen);
    connect(m_export, &QToolButton::clicked, this, &DelayView::tableRequested);
    return bar;
}

void DelayView::buildPages() {
    m_rowsModel = new SampleRowsModel;
    m_rows = new SampleTableView(QStringLiteral("delayRows"), tr("Rows"), m_rowsModel,
                                 QStringLiteral("delay_rows.csv"));
    m_rows->view()->setSortingEnabled(true);
    m_rows->view()->sortByColumn(SampleRowsModel::Number, Qt::AscendingOrder);
    m_onlyBrushed = new QCheckBox(tr("Brushed rows only"));
    m_onlyBrushed->setObjectName(QStringLiteral("delayOnlyBrushed"));
    m_rows->bar()->insertWidget(0, m_onlyBrushed);
    m_pairs = new SamplePlotPage(SamplePlot::Kind::Scatter);
    m_pairs->setObjectName(QStringLiteral("delayPairs"));
    m_pairs->plot()->setTitle(tr("Pairs of columns"));
    m_training = new TrainingPage;
    m_training->setObjectName(QStringLiteral("delayTraining"));
    m_resemblance = new ResemblancePage;
    m_verdict = new VerdictPage;
    m_tabs->addTab(m_rows, icon(QStringLiteral("data-row")), tr("Rows"));
    m_tabs->addTab(m_pairs, icon(QStringLiteral("scatter")), tr("Pairs"));
    m_tabs->addTab(m_training, icon(QStringLiteral("train")), tr("Training"));
    m_tabs->addTab(m_resemblance, icon(QStringLiteral("compare")), tr("Resemblance"));
    m_tabs->addTab(m_verdict, icon(QStringLiteral("statistics")), tr("Verdict"));
    connect(m_onlyBrushed, &QCheckBox::toggled, this, &DelayView::showRows);
    connect(m_rows, &SampleTableView::exportRequested, this, &Panel::exportRequested);
    connect(m_pairs->plot(), &SamplePlot::brushEdited, this, &DelayView::setBrush);
    connect(m_pairs->plot(), &SamplePlot::columnsChanged, this, &DelayView::viewStateChanged);
    connect(m_pairs->plot(), &SamplePlot::exportRequested, this, &Panel::exportRequested);
    connect(m_training, &TrainingPage::exportRequested, this, &Panel::exportRequested);
    connect(m_resemblance, &ResemblancePage::exportRequested, this, &Panel::exportRequested);
    connect(m_verdict, &VerdictPage::exportRequested, this, &Panel::exportRequested);
    connect(m_verdict, &VerdictPage::judgeRequested, this, &DelayView::judgeRequested);
    connect(m_verdict, &VerdictPage::compareRequested, this, &DelayView::compareRequested);
}

void DelayView::setData(std::shared_ptr<const DelayTableData> data) {
    m_data = std::move(data);
    const auto samples = m_data ? m_data->samples : nullptr;
    m_brushed.setTable(samples);
    if (m_brush.rows()) m_brush = {};
    m_rowsModel->setSamples(samples);
    m_pairs->plot()->setData(samples);
    setBrush(m_brush);
    std::vector<LegendEntry> entries;
    if (m_data) {
        const std::size_t counts[] = {m_data->known, m_data->heldOut, m_data->synthetic};
        for (std::size_t i = 0; i < samples->classes.size(); ++i) {
            if (counts[i] == 0) continue;
            entries.push_back({LegendEntry::Glyph::Bar, samples->classes[i].color,
                               tr("%1 (%2)").arg(samples->classes[i].name).arg(counts[i])});
        }
    }
    m_legend->setEntries(std::move(entries));
    const QSignalBlocker quiet[] = {QSignalBlocker(m_target), QSignalBlocker(m_heldOut)};
    m_target->clear();
    if (m_data) {
        m_target->addItems(m_data->targets);
        m_target->setCurrentText(m_data->target);
        m_heldOut->setValue(static_cast<int>(std::lround(100 * m_data->heldOutShare)));
    }
    m_stage->setCurrentIndex(m_data ? 1 : 0);
    setContentPresent(true);
    updateState();
}

void DelayView::setBrush(const RowBrush& brush) {
    m_brush = brush;
    m_pairs->plot()->setBrush(brush, m_brushed.update(brush));
    showRows();
    updateState();
}

void DelayView::showRows() {
    m_rows->refresh([this] {
        m_rowsModel->setMarked(m_brushed.update(m_brush), m_onlyBrushed->isChecked() && !m_brush.isEmpty());
    });
}

void DelayView::updateState() {
    QStringList parts;
    if (m_data) {
        parts << m_data->name << tr("%1 real rows").arg(m_data->known + m_data->heldOut);
        if (m_data->synthetic > 0)
            parts << tr("%1 synthetic ones (%2)").arg(m_data->synthetic).arg(m_data->synthesis);
        if (!m_brush.isEmpty()) parts << tr("%1 brushed").arg(m_brushed.indices().size());
    }
    m_summary->setText(parts.join(QStringLiteral(" \u00b7 ")));
    const QString busy = m_running ? tr("Something is running.") : QString();
    const QString noRows = !busy.isEmpty() ? busy : m_data ? QString() : tr("There are no rows yet.");
    const QString noSynthetic = !noRows.isEmpty()        ? noRows
                                : m_data->synthetic == 0 ? tr("There are no synthetic rows yet.")
                                                         : QString();
    m_cell->setSimulatable(!m_running, m_technology);
    m_generator->setMakeable(noRows);
    m_clear->setEnabled(noSynthetic.isEmpty());
    m_clear->setToolTip(noSynthetic.isEmpty() ? tr("Take the synthetic rows out of the table") : noSynthetic);
    const QString noTruth = !noSynthetic.isEmpty() ? noSynthetic
                            : m_data->isSimulated
                                ? QString()
                                : tr("The rows were imported: what to simulate is unknown.");
    m_resimulate->setEnabled(noTruth.isEmpty());
    m_resimulate->setToolTip(noTruth.isEmpty()
                                 ? tr("Simulate the cell at the synthetic inputs: says how far their targets "
                                      "are off, and puts the right ones in their place")
                                 : noTruth);
    m_verdict->setPossible(noRows, noRows);
    m_target->setEnabled(busy.isEmpty());
    m_heldOut->setEnabled(busy.isEmpty());
    m_export->setEnabled(m_data != nullptr);
}

void DelayView::setTraining(const TrainingData& training) {
    m_training->setTraining(training);
}

void DelayView::clearTraining() {
    m_training->clear();
}

void DelayView::setResemblance(std::shared_ptr<const ResemblanceData> data, const QString& sentence) {
    m_resemblance->setResemblance(std::move(data), sentence);
}

void DelayView::setJudgement(std::shared_ptr<const JudgementData> data, const QString& sentence) {
    m_verdict->setJudgement(std::move(data), sentence);
}

void DelayView::setRunning(bool running) {
    m_running = running;
    updateState();
}

void DelayView::setTechnology(const QString& technology) {
    m_technology = technology;
    updateState();
}

void DelayView::showPage(Page page) {
    m_tabs->setCurrentIndex(static_cast<int>(page));
}

QVariantMap DelayView::viewState() const {
    return {{QStringLiteral("cell"), m_cell->state()},
            {QStringLiteral("generator"), m_generator->state()},
            {QStringLiteral("pairs"), m_pairs->plot()->state()},
            {QStringLiteral("splitter"), m_splitter->saveState()}};
}

void DelayView::restoreViewState(const QVariantMap& state) {
    m_cell->restoreState(state.value(QStringLiteral("cell")).toMap());
    m_generator->restoreState(state.value(QStringLiteral("generator")).toMap());
    m_pairs->plot()->restoreState(state.value(QStringLiteral("pairs")).toMap());
    m_splitter->restoreState(state.value(QStringLiteral("splitter")).toByteArray());
}

void DelayView::dragEnterEvent(QDragEnterEvent* event) {
    if (!droppedFiles(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void DelayView::dropEvent(QDropEvent* event) {
    const QStringList files = droppedFiles(event->mimeData());
    if (files.isEmpty()) return;
    event->acceptProposedAction();
    emit filesDropped(files);
}

} // namespace headroom::widgets
