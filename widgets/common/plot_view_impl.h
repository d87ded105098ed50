#pragma once

#include <optional>

#include "widgets/common/plot_canvas.h"

namespace headroom::widgets {

class PlotView::Impl {
public:
    explicit Impl(PlotView* view)
        : canvas(new PlotCanvas(view)) {}

    QByteArray rendered(Format format, const QSize& size);
    QString toolTipAt(const QPointF& at) const;
    int binAt(double pixel) const;
    void build();
    void fit();
    /// The cursor whose line is at a pixel; absent where there is none.
    std::optional<PlotCursor> cursorAt(const QPoint& at) const;
    /// Where a cursor may stand: on a symbol where a curve has some.
    double snapped(double x) const;
    double maximumDistance() const { return QFontMetricsF(canvas->font()).height() * 0.6; }

    PlotCanvas* canvas;
    PlotContent content;
    PlotCursors cursors;
    std::optional<PlotCursor> dragging; ///< the cursor that the mouse holds
    bool adopting = false;              ///< a range comes from a linked plot
    bool brushing = false;
    bool fitted = false;
    bool touched = false; ///< the user zoomed or panned: new data leave the ranges alone
    bool ours = false;    ///< ranges change because of us and not of the user
    std::optional<QPoint> pressedAt;
    bool dragged = false;
    int keyboardBin = -1;
};

} // namespace headroom::widgets
