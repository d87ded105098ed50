#pragma once

#include <QByteArray>
#include <QString>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

#include "widgets/common/theme.h"

namespace headroom::widgets {

/// An axis: values are in SI units, tick labels carry engineering prefixes ("10 MHz" in the label as
/// "Transit frequency (MHz)" with ticks 10, 20, ...).
struct PlotAxis {
    QString title;
    QString unit; ///< as in PerformanceInfo::unit; empty for bare numbers
    bool logarithmic = false;
    bool wholeNumbers = false; ///< counts: no fractional ticks
};

/// Bars between edges, e.g. a histogram. Series of one plot are stacked in the order added.
struct PlotBars {
    QString name;
    std::vector<double> edges;   ///< n + 1, ascending
    std::vector<double> heights; ///< n
    ColorRole color = ColorRole::Simulated;
    bool hatched = false;
};

enum class MarkerShape { Star, Diamond, Disc };

struct PlotMarker {
    double x = 0;
    std::optional<double> y; ///< absent: on the horizontal axis
    MarkerShape shape = MarkerShape::Star;
    ColorRole color = ColorRole::GroundTruth;
    QString name; ///< tool tip and CSV
};

/// A limit across the plot; the side that meets it may be tinted.
struct PlotLine {
    enum class GoodSide { None, Above, Below };
    double position = 0;
    Qt::Orientation orientation = Qt::Vertical;
    GoodSide goodSide = GoodSide::None;
    ColorRole color = ColorRole::Target;
    bool dashed = true;
    QString name;
};

/// One box of a box plot: quartiles and whiskers.
struct PlotBox {
    QString category; ///< tick label; boxes of one category stand side by side
    QString series;   ///< legend entry
    double lowWhisker = 0, lower = 0, median = 0, upper = 0, highWhisker = 0;
    ColorRole color = ColorRole::Simulated;
    bool hatched = false;
};

struct PlotPoints {
    QString name;
    std::vector<double> x, y;
    ColorRole color = ColorRole::Simulated;
    bool connected = false;
};

/// A themed plot with zoom (wheel, over an axis: that axis alone), pan (drag), reset (double click, or Home),
/// tool tips, and a context menu to copy and export. The one place that knows the plotting library.
class PlotView final : public QWidget {
    Q_OBJECT

public:
    enum class Format { Png, Svg, Pdf, Csv };

    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    /// Removes all data; axes stay.
    void clear();

    void setAxes(const PlotAxis& horizontal, const PlotAxis& vertical);
    void setTitle(const QString& title); ///< in exports and the accessible name; not drawn on screen
    void setLegendVisible(bool visible);

    int addBars(const PlotBars& bars);
    void addMarker(const PlotMarker& marker);
    void addLine(const PlotLine& line);
    void addBoxes(const std::vector<PlotBox>& boxes);
    void addPoints(const PlotPoints& points);

    /// The part of every bin that is brushed, drawn over the bars; empty: none.
    void setBrushedHeights(const std::vector<double>& heights);

    /// Fits the axes to the data. Also on double click.
    void resetView();

    /// Redraws soon. Call once after a change; several calls cost one redraw.
    void refresh();

    QByteArray rendered(Format format, const QSize& size = {}) const;
    QByteArray csv() const;
    int barCount() const; ///< bins of the first series

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// Bin under a widget position; -1 where none. For tests and callers with own mouse handling.
    int binAt(const QPoint& position) const;
    /// Centre of a bin's bar in widget coordinates.
    QPoint binCentre(int bin) const;

signals:
    /// A bar was clicked, or with no bar under the pointer bin is -1.
    void binClicked(int bin, Qt::KeyboardModifiers modifiers);
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::widgets
