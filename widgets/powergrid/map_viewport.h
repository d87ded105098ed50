#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace headroom::widgets {

/// Which part of a sheet is on show where: cells on one side, pixels of a widget on the other. y grows
/// upwards in cells and downwards in pixels.
class MapViewport {
public:
    static constexpr double kLargestScale = 64; ///< pixels per cell

    /// The part of the widget that shows the sheet.
    void setArea(const QRectF& area);
    void setSheet(const QSizeF& cells);

    const QRectF& area() const { return m_area; }
    const QSizeF& sheet() const { return m_sheet; }
    double scale() const { return m_scale; } ///< pixels per cell
    bool isFitted() const { return m_fitted; }

    QPointF toWidget(QPointF cell) const;
    QPointF toCell(QPointF place) const;
    QRectF toWidget(const QRectF& cells) const;
    /// The whole sheet on the widget, beyond the area too.
    QRectF sheetOnWidget() const;
    QRectF visibleCells() const; ///< cut to the sheet

    void fit();
    /// @param factor above 1 magnifies  @param around stays where it is, as far as there are no limits
    void zoom(double factor, QPointF around);
    void pan(QPointF pixels);
    /// Puts a place into the middle, magnified at least to @p scale.
    void centre(QPointF cell, double scale = 0);

private:
    double fittedScale() const;
    void hold();

    QRectF m_area = QRectF(0, 0, 1, 1);
    QSizeF m_sheet = QSizeF(1, 1);
    double m_scale = 1;
    QPointF m_origin; ///< of the sheet's lower left corner, in pixels
    bool m_fitted = true;
};

} // namespace headroom::widgets
