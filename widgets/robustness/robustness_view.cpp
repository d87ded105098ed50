#include "widgets/robustness/robustness_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "core/base/statistics.h"
#include "widgets/common/icons.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

constexpr int kMostDraws = 100000;
/// Devices that are drawn for one performance.
constexpr std::size_t kShownDevices = 12;

QString percent(double share, int digits = 1) {
    return QStringLiteral("%1 %").arg(QString::number(100 * share, 'f', digits));
}

QString limitText(const RobustPerformance& row) {
    const QString text = limitsText(row.minimum, row.maximum, simulation::info(row.performance).unit);
    if (text.isEmpty()) return RobustnessView::tr("none");
    return row.corners.isEmpty()
               ? text
               : QStringLiteral("%1 (%2)").arg(text, row.corners.join(QStringLiteral(", ")));
}

bool holds(const RobustPerformance& row, double value) {
    return !std::isnan(value) && (!row.minimum || value >= *row.minimum) &&
           (!row.maximum || value <= *row.maximum);
}

QTableWidget* makeTable(const char* name, const QString& title, const QString& fileName,
                        RobustnessView* view) {
    auto* table = new QTableWidget;
    table->setObjectName(QString::fromLatin1(name));
    table->setAccessibleName(title);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    prepareRows(table);
    addExportAction(table,
                    [view, fileName](const QByteArray& csv) { emit view->exportRequested(csv, fileName); });
    addColumnMenu(table);
    return table;
}

/// @param exact for files; empty: the text
void setCell(QTableWidget* table, int row, int column, const QString& text, const QString& exact = {},
             std::optional<bool> good = std::nullopt) {
    auto* item = new QTableWidgetItem(text);
    item->setTextAlignment(Qt::AlignVCenter | (column == 0 ? Qt::AlignLeft : Qt::AlignRight));
    item->setData(ExportTextRole, exact.isEmpty() ? text : exact);
    if (good) {
        const ColorRole role = *good ? ColorRole::Met : ColorRole::Failed;
        item->setIcon(icon(*good ? QStringLiteral("met") : QStringLiteral("failed"), role));
        if (!*good) item->setForeground(Theme::instance().color(role));
    }
    table->setItem(row, column, item);
}

QString exact(double value) {
    return std::isfinite(value) ? QString::number(value, 'g', 17) : QString();
}

} // namespace

RobustnessView::RobustnessView(QWidget* parent)
    : Panel(QStringLiteral("robustnessPanel"), tr("Robustness"), parent) {
    auto* content = new QWidget(this);
    m_tabs = new QTabWidget(content);
    m_tabs->setObjectName(QStringLiteral("robustnessTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildCorners(), icon(QStringLiteral("device")), tr("Corners"));
    m_tabs->addTab(buildMismatch(), icon(QStringLiteral("sizing")), tr("Mismatch"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_tabs, 1);
    column->addStretch();
    setContent(content);
    setData(nullptr);
}

QWidget* RobustnessView::buildBar() {
    auto* bar = new QWidget;
    m_summary = new QLabel(bar);
    m_summary->setObjectName(QStringLiteral("robustnessSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_corners = new QCheckBox(tr("&Corners"), bar);
    m_corners->setObjectName(QStringLiteral("robustnessCorners"));
    m_corners->setToolTip(
        tr("All process corners at 90, 100 and 110 % of the supply and at -40, 27 and 125 \u00b0C"));
    m_draws = new QSpinBox(bar);
    m_draws->setObjectName(QStringLiteral("robustnessDraws"));
    m_draws->setAccessibleName(tr("Draws of mismatch"));
    m_draws->setRange(0, kMostDraws);
    m_draws->setSingleStep(100);
    m_draws->setSuffix(tr(" draws"));
    m_draws->setToolTip(tr("Draws of random mismatch, at most; 0: none"));
    m_interval = new QDoubleSpinBox(bar);
    m_interval->setObjectName(QStringLiteral("robustnessInterval"));
    m_interval->setAccessibleName(tr("Width of the yield's interval"));
    m_interval->setRange(0, 50);
    m_interval->setDecimals(1);
    m_interval->setPrefix(tr("until "));
    m_interval->setSuffix(tr(" % wide"));
    m_interval->setSpecialValueText(tr("all of them"));
    m_interval->setToolTip(tr("Drawing ends once the yield's 95 % interval is as narrow as this"));
    m_atWorst = new QCheckBox(tr("at the &worst corner too"), bar);
    m_atWorst->setObjectName(QStringLiteral("robustnessAtWorst"));
    m_tolerance = new QDoubleSpinBox(bar);
    m_tolerance->setObjectName(QStringLiteral("robustnessTolerance"));
    m_tolerance->setAccessibleName(tr("Tolerance"));
    m_tolerance->setRange(0, 100);
    m_tolerance->setDecimals(1);
    m_tolerance->setPrefix(tr("within "));
    m_tolerance->setSuffix(tr(" %"));
    m_tolerance->setToolTip(tr("How much worse than the specification still holds it"));
    m_assess = new QPushButton(icon(QStringLiteral("robustness")), tr("&Assess"), bar);
    m_assess->setObjectName(QStringLiteral("robustnessAssess"));
    auto* row = new QHBoxLayout;
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_corners, m_draws, m_interval, m_atWorst, m_tolerance})
        row->addWidget(widget);
    row->addStretch();
    row->addWidget(m_assess);
    auto* column = new QVBoxLayout(bar);
    column->setContentsMargins(6, 3, 6, 3);
    column->addLayout(row);
    column->addWidget(m_summary);
    connect(m_assess, &QPushButton::clicked, this, &RobustnessView::assessRequested);
    connect(m_corners, &QCheckBox::toggled, this, &RobustnessView::wishesChanged);
    connect(m_atWorst, &QCheckBox::toggled, this, &RobustnessView::wishesChanged);
    connect(m_draws, &QSpinBox::valueChanged, this, &RobustnessView::wishesChanged);
    connect(m_tolerance, &QDoubleSpinBox::valueChanged, this, &RobustnessView::wishesChanged);
    connect(m_interval, &QDoubleSpinBox::valueChanged, this, &RobustnessView::wishesChanged);
    // What fails is coloured cell by cell.
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        fillWorst();
        fillPlaces();
        fillMismatch();
    });
    setWishes({});
    return bar;
}

QWidget* RobustnessView::buildCorners() {
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    m_worst = makeTable("robustnessWorst", tr("Worst value of each performance"), QStringLiteral("worst.csv"),
                        this);
    m_places = makeTable("robustnessPlaces", tr("All corners"), QStringLiteral("corners.csv"), this);
    splitter->addWidget(m_worst);
    splitter->addWidget(m_places);
    return splitter;
}

QWidget* RobustnessView::buildMismatch() {
    auto* page = new QWidget;
    m_place = new QComboBox(page);
    m_place->setObjectName(QStringLiteral("robustnessPlace"));
    m_yield = new QLabel(page);
    m_yield->setObjectName(QStringLiteral("robustnessYield"));
    m_yield->setWordWrap(true);
    m_yield->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_spreads = makeTable("robustnessSpreads", tr("Performances under mismatch"),
                          QStringLiteral("mismatch.csv"), this);
    m_spreads->setSelectionMode(QAbstractItemView::SingleSelection);
    m_histogram = new PlotView(page);
    m_histogram->setObjectName(QStringLiteral("robustnessHistogram"));
    m_shares = new PlotView(page);
    m_shares->setObjectName(QStringLiteral("robustnessShares"));
    for (PlotView* plot : {m_histogram, m_shares})
        connect(plot, &PlotView::exportRequested, this, &Panel::exportRequested);
    connect(m_place, &QComboBox::currentIndexChanged, this, &RobustnessView::fillMismatch);
    connect(m_spreads->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RobustnessView::showSpread);
    auto* plots = new QSplitter(Qt::Horizontal);
    plots->addWidget(m_histogram);
    plots->addWidget(m_shares);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_spreads);
    splitter->addWidget(plots);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(6, 4, 6, 0);
    auto* row = new QHBoxLayout;
    row->addWidget(m_place);
    row->addWidget(m_yield, 1);
    column->addLayout(row);
    column->addWidget(splitter, 1);
    return page;
}

RobustnessWishes RobustnessView::wishes() const {
    return {m_corners->isChecked(), m_draws->value(), m_atWorst->isChecked(), m_tolerance->value() / 100,
            m_interval->value() / 100};
}

void RobustnessView::setWishes(const RobustnessWishes& wishes) {
    const QSignalBlocker quiet[] = {QSignalBlocker(m_corners), QSignalBlocker(m_draws),
                                    QSignalBlocker(m_atWorst), QSignalBlocker(m_tolerance),
                                    QSignalBlocker(m_interval)};
    m_corners->setChecked(wishes.corners);
    m_draws->setValue(wishes.draws);
    m_atWorst->setChecked(wishes.atWorst);
    m_tolerance->setValue(100 * wishes.tolerance);
    m_interval->setValue(100 * wishes.intervalWidth);
}

void RobustnessView::setAssessable(bool assessable, const QString& what) {
    m_assess->setEnabled(assessable);
    m_assess->setToolTip(what.isEmpty() ? QString()
                                        : tr("Simulate %1 at corners and under mismatch").arg(what));
}

void RobustnessView::setData(std::shared_ptr<const RobustnessData> data, const QString& sentence,
                             const QString& action) {
    const bool isThere = data != nullptr;
    fill(std::move(data));
    setContentPresent(isThere, sentence, action);
}

void RobustnessView::setReady(const QString& sentence) {
    fill(nullptr);
    m_summary->setText(sentence);
    setContentPresent(true);
}

void RobustnessView::fill(std::shared_ptr<const RobustnessData> data) {
    m_data = std::move(data);
    m_tabs->setVisible(m_data != nullptr);
    {
        const QSignalBlocker quiet(m_place);
        const int before = std::max(0, m_place->currentIndex());
        m_place->clear();
        if (m_data)
            for (const MismatchData& mismatch : m_data->mismatch)
                m_place->addItem(mismatch.place);
        m_place->setCurrentIndex(std::min(before, m_place->count() - 1));
    }
    m_tabs->setTabVisible(0, m_data && !m_data->places.empty());
    m_tabs->setTabVisible(1, m_data && !m_data->mismatch.empty());
    fillWorst();
    fillPlaces();
    fillMismatch();
    if (!m_data) return;
    const auto holding = std::count_if(m_data->places.begin(), m_data->places.end(),
                                       [](const RobustPlace& place) { return place.holds; });
    QString text = tr("Robustness of %1, holding %2.").arg(m_data->origin, m_data->held);
    if (!m_data->places.empty())
        text += tr(" %1 of %2 corners hold it.").arg(holding).arg(m_data->places.size());
    for (const MismatchData& mismatch : m_data->mismatch)
        text += tr(" Yield at %1: %2 (%3 to %4).")
                    .arg(mismatch.place, percent(mismatch.yield), percent(mismatch.yieldLow),
                         percent(mismatch.yieldHigh));
    m_summary->setText(text);
}

void RobustnessView::fillWorst() {
    m_worst->clear();
    m_worst->setColumnCount(4);
    m_worst->setHorizontalHeaderLabels({tr("Performance"), tr("Limit"), tr("Worst"), tr("Where")});
    m_worst->setRowCount(m_data ? static_cast<int>(m_data->performances.size()) : 0);
    for (int row = 0; row < m_worst->rowCount(); ++row) {
        const RobustPerformance& each = m_data->performances[static_cast<std::size_t>(row)];
        const simulation::PerformanceInfo& info = simulation::info(each.performance);
        setCell(m_worst, row, 0, QString::fromUtf8(info.title));
        m_worst->item(row, 0)->setToolTip(QString::fromUtf8(info.definition));
        setCell(m_worst, row, 1, limitText(each));
        const bool limited = (each.minimum || each.maximum) && !(std::isnan(each.worst) && each.holds);
        setCell(m_worst, row, 2, quantityText(each.worst, info.unit), exact(each.worst),
                limited ? std::optional(each.holds) : std::nullopt);
        setCell(m_worst, row, 3, each.worstPlace);
    }
    if (m_worst->rowCount() > 0) fitColumns(m_worst);
}

void RobustnessView::fillPlaces() {
    m_places->clear();
    QStringList headings{tr("Corner"), tr("Margin")};
    if (m_data)
        for (const RobustPerformance& each : m_data->performances)
            headings << QString::fromUtf8(simulation::info(each.performance).title);
    m_places->setColumnCount(static_cast<int>(headings.size()));
    m_places->setHorizontalHeaderLabels(headings);
    m_places->setRowCount(m_data ? static_cast<int>(m_data->places.size()) : 0);
    for (int row = 0; row < m_places->rowCount(); ++row) {
        const RobustPlace& place = m_data->places[static_cast<std::size_t>(row)];
        setCell(m_places, row, 0, place.name, {}, place.holds);
        if (!place.problem.isEmpty()) m_places->item(row, 0)->setToolTip(place.problem);
        setCell(m_places, row, 1,
                std::isfinite(place.margin) ? percent(place.margin) : QStringLiteral("\u2014"),
                exact(place.margin));
        for (std::size_t p = 0; p < m_data->performances.size(); ++p) {
            const RobustPerformance& performance = m_data->performances[p];
            const double value = place.values[p];
            setCell(m_places, row, static_cast<int>(p) + 2,
                    quantityText(value, simulation::info(performance.performance).unit), exact(value),
                    holds(performance, value) || !performance.appliesAt(place.corner) ? std::nullopt
                                                                                      : std::optional(false));
        }
    }
    if (m_places->rowCount() > 0) fitColumns(m_places);
}

const MismatchData* RobustnessView::chosenMismatch() const {
    const int index = m_place->currentIndex();
    return m_data && index >= 0 && index < static_cast<int>(m_data->mismatch.size())
               ? &m_data->mismatch[static_cast<std::size_t>(index)]
               : nullptr;
}

void RobustnessView::fillMismatch() {
    const MismatchData* mismatch = chosenMismatch();
    const int before = std::max(0, m_spreads->currentRow());
    m_spreads->clear();
    m_spreads->setColumnCount(7);
    m_spreads->setHorizontalHeaderLabels(
        {tr("Performance"), tr("Limit"), tr("Mean"), tr("Sigma"), tr("Cpk"), tr("Yield"), tr("Mostly from")});
    m_spreads->setRowCount(mismatch != nullptr ? static_cast<int>(m_data->performances.size()) : 0);
    m_yield->clear();
    if (mismatch == nullptr) {
        showSpread();
        return;
    }
    QString text =
        tr("<b>Yield %1</b>, with 95 % confidence between %2 and %3 (Wilson), of %4 draws%5.")
            .arg(percent(mismatch->yield), percent(mismatch->yieldLow), percent(mismatch->yieldHigh))
            .arg(mismatch->draws)
            .arg(mismatch->narrowEnough ? tr(", narrow enough") : QString());
    if (mismatch->failed > 0)
        text += tr(" %1 draws failed: %2").arg(mismatch->failed).arg(mismatch->firstProblem.toHtmlEscaped());
    if (mismatch->draws < mismatch->drawsForShares)
        text += tr(" It takes %1 draws to tell which devices the variance comes from.")
                    .arg(mismatch->drawsForShares);
    m_yield->setText(text);
    for (int row = 0; row < m_spreads->rowCount(); ++row) {
        const RobustPerformance& performance = m_data->performances[static_cast<std::size_t>(row)];
        const SpreadRow& spread = mismatch->performances[static_cast<std::size_t>(row)];
        const simulation::PerformanceInfo& info = simulation::info(performance.performance);
        const bool limited = performance.minimum || performance.maximum;
        setCell(m_spreads, row, 0, QString::fromUtf8(info.title));
        setCell(m_spreads, row, 1, limitText(performance));
        setCell(m_spreads, row, 2, quantityText(spread.mean, info.unit), exact(spread.mean));
        setCell(m_spreads, row, 3, quantityText(spread.deviation, info.unit), exact(spread.deviation));
        setCell(m_spreads, row, 4,
                std::isfinite(spread.capability) ? QString::number(spread.capability, 'f', 2) : QString(),
                exact(spread.capability));
        setCell(m_spreads, row, 5, limited ? percent(spread.yield) : QString(), exact(spread.yield));
        m_spreads->item(row, 5)->setToolTip(
            tr("between %1 and %2").arg(percent(spread.yieldLow), percent(spread.yieldHigh)));
        QStringList devices;
        for (std::size_t k = 0; k < std::min<std::size_t>(2, spread.shares.size()); ++k)
            devices << QStringLiteral("%1 %2").arg(spread.shares[k].device,
                                                   percent(spread.shares[k].share, 0));
        setCell(m_spreads, row, 6, devices.join(QStringLiteral(", ")));
    }
    if (m_spreads->rowCount() > 0) {
        fitColumns(m_spreads);
        const QSignalBlocker quiet(m_spreads->selectionModel());
        m_spreads->selectRow(std::min(before, m_spreads->rowCount() - 1));
    }
    showSpread();
}

void RobustnessView::showSpread() {
    m_histogram->clear();
    m_shares->clear();
    const MismatchData* mismatch = chosenMismatch();
    const int row = m_spreads->currentRow();
    if (mismatch != nullptr && row >= 0 && row < static_cast<int>(mismatch->performances.size())) {
        const RobustPerformance& performance = m_data->performances[static_cast<std::size_t>(row)];
        const SpreadRow& spread = mismatch->performances[static_cast<std::size_t>(row)];
        const simulation::PerformanceInfo& info = simulation::info(performance.performance);
        const QString title = QString::fromUtf8(info.title);
        std::vector<double> limits;
        for (const auto& limit : {performance.minimum, performance.maximum})
            if (limit) limits.push_back(*limit);
        const Histogram histogram = makeHistogram(spread.values, limits);
        PlotBars bars{tr("draws"), {}, {}, ColorRole::Simulated};
        for (std::size_t bin = 0; bin <= histogram.counts.size(); ++bin)
            bars.edges.push_back(histogram.low + static_cast<double>(bin) * histogram.binWidth());
        for (const std::size_t count : histogram.counts)
            bars.heights.push_back(static_cast<double>(count));
        m_histogram->setTitle(tr("%1 under mismatch").arg(title));
        PlotAxis counts{tr("Draws"), {}};
        counts.wholeNumbers = true;
        m_histogram->setAxes({title, QString::fromUtf8(info.unit)}, counts);
        m_histogram->addBars(bars);
        if (performance.minimum)
            m_histogram->addLine({*performance.minimum, Qt::Vertical, PlotLine::GoodSide::Above,
                                  ColorRole::Target, true, tr("limit"), true});
        if (performance.maximum)
            m_histogram->addLine({*performance.maximum, Qt::Vertical, PlotLine::GoodSide::Below,
                                  ColorRole::Target, true, tr("limit"), true});
        m_histogram->addLine({spread.mean, Qt::Vertical, PlotLine::GoodSide::None, ColorRole::Muted, true,
                              tr("mean"), false, true});
        PlotAxis devices{tr("Device"), {}};
        PlotBars shares{tr("share of the variance"), {-0.5}, {}, ColorRole::Simulated};
        for (std::size_t k = 0; k < std::min(kShownDevices, spread.shares.size()); ++k) {
            devices.categories << spread.shares[k].device;
            shares.edges.push_back(static_cast<double>(k) + 0.5);
            shares.heights.push_back(100 * spread.shares[k].share);
        }
        m_shares->setTitle(tr("Variance of %1 by device").arg(title));
        m_shares->setAxes(devices, {tr("Share of the variance in %"), {}});
        if (!spread.shares.empty()) m_shares->addBars(shares);
    }
    m_shares->setVisible(m_shares->binCount() > 0);
    m_histogram->refresh();
    m_shares->refresh();
}

} // namespace headroom::widgets
