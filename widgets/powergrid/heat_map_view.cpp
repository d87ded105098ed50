#include "widgets/powergrid/heat_map_view.h"

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

constexpr double kRulerHeight = 20, kRulerWidth = 44;

} // namespace

std::optional<BrushShape> brushShapeOf(CanvasTool tool) {
    switch (tool) {
    case CanvasTool::Round:
        return BrushShape::Round;
    case CanvasTool::Square:
        return BrushShape::Square;
    case CanvasTool::Line:
        return BrushShape::Line;
    case CanvasTool::Rectangle:
        return BrushShape::Rectangle;
    case CanvasTool::Fill:
        return BrushShape::Fill;
    case CanvasTool::Gradient:
        return BrushShape::Gradient;
    default:
        return std::nullopt;
    }
}

HeatMapView::HeatMapView(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Sheet"));
    m_visible.fill(true);
    m_opacity.fill(1);
    m_visible[static_cast<std::size_t>(GridLayer::Difference)] = false;
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    m_viewport.setArea(canvasArea());
    showCursor();
}

HeatMapView::~HeatMapView() = default;

QRectF HeatMapView::canvasArea() const {
    return {kRulerWidth, kRulerHeight, std::max(1.0, width() - kRulerWidth),
            std::max(1.0, height() - kRulerHeight)};
}

QPoint HeatMapView::cellAt(QPointF place) const {
    const QPointF cell = m_viewport.toCell(place);
    const QPoint whole(static_cast<int>(std::floor(cell.x())), static_cast<int>(std::floor(cell.y())));
    const QSize sheet = m_viewport.sheet().toSize();
    return QRect(QPoint(0, 0), sheet).contains(whole) ? whole : QPoint(-1, -1);
}

QPoint HeatMapView::placeOf(int x, int y) const {
    return m_viewport.toWidget(QPointF(x + 0.5, y + 0.5)).toPoint();
}

double HeatMapView::reach() const {
    return 7 / m_viewport.scale() * m_cellUm;
}

void HeatMapView::setSheet(int width, int height, double cellUm) {
    m_stroke.reset();
    m_tellTimer.stop();
    m_untold = {};
    m_drag = Drag::None;
    m_cellUm = cellUm > 0 ? cellUm : 1;
    m_viewport.setSheet(QSizeF(width, height));
    for (HeatLayer& layer : m_layers) {
        layer.setLive(false);
        layer.setData({});
    }
    m_reference.setData({});
    layer(GridLayer::Drop).fitWith({});
    m_referenceName.clear();
    m_editor.setObjects(nullptr);
    m_editor.setSheet(QSizeF(width, height) * m_cellUm, m_cellUm);
    m_marks.clear();
    m_islands.clear();
    m_path.clear();
    m_currentMark = -1;
    m_contourStale = true;
    if (m_probe && !QRect(0, 0, width, height).contains(*m_probe)) m_probe.reset();
    update();
}

void HeatMapView::setMap(GridLayer which, HeatMapData map, const QRect& changed) {
    if (!isMapLayer(which) || (m_stroke && m_stroke->layer() == which)) return;
    if (map.isPresent() && QSizeF(map.width, map.height) != m_viewport.sheet()) return;
    const bool rescaled = layer(which).setData(std::move(map), changed);
    if (which == GridLayer::Drop) {
        m_contourStale = true;
        refreshDifference();
    }
    if (rescaled || changed.isNull()) {
        update();
        emit scaleChanged();
    } else {
        updateCells(changed);
    }
}

// Signed, and only where both are.
void HeatMapView::refreshDifference() {
    const HeatMapData &now = map(GridLayer::Drop), &before = m_reference.data();
    const bool isKnown = now.digest && before.isPresent() && now.digest->reference.values == before.values;
    HeatMapData difference = isKnown ? now.digest->difference : differenceOf(now, before);
    if (!difference.isPresent() && !map(GridLayer::Difference).isPresent()) return;
    layer(GridLayer::Difference).setData(std::move(difference));
    if (isLayerVisible(GridLayer::Difference)) update();
}

void HeatMapView::setObjects(std::shared_ptr<const GridObjects> objects) {
    if (m_drag == Drag::Objects) m_drag = Drag::None;
    m_editor.setObjects(std::move(objects));
    update();
}

bool HeatMapView::apply(const MapPatch& patch) {
    if (!isMapLayer(patch.layer) || (m_stroke && m_stroke->layer() == patch.layer)) return false;
    const HeatMapData& old = map(patch.layer);
    HeatMapData now = patched(old, patch);
    if (now.values == old.values) return false;
    setMap(patch.layer, std::move(now), patch.area);
    return true;
}

void HeatMapView::apply(const ObjectChange& change) {
    setObjects(std::make_shared<const GridObjects>(changedObjects(m_editor.objects(), change)));
}

void HeatMapView::setReference(HeatMapData drop, const QString& name) {
    m_referenceName = name;
    m_reference.setData(std::move(drop));
    refreshDifference();
    fitWithReference();
    update();
}

void HeatMapView::setMarks(std::vector<WorstPlace> marks) {
    m_marks = std::move(marks);
    m_currentMark = -1;
    update();
}

void HeatMapView::setCurrentMark(int mark) {
    m_currentMark = mark;
    update();
}

void HeatMapView::setIslands(std::vector<GridIsland> islands) {
    m_islands = std::move(islands);
    update();
}

void HeatMapView::setPath(std::vector<QPointF> um) {
    m_path = std::move(um);
    update();
}

void HeatMapView::setLimit(std::optional<double> limit) {
    if (limit == m_limit) return;
    m_limit = limit;
    m_contourStale = true;
    update();
}

void HeatMapView::setProbe(std::optional<QPoint> cell) {
    const QSize sheet = m_viewport.sheet().toSize();
    if (cell && !QRect(QPoint(0, 0), sheet).contains(*cell)) cell.reset();
    if (cell == m_probe) return;
    m_probe = cell;
    m_path.clear();
    update();
}

void HeatMapView::setLayerVisible(GridLayer which, bool visible) {
    if (isLayerVisible(which) == visible) return;
    m_visible[static_cast<std::size_t>(which)] = visible;
    if (which == GridLayer::Pads) m_editor.setVisible(GridObjectKind::Pad, visible);
    if (which == GridLayer::Straps) m_editor.setVisible(GridObjectKind::Strap, visible);
    if (which == GridLayer::Macros) m_editor.setVisible(GridObjectKind::Macro, visible);
    update();
    emit scaleChanged();
}

void HeatMapView::setOpacity(GridLayer which, double opacity) {
    if (!isMapLayer(which)) return;
    m_opacity[static_cast<std::size_t>(which)] = std::clamp(opacity, 0.0, 1.0);
    update();
}

void HeatMapView::setDisplay(GridLayer which, const DisplaySettings& display) {
    if (!isMapLayer(which)) return;
    layer(which).setDisplay(display);
    update();
    emit scaleChanged();
}

std::optional<GridLayer> HeatMapView::shownLayer() const {
    for (std::size_t i = kMapLayers; i-- > 0;) {
        const auto which = static_cast<GridLayer>(i);
        if (isLayerVisible(which) && at(which).isPresent()) return which;
    }
    return std::nullopt;
}

void HeatMapView::setSmooth(bool smooth) {
    m_smooth = smooth;
    update();
}

void HeatMapView::setSplit(std::optional<double> share) {
    const bool toggled = share.has_value() != m_split.has_value();
    m_split = share ? std::optional(std::clamp(*share, 0.0, 1.0)) : std::nullopt;
    if (toggled) fitWithReference();
    update();
}

// Side by side both have one scale.
void HeatMapView::fitWithReference() {
    layer(GridLayer::Drop).fitWith(m_split && m_reference.isPresent() ? m_reference.range() : ValueRange());
    emit scaleChanged();
}

void HeatMapView::fit() {
    m_viewport.fit();
    update();
}

void HeatMapView::zoom(double factor, QPointF around) {
    m_viewport.zoom(factor, around);
    update();
}

void HeatMapView::reveal(QPointF um) {
    m_viewport.centre(um / m_cellUm, std::min(4 * m_viewport.scale(), 6.0));
    update();
}

void HeatMapView::setTool(CanvasTool tool) {
    if (tool == m_tool) return;
    escape();
    m_tool = tool;
    showCursor();
    update();
}

void HeatMapView::setPaintedLayer(GridLayer which) {
    if (!isPaintable(which) || which == m_painted) return;
    cancelStroke();
    m_painted = which;
}

void HeatMapView::setBrush(const BrushSettings& brush) {
    m_brush = brush;
    m_brush.size = std::clamp(brush.size, 1.0, 4096.0);
    m_brush.hardness = std::clamp(brush.hardness, 0.0, 1.0);
    m_brush.strength = std::clamp(brush.strength, 0.0, 1.0);
    updateTool();
}

void HeatMapView::setBounds(GridLayer which, const ValueBounds& bounds) {
    if (isMapLayer(which)) m_bounds[static_cast<std::size_t>(which)] = bounds;
}

void HeatMapView::setObjectSettings(const ObjectSettings& settings) {
    m_editor.setSettings(settings);
}

void HeatMapView::alterSelected(const std::function<void(GridObject&)>& how, const QString& text) {
    tell(m_editor.alter(how, text));
}

// Room for the contour, which crosses into the neighbours, and for smooth scaling.
void HeatMapView::updateCells(const QRect& cells) {
    const QRectF place = m_viewport.toWidget(QRectF(cells.adjusted(-1, -1, 1, 1)));
    update((place & m_viewport.area()).toAlignedRect().adjusted(-3, -3, 3, 3));
}

void HeatMapView::resizeEvent(QResizeEvent*) {
    m_viewport.setArea(canvasArea());
}

bool HeatMapView::event(QEvent* event) {
    // The canvas has keys that the window's shortcuts must not take.
    if (event->type() == QEvent::ShortcutOverride && ownsKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

bool HeatMapView::ownsKey(const QKeyEvent& event) const {
    if (m_stroke || m_drag != Drag::None) return true; // undo has to wait
    static const std::set<int> plain{
        Qt::Key_Left,         Qt::Key_Right,  Qt::Key_Up,    Qt::Key_Down,   Qt::Key_Delete,
        Qt::Key_Backspace,    Qt::Key_Escape, Qt::Key_Space, Qt::Key_Return, Qt::Key_BracketLeft,
        Qt::Key_BracketRight, Qt::Key_F,      Qt::Key_Plus,  Qt::Key_Minus,  Qt::Key_Equal,
        Qt::Key_Home,         Qt::Key_Enter,  Qt::Key_N};
    const auto modifiers = event.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier);
    if (modifiers == Qt::NoModifier)
        return plain.contains(event.key()) || (event.key() >= Qt::Key_0 && event.key() <= Qt::Key_9);
    if (modifiers != Qt::ControlModifier) return false;
    const bool objects = m_tool == CanvasTool::Select;
    return event.key() == Qt::Key_C || (objects && (event.key() == Qt::Key_A || event.key() == Qt::Key_D));
}

} // namespace headroom::widgets
