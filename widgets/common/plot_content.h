#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "widgets/common/plot_view.h"

namespace headroom::widgets {

/// Everything that a plot shows, independent of how it is drawn.
struct PlotContent {
    QString title;
    PlotAxis horizontal, vertical;
    std::vector<PlotBars> bars;
    std::vector<double> brushed;
    std::vector<PlotMarker> markers;
    std::vector<PlotLine> lines;
    std::vector<PlotBand> bands;
    std::vector<PlotBox> boxes;
    std::vector<PlotPoints> points;
    bool legend = false;

    bool empty() const { return bars.empty() && boxes.empty() && points.empty() && markers.empty(); }
    QStringList boxCategories() const;
    QStringList boxSeries() const;
    /// The room of one box on the horizontal axis, where a category has 1.
    double boxSlot() const;
    /// Where a box stands: those of a category side by side, in the order of the series, about the category's
    /// place.
    double placeOf(const PlotBox& box) const;
    /// Sum of all series in a bin.
    double stackedHeight(std::size_t bin) const;
    /// Where the middle of a bin stands on the horizontal axis, as it is shown.
    double middleOfBin(const std::vector<double>& edges, std::size_t bin) const;
    /// Between a curve's points, linear as the axes are; NaN beyond its ends. @pre x rises
    double valueAt(const PlotPoints& curve, double x) const;
    /// The x of the symbol that is nearest to @p x, or @p steps further; absent where no curve has symbols.
    std::optional<double> symbolNear(double x, int steps = 0) const;
    /// Likewise of any curve's points.
    std::optional<double> pointNear(double x, int steps) const;
};

/// Where the cursors are. Not part of the content: it stays when data change.
struct PlotCursors {
    bool visible = false;
    std::array<double, 2> x{std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::quiet_NaN()};
    PlotCursor active = PlotCursor::A;

    double at(PlotCursor cursor) const { return x[static_cast<std::size_t>(cursor)]; }
    void set(PlotCursor cursor, double position) { x[static_cast<std::size_t>(cursor)] = position; }
};

} // namespace headroom::widgets
