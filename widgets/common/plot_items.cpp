#include "widgets/common/plot_items.h"

#include <algorithm>
#include <cmath>

#include "widgets/common/marker_path.h"

namespace headroom::widgets {
namespace {

constexpr double kTintOpacity = 0.10;
/// A narrow stripe takes more colour to be seen than one that half the plot is.
constexpr double kBandOpacity = 0.22;
constexpr double kWideBandOpacity = 0.09;
constexpr double kLabelOpacity = 0.80;

/// A label that finds no free place after so many steps stays where it is.
constexpr int kMostSteps = 12;

} // namespace

MarkerItem::MarkerItem(QCustomPlot* plot, const PlotMarker& marker, const QColor& fill, const QColor& outline)
    : QCPAbstractItem(plot)
    , m_marker(marker)
    , m_fill(fill)
    , m_outline(outline) {
    setClipToAxisRect(false);
}

void MarkerItem::draw(QCPPainter* painter) {
    const QCPAxis* x = parentPlot()->xAxis;
    const QCPAxis* y = parentPlot()->yAxis;
    if (!x->range().contains(m_marker.x) || (m_marker.y && !y->range().contains(*m_marker.y))) return;
    const double radius = QFontMetricsF(parentPlot()->font()).height() * 0.5;
    const double bottom = parentPlot()->axisRect()->bottom();
    const QPointF place(x->coordToPixel(m_marker.x),
                        m_marker.y ? y->coordToPixel(*m_marker.y) : bottom - radius * 0.4);
    painter->setPen(QPen(m_outline, 1.2));
    painter->setBrush(m_fill);
    painter->translate(place);
    painter->drawPath(markerPath(m_marker.shape, radius));
    painter->translate(-place);
}

LimitItem::LimitItem(QCustomPlot* plot, const PlotLine& line, const QColor& color, Part part)
    : QCPAbstractItem(plot)
    , m_line(line)
    , m_color(color)
    , m_part(part) {}

void LimitItem::draw(QCPPainter* painter) {
    const QRectF area = parentPlot()->axisRect()->rect();
    const bool vertical = m_line.orientation == Qt::Vertical;
    const QCPAxis* axis = vertical ? parentPlot()->xAxis : parentPlot()->yAxis;
    const double at = axis->coordToPixel(m_line.position);
    if (m_part == Part::Tint) {
        paintTint(painter, area, at);
        return;
    }
    painter->setPen(QPen(m_color, m_line.thin ? 1.0 : 1.8, m_line.dashed ? Qt::DashLine : Qt::SolidLine));
    if (vertical) {
        painter->drawLine(QLineF(at, area.top(), at, area.bottom()));
    } else {
        painter->drawLine(QLineF(area.left(), at, area.right(), at));
    }
}

void LimitItem::paintTint(QCPPainter* painter, const QRectF& area, double at) const {
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
    tint.setAlphaF(kTintOpacity);
    painter->fillRect(good, tint);
}

BandItem::BandItem(QCustomPlot* plot, const PlotBand& band, const QColor& color)
    : QCPAbstractItem(plot)
    , m_band(band)
    , m_color(color) {
    m_color.setAlphaF(band.orientation == Qt::Vertical ? kWideBandOpacity : kBandOpacity);
}

void BandItem::draw(QCPPainter* painter) {
    QRectF stripe = parentPlot()->axisRect()->rect();
    if (m_band.orientation == Qt::Vertical) {
        const QCPAxis* axis = parentPlot()->xAxis;
        stripe.setLeft(axis->coordToPixel(m_band.from));
        stripe.setRight(axis->coordToPixel(m_band.to));
    } else {
        const QCPAxis* axis = parentPlot()->yAxis;
        stripe.setTop(axis->coordToPixel(m_band.to));
        stripe.setBottom(axis->coordToPixel(m_band.from));
    }
    painter->fillRect(stripe.normalized(), m_color);
}

LabelItem::LabelItem(QCustomPlot* plot, const PlotContent& content, bool dark)
    : QCPAbstractItem(plot)
    , m_background(Theme::color(ColorRole::PlotBackground, dark)) {
    m_background.setAlphaF(kLabelOpacity);
    for (const PlotLine& line : content.lines) {
        if (!line.labelled) continue;
        Label label{line.name, Theme::color(line.color, dark), {}, {}};
        (line.orientation == Qt::Vertical ? label.x : label.y) = line.position;
        m_labels.push_back(label);
    }
    for (const PlotMarker& marker : content.markers) {
        if (marker.labelled && marker.y)
            m_labels.push_back({marker.name, Theme::color(marker.color, dark), marker.x, marker.y});
    }
}

QRectF LabelItem::placeFor(const Label& label, const QSizeF& size, const std::vector<QRectF>& taken) const {
    const QRectF area = parentPlot()->axisRect()->rect();
    const double gap = size.height() * 0.3;
    QRectF place(QPointF(area.right() - size.width() - gap, area.top() + gap), size);
    if (label.x) {
        const double x = parentPlot()->xAxis->coordToPixel(*label.x);
        const double shift = label.y ? size.height() * 0.6 : gap;
        place.moveLeft(x + shift);
        if (place.right() > area.right()) place.moveRight(x - shift);
    }
    if (label.y) {
        place.moveBottom(parentPlot()->yAxis->coordToPixel(*label.y) - gap);
        if (place.top() < area.top()) place.moveTop(parentPlot()->yAxis->coordToPixel(*label.y) + gap);
    }
    for (int step = 0; step < kMostSteps; ++step) {
        const auto covered = std::find_if(taken.begin(), taken.end(),
                                          [&](const QRectF& other) { return other.intersects(place); });
        if (covered == taken.end()) break;
        place.moveTop(covered->bottom() + 1);
    }
    return place;
}

void LabelItem::draw(QCPPainter* painter) {
    painter->setFont(parentPlot()->xAxis->tickLabelFont());
    const QFontMetricsF metrics(painter->font());
    std::vector<QRectF> taken;
    const double radius = metrics.height() / 2;
    for (const Label& label : m_labels) {
        if (!label.x || !label.y) continue;
        const QPointF place(parentPlot()->xAxis->coordToPixel(*label.x),
                            parentPlot()->yAxis->coordToPixel(*label.y));
        taken.emplace_back(place - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius));
    }
    for (const Label& label : m_labels) {
        const bool hidden = (label.x && !parentPlot()->xAxis->range().contains(*label.x)) ||
                            (label.y && !parentPlot()->yAxis->range().contains(*label.y));
        if (hidden) continue;
        const QSizeF size(metrics.horizontalAdvance(label.text) + 4, metrics.height());
        const QRectF place = placeFor(label, size, taken);
        taken.push_back(place);
        painter->fillRect(place, m_background);
        painter->setPen(label.color);
        painter->drawText(place, Qt::AlignCenter, label.text);
    }
}

CursorItem::CursorItem(QCustomPlot* plot, const PlotContent& content, const PlotCursors& cursors, bool dark)
    : QCPAbstractItem(plot)
    , m_content(content)
    , m_cursors(cursors)
    , m_dark(dark) {
    setClipToAxisRect(false);
}

void CursorItem::draw(QCPPainter* painter) {
    if (!m_cursors.visible) return;
    for (const PlotCursor cursor : {PlotCursor::B, PlotCursor::A})
        drawCursor(painter, cursor);
}

void CursorItem::drawCursor(QCPPainter* painter, PlotCursor cursor) const {
    const double x = m_cursors.at(cursor);
    if (!std::isfinite(x) || !parentPlot()->xAxis->range().contains(x)) return;
    const QRectF area = parentPlot()->axisRect()->rect();
    const bool active = m_cursors.active == cursor;
    const QColor ink = Theme::color(cursor == PlotCursor::A ? ColorRole::Chosen : ColorRole::Brushed, m_dark);
    const double at = parentPlot()->xAxis->coordToPixel(x);
    painter->setPen(QPen(ink, active ? 2.0 : 1.2));
    painter->drawLine(QLineF(at, area.top(), at, area.bottom()));
    painter->setBrush(ink);
    for (const PlotPoints& points : m_content.points) {
        if (!points.connected) continue;
        const double y = m_content.valueAt(points, x);
        if (!std::isfinite(y) || !parentPlot()->yAxis->range().contains(y)) continue;
        painter->setPen(QPen(Theme::color(ColorRole::PlotBackground, m_dark), 1));
        painter->drawEllipse(QPointF(at, parentPlot()->yAxis->coordToPixel(y)), 3.5, 3.5);
    }
    QFont font = parentPlot()->xAxis->tickLabelFont();
    font.setBold(active);
    painter->setFont(font);
    const QFontMetricsF metrics(font);
    const double side = metrics.height();
    const QRectF tag(at - side / 2, area.bottom() - side, side, side);
    painter->setPen(Qt::NoPen);
    painter->drawRect(tag);
    painter->setPen(Theme::color(ColorRole::PlotBackground, m_dark));
    painter->drawText(tag, Qt::AlignCenter,
                      cursor == PlotCursor::A ? QStringLiteral("A") : QStringLiteral("B"));
}

} // namespace headroom::widgets
