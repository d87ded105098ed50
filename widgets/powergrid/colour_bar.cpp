#include "widgets/powergrid/colour_bar.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

#include "widgets/common/quantity_text.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

constexpr double kBarWidth = 16, kTick = 4, kPixelsPerTick = 45;

/// As wide as ticks become: plain figures, or each with its unit.
double tickWidth(const QFontMetricsF& metrics, const std::optional<ColourLegend>& legend) {
    const bool haveUnits =
        legend && !legend->unit.isEmpty() && legend->scale.axis().tickUnit(legend->unit).isEmpty();
    return metrics.horizontalAdvance(haveUnits ? QStringLiteral("100 \u00b5V") : QStringLiteral("0.0005"));
}

/// The coloured part of an area that a legend is drawn in.
QRectF barOf(const QRectF& area, const QFontMetricsF& metrics) {
    const double air = metrics.height();
    return {area.left() + 6, area.top() + 1.6 * air, kBarWidth, std::max(10.0, area.height() - 2.4 * air)};
}

double placeOn(const QRectF& bar, const ColourScale& scale, double value) {
    return bar.bottom() - std::clamp(scale.shareOf(value), 0.0, 1.0) * bar.height();
}

} // namespace

void paintLegend(QPainter& painter, const QRectF& area, const ColourLegend& legend, const QColor& ink) {
    const QFontMetricsF metrics(painter.font());
    const QRectF bar = barOf(area, metrics);
    const auto& colours = coloursOf(legend.scale.map);
    QImage strip(1, kColours, QImage::Format_RGB32);
    for (int i = 0; i < kColours; ++i)
        strip.setPixel(0, kColours - 1 - i, colours[static_cast<std::size_t>(i)]);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(bar, strip);
    painter.setPen(ink);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);
    const AxisScale axis = legend.scale.axis();
    painter.drawText(QPointF(area.left() + 6, area.top() + metrics.ascent() + 2), axis.tickUnit(legend.unit));
    const int wanted = std::clamp(static_cast<int>(bar.height() / kPixelsPerTick), 3, 9);
    double widest = 0;
    for (const AxisTick& tick : axis.ticks(legend.unit, wanted)) {
        widest = std::max(widest, metrics.horizontalAdvance(tick.label));
        const double y = placeOn(bar, legend.scale, tick.value);
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + kTick, y));
        painter.drawText(QPointF(bar.right() + kTick + 3, y + metrics.ascent() / 2 - 1), tick.label);
    }
    const double titleLeft = bar.right() + kTick + 6 + std::max(widest, tickWidth(metrics, legend));
    painter.save();
    painter.translate(titleLeft, bar.bottom());
    painter.rotate(-90);
    painter.drawText(QRectF(0, 0, bar.height(), metrics.height()), Qt::AlignCenter,
                     metrics.elidedText(legend.title, Qt::ElideRight, bar.height()));
    painter.restore();
    if (!legend.limit) return;
    const double share = legend.scale.shareOf(*legend.limit);
    if (!(share >= 0 && share <= 1)) return;
    const double y = placeOn(bar, legend.scale, *legend.limit);
    painter.setPen(QPen(QColor(0, 0, 0, 160), 3));
    painter.drawLine(QPointF(bar.left(), y), QPointF(bar.right(), y));
    painter.setPen(QPen(Qt::white, 1.4));
    painter.drawLine(QPointF(bar.left(), y), QPointF(bar.right(), y));
}

ColourBar::ColourBar(QWidget* parent)
    : QWidget(parent)
    , m_value(std::nan("")) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setAccessibleName(tr("Colour bar"));
    setCursor(Qt::PointingHandCursor);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ColourBar::setLegend(const std::optional<ColourLegend>& legend) {
    const QSize before = sizeHint();
    m_legend = legend;
    if (sizeHint() != before) updateGeometry();
    if (legend) {
        const QByteArray unit = legend->unit.toUtf8();
        setAccessibleDescription(tr("%1 from %2 to %3")
                                     .arg(legend->title, quantityText(legend->scale.low, unit),
                                          quantityText(legend->scale.high, unit)));
        setToolTip(tr("%1. Click to choose its colours and range.").arg(accessibleDescription()));
    } else {
        setAccessibleDescription({});
        setToolTip({});
    }
    update();
}

void ColourBar::setValue(double value) {
    if (value == m_value || (std::isnan(value) && std::isnan(m_value))) return;
    m_value = value;
    update();
}

double ColourBar::placeOf(double value) const {
    return m_legend ? placeOn(barOf(rect(), QFontMetricsF(font())), m_legend->scale, value) : 0;
}

QSize ColourBar::sizeHint() const {
    const QFontMetricsF metrics(font());
    return {static_cast<int>(6 + kBarWidth + kTick + 6 + tickWidth(metrics, m_legend) + metrics.height()),
            240};
}

void ColourBar::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && m_legend) emit clicked();
}

void ColourBar::paintEvent(QPaintEvent*) {
    if (!m_legend) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLegend(painter, rect(), *m_legend, Theme::instance().color(ColorRole::PlotAxis));
    if (!std::isfinite(m_value)) return;
    const double y = placeOf(m_value);
    QPainterPath mark(QPointF(6, y));
    mark.lineTo(0, y - 4);
    mark.lineTo(0, y + 4);
    mark.closeSubpath();
    painter.fillPath(mark, palette().color(QPalette::WindowText));
}

} // namespace headroom::widgets
