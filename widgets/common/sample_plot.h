#pragma once

#include <QAbstractScrollArea>
#include <QTimer>
#include <QVariantMap>

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "widgets/common/picture_export.h"
#include "widgets/common/sample_figure.h"

class QHelpEvent;
class QMenu;

namespace headroom::widgets {

/// Many samples of many quantities: as parallel coordinates, or as a scatter matrix. Dragging along an axis
/// or over a cell brushes rows: the region takes the place of those on that axis or cell, with Shift it comes
/// to them, with Ctrl it takes away those that it touches; rows must satisfy all axes and cells that have
/// regions. A region is moved by its inside and resized by its edges; Escape ends all of them. Titles are
/// dragged to reorder the axes; a double click on one inverts its axis. A click chooses the row that is drawn
/// there. Ctrl+wheel zooms. Keys: left and right choose an axis, with Ctrl they move it; up and down brush on
/// it; I inverts, L changes between logarithmic and linear, Delete hides; Home ends the zoom.
///
/// A hundred thousand rows stay fluid: density pictures are kept and brought up to date row by row, in slices
/// of a few milliseconds.
class SamplePlot final : public QAbstractScrollArea {
    Q_OBJECT

public:
    enum class Kind { Parallel, Scatter };

    explicit SamplePlot(Kind kind, QWidget* parent = nullptr);
    ~SamplePlot() override;

    /// Shows a table; null: nothing. Keeps order and choice of columns. Emits nothing.
    void setData(std::shared_ptr<const SampleTable> table);
    /// @param marked 0 or 1 by row. Emits nothing.
    void setBrush(const RowBrush& brush, const std::vector<std::uint8_t>& marked);
    /// @param row -1: none. Emits nothing.
    void setChosen(int row);
    void setTitle(const QString& title); ///< names files and the plot for screen readers

    const SampleScene& scene() const { return m_scene; }
    /// Keys of the columns on show, in order.
    QStringList shownColumns() const;

    void setColumnShown(const QString& key, bool shown);
    void moveColumn(const QString& key, int position);
    void setInverted(const QString& key, bool inverted);
    void setLogarithmic(const QString& key, bool logarithmic);
    void resetColumns();

    /// Order, choice, direction and kind of axes, by keys; keys of other tables are kept.
    QVariantMap state() const;
    void restoreState(const QVariantMap& state);

    void fillColumnMenu(QMenu& menu);
    void fillExportMenu(QMenu& menu);

    /// CSV: the marked rows, all where none are, of the columns on show.
    QByteArray rendered(ExportFormat format, const QSize& size = {}) const;

    /// Whether all rows are drawn; else they are on their way.
    bool isComplete() const { return m_complete; }
    /// Where an axis or a cell is in the viewport. @param second axis of a cell, -1 for an axis of its own
    QRectF areaOf(int axis, int second = -1) const;
    QRectF titleOf(int axis) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// The user changed the brush; the application answers with setBrush().
    void brushEdited(const headroom::widgets::RowBrush& brush);
    void rowChosen(int row);
    /// The user chose, moved or turned columns.
    void columnsChanged();
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// What the mouse holds.
    struct Drag {
        enum class Kind { None, Brush, Move, Remove, Title, Pick };
        Kind kind = Kind::None;
        SamplePlace place;
        QPointF from, to;
        bool moved = false;
        RowBrush before;
        std::size_t region = 0;                                        ///< of Move
        QRectF rect;                                                   ///< of that region
        bool left = false, right = false, top = false, bottom = false; ///< edges that move; none: all of it
    };

    void rebuildAxes();
    SampleAxis makeAxis(int column);
    bool isShown(const SampleColumn& column) const;
    std::vector<int> columnOrder() const;
    void layOut();
    void work();
    void columnsEdited();
    QPointF toContent(const QPointF& viewport) const;
    void hold(QMouseEvent* event);
    bool holdRegion(const QPointF& at);
    void dragTo(const QPointF& at, Qt::KeyboardModifiers modifiers);
    void dragRegion(const QPointF& at);
    void release(Qt::KeyboardModifiers modifiers);
    void edit(RowBrush brush);
    void focusAxis(int axis);
    void brushByKey(double step, bool grow);
    bool columnKey(int key, Qt::KeyboardModifiers modifiers);
    bool showToolTip(QHelpEvent* event);
    void updateCursor(const QPointF& at);
    void fillAxisMenu(QMenu& menu, int axis);

    Kind m_kind;
    std::unique_ptr<SampleFigure> m_figure;
    SampleScene m_scene;
    QString m_title;
    double m_zoom = 1;
    bool m_stale = true; ///< axes are to be built anew when the plot can be seen
    bool m_complete = true;
    Drag m_drag;
    QTimer m_work;
    std::map<int, SampleAxis> m_axes; ///< by column, that were shown before

    QStringList m_order;
    std::map<QString, bool> m_shown, m_logarithmic; ///< that the user chose
    std::set<QString> m_inverted;
};

/// A plot with the bar above it: columns, exports, and what the mouse does.
class SamplePlotPage final : public QWidget {
    Q_OBJECT

public:
    explicit SamplePlotPage(SamplePlot::Kind kind, QWidget* parent = nullptr);

    SamplePlot* plot() const { return m_plot; }

private:
    SamplePlot* m_plot;
};

} // namespace headroom::widgets
