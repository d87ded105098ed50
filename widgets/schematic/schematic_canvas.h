#pragma once

#include <QWidget>

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/schematic/annotation.h"
#include "core/schematic/canvas.h"
#include "core/schematic/drawing.h"
#include "core/structure/structure.h"

namespace headroom::widgets {

/// The sheet: paints a drawing, zooms with the wheel, pans by dragging the ground or with the middle button,
/// selects by clicking and moves devices by dragging them.
class SchematicCanvas final : public QWidget {
    Q_OBJECT

public:
    explicit SchematicCanvas(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const schematic::Drawing> drawing,
                 std::shared_ptr<const netlist::Circuit> circuit,
                 std::shared_ptr<const structure::Structure> structure);
    void setAnnotation(const schematic::Annotation& annotation);
    void setShading(bool shading);

    void select(const std::set<netlist::DeviceId>& devices);
    const std::set<netlist::DeviceId>& selection() const { return m_selection; }
    /// Scrolls so that a device is in sight.
    void reveal(netlist::DeviceId device);

    void fit();
    /// @param factor above 1 magnifies; @param around stays where it is
    void zoom(double factor, QPointF around);
    double scale() const { return m_scale; }

    /// The middle of a device's symbol on the widget; nothing where it is not drawn.
    std::optional<QPointF> placeOf(netlist::DeviceId device) const;
    /// The device under a point of the widget; -1 where there is none.
    netlist::DeviceId deviceAt(QPointF place) const;

    /// The whole drawing as a picture, in the theme's colours.
    QImage picture(double pixelsPerUnit = 12) const;

    QSize sizeHint() const override { return {640, 420}; }

signals:
    /// The user selected or deselected devices.
    void selectionChanged();
    /// The user let go of a device in another place. @param at of the symbol's origin, in grid units
    void deviceMoved(netlist::DeviceId device, QPointF at);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Drag { None, Pan, Device };

    QPointF toWidget(schematic::Point point) const;
    schematic::Point toSheet(QPointF place) const;
    QRectF onWidget(const schematic::Box& box) const;
    void paintDrawing(QPainter& painter, const QRectF& visible, double scale) const;
    void shade(QPainter& painter, const schematic::Symbol& symbol) const;
    void paintDragged(QPainter& painter) const;
    /// What the tolerance bars mean, in the lower left corner.
    void paintLegend(QPainter& painter, const QSizeF& size) const;
    bool hasBars() const;
    QString describe(netlist::DeviceId device) const;
    const schematic::Symbol* symbolAt(QPointF place) const;

    std::shared_ptr<const schematic::Drawing> m_drawing;
    std::shared_ptr<const netlist::Circuit> m_circuit;
    std::shared_ptr<const structure::Structure> m_structure;
    schematic::Annotation m_annotation;
    std::vector<schematic::PlacedAnnotation> m_placedAnnotation;
    std::set<netlist::DeviceId> m_selection;
    bool m_shading = true;
    double m_scale = 10;  ///< pixels for each grid unit
    QPointF m_offset;     ///< of the sheet's origin on the widget
    bool m_fitted = true; ///< follows the widget's size until the user zooms or pans
    Drag m_drag = Drag::None;
    QPointF m_pressed, m_last;
    netlist::DeviceId m_dragged = -1;
    schematic::Point m_dragBy;
};

} // namespace headroom::widgets
