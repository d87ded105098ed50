#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/common/marker_path.h"
#include "widgets/common/picture_export.h"
#include "widgets/common/theme.h"

class QHelpEvent;

namespace headroom::widgets {

/// An axis: values are in SI units, tick labels carry engineering prefixes ("10 MHz" in the label as
/// "Transit frequency (MHz)" with ticks 10, 20, ...).
struct PlotAxis {
    QString title;
    QString unit; ///< as in PerformanceInfo::unit; empty for bare numbers
    bool logarithmic = false;
    bool wholeNumbers = false;   ///< counts: no fractional ticks
    bool labelled = true;        ///< else title and figures stand at a plot below; not in exports
    QStringList categories = {}; ///< names of the places 0, 1, 2, ... in place of figures
    std::optional<std::pair<double, double>> extent = {}; ///< "everything"; absent: all data
};

/// Bars between edges, e.g. a histogram. Series of one plot are stacked in the order added.
struct PlotBars {
    QString name;
    std::vector<double> edges;   ///< n + 1, ascending; equally wide as the axis shows them
    std::vector<double> heights; ///< n
    ColorRole color = ColorRole::Simulated;
    bool hatched = false;
};

struct PlotMarker {
    double x = 0;
    std::optional<double> y; ///< absent: on the horizontal axis
    MarkerShape shape = MarkerShape::Star;
    ColorRole color = ColorRole::GroundTruth;
    QString name;          ///< tool tip and CSV
    bool labelled = false; ///< the name stands beside it
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
    bool labelled = false; ///< the name stands beside it
    bool thin = false;
};

/// A stripe across the plot, behind the data.
struct PlotBand {
    double from = 0, to = 0;
    Qt::Orientation orientation = Qt::Horizontal;
    ColorRole color = ColorRole::Target;
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

/// Points, or a curve through them.
struct PlotPoints {
    QString name;
    std::vector<double> x, y; ///< a point that is no number interrupts the curve
    ColorRole color = ColorRole::Simulated;
    bool connected = false;
    /// Of a curve, its points too: between them nothing is known. Cursors step from one to the next, and
    /// pointClicked() tells them.
    bool symbols = false;
    bool dashed = false;
};

/// Two vertical cursors to read curves at.
enum class PlotCursor { A, B };

/// A themed plot. Ctrl+wheel zooms (over an axis: that axis alone), dragging pans, double click or Home
/// shows everything again. Where brushing is on, dragging selects bins instead and the middle button pans;
/// the arrow keys walk over the bins and Escape ends the brush. Tool tips tell bins, markers, lines and
/// boxes; the context menu copies and exports, always on white. Where cursors are on, they are dragged, or
/// moved by the arrow keys (Shift: ten times as far, Ctrl: to the next simulated point; A and B choose one).
/// The one place that knows the plotting library.
class PlotView final : public QWidget {
    Q_OBJECT

public:
    using Format = ExportFormat;

    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    /// Removes all data; the next refresh() fits the axes to what comes then.
    void clear();

    /// Removes all data but leaves visible ranges that the user chose.
    void clearData();

    void setAxes(const PlotAxis& horizontal, const PlotAxis& vertical);
    void setTitle(const QString& title); ///< in exports and the accessible name; not drawn on screen
    void setLegendVisible(bool visible);

    void addBars(const PlotBars& bars);
    void addMarker(const PlotMarker& marker);
    void addLine(const PlotLine& line);
    void addBoxes(const std::vector<PlotBox>& boxes);
    void addPoints(const PlotPoints& points);
    void addBand(const PlotBand& band);

    /// The part of every bin that is brushed, drawn over the bars; empty: none.
    void setBrushedHeights(const std::vector<double>& heights);

    /// Whether dragging selects bins (and binsBrushed() is emitted).
    void setBrushing(bool on);

    void setCursorsVisible(bool on);
    bool cursorsVisible() const;
    /// Emits nothing.
    void setCursorPosition(PlotCursor cursor, double x);
    double cursorPosition(PlotCursor cursor) const;
    /// The cursor that arrow keys move. Emits nothing.
    void setActiveCursor(PlotCursor cursor);
    /// Puts cursors that are out of sight at a third and two thirds of what is visible.
    void bringCursorsIntoView();

    /// A curve's value, linear between its points (over the logarithm on a logarithmic axis); NaN beyond its
    /// ends and for a name that no curve has.
    double valueAt(const QString& curve, double x) const;
    /// Where a place of the plot is in the widget.
    QPoint placeOf(double x, double y) const;

    std::pair<double, double> horizontalRange() const;
    /// Emits nothing.
    void setHorizontalRange(double low, double high);

    /// Plots above each other: one horizontal range, one pair of cursors, one left edge. Call once.
    static void link(const std::vector<PlotView*>& plots);

    /// Fits the axes to the data. Also on double click.
    void resetView();

    /// Takes over what was added and redraws soon; fits the axes unless the user has zoomed or panned. Call
    /// once after a change.
    void refresh();

    QByteArray rendered(Format format, const QSize& size = {}) const;
    QByteArray csv() const;
    int binCount() const;            ///< of the first series of bars
    QString horizontalLabel() const; ///< "Transit frequency (MHz)", with the prefix of the moment
    QStringList horizontalTickLabels() const;
    QString verticalLabel() const;
    QStringList verticalTickLabels() const;

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
    /// The user moved a cursor, or chose one to move.
    void cursorMoved(headroom::widgets::PlotCursor cursor, double x);
    /// The user zoomed or panned; also after resetView().
    void horizontalRangeChanged(double low, double high);
    /// A symbol of a curve was clicked.
    void pointClicked(const QString& curve, int point);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    bool handleMouse(QEvent* event);
    bool handleCursorMouse(QEvent* event);
    bool moveCursorByKey(QKeyEvent* event);
    void moveCursor(PlotCursor cursor, double x);
    void clickPoint(const QPoint& at);
    bool showToolTip(QHelpEvent* event);

    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::widgets
