#include "widgets/powergrid/map_viewport.h"

#include <algorithm>

namespace headroom::widgets {
namespace {

constexpr double kMargin = 6; // pixels around a sheet that is fitted

}

void MapViewport::setArea(const QRectF& area) {
    const QPointF middle = toCell(m_area.center());
    m_area = area;
    if (m_fitted)
        fit();
    else
        centre(middle);
}

void MapViewport::setSheet(const QSizeF& cells) {
    if (cells == m_sheet) return;
    m_sheet = cells;
    fit();
}

QPointF MapViewport::toWidget(QPointF cell) const {
    return {m_origin.x() + cell.x() * m_scale, m_origin.y() - cell.y() * m_scale};
}

QPointF MapViewport::toCell(QPointF place) const {
    return {(place.x() - m_origin.x()) / m_scale, (m_origin.y() - place.y()) / m_scale};
}

QRectF MapViewport::toWidget(const QRectF& cells) const {
    return QRectF(toWidget(cells.topLeft()), toWidget(cells.bottomRight())).normalized();
}

QRectF MapViewport::sheetOnWidget() const {
    return toWidget(QRectF(QPointF(0, 0), m_sheet));
}

QRectF MapViewport::visibleCells() const {
    return QRectF(toCell(m_area.topLeft()), toCell(m_area.bottomRight())).normalized() &
           QRectF(QPointF(0, 0), m_sheet);
}

double MapViewport::fittedScale() const {
    const double wide = std::max(m_area.width() - 2 * kMargin, 8.0) / std::max(m_sheet.width(), 1.0);
    const double high = std::max(m_area.height() - 2 * kMargin, 8.0) / std::max(m_sheet.height(), 1.0);
    return std::min({wide, high, kLargestScale});
}

void MapViewport::fit() {
    m_scale = fittedScale();
    centre({m_sheet.width() / 2, m_sheet.height() / 2});
    m_fitted = true;
}

void MapViewport::zoom(double factor, QPointF around) {
    const QPointF cell = toCell(around);
    const double fitted = fittedScale();
    m_scale = std::clamp(m_scale * factor, std::min(fitted / 2, m_scale), kLargestScale);
    m_origin += around - toWidget(cell);
    m_fitted = false;
}

void MapViewport::pan(QPointF pixels) {
    m_origin += pixels;
    m_fitted = false;
    hold();
}

void MapViewport::centre(QPointF cell, double scale) {
    m_scale = std::clamp(std::max(m_scale, scale), 1e-6, kLargestScale);
    m_origin += m_area.center() - toWidget(cell);
    if (scale > 0) m_fitted = false;
}

// Some of the sheet stays in sight.
void MapViewport::hold() {
    constexpr double kRemains = 40;
    const QRectF sheet = sheetOnWidget();
    QPointF by;
    if (sheet.right() < m_area.left() + kRemains) by.setX(m_area.left() + kRemains - sheet.right());
    if (sheet.left() > m_area.right() - kRemains) by.setX(m_area.right() - kRemains - sheet.left());
    if (sheet.bottom() < m_area.top() + kRemains) by.setY(m_area.top() + kRemains - sheet.bottom());
    if (sheet.top() > m_area.bottom() - kRemains) by.setY(m_area.bottom() - kRemains - sheet.top());
    m_origin += by;
}

} // namespace headroom::widgets
