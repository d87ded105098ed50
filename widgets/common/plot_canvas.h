#pragma once

#include <qcustomplot.h>

#include <vector>

#include "widgets/common/plot_view.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {

/// Everything that a plot shows, independent of how it is drawn.
struct PlotContent {
    QString title;
    PlotAxis horizontal, vertical;
    std::vector<PlotBars> bars;
    std::vector<double> brushed;
    std::vector<PlotMarker> markers;
    std::vector<PlotLine> lines;
    std::vector<PlotBox> boxes;
    std::vector<PlotPoints> points;
    bool legend = false;

    bool empty() const { return bars.empty() && boxes.empty() && points.empty() && markers.empty(); }
    QStringList boxCategories() const;
    QStringList boxSeries() const;
    /// Sum of all series in a bin.
    double stackedHeight(std::size_t bin) const;
};

/// Ticks in engineering units: the axis' label carries the prefix, tick labels only the figures.
class EngineeringTicker final : public QCPAxisTicker {
public:
    EngineeringTicker(bool wholeNumbers, bool logarithmic)
        : m_wholeNumbers(wholeNumbers)
        , m_logarithmic(logarithmic) {}

    void setUnit(const DisplayUnit& unit) { m_unit = unit; }

protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;
    QVector<double> createTickVector(double step, const QCPRange& range) override;

private:
    bool m_wholeNumbers, m_logarithmic;
    DisplayUnit m_unit;
    double m_step = 1;
};

/// The plotting library's widget with our content, colours and units in it.
class PlotCanvas final : public QCustomPlot {
public:
    explicit PlotCanvas(QWidget* parent);

    /// Replaces everything that is drawn; the visible ranges stay.
    void build(const PlotContent& content, bool dark);

    /// Shows all data, limits and markers.
    void fit(const PlotContent& content);

    /// A place on the plot in pixels, and a pixel's place.
    QPointF toPixels(double x, double y) const { return {xAxis->coordToPixel(x), yAxis->coordToPixel(y)}; }

    void showRubberBand(double from, double to);
    void hideRubberBand();

private:
    void styleAxis(QCPAxis* axis, const PlotAxis& description, bool dark);
    void buildBars(const PlotContent& content, bool dark);
    void buildBoxes(const PlotContent& content, bool dark);
    void buildPoints(const PlotContent& content, bool dark);
    void buildItems(const PlotContent& content, bool dark);
    void placeLegend(bool visible);
    void updateUnits();

    PlotAxis m_horizontal, m_vertical;
    QSharedPointer<EngineeringTicker> m_horizontalTicker, m_verticalTicker;
    QCPItemRect* m_rubberBand = nullptr;
};

} // namespace headroom::widgets
