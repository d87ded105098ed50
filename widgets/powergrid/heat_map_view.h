#pragma once

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QImage>
#include <QPoint>
#include <QString>
#include <QWidget>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "widgets/powergrid/brush_stroke.h"
#include "widgets/powergrid/heat_layer.h"
#include "widgets/powergrid/map_viewport.h"
#include "widgets/powergrid/object_editor.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

/// What the left button does.
enum class CanvasTool {
    Probe,
    Select,
    Pad,
    Strap,
    Macro,
    Round,
    Square,
    Line,
    Rectangle,
    Fill,
    Gradient,
    Pick
};

/// The shape that a tool paints; nothing for tools that do not paint.
std::optional<BrushShape> brushShapeOf(CanvasTool tool);

/// The sheet: layers over each other as pictures, with objects, contour of the limit, marks and probe, and
/// the tools of a paint program. The wheel zooms at the cursor, the middle button or the left one with the
/// space bar pans. What the user changes is on show at once and told once it is finished; undo comes back
/// through apply().
class HeatMapView final : public QWidget {
    Q_OBJECT

public:
    explicit HeatMapView(QWidget* parent = nullptr);
    ~HeatMapView() override;

    // What is on the sheet. Nothing of this emits.
    /// A new sheet: all layers are gone. Zoom and place stay where the size does.
    void setSheet(int width, int height, double cellUm);
    /// @param changed cells that differ from the map before; null: all. A layer under a stroke keeps what
    /// the stroke shows until it ends.
    void setMap(GridLayer layer, HeatMapData map, const QRect& changed = {});
    const HeatMapData& map(GridLayer layer) const { return at(layer).data(); }
    void setObjects(std::shared_ptr<const GridObjects> objects);
    const GridObjects& objects() const { return m_editor.objects(); }
    /// Writes the new values into the layer; false where the patch does not fit.
    bool apply(const MapPatch& patch);
    void apply(const ObjectChange& change);
    /// Another drop to compare with: fills the layer Difference and the left of the split. Absent: none.
    void setReference(HeatMapData drop, const QString& name);
    const HeatMapData& reference() const { return m_reference.data(); }
    const QString& referenceName() const { return m_referenceName; }
    void setMarks(std::vector<WorstPlace> marks);
    const std::vector<WorstPlace>& marks() const { return m_marks; }
    /// Numbers of the marks that are drawn, the worst first: those that none of them covers.
    std::vector<std::size_t> marksApart(const MapViewport& viewport) const;
    void setCurrentMark(int mark);
    int currentMark() const { return m_currentMark; }
    /// Parts of the grid that no pad supplies: outlined, and the largest named.
    void setIslands(std::vector<GridIsland> islands);
    const std::vector<GridIsland>& islands() const { return m_islands; }
    /// From the probe to a pad, in micrometres.
    void setPath(std::vector<QPointF> um);
    const std::vector<QPointF>& path() const { return m_path; }
    /// In the unit of the drop; its contour is drawn over whatever layer is on show.
    void setLimit(std::optional<double> limit);
    std::optional<double> limit() const { return m_limit; }
    void setProbe(std::optional<QPoint> cell);
    std::optional<QPoint> probe() const { return m_probe; }

    // How it is shown
    void setLayerVisible(GridLayer layer, bool visible);
    bool isLayerVisible(GridLayer layer) const { return m_visible[static_cast<std::size_t>(layer)]; }
    void setOpacity(GridLayer layer, double opacity);
    double opacity(GridLayer layer) const { return m_opacity[static_cast<std::size_t>(layer)]; }
    void setDisplay(GridLayer layer, const DisplaySettings& display);
    const HeatLayer& at(GridLayer layer) const { return m_layers[static_cast<std::size_t>(layer)]; }
    /// The topmost map on show, whose colour bar counts; nothing where none is.
    std::optional<GridLayer> shownLayer() const;
    void setSmooth(bool smooth);
    bool isSmooth() const { return m_smooth; }
    /// Where the slider between reference and present drop stands, 0 to 1 across the canvas; absent: none.
    void setSplit(std::optional<double> share);
    std::optional<double> split() const { return m_split; }
    void fit();
    void zoom(double factor, QPointF around);
    void reveal(QPointF um);
    const MapViewport& viewport() const { return m_viewport; }
    /// The middle of a cell on the widget.
    QPoint placeOf(int x, int y) const;

    // Tools
    void setTool(CanvasTool tool);
    CanvasTool tool() const { return m_tool; }
    void setPaintedLayer(GridLayer layer);
    GridLayer paintedLayer() const { return m_painted; }
    void setBrush(const BrushSettings& brush);
    const BrushSettings& brush() const { return m_brush; }
    void setBounds(GridLayer layer, const ValueBounds& bounds);
    void setObjectSettings(const ObjectSettings& settings);
    ObjectEditor& editor() { return m_editor; }
    /// Alters the selected objects, as the user's doing.
    void alterSelected(const std::function<void(GridObject&)>& how, const QString& text);
    bool isPainting() const { return m_stroke != nullptr; }

    /// The layers as they are on show, with objects, contour and marks, on an area from (0, 0).
    void paintPicture(QPainter& painter, const QSizeF& size);

    QSize sizeHint() const override { return {640, 480}; }
    QSize minimumSizeHint() const override { return {220, 180}; }

signals:
    /// While a stroke goes on, 33 times a second at most: what has changed since the last time. `before` is
    /// what was there before the stroke.
    void strokeMoved(const headroom::widgets::MapPatch& patch);
    /// The user let go: the whole stroke.
    void strokeFinished(const headroom::widgets::MapPatch& patch);
    /// The stroke was given up; strokeMoved() has told that the old values are back.
    void strokeCancelled();
    void objectsChanged(const headroom::widgets::ObjectChange& change);
    void selectionChanged();
    void probeMoved(QPoint cell);
    /// (-1, -1) beside the sheet.
    void hovered(QPoint cell);
    void brushChanged(const headroom::widgets::BrushSettings& brush);
    void splitMoved(double share);
    /// By so many marks on from the present one.
    void markStepRequested(int step);
    /// What the probe reads is wanted on the clipboard.
    void copyRequested();
    /// Another layer is topmost, or its colours mean something else.
    void scaleChanged();
    /// The user wants to paint where that cannot be.
    void refused(const QString& sentence);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void timerEvent(QTimerEvent* event) override;

private:
    enum class Drag { None, Pan, Stroke, Objects, Probe, Split };

    HeatLayer& layer(GridLayer which) { return m_layers[static_cast<std::size_t>(which)]; }
    void refreshDifference();
    void fitWithReference();
    bool ownsKey(const QKeyEvent& event) const;
    void updateCells(const QRect& cells);
    QRectF canvasArea() const;
    QPoint cellAt(QPointF place) const;
    QPointF toUm(QPointF place) const { return m_viewport.toCell(place) * m_cellUm; }
    double reach() const; ///< of a click on objects, in micrometres

    // Drawing
    /// @param onScreen with what is kept between paintings
    void paintSheet(QPainter& painter, const MapViewport& viewport, bool onScreen);
    void paintMap(QPainter& painter, const MapViewport& viewport, HeatLayer& layer, double opacity) const;
    /// Pixels of the screen per cell that a picture is to have.
    double detailOf(const MapViewport& viewport) const;
    void paintDrop(QPainter& painter, const MapViewport& viewport);
    void paintCellGrid(QPainter& painter, const MapViewport& viewport) const;
    void paintContour(QPainter& painter, const MapViewport& viewport);
    void paintObjects(QPainter& painter, const MapViewport& viewport) const;
    /// The objects in a picture that is kept: a map that changes need not draw them anew.
    const QImage& objectsPicture();
    void paintObject(QPainter& painter, const MapViewport& viewport, const GridObject& object) const;
    void paintMarks(QPainter& painter, const MapViewport& viewport) const;
    void paintRanks(QPainter& painter, const MapViewport& viewport) const;
    void paintIslands(QPainter& painter, const MapViewport& viewport) const;
    void paintProbe(QPainter& painter) const;
    void paintSplit(QPainter& painter) const;
    void paintTool(QPainter& painter) const;
    void paintRulers(QPainter& painter) const;
    void updateTool(); ///< the outline's old and new place

    // Input
    void press(QPointF place, Qt::KeyboardModifiers modifiers);
    void beginStroke(QPointF cell);
    void followStroke(const QRect& changed);
    void tellStroke();
    void finishStroke();
    void cancelStroke();
    void pick(QPoint cell);
    void moveProbe(QPoint cell);
    void tell(const ObjectChange& change);
    void finishObjects();
    bool handleBrushKey(QKeyEvent* event);
    bool handleArrow(QKeyEvent* event);
    bool handleObjectKey(QKeyEvent* event);
    void escape();
    void showCursor();

    std::array<HeatLayer, kMapLayers> m_layers{HeatLayer(), HeatLayer(), HeatLayer(), HeatLayer(),
                                               HeatLayer(true)};
    HeatLayer m_reference;
    QString m_referenceName;
    std::array<bool, kAllGridLayers.size()> m_visible{};
    std::array<double, kMapLayers> m_opacity{};
    std::array<ValueBounds, kMapLayers> m_bounds{};
    double m_cellUm = 1;
    MapViewport m_viewport;
    struct ObjectsKey {
        QRectF sheet, area;
        unsigned version = 0;
        std::array<bool, kAllGridLayers.size()> visible{};
        QRgb highlight = 0;
        double density = 0; ///< device pixels per pixel

        bool operator==(const ObjectsKey&) const = default;
    };
    QImage m_objectsPicture;
    ObjectsKey m_objectsKey;
    ObjectEditor m_editor;
    std::vector<WorstPlace> m_marks;
    int m_currentMark = -1;
    std::vector<GridIsland> m_islands;
    std::vector<QPointF> m_path;
    std::optional<double> m_limit;
    std::vector<QLineF> m_contour;
    bool m_contourStale = true;
    int m_contourStep = 1; ///< cells along the side of those that the contour was found in
    std::optional<QPoint> m_probe;
    std::optional<double> m_split;
    bool m_smooth = false;

    CanvasTool m_tool = CanvasTool::Round;
    GridLayer m_painted = GridLayer::Density;
    BrushSettings m_brush;
    std::unique_ptr<BrushStroke> m_stroke;
    QRect m_untold; ///< cells of the stroke that strokeMoved() has not told yet
    QElapsedTimer m_told;
    QBasicTimer m_tellTimer;
    Drag m_drag = Drag::None;
    QPointF m_pressed, m_last;
    bool m_spaceHeld = false;
    std::optional<QPointF> m_cursor; ///< on the widget; absent where the mouse is elsewhere
    QRect m_outline;                 ///< where the tool is drawn
};

} // namespace headroom::widgets
