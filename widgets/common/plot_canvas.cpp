#include "widgets/common/plot_canvas.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/common/plot_items.h"

namespace headroom::widgets {
namespace {

QBrush filling(const QColor& color, bool hatched) {
    return hatched ? QBrush(color, Qt::BDiagPattern) : QBrush(color);
}

struct Extent {
    explicit Extent(bool logarithmicAxis)
        : logarithmic(logarithmicAxis) {}

    void include(double value) {
        if (!std::isfinite(value) || (logarithmic && value <= 0)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool empty() const { return low > high; }

    QCPRange padded(double share) const {
        if (empty()) return logarithmic ? QCPRange{1, 10} : QCPRange{0, 1};
        if (logarithmic) {
            const double factor = high > low ? std::pow(high / low, share) : 2;
            return {low / factor, high * factor};
        }
        const double span = high - low;
        const double pad = span > 0 ? span * share : std::max(std::abs(high) * 0.05, 1e-18);
        return {low - pad, high + pad};
    }

    bool logarithmic;
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
};

} // namespace

PlotCanvas::PlotCanvas(QWidget* parent)
    : QCustomPlot(parent) {
    setAutoAddPlottableToLegend(false);
    setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    legend->setVisible(false);
    addLayer(QStringLiteral("behind"), layer(QStringLiteral("grid")), QCustomPlot::limAbove);
    // Cursors are drawn into a picture of their own, so that dragging one does not draw the curves anew.
    addLayer(QStringLiteral("cursors"), layer(QStringLiteral("overlay")), QCustomPlot::limAbove);
    layer(QStringLiteral("cursors"))->setMode(QCPLayer::lmBuffered);
    connect(this, &QCustomPlot::beforeReplot, this, [this] { updateUnits(); });
}

void PlotCanvas::styleAxis(QCPAxis* axis, const PlotAxis& description, bool dark) {
    const QColor line = Theme::color(ColorRole::PlotAxis, dark);
    QFont tickFont = font();
    if (tickFont.pointSizeF() > 0) tickFont.setPointSizeF(tickFont.pointSizeF() * 0.9);
    axis->setBasePen(QPen(line, 1));
    axis->setTickPen(QPen(line, 1));
    axis->setTickLabelColor(line);
    axis->setLabelColor(line);
    axis->setTickLabelFont(tickFont);
    axis->setLabelFont(tickFont);
    axis->setTickLengthIn(0);
    axis->setTickLengthOut(3);
    axis->setLabelPadding(1);
    axis->setTickLabelPadding(3);
    axis->setPadding(1);
    axis->grid()->setPen(QPen(Theme::color(ColorRole::PlotGrid, dark), 1));
    axis->grid()->setZeroLinePen(QPen(Theme::color(ColorRole::PlotGrid, dark), 1));
    QColor faint = Theme::color(ColorRole::PlotGrid, dark);
    faint.setAlphaF(0.55F);
    axis->grid()->setSubGridPen(QPen(faint, 1));
    axis->grid()->setSubGridVisible(description.logarithmic);
    axis->setSubTickLengthOut(description.logarithmic ? 2 : 0);
    axis->setSubTickLengthIn(0);
    axis->setSubTickPen(QPen(line, 1));
    axis->setTickLabels(description.labelled);
    axis->setScaleType(description.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
}

void PlotCanvas::build(const PlotContent& content, const PlotCursors& cursors, bool dark) {
    m_rubberBand = nullptr;
    clearItems();
    clearPlottables();
    legend->clearItems();
    m_horizontal = content.horizontal;
    m_vertical = content.vertical;
    setBackground(QBrush(Theme::color(ColorRole::PlotBackground, dark)));
    styleAxis(xAxis, m_horizontal, dark);
    styleAxis(yAxis, m_vertical, dark);
    m_verticalTicker.reset(new EngineeringTicker(m_vertical));
    yAxis->setTicker(m_verticalTicker);
    m_categories = content.boxes.empty() ? content.horizontal.categories : content.boxCategories();
    if (m_categories.isEmpty()) {
        m_horizontalTicker.reset(new EngineeringTicker(m_horizontal));
        xAxis->setTicker(m_horizontalTicker);
    } else {
        m_horizontalTicker.reset();
        m_categoryTicker.reset(new QCPAxisTickerText);
        xAxis->setTicker(m_categoryTicker);
    }
    xAxis->grid()->setVisible(content.bars.empty() && content.boxes.empty());
    buildBars(content, dark);
    buildBoxes(content, dark);
    buildPoints(content, dark);
    buildItems(content, dark);
    (new CursorItem(this, content, cursors, dark))->setLayer(QStringLiteral("cursors"));
    placeLegend(content.legend && legend->itemCount() > 0);
    legend->setBrush(Qt::NoBrush);
    legend->setBorderPen(Qt::NoPen);
    legend->setTextColor(Theme::color(ColorRole::PlotAxis, dark));
    legend->setFont(xAxis->tickLabelFont());
    wrapLegend();
}

/// As many entries side by side as there is room for.
void PlotCanvas::wrapLegend() {
    if (!legend->visible() || legend->itemCount() == 0) return;
    int widest = 1;
    for (int entry = 0; entry < legend->itemCount(); ++entry)
        widest = std::max(widest, legend->item(entry)->minimumOuterSizeHint().width());
    const int room = width() - 2 * legend->margins().left();
    const int wrap = std::max(1, room / (widest + legend->columnSpacing()));
    if (wrap == legend->wrap()) return;
    legend->setWrap(wrap);
    legend->setFillOrder(QCPLayoutGrid::foColumnsFirst, true);
}

void PlotCanvas::placeLegend(bool visible) {
    legend->setVisible(visible);
    const bool above = plotLayout()->rowCount() > 1;
    if (visible == above) return;
    if (visible) {
        // Above the plot, where it covers no data.
        plotLayout()->insertRow(0);
        auto* row = new QCPLayoutGrid;
        plotLayout()->addElement(0, 0, row);
        row->addElement(0, 0, legend);
        row->addElement(0, 1, new QCPLayoutElement(this));
        row->setColumnStretchFactor(0, 0.001);
        plotLayout()->setRowStretchFactor(0, 0.001);
        plotLayout()->setRowSpacing(0);
        legend->setFillOrder(QCPLayoutGrid::foColumnsFirst);
        legend->setMargins(QMargins(2, 2, 2, 0));
    } else {
        axisRect()->insetLayout()->addElement(legend, Qt::AlignRight | Qt::AlignTop);
        plotLayout()->remove(plotLayout()->element(0, 0));
        plotLayout()->simplify();
    }
}

/// Bars that are equally wide on a logarithmic axis have no common width in its coordinates.
void PlotCanvas::keepWidthOnScreen(QCPBars* bars, double logarithmOfRatio) {
    bars->setWidthType(QCPBars::wtAxisRectRatio);
    const auto follow = [bars, logarithmOfRatio](const QCPRange& range) {
        if (range.lower > 0 && range.upper > range.lower)
            bars->setWidth(logarithmOfRatio / std::log(range.upper / range.lower));
    };
    follow(xAxis->range());
    connect(xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), bars, follow);
}

void PlotCanvas::buildBars(const PlotContent& content, bool dark) {
    const QColor background = Theme::color(ColorRole::PlotBackground, dark);
    const auto add = [&](const std::vector<double>& edges, const std::vector<double>& heights) {
        auto* bars = new QCPBars(xAxis, yAxis);
        for (std::size_t bin = 0; bin + 1 < edges.size() && bin < heights.size(); ++bin)
            bars->addData(content.middleOfBin(edges, bin), heights[bin]);
        if (content.horizontal.logarithmic && edges.size() > 1) {
            keepWidthOnScreen(bars, std::log(edges[1] / edges[0]));
        } else {
            bars->setWidthType(QCPBars::wtPlotCoords);
            bars->setWidth(edges.size() > 1 ? edges[1] - edges[0] : 1);
        }
        return bars;
    };
    QCPBars* below = nullptr;
    for (const PlotBars& series : content.bars) {
        QCPBars* bars = add(series.edges, series.heights);
        const QColor color = Theme::color(series.color, dark);
        bars->setBrush(filling(color, series.hatched));
        bars->setPen(QPen(series.hatched ? color : background, 1));
        bars->setName(series.name);
        if (below != nullptr) bars->moveAbove(below);
        below = bars;
        if (!series.name.isEmpty()) bars->addToLegend();
    }
    if (!content.brushed.empty() && !content.bars.empty()) {
        QCPBars* brushed = add(content.bars.front().edges, content.brushed);
        brushed->setBrush(Theme::color(ColorRole::Brushed, dark));
        brushed->setPen(QPen(background, 1));
    }
}

void PlotCanvas::buildBoxes(const PlotContent& content, bool dark) {
    const QStringList series = content.boxSeries();
    const QColor ink = Theme::color(ColorRole::PlotAxis, dark);
    const double slot = content.boxSlot();
    for (int number = 0; number < series.size(); ++number) {
        auto* boxes = new QCPStatisticalBox(xAxis, yAxis);
        boxes->setName(series[number]);
        boxes->setWidth(slot * 0.85);
        boxes->setWhiskerWidth(slot * 0.4);
        boxes->setPen(QPen(ink, 1));
        boxes->setWhiskerPen(QPen(ink, 1));
        boxes->setWhiskerBarPen(QPen(ink, 1));
        boxes->setMedianPen(QPen(Theme::color(ColorRole::Chosen, dark), 2));
        for (const PlotBox& box : content.boxes) {
            if (box.series != series[number]) continue;
            boxes->addData(content.placeOf(box), box.lowWhisker, box.lower, box.median, box.upper,
                           box.highWhisker);
            boxes->setBrush(filling(Theme::color(box.color, dark), box.hatched));
        }
        if (!series[number].isEmpty()) boxes->addToLegend();
    }
}

void PlotCanvas::buildPoints(const PlotContent& content, bool dark) {
    for (const PlotPoints& points : content.points) {
        if (points.connected) {
            buildCurve(points, dark);
            continue;
        }
        auto* cloud = new QCPCurve(xAxis, yAxis);
        for (std::size_t i = 0; i < points.x.size() && i < points.y.size(); ++i)
            cloud->addData(points.x[i], points.y[i]);
        const QColor color = Theme::color(points.color, dark);
        cloud->setPen(QPen(color, 1.5));
        cloud->setName(points.name);
        cloud->setLineStyle(QCPCurve::lsNone);
        cloud->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 5));
        if (!points.name.isEmpty()) cloud->addToLegend();
    }
}

void PlotCanvas::buildCurve(const PlotPoints& points, bool dark) {
    const auto count = static_cast<qsizetype>(std::min(points.x.size(), points.y.size()));
    auto* curve = addGraph();
    curve->setData(QVector<double>(points.x.begin(), points.x.begin() + count),
                   QVector<double>(points.y.begin(), points.y.begin() + count));
    const QColor color = Theme::color(points.color, dark);
    curve->setPen(QPen(color, 1.8, points.dashed ? Qt::DashLine : Qt::SolidLine));
    curve->setName(points.name);
    if (points.symbols) curve->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 6));
    if (!points.name.isEmpty()) curve->addToLegend();
}

void PlotCanvas::buildItems(const PlotContent& content, bool dark) {
    for (const PlotLine& line : content.lines) {
        const QColor color = Theme::color(line.color, dark);
        (new LimitItem(this, line, color, LimitItem::Part::Line))->setLayer(QStringLiteral("overlay"));
        if (line.goodSide == PlotLine::GoodSide::None) continue;
        (new LimitItem(this, line, color, LimitItem::Part::Tint))->setLayer(QStringLiteral("behind"));
    }
    for (const PlotMarker& marker : content.markers) {
        auto* item = new MarkerItem(this, marker, Theme::color(marker.color, dark),
                                    Theme::color(ColorRole::PlotBackground, dark));
        item->setLayer(QStringLiteral("overlay"));
    }
    for (const PlotBand& band : content.bands) {
        (new BandItem(this, band, Theme::color(band.color, dark)))->setLayer(QStringLiteral("behind"));
    }
    (new LabelItem(this, content, dark))->setLayer(QStringLiteral("overlay"));
}

void PlotCanvas::fit(const PlotContent& content) {
    Extent x(content.horizontal.logarithmic), y(content.vertical.logarithmic);
    for (const PlotBars& series : content.bars) {
        for (const double edge : series.edges)
            x.include(edge);
    }
    if (!content.bars.empty()) {
        y.include(0);
        for (std::size_t bin = 0; bin < content.bars.front().heights.size(); ++bin)
            y.include(content.stackedHeight(bin));
    }
    for (const PlotBox& box : content.boxes) {
        y.include(box.lowWhisker);
        y.include(box.highWhisker);
    }
    for (const PlotPoints& points : content.points) {
        for (const double value : points.x)
            x.include(value);
        for (std::size_t i = 0; i < points.x.size() && i < points.y.size(); ++i) {
            const auto& seen = content.horizontal.extent;
            if (!seen || (points.x[i] >= seen->first && points.x[i] <= seen->second)) y.include(points.y[i]);
        }
    }
    for (const PlotMarker& marker : content.markers) {
        x.include(marker.x);
        if (marker.y) y.include(*marker.y);
    }
    for (const PlotLine& line : content.lines)
        (line.orientation == Qt::Vertical ? x : y).include(line.position);
    if (content.horizontal.extent) {
        xAxis->setRange(content.horizontal.extent->first, content.horizontal.extent->second);
    } else if (const auto categories = content.boxes.empty() ? content.horizontal.categories.size()
                                                             : content.boxCategories().size();
               categories > 0) {
        xAxis->setRange(-0.6, static_cast<double>(categories) - 0.4);
    } else {
        xAxis->setRange(x.padded(0.04));
    }
    if (content.vertical.extent) {
        yAxis->setRange(content.vertical.extent->first, content.vertical.extent->second);
    } else if (content.bars.empty()) {
        QCPRange range = y.padded(0.06);
        // Names of vertical lines stand at the top, above the data where there is room.
        const bool named = std::any_of(content.lines.begin(), content.lines.end(), [](const PlotLine& line) {
            return line.labelled && line.orientation == Qt::Vertical;
        });
        if (named && !content.vertical.logarithmic) range.upper += range.size() * 0.08;
        yAxis->setRange(range);
    } else {
        yAxis->setRange(0, std::max(1.0, y.empty() ? 1.0 : y.high) * 1.08);
    }
}

void PlotCanvas::updateUnits() {
    const auto labelled = [](QCPAxis* axis, const PlotAxis& description, EngineeringTicker* ticker) {
        const DisplayUnit unit =
            ticker != nullptr ? ticker->adaptTo(axis->range()) : DisplayUnit{1, description.unit};
        QString label = description.title;
        if (!unit.text.isEmpty())
            label = label.isEmpty() ? unit.text : QStringLiteral("%1 (%2)").arg(label, unit.text);
        if (!description.labelled) label.clear();
        if (axis->label() != label) axis->setLabel(label);
    };
    labelled(xAxis, m_horizontal, m_horizontalTicker.get());
    labelled(yAxis, m_vertical, m_verticalTicker.get());
    // A low plot has no room for the whole title: the unit says more.
    if (QFontMetrics(yAxis->labelFont()).horizontalAdvance(yAxis->label()) > axisRect()->height() &&
        m_verticalTicker && !m_vertical.unit.isEmpty())
        yAxis->setLabel(m_verticalTicker->adaptTo(yAxis->range()).text);
    updateMargins();
}

void PlotCanvas::updateMargins() {
    const QFontMetrics metrics(xAxis->tickLabelFont());
    const int labelWidth = metrics.horizontalAdvance(QStringLiteral("000.000"));
    if (m_horizontalTicker) {
        m_horizontalTicker->setTickCount(std::clamp(axisRect()->width() / std::max(1, labelWidth), 2, 10));
    }
    updateCategories();
    m_verticalTicker->setTickCount(
        std::clamp(axisRect()->height() / std::max(1, metrics.height() * 2), 2, 10));
    const int half = labelWidth / 2;
    axisRect()->setMinimumMargins(QMargins(half / 2, metrics.height() / 2, half, 2));
    axisRect()->setAutoMargins(m_leftAligned ? QCP::msRight | QCP::msTop | QCP::msBottom : QCP::msAll);
    if (!m_leftAligned) return;
    QMargins margins = axisRect()->margins();
    margins.setLeft(labelWidth + metrics.height() + metrics.averageCharWidth());
    axisRect()->setMargins(margins);
}

/// Names share out the width that there is.
void PlotCanvas::updateCategories() {
    if (m_categories.isEmpty()) return;
    const QFontMetrics metrics(xAxis->tickLabelFont());
    const int place = static_cast<int>(axisRect()->width() / std::max(1.0, xAxis->range().size()));
    m_categoryTicker->clear();
    for (int index = 0; index < m_categories.size(); ++index)
        m_categoryTicker->addTick(
            index, wrappedLabel(m_categories[index], place - metrics.averageCharWidth(), metrics));
}

void PlotCanvas::showRubberBand(double from, double to) {
    if (m_rubberBand == nullptr) {
        m_rubberBand = new QCPItemRect(this);
        m_rubberBand->setLayer(QStringLiteral("overlay"));
        m_rubberBand->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        m_rubberBand->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        QColor color = Theme::instance().color(ColorRole::Brushed);
        m_rubberBand->setPen(QPen(color, 1));
        color.setAlphaF(0.2F);
        m_rubberBand->setBrush(color);
    }
    m_rubberBand->topLeft->setCoords(std::min(from, to), 0);
    m_rubberBand->bottomRight->setCoords(std::max(from, to), 1);
    replot(QCustomPlot::rpQueuedReplot);
}

void PlotCanvas::hideRubberBand() {
    if (m_rubberBand == nullptr) return;
    removeItem(m_rubberBand);
    m_rubberBand = nullptr;
    replot(QCustomPlot::rpQueuedReplot);
}

void PlotCanvas::replotCursors() {
    layer(QStringLiteral("cursors"))->replot();
}

void PlotCanvas::resizeEvent(QResizeEvent* event) {
    // Squeezed to nothing there is nothing to paint on; the library would complain about each attempt.
    if (event->size().isEmpty()) return;
    wrapLegend();
    QCustomPlot::resizeEvent(event);
}

} // namespace headroom::widgets
