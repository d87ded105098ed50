#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

#include "widgets/common/plot_view_impl.h"

// Cursors of a plot, and plots that are read together.

namespace headroom::widgets {
namespace {

constexpr int kGrabDistance = 5; ///< pixels
constexpr int kFarStep = 10;     ///< pixels, with Shift

} // namespace

std::optional<PlotCursor> PlotView::Impl::cursorAt(const QPoint& at) const {
    if (!cursors.visible || !canvas->axisRect()->rect().contains(at)) return std::nullopt;
    const PlotCursor other = cursors.active == PlotCursor::A ? PlotCursor::B : PlotCursor::A;
    // The active one lies on top.
    for (const PlotCursor cursor : {cursors.active, other}) {
        const double x = cursors.at(cursor);
        if (std::isfinite(x) && std::abs(canvas->xAxis->coordToPixel(x) - at.x()) <= kGrabDistance)
            return cursor;
    }
    return std::nullopt;
}

double PlotView::Impl::snapped(double x) const {
    const QCPRange range = canvas->xAxis->range();
    return content.symbolNear(x).value_or(std::clamp(x, range.lower, range.upper));
}

void PlotView::setCursorsVisible(bool on) {
    m_impl->cursors.visible = on;
    if (on) bringCursorsIntoView();
    m_impl->canvas->replotCursors();
}

bool PlotView::cursorsVisible() const {
    return m_impl->cursors.visible;
}

void PlotView::setCursorPosition(PlotCursor cursor, double x) {
    m_impl->cursors.set(cursor, x);
    m_impl->canvas->replotCursors();
}

double PlotView::cursorPosition(PlotCursor cursor) const {
    return m_impl->cursors.at(cursor);
}

void PlotView::setActiveCursor(PlotCursor cursor) {
    m_impl->cursors.active = cursor;
    m_impl->canvas->replotCursors();
}

void PlotView::bringCursorsIntoView() {
    const QCPAxis* axis = m_impl->canvas->xAxis;
    const QCPRange range = axis->range();
    for (const PlotCursor cursor : {PlotCursor::A, PlotCursor::B}) {
        const double x = m_impl->cursors.at(cursor);
        if (std::isfinite(x) && range.contains(x)) {
            // Symbols may have come since it was put there.
            if (const double place = m_impl->snapped(x); place != x) moveCursor(cursor, place);
            continue;
        }
        const double share = cursor == PlotCursor::A ? 1.0 / 3 : 2.0 / 3;
        const bool logarithmic = axis->scaleType() == QCPAxis::stLogarithmic && range.lower > 0;
        moveCursor(cursor,
                   m_impl->snapped(logarithmic ? range.lower * std::pow(range.upper / range.lower, share)
                                               : range.lower + range.size() * share));
    }
}

void PlotView::moveCursor(PlotCursor cursor, double x) {
    setCursorPosition(cursor, x);
    emit cursorMoved(cursor, x);
}

double PlotView::valueAt(const QString& curve, double x) const {
    for (const PlotPoints& points : m_impl->content.points) {
        if (points.name == curve) return m_impl->content.valueAt(points, x);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

QPoint PlotView::placeOf(double x, double y) const {
    m_impl->canvas->replot();
    return m_impl->canvas->mapTo(this, m_impl->canvas->toPixels(x, y).toPoint());
}

bool PlotView::handleCursorMouse(QEvent* event) {
    auto* mouse = static_cast<QMouseEvent*>(event);
    const QPoint at = mouse->position().toPoint();
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (mouse->button() != Qt::LeftButton) return false;
        m_impl->dragging = m_impl->cursorAt(at);
        if (!m_impl->dragging) return false;
        setFocus(Qt::MouseFocusReason);
        setActiveCursor(*m_impl->dragging);
        emit cursorMoved(*m_impl->dragging, m_impl->cursors.at(*m_impl->dragging));
        return true;
    case QEvent::MouseMove:
        if (!m_impl->dragging) {
            m_impl->canvas->setCursor(m_impl->cursorAt(at) ? Qt::SplitHCursor : Qt::ArrowCursor);
            return false;
        }
        moveCursor(*m_impl->dragging, m_impl->snapped(m_impl->canvas->xAxis->pixelToCoord(at.x())));
        return true;
    case QEvent::MouseButtonRelease:
        if (!m_impl->dragging) return false;
        m_impl->dragging.reset();
        return true;
    default:
        return false;
    }
}

bool PlotView::moveCursorByKey(QKeyEvent* event) {
    if (!m_impl->cursors.visible) return false;
    const PlotCursor active = m_impl->cursors.active;
    if (event->key() == Qt::Key_A || event->key() == Qt::Key_B) {
        const PlotCursor chosen = event->key() == Qt::Key_A ? PlotCursor::A : PlotCursor::B;
        setActiveCursor(chosen);
        emit cursorMoved(chosen, m_impl->cursors.at(chosen));
        return true;
    }
    if (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right) return false;
    const int direction = event->key() == Qt::Key_Left ? -1 : 1;
    const double x = m_impl->cursors.at(active);
    if (const auto symbol = m_impl->content.symbolNear(x, direction)) {
        moveCursor(active, *symbol);
    } else if (event->modifiers() & Qt::ControlModifier) {
        moveCursor(active, m_impl->content.pointNear(x, direction).value_or(x));
    } else {
        const QCPAxis* axis = m_impl->canvas->xAxis;
        const int pixels = direction * (event->modifiers() & Qt::ShiftModifier ? kFarStep : 1);
        moveCursor(active, m_impl->snapped(axis->pixelToCoord(axis->coordToPixel(x) + pixels)));
    }
    return true;
}

void PlotView::clickPoint(const QPoint& at) {
    for (const PlotPoints& curve : m_impl->content.points) {
        if (!curve.symbols) continue;
        for (std::size_t i = 0; i < curve.x.size() && i < curve.y.size(); ++i) {
            const QPointF place = m_impl->canvas->toPixels(curve.x[i], curve.y[i]);
            if (QLineF(place, at).length() < m_impl->maximumDistance()) {
                emit pointClicked(curve.name, static_cast<int>(i));
                return;
            }
        }
    }
}

std::pair<double, double> PlotView::horizontalRange() const {
    const QCPRange range = m_impl->canvas->xAxis->range();
    return {range.lower, range.upper};
}

void PlotView::setHorizontalRange(double low, double high) {
    m_impl->adopting = true;
    m_impl->canvas->xAxis->setRange(low, high);
    m_impl->adopting = false;
    m_impl->touched = true;
    m_impl->canvas->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::link(const std::vector<PlotView*>& plots) {
    for (PlotView* plot : plots) {
        plot->m_impl->canvas->setLeftAligned(true);
        for (PlotView* other : plots) {
            if (other == plot) continue;
            connect(plot, &PlotView::horizontalRangeChanged, other, [plot, other](double low, double high) {
                other->setHorizontalRange(low, high);
                other->m_impl->touched = plot->m_impl->touched;
            });
            connect(plot, &PlotView::cursorMoved, other, [other](PlotCursor cursor, double x) {
                other->m_impl->cursors.active = cursor;
                other->setCursorPosition(cursor, x);
            });
        }
    }
}

} // namespace headroom::widgets
