// What mouse and keyboard do on the sheet.

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QTimerEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "widgets/powergrid/heat_map_view.h"

namespace headroom::widgets {
namespace {

constexpr int kTellMs = 30;

std::optional<ObjectEditor::Action> actionOf(CanvasTool tool) {
    switch (tool) {
    case CanvasTool::Select:
        return ObjectEditor::Action::Select;
    case CanvasTool::Pad:
        return ObjectEditor::Action::AddPad;
    case CanvasTool::Strap:
        return ObjectEditor::Action::AddStrap;
    case CanvasTool::Macro:
        return ObjectEditor::Action::AddMacro;
    default:
        return std::nullopt;
    }
}

} // namespace

void HeatMapView::showCursor() {
    if (m_drag == Drag::Pan)
        setCursor(Qt::ClosedHandCursor);
    else if (m_spaceHeld)
        setCursor(Qt::OpenHandCursor);
    else if (m_tool == CanvasTool::Select)
        setCursor(Qt::ArrowCursor);
    else
        setCursor(Qt::CrossCursor);
}

void HeatMapView::mousePressEvent(QMouseEvent* event) {
    if (m_drag != Drag::None) return; // a second button
    m_pressed = m_last = event->position();
    m_cursor = event->position();
    if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_spaceHeld)) {
        m_drag = Drag::Pan;
        showCursor();
    } else if (event->button() == Qt::LeftButton) {
        press(event->position(), event->modifiers());
    }
}

void HeatMapView::press(QPointF place, Qt::KeyboardModifiers modifiers) {
    const QPointF cell = m_viewport.toCell(place);
    if (m_split && m_reference.isPresent()) {
        const double x = m_viewport.area().left() + *m_split * m_viewport.area().width();
        if (std::abs(place.x() - x) <= 5) {
            m_drag = Drag::Split;
            return;
        }
    }
    if (brushShapeOf(m_tool)) {
        if (modifiers.testFlag(Qt::AltModifier))
            pick(cellAt(place));
        else
            beginStroke(cell);
    } else if (m_tool == CanvasTool::Pick) {
        pick(cellAt(place));
    } else if (m_tool == CanvasTool::Probe) {
        m_drag = Drag::Probe;
        moveProbe(cellAt(place));
    } else {
        const bool add = modifiers.testFlag(Qt::ShiftModifier) || modifiers.testFlag(Qt::ControlModifier);
        m_drag = Drag::Objects;
        m_editor.press(toUm(place), *actionOf(m_tool), add && m_tool == CanvasTool::Select, reach());
        update();
    }
}

void HeatMapView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF place = event->position();
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    m_cursor = place;
    switch (m_drag) {
    case Drag::Pan:
        m_viewport.pan(place - m_last);
        update();
        break;
    case Drag::Stroke:
        followStroke(m_stroke->moveTo(m_viewport.toCell(place), shift));
        break;
    case Drag::Objects:
        // A click that trembles moves nothing.
        if (m_editor.isDragging() && (place - m_pressed).manhattanLength() >= 3) {
            m_editor.moveTo(toUm(place), shift);
            update();
        }
        break;
    case Drag::Probe:
        moveProbe(cellAt(place));
        break;
    case Drag::Split:
        setSplit((place.x() - m_viewport.area().left()) / m_viewport.area().width());
        emit splitMoved(*m_split);
        break;
    case Drag::None:
        break;
    }
    m_last = place;
    updateTool();
    emit hovered(m_viewport.area().contains(place) ? cellAt(place) : QPoint(-1, -1));
}

void HeatMapView::mouseReleaseEvent(QMouseEvent* event) {
    const bool ends =
        event->button() == Qt::LeftButton || (event->button() == Qt::MiddleButton && m_drag == Drag::Pan);
    if (!ends) return;
    switch (std::exchange(m_drag, Drag::None)) {
    case Drag::Stroke:
        finishStroke();
        break;
    case Drag::Objects:
        finishObjects();
        break;
    default:
        break;
    }
    showCursor();
    update();
}

void HeatMapView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && !brushShapeOf(m_tool) && m_tool == CanvasTool::Probe) return;
    mousePressEvent(event); // two quick dabs are two strokes
}

void HeatMapView::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0) zoom(std::pow(1.2, steps), event->position());
    event->accept();
}

void HeatMapView::leaveEvent(QEvent*) {
    m_cursor.reset();
    updateTool();
    emit hovered({-1, -1});
}

void HeatMapView::focusOutEvent(QFocusEvent* event) {
    m_spaceHeld = false;
    showCursor();
    QWidget::focusOutEvent(event);
    update();
}

void HeatMapView::beginStroke(QPointF cell) {
    const HeatMapData& map = this->map(m_painted);
    if (!map.isPresent()) {
        emit refused(tr("There is no map of the %1 to paint on.").arg(gridLayerTitle(m_painted).toLower()));
        return;
    }
    const HeatLayer& painted = at(m_painted);
    m_stroke = std::make_unique<BrushStroke>(m_painted, map, *brushShapeOf(m_tool), m_brush,
                                             m_bounds[static_cast<std::size_t>(m_painted)],
                                             painted.range().high - painted.range().low);
    for (HeatLayer& layer : m_layers)
        layer.setLive(true);
    m_drag = Drag::Stroke;
    m_told.invalidate();
    followStroke(m_stroke->begin(cell));
}

void HeatMapView::followStroke(const QRect& changed) {
    if (changed.isEmpty()) {
        updateTool();
        return;
    }
    if (layer(m_stroke->layer()).setData(m_stroke->map(), changed)) {
        update();
        emit scaleChanged();
    } else {
        updateCells(changed);
    }
    m_untold |= changed;
    if (!m_told.isValid() || m_told.elapsed() >= kTellMs)
        tellStroke();
    else if (!m_tellTimer.isActive())
        m_tellTimer.start(std::max(1, kTellMs - static_cast<int>(m_told.elapsed())), Qt::PreciseTimer, this);
}

void HeatMapView::tellStroke() {
    m_tellTimer.stop();
    const QRect area = std::exchange(m_untold, QRect());
    if (!m_stroke || area.isEmpty()) return;
    m_told.start();
    emit strokeMoved({m_stroke->layer(), area, m_stroke->valuesBefore(area), m_stroke->values(area), {}});
}

void HeatMapView::timerEvent(QTimerEvent* event) {
    if (event->timerId() == m_tellTimer.timerId())
        tellStroke();
    else
        QWidget::timerEvent(event);
}

void HeatMapView::finishStroke() {
    m_tellTimer.stop();
    m_untold = {};
    if (!m_stroke) return;
    const MapPatch patch = m_stroke->patch();
    m_stroke.reset();
    for (HeatLayer& layer : m_layers)
        layer.setLive(false);
    update();
    emit scaleChanged();
    if (!patch.isEmpty()) emit strokeFinished(patch);
}

void HeatMapView::cancelStroke() {
    if (!m_stroke) return;
    m_tellTimer.stop();
    m_untold = {};
    const MapPatch patch = m_stroke->patch();
    const GridLayer which = m_stroke->layer();
    m_stroke.reset();
    m_drag = Drag::None;
    layer(which).setData(patched(map(which), patch.reversed()));
    for (HeatLayer& layer : m_layers)
        layer.setLive(false);
    update();
    emit scaleChanged();
    if (!patch.isEmpty()) emit strokeMoved(patch.reversed());
    emit strokeCancelled();
}

void HeatMapView::pick(QPoint cell) {
    const HeatMapData& map = this->map(m_painted);
    if (!map.cells().contains(cell) || !map.isPresent()) return;
    const float value = map.at(cell.x(), cell.y());
    if (!std::isfinite(value)) return;
    m_brush.value = static_cast<double>(value);
    emit brushChanged(m_brush);
}

void HeatMapView::moveProbe(QPoint cell) {
    if (cell.x() < 0 || m_probe == cell) return;
    setProbe(cell);
    emit probeMoved(cell);
}

void HeatMapView::tell(const ObjectChange& change) {
    update();
    if (change.isEmpty()) return;
    emit objectsChanged(change);
    emit selectionChanged();
}

void HeatMapView::finishObjects() {
    const ObjectChange change = m_editor.release();
    if (change.isEmpty()) {
        update();
        emit selectionChanged();
    } else {
        tell(change);
    }
}

void HeatMapView::escape() {
    if (m_stroke) {
        cancelStroke();
    } else if (m_drag == Drag::Objects) {
        m_editor.cancel();
        m_drag = Drag::None;
    } else if (!m_editor.selection().empty()) {
        m_editor.select({});
        emit selectionChanged();
    }
    update();
}

bool HeatMapView::handleBrushKey(QKeyEvent* event) {
    if (!brushShapeOf(m_tool)) return false;
    const int key = event->key();
    if (key == Qt::Key_BracketLeft || key == Qt::Key_BracketRight) {
        const double step = std::max(1.0, std::round(m_brush.size * 0.15));
        const double size = m_brush.size + (key == Qt::Key_BracketRight ? step : -step);
        BrushSettings brush = m_brush;
        brush.size = size;
        setBrush(brush);
    } else if (key >= Qt::Key_0 && key <= Qt::Key_9 && event->modifiers() == Qt::NoModifier) {
        m_brush.strength = key == Qt::Key_0 ? 1 : (key - Qt::Key_0) / 10.0;
    } else if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_probe && !m_stroke) {
        beginStroke(QPointF(*m_probe) + QPointF(0.5, 0.5)); // a dab without a mouse
        m_drag = Drag::None;
        finishStroke();
        return true;
    } else {
        return false;
    }
    emit brushChanged(m_brush);
    return true;
}

bool HeatMapView::handleArrow(QKeyEvent* event) {
    QPoint by;
    if (event->key() == Qt::Key_Left) by = {-1, 0};
    if (event->key() == Qt::Key_Right) by = {1, 0};
    if (event->key() == Qt::Key_Up) by = {0, 1};
    if (event->key() == Qt::Key_Down) by = {0, -1};
    if (by.isNull()) return false;
    const int steps = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        m_viewport.pan(QPointF(-by.x(), by.y()) * 40 * steps);
        update();
    } else if (m_tool == CanvasTool::Select && !m_editor.selection().empty()) {
        if (m_drag == Drag::None) tell(m_editor.nudge(QPointF(by) * steps * m_cellUm));
    } else if (!m_stroke) {
        const QSize sheet = m_viewport.sheet().toSize();
        const QPoint from = m_probe.value_or(QPoint(sheet.width() / 2, sheet.height() / 2) - by * steps);
        const QPoint to = from + by * steps;
        moveProbe({std::clamp(to.x(), 0, sheet.width() - 1), std::clamp(to.y(), 0, sheet.height() - 1)});
    }
    return true;
}

bool HeatMapView::handleObjectKey(QKeyEvent* event) {
    if (!actionOf(m_tool) || m_drag != Drag::None) return false;
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) {
        tell(m_editor.remove());
    } else if (event->key() == Qt::Key_D && control) {
        tell(m_editor.duplicate());
    } else if (event->key() == Qt::Key_A && control) {
        std::set<int> all;
        for (const GridObject& object : m_editor.objects())
            all.insert(object.id);
        m_editor.select(all);
        update();
        emit selectionChanged();
    } else {
        return false;
    }
    return true;
}

void HeatMapView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space) {
        if (!event->isAutoRepeat()) {
            m_spaceHeld = true;
            showCursor();
        }
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        escape();
        return;
    }
    if (handleBrushKey(event) || handleObjectKey(event) || handleArrow(event)) return;
    const bool plain = (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) == Qt::NoModifier;
    const QPointF centre = m_viewport.area().center();
    if (plain && (event->key() == Qt::Key_F || event->key() == Qt::Key_Home))
        fit();
    else if (plain && event->key() == Qt::Key_N)
        emit markStepRequested(event->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
    else if (event->matches(QKeySequence::Copy))
        emit copyRequested();
    else if (plain && (event->key() == Qt::Key_Plus || event->key() == Qt::Key_Equal))
        zoom(1.2, centre);
    else if (plain && event->key() == Qt::Key_Minus)
        zoom(1 / 1.2, centre);
    else
        QWidget::keyPressEvent(event);
}

void HeatMapView::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_spaceHeld = false;
        showCursor();
        return;
    }
    QWidget::keyReleaseEvent(event);
}

} // namespace headroom::widgets
