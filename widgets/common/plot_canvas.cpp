#include "widgets/common/plot_canvas.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace headroom::widgets {
namespace {

QBrush filling(const QColor& color, bool hatched) {
    return hatched ? QBrush(color, Qt::BDiagPattern) : QBrush(color);
}

QPainterPath markerPath(MarkerShape shape, double radius) {
    QPainterPath path;
    switch (shape) {
    case MarkerShape::Disc:
        path.addEllipse(QPointF(0, 0), radius * 0.75, radius * 0.75);
        break;
    case MarkerShape::Diamond:
        path.addPolygon(
            QPolygonF{{0, -radius}, {radius * 0.8, 0}, {0, radius}, {-radius * 0.8, 0}, {0, -radius}});
        break;
    case MarkerShape::Star:
        QPolygonF star;
        for (int point = 0; point <= 10; ++point) {
            const double angle = std::numbers::pi * (point / 5.0 - 0.5);
            const double r = point % 2 == 0 ? radius : radius * 0.45;
            star << QPointF(r * std::cos(angle), r * std::sin(angle));
        }
        path.addPolygon(star);
        break;
    }
    return path;
}

/// A marker at a place of the plot, or standing on the horizontal axis.
class MarkerItem final : public QCPAbstractItem {
public:
    MarkerItem(QCustomPlot* plot, const PlotMarker& marker, const QColor& fill, const QColor& outline)
        : QCPAbstractItem(plot)
        , m_marker(marker)
        , m_fill(fill)
        , m_outline(outline) {
        setClipToAxisRect(false);
    }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override {
        const QCPAxis* x = parentPlot()->xAxis;
        if (!x->range().contains(m_marker.x)) return;
        const double radius = QFontMetricsF(parentPlot()->font()).height() * 0.5;
        const double bottom = parentPlot()->axisRect()->bottom();
        const QPointF place(x->coordToPixel(m_marker.x), m_marker.y
                                                             ? parentPlot()->yAxis->coordToPixel(*m_marker.y)
                                                             : bottom - radius * 0.4);
        painter->setPen(QPen(m_outline, 1.2));
        painter->setBrush(m_fill);
        painter->translate(place);
        painter->drawPath(markerPath(m_marker.shape, radius));
        painter->translate(-place);
    }

private:
    PlotMarker m_marker;
    QColor m_fill, m_outline;
};

/// Of a limit, the line across the plot or the tint on its good side: one lies over the data, one below.
class LimitItem final : public QCPAbstractItem {
public:
    enum class Part { Line, Tint };

    LimitItem(QCustomPlot* plot, const PlotLine& line, const QColor& color, Part part)
        : QCPAbstractItem(plot)
        , m_line(line)
        , m_color(color)
        , m_part(part) {}

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override {
        const QRectF area = parentPlot()->axisRect()->rect();
        const bool vertical = m_line.orientation == Qt::Vertical;
        const QCPAxis* axis = vertical ? parentPlot()->xAxis : parentPlot()->yAxis;
        const double at = axis->coordToPixel(m_line.position);
        if (m_part == Part::Tint) {
            paintTint(painter, area, at);
            return;
        }
        painter->setPen(QPen(m_color, 1.8, m_line.dashed ? Qt::DashLine : Qt::SolidLine));
        if (vertical) {
            painter->drawLine(QLineF(at, area.top(), at, area.bottom()));
        } else {
            painter->drawLine(QLineF(area.left(), at, area.right(), at));
        }
    }

private:
    void paintTint(QCPPainter* painter, const QRectF& area, double at) const {
        const bool above = m_line.goodSide == PlotLine::GoodSide::Above;
        QRectF good = area;
        if (m_line.orientation == Qt::Vertical) {
            const double edge = std::clamp(at, area.left(), area.right());
            above ? good.setLeft(edge) : good.setRight(edge);
        } else {
            const double edge = std::clamp(at, area.top(), area.bottom());
            above ? good.setBottom(edge) : good.setTop(edge);
        }
        QColor tint = m_color;
        tint.setAlphaF(0.10F);
        painter->fillRect(good, tint);
    }

    PlotLine m_line;
    QColor m_color;
    Part m_part;
};

struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void include(double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool empty() const { return low > high; }

    QCPRange padded(double share) const {
        if (empty()) return {0, 1};
        const double span = high - low;
        const double pad = span > 0 ? span * share : std::max(std::abs(high) * 0.05, 1e-18);
        return {low - pad, high + pad};
    }
};

} // namespace

QStringList PlotContent::boxCategories() const {
    QStringList names;
    for (const PlotBox& box : boxes) {
        if (!names.contains(box.category)) names << box.category;
    }
    return names;
}

QStringList PlotContent::boxSeries() const {
    QStringList names;
    for (const PlotBox& box : boxes) {
        if (!names.contains(box.series)) names << box.series;
    }
    return names;
}

double PlotContent::stackedHeight(std::size_t bin) const {
    double height = 0;
    for (const PlotBars& series : bars) {
        if (bin < series.heights.size()) height += series.heights[bin];
    }
    return height;
}

double EngineeringTicker::getTickStep(const QCPRange& range) {
    // Chosen in shown units, so that prefixes do not make steps crooked.
    m_step =
        QCPAxisTicker::getTickStep(QCPRange(range.lower * m_unit.perUnit, range.upper * m_unit.perUnit)) /
        m_unit.perUnit;
    if (m_wholeNumbers) m_step = std::max(1.0, std::round(m_step));
    return m_step;
}

QVector<double> EngineeringTicker::createTickVector(double step, const QCPRange& range) {
    if (!m_logarithmic || range.lower <= 0) return QCPAxisTicker::createTickVector(step, range);
    QVector<double> ticks;
    for (int decade = static_cast<int>(std::floor(std::log10(range.lower)));
         decade <= static_cast<int>(std::ceil(std::log10(range.upper))); ++decade) {
        ticks << std::pow(10.0, decade);
    }
    return ticks;
}

QString EngineeringTicker::getTickLabel(double tick, const QLocale& locale, QChar, int) {
    const double shown = tick * m_unit.perUnit;
    if (m_logarithmic) return locale.toString(shown, 'g', 4);
    double step = std::abs(m_step * m_unit.perUnit);
    int decimals = 0;
    while (decimals < 9 && std::abs(step - std::round(step)) > 1e-6 * step) {
        step *= 10;
        ++decimals;
    }
    const double clean = std::abs(shown) < std::abs(m_step * m_unit.perUnit) * 1e-6 ? 0 : shown;
    return QString::number(clean, 'f', decimals);
}

PlotCanvas::PlotCanvas(QWidget* parent)
    : QCustomPlot(parent) {
    setAutoAddPlottableToLegend(false);
    setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    legend->setVisible(false);
    addLayer(QStringLiteral("behind"), layer(QStringLiteral("grid")), QCustomPlot::limAbove);
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
    axis->setScaleType(description.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
}

void PlotCanvas::build(const PlotContent& content, bool dark) {
    m_rubberBand = nullptr;
    clearItems();
    clearPlottables();
    legend->clearItems();
    m_horizontal = content.horizontal;
    m_vertical = content.vertical;
    setBackground(QBrush(Theme::color(ColorRole::PlotBackground, dark)));
    styleAxis(xAxis, m_horizontal, dark);
    styleAxis(yAxis, m_vertical, dark);
    m_verticalTicker.reset(new EngineeringTicker(m_vertical.wholeNumbers, m_vertical.logarithmic));
    yAxis->setTicker(m_verticalTicker);
    if (content.boxes.empty()) {
        m_horizontalTicker.reset(new EngineeringTicker(m_horizontal.wholeNumbers, m_horizontal.logarithmic));
        xAxis->setTicker(m_horizontalTicker);
    } else {
        m_horizontalTicker.reset();
        QSharedPointer<QCPAxisTickerText> categories(new QCPAxisTickerText);
        const QStringList names = content.boxCategories();
        for (int index = 0; index < names.size(); ++index)
            categories->addTick(index, names[index]);
        xAxis->setTicker(categories);
    }
    xAxis->grid()->setVisible(content.bars.empty() && content.boxes.empty());
    buildBars(content, dark);
    buildBoxes(content, dark);
    buildPoints(content, dark);
    buildItems(content, dark);
    placeLegend(content.legend && legend->itemCount() > 0);
    legend->setBrush(Qt::NoBrush);
    legend->setBorderPen(Qt::NoPen);
    legend->setTextColor(Theme::color(ColorRole::PlotAxis, dark));
    legend->setFont(xAxis->tickLabelFont());
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

void PlotCanvas::buildBars(const PlotContent& content, bool dark) {
    const QColor background = Theme::color(ColorRole::PlotBackground, dark);
    const auto add = [this](const std::vector<double>& edges, const std::vector<double>& heights) {
        auto* bars = new QCPBars(xAxis, yAxis);
        for (std::size_t bin = 0; bin + 1 < edges.size() && bin < heights.size(); ++bin) {
            bars->addData((edges[bin] + edges[bin + 1]) / 2, heights[bin]);
        }
        bars->setWidthType(QCPBars::wtPlotCoords);
        bars->setWidth(edges.size() > 1 ? edges[1] - edges[0] : 1);
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
    const QStringList categories = content.boxCategories();
    const QStringList series = content.boxSeries();
    const QColor ink = Theme::color(ColorRole::PlotAxis, dark);
    const double slot = 0.8 / std::max<qsizetype>(1, series.size());
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
            const double key = categories.indexOf(box.category) + slot * (number - (series.size() - 1) / 2.0);
            boxes->addData(key, box.lowWhisker, box.lower, box.median, box.upper, box.highWhisker);
            boxes->setBrush(filling(Theme::color(box.color, dark), box.hatched));
        }
        if (!series[number].isEmpty()) boxes->addToLegend();
    }
}

void PlotCanvas::buildPoints(const PlotContent& content, bool dark) {
    for (const PlotPoints& points : content.points) {
        auto* curve = new QCPCurve(xAxis, yAxis);
        for (std::size_t i = 0; i < points.x.size() && i < points.y.size(); ++i)
            curve->addData(points.x[i], points.y[i]);
        const QColor color = Theme::color(points.color, dark);
        curve->setPen(QPen(color, 1.5));
        curve->setName(points.name);
        curve->setLineStyle(points.connected ? QCPCurve::lsLine : QCPCurve::lsNone);
        if (!points.connected)
            curve->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 5));
        if (!points.name.isEmpty()) curve->addToLegend();
    }
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
}

void PlotCanvas::fit(const PlotContent& content) {
    Extent x, y;
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
        for (const double value : points.y)
            y.include(value);
    }
    for (const PlotMarker& marker : content.markers) {
        x.include(marker.x);
        if (marker.y) y.include(*marker.y);
    }
    for (const PlotLine& line : content.lines)
        (line.orientation == Qt::Vertical ? x : y).include(line.position);
    if (content.boxes.empty()) {
        xAxis->setRange(x.padded(0.04));
    } else {
        xAxis->setRange(-0.6, static_cast<double>(content.boxCategories().size()) - 0.4);
    }
    if (content.bars.empty()) {
        yAxis->setRange(y.padded(0.06));
    } else {
        yAxis->setRange(0, std::max(1.0, y.empty() ? 1.0 : y.high) * 1.08);
    }
}

void PlotCanvas::updateUnits() {
    const auto labelled = [](QCPAxis* axis, const PlotAxis& description, EngineeringTicker* ticker) {
        const double magnitude = std::max(std::abs(axis->range().lower), std::abs(axis->range().upper));
        const DisplayUnit unit = displayUnit(magnitude, description.unit);
        if (ticker != nullptr) ticker->setUnit(unit);
        QString label = description.title;
        if (!unit.text.isEmpty())
            label = label.isEmpty() ? unit.text : QStringLiteral("%1 (%2)").arg(label, unit.text);
        if (axis->label() != label) axis->setLabel(label);
    };
    labelled(xAxis, m_horizontal, m_horizontalTicker.get());
    labelled(yAxis, m_vertical, m_verticalTicker.get());
    const QFontMetrics metrics(xAxis->tickLabelFont());
    const int labelWidth = metrics.horizontalAdvance(QStringLiteral("000.000"));
    if (m_horizontalTicker) {
        m_horizontalTicker->setTickCount(std::clamp(axisRect()->width() / std::max(1, labelWidth), 2, 10));
    }
    m_verticalTicker->setTickCount(
        std::clamp(axisRect()->height() / std::max(1, metrics.height() * 2), 2, 10));
    const int half = labelWidth / 2;
    axisRect()->setMinimumMargins(QMargins(half / 2, metrics.height() / 2, half, 2));
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

} // namespace headroom::widgets
