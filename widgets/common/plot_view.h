#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

#include "widgets/common/theme.h"

class QHelpEvent;

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

/// A themed plot. Ctrl+wheel zooms (over an axis: that axis alone), dragging pans, double click or Home
/// shows everything again. Where brushing is on, dragging selects bins instead and the middle button pans;
/// the arrow keys walk over the bins and Escape ends the brush. Tool tips tell bins, markers, lines and
/// boxes; the context menu copies and exports, always on white. The one place that knows the plotting
/// library.
class PlotView final : public QWidget {
    Q_OBJECT

public:
    enum class Format { Png, Svg, Pdf, Csv };

    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    /// Removes all data; the next refresh() fits the axes to what comes then.
    void clear();

    /// Removes all data but leaves the visible ranges as the user has them.
    void clearData();

    void setAxes(const PlotAxis& horizontal, const PlotAxis& vertical);
    void setTitle(const QString& title); ///< in exports and the accessible name; not drawn on screen
    void setLegendVisible(bool visible);

    void addBars(const PlotBars& bars);
    void addMarker(const PlotMarker& marker);
    void addLine(const PlotLine& line);
    void addBoxes(const std::vector<PlotBox>& boxes);
    void addPoints(const PlotPoints& points);

    /// The part of every bin that is brushed, drawn over the bars; empty: none.
    void setBrushedHeights(const std::vector<double>& heights);

    /// Whether dragging selects bins (and binsBrushed() is emitted).
    void setBrushing(bool on);

    /// Fits the axes to the data. Also on double click.
    void resetView();

    /// Takes over what was added and redraws soon. Call once after a change.
    void refresh();

    QByteArray rendered(Format format, const QSize& size = {}) const;
    QByteArray csv() const;
    int binCount() const;            ///< of the first series of bars
    QString horizontalLabel() const; ///< "Transit frequency (MHz)", with the prefix of the moment
    QStringList horizontalTickLabels() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// Bin whose column is at a position of the widget; -1 where none.
    int binAt(const QPoint& position) const;
    /// A point in the middle of a bin's column.
    QPoint binCentre(int bin) const;

signals:
    /// Bins were clicked or dragged over; first is -1 where the user clicked beside all bars.
    void binsBrushed(int first, int last, Qt::KeyboardModifiers modifiers);
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    bool handleMouse(QEvent* event);
    bool showToolTip(QHelpEvent* event);
    void exportAs(Format format);

    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::widgets
