#include "widgets/sizing/model_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/sizing/histogram_grid.h"

namespace headroom::widgets {
namespace {

constexpr int kMostSteps = 1000; // of the schedule

QLabel* makeCaption(const char* name) {
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setContentsMargins(6, 3, 6, 0);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

ModelView::ModelView(QWidget* parent)
    : Panel(QStringLiteral("modelPanel"), tr("Model"), parent) {
    auto* content = new QWidget(this);
    m_tabs = new QTabWidget(content);
    m_tabs->setObjectName(QStringLiteral("modelTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildTraining(), icon(QStringLiteral("train")), tr("Training"));
    m_boxes = new PlotView;
    m_boxes->setObjectName(QStringLiteral("modelBoxes"));
    m_boxes->setTitle(tr("Differences from held-out targets"));
    connect(m_boxes, &PlotView::exportRequested, this, &Panel::exportRequested);
    m_performances = new HistogramGrid;
    m_performances->setObjectName(QStringLiteral("modelPerformances"));
    m_performances->setAccessibleName(tr("Histograms of the performances"));
    m_widths = new HistogramGrid;
    m_widths->setObjectName(QStringLiteral("modelWidths"));
    m_widths->setAccessibleName(tr("Histograms of the widths"));
    for (HistogramGrid* grid : {m_performances, m_widths})
        connect(grid, &HistogramGrid::exportRequested, this, &Panel::exportRequested);
    buildSpreads();
    m_boxCaption = makeCaption("modelBoxCaption");
    m_performanceCaption = makeCaption("modelPerformanceCaption");
    m_widthCaption = makeCaption("modelWidthCaption");
    m_spreadCaption = makeCaption("modelSpreadCaption");
    m_tabs->addTab(buildReportPage(m_boxes, m_boxCaption), icon(QStringLiteral("statistics")),
                   tr("Held-out targets"));
    m_tabs->addTab(buildReportPage(m_performances, m_performanceCaption), icon(QStringLiteral("sizing")),
                   tr("Performances of samples"));
    m_tabs->addTab(buildReportPage(m_widths, m_widthCaption), icon(QStringLiteral("device")),
                   tr("Widths of samples"));
    m_tabs->addTab(buildReportPage(m_spreads, m_spreadCaption), icon(QStringLiteral("columns")),
                   tr("Mean and deviation"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_tabs, 1);
    setContent(content);
    setTraining({}, false);
    setReport(nullptr);
    setModel({});
}

QWidget* ModelView::buildBar() {
    auto* bar = new QWidget;
    m_summary = new QLabel(bar);
    m_summary->setObjectName(QStringLiteral("modelSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_steps = new QSpinBox(bar);
    m_steps->setObjectName(QStringLiteral("modelSteps"));
    m_steps->setAccessibleName(tr("Denoising steps"));
    m_steps->setRange(1, kMostSteps);
    m_steps->setValue(kMostSteps);
    m_steps->setSuffix(tr(" steps"));
    m_steps->setToolTip(
        tr("Denoising steps of each sample; %1 are all of the schedule, as in the paper").arg(kMostSteps));
    m_reproduce = new QPushButton(icon(QStringLiteral("statistics")), tr("&Reproduce figures"), bar);
    m_reproduce->setObjectName(QStringLiteral("modelReproduce"));
    m_reproduce->setToolTip(
        tr("Sample and simulate what the figures of the inverse-sizing paper show: box plot, "
           "histograms, mean and deviation of each width"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(6, 3, 6, 3);
    row->addWidget(m_summary, 1);
    row->addWidget(m_steps);
    row->addWidget(m_reproduce);
    connect(m_reproduce, &QPushButton::clicked, this, &ModelView::reportRequested);
    connect(m_steps, &QSpinBox::valueChanged, this, &ModelView::stepsChanged);
    return bar;
}

QWidget* ModelView::buildTraining() {
    auto* page = new QWidget;
    m_trainingCaption = makeCaption("modelTrainingCaption");
    m_network = new QComboBox(page);
    m_network->setObjectName(QStringLiteral("modelNetwork"));
    m_network->setAccessibleName(tr("Network"));
    m_loss = new PlotView(page);
    m_loss->setObjectName(QStringLiteral("modelLoss"));
    m_loss->setTitle(tr("Loss"));
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 6, 0);
    row->addWidget(m_trainingCaption, 1);
    row->addWidget(m_network);
    column->addLayout(row);
    column->addWidget(m_loss, 1);
    column->addStretch();
    connect(m_loss, &PlotView::exportRequested, this, &Panel::exportRequested);
    connect(m_network, &QComboBox::currentIndexChanged, this, [this] {
        m_loss->clear();
        plotTraining();
    });
    return page;
}

QWidget* ModelView::buildReportPage(QWidget* content, QLabel*& caption) {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(caption);
    column->addWidget(content, 1);
    column->addStretch();
    return page;
}

void ModelView::buildSpreads() {
    m_spreads = new QTableWidget(0, 4);
    m_spreads->setObjectName(QStringLiteral("modelSpreads"));
    m_spreads->setAccessibleName(tr("Mean and deviation of each width"));
    m_spreads->setHorizontalHeaderLabels({tr("Device"), tr("Mean W"), tr("Deviation"), tr("of the mean")});
    m_spreads->setEditTriggers(QAbstractItemView::NoEditTriggers);
    prepareRows(m_spreads);
    addExportAction(m_spreads, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("width_spread.csv"));
    });
    addColumnMenu(m_spreads);
}

void ModelView::setModel(const QString& summary, const QString& sentence, const QString& action) {
    m_summary->setText(summary);
    setContentPresent(!summary.isEmpty() || m_isTraining, sentence, action);
}

void ModelView::setTraining(const std::vector<sizing::TrainingCurve>& curves, bool isRunning) {
    const bool isOther = curves.size() != m_curves.size() || isRunning != m_isTraining;
    m_curves = curves;
    m_isTraining = isRunning;
    if (isOther) {
        const QSignalBlocker quiet(m_network);
        m_network->clear();
        for (const sizing::TrainingCurve& curve : m_curves)
            m_network->addItem(QString::fromStdString(curve.network));
        m_loss->clear();
    } else {
        m_loss->clearData();
    }
    m_network->setVisible(m_curves.size() > 1);
    plotTraining();
}

void ModelView::plotTraining() {
    const int index = m_network->currentIndex();
    const bool isKnown = index >= 0 && !m_curves[static_cast<std::size_t>(index)].loss.empty();
    m_loss->setVisible(isKnown);
    if (!isKnown) {
        m_trainingCaption->setText(m_isTraining ? tr("The first epochs are under way.")
                                                : tr("How this model was trained was not kept. Train one to "
                                                     "see its loss here, epoch by epoch."));
        return;
    }
    const sizing::TrainingCurve& curve = m_curves[static_cast<std::size_t>(index)];
    const auto done = static_cast<int>(curve.loss.size());
    QString caption = m_isTraining && done < curve.epochs ? tr("Epoch %1 of %2").arg(done).arg(curve.epochs)
                                                          : tr("Trained for %1 epochs").arg(done);
    if (!curve.validationLoss.empty() && curve.bestEpoch > 0)
        caption +=
            tr("; the weights of epoch %1 are kept, which fit the rows kept aside best").arg(curve.bestEpoch);
    m_trainingCaption->setText(caption + QLatin1Char('.'));
    PlotAxis across{tr("Epoch"), {}};
    across.wholeNumbers = true;
    across.extent = {0, std::max(done, curve.epochs)};
    PlotAxis up{tr("Loss"), {}};
    up.logarithmic = true;
    m_loss->clearData();
    m_loss->setAxes(across, up);
    m_loss->setLegendVisible(true);
    std::vector<double> epochs;
    for (int epoch = 1; epoch <= done; ++epoch)
        epochs.push_back(epoch);
    m_loss->addPoints({tr("rows trained on"), std::move(epochs), curve.loss, ColorRole::Curve, true});
    if (!curve.validationLoss.empty()) {
        m_loss->addPoints({tr("rows kept aside"),
                           {curve.validationEpochs.begin(), curve.validationEpochs.end()},
                           curve.validationLoss,
                           ColorRole::Predicted,
                           true});
        PlotLine kept;
        kept.position = curve.bestEpoch;
        kept.name = tr("kept");
        kept.labelled = true;
        kept.thin = true;
        if (curve.bestEpoch > 0) m_loss->addLine(kept);
    }
    m_loss->refresh();
}

void ModelView::setReport(std::shared_ptr<const ModelReport> report) {
    m_report = std::move(report);
    const QString none =
        tr("Reproduce figures samples and simulates what belongs here: one sizing for each held-out "
           "target of the data set, and a hundred for one of them. It takes a minute or two.");
    m_boxCaption->setText(m_report ? m_report->caption : none);
    for (QLabel* caption : {m_performanceCaption, m_widthCaption, m_spreadCaption})
        caption->setText(m_report ? m_report->samplesCaption : none);
    for (QWidget* content : std::initializer_list<QWidget*>{m_boxes, m_performances, m_widths, m_spreads})
        content->setVisible(m_report != nullptr);
    m_performances->setHistograms(m_report ? m_report->performances : std::vector<HistogramData>());
    m_widths->setHistograms(m_report ? m_report->widths : std::vector<HistogramData>());
    plotBoxes();
    fillSpreads();
}

void ModelView::plotBoxes() {
    m_boxes->clear();
    m_boxes->setAxes({{}, {}}, {tr("Difference from the target"), QStringLiteral("%")});
    if (m_report) {
        m_boxes->addBoxes(m_report->boxes);
        PlotLine zero;
        zero.orientation = Qt::Horizontal;
        zero.name = tr("target");
        zero.thin = true;
        m_boxes->addLine(zero);
    }
    m_boxes->refresh();
}

void ModelView::fillSpreads() {
    m_spreads->setRowCount(m_report ? static_cast<int>(m_report->spreads.size()) : 0);
    for (int row = 0; row < m_spreads->rowCount(); ++row) {
        const WidthSpread& spread = m_report->spreads[static_cast<std::size_t>(row)];
        const double share = spread.mean > 0 ? spread.deviation / spread.mean : 0;
        const auto set = [&](int column, const QString& text, const QString& exact) {
            auto* item = new QTableWidgetItem(text);
            item->setTextAlignment(Qt::AlignVCenter | (column == 0 ? Qt::AlignLeft : Qt::AlignRight));
            item->setData(ExportTextRole, exact);
            m_spreads->setItem(row, column, item);
        };
        const auto exact = [](double value) { return QString::number(value, 'g', 17); };
        set(0, spread.device, spread.device);
        set(1, quantityText(spread.mean, "m"), exact(spread.mean));
        set(2, quantityText(spread.deviation, "m"), exact(spread.deviation));
        set(3, QStringLiteral("%1 %").arg(QString::number(100 * share, 'f', 0)), exact(share));
    }
    fitColumns(m_spreads);
}

void ModelView::setReportable(bool reportable) {
    m_reproduce->setEnabled(reportable);
}

int ModelView::steps() const {
    return m_steps->value();
}

void ModelView::setSteps(int steps) {
    const QSignalBlocker quiet(m_steps);
    m_steps->setValue(steps);
}

void ModelView::showPage(Page page) {
    m_tabs->setCurrentIndex(static_cast<int>(page));
}

} // namespace headroom::widgets
