#pragma once

#include <qcustomplot.h>

#include <vector>

#include "widgets/common/plot_content.h"
#include "widgets/common/plot_ticker.h"

namespace headroom::widgets {

/// The plotting library's widget with our content, colours and units in it.
class PlotCanvas final : public QCustomPlot {
public:
    explicit PlotCanvas(QWidget* parent);

    /// Replaces everything that is drawn; the visible ranges stay. @p content and @p cursors are referred to
    /// until the next build().
    void build(const PlotContent& content, const PlotCursors& cursors, bool dark);

    /// Shows all data, limits and markers.
    void fit(const PlotContent& content);

    /// A place on the plot in pixels, and a pixel's place.
    QPointF toPixels(double x, double y) const { return {xAxis->coordToPixel(x), yAxis->coordToPixel(y)}; }

    void showRubberBand(double from, double to);
    void hideRubberBand();

    /// Draws the cursors anew, and nothing else.
    void replotCursors();

    /// Plots above each other have their left edges at one place.
    void setLeftAligned(bool on) { m_leftAligned = on; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void styleAxis(QCPAxis* axis, const PlotAxis& description, bool dark);
    void buildBars(const PlotContent& content, bool dark);
    void keepWidthOnScreen(QCPBars* bars, double logarithmOfRatio);
    void buildBoxes(const PlotContent& content, bool dark);
    void buildPoints(const PlotContent& content, bool dark);
    void buildCurve(const PlotPoints& points, bool dark);
    void buildItems(const PlotContent& content, bool dark);
    void updateMargins();
    void updateCategories();
    void placeLegend(bool visible);
    void wrapLegend();
    void updateUnits();

    PlotAxis m_horizontal, m_vertical;
    QSharedPointer<EngineeringTicker> m_horizontalTicker, m_verticalTicker;
    QStringList m_categories; ///< names of places on the horizontal axis, in place of figures
    QSharedPointer<QCPAxisTickerText> m_categoryTicker;
    QCPItemRect* m_rubberBand = nullptr;
    bool m_leftAligned = false;
};

} // namespace headroom::widgets
