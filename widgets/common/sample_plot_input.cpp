#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/sample_plot.h"

// What the user does with a plot of samples: mouse, wheel, keys, menu and tool tips.

namespace headroom::widgets {
namespace {

/// Less than this is a click.
constexpr double kLeastDrag = 4;
/// How near to an edge of a region the mouse holds that edge.
constexpr double kEdge = 4;
constexpr double kKeyStep = 0.05;
constexpr double kMostZoom = 8;

QString rangeText(const SampleColumn& column) {
    const QByteArray unit = column.unit.toUtf8();
    const auto text = [&](double value) { return quantityText(value, unit.constData()); };
    const auto [low, high] = column.extent();
    QStringList lines{SamplePlot::tr("%1 to %2").arg(text(low), text(high))};
    if (column.minimum) lines << SamplePlot::tr("at least %1").arg(text(*column.minimum));
    if (column.maximum) lines << SamplePlot::tr("at most %1").arg(text(*column.maximum));
    if (column.truth) lines << SamplePlot::tr("ground truth %1").arg(text(*column.truth));
    if (column.range) {
        lines << SamplePlot::tr("the technology allows %1 to %2")
                     .arg(text(column.range->first), text(column.range->second));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

void SamplePlot::edit(RowBrush brush) {
    if (brush == m_scene.brush) return;
    emit brushEdited(brush);
}

void SamplePlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    hold(event);
}

void SamplePlot::hold(QMouseEvent* event) {
    const QPointF at = toContent(event->position());
    using Part = SamplePlace::Part;
    m_drag = {};
    m_drag.place = m_figure->placeAt(m_scene, at);
    m_drag.from = m_drag.to = at;
    m_drag.before = m_scene.brush;
    switch (m_drag.place.part) {
    case Part::Nothing:
        m_drag.kind = Drag::Kind::Pick;
        break;
    case Part::Title:
        m_drag.kind = Drag::Kind::Title;
        focusAxis(m_drag.place.axis);
        break;
    case Part::Axis:
    case Part::Cell:
        if (event->modifiers() & Qt::ControlModifier) {
            m_drag.kind = Drag::Kind::Remove;
        } else if ((event->modifiers() & Qt::ShiftModifier) || !holdRegion(at)) {
            m_drag.kind = Drag::Kind::Brush;
        }
        break;
    }
}

/// Takes hold of the region at a point, by its inside or its edges.
bool SamplePlot::holdRegion(const QPointF& at) {
    const auto& regions = m_scene.brush.regions();
    for (std::size_t region = 0; region < regions.size(); ++region) {
        const auto rect = m_figure->rectOf(m_scene, regions[region]);
        if (!rect || !rect->adjusted(-kEdge, -kEdge, kEdge, kEdge).contains(at)) continue;
        m_drag.kind = Drag::Kind::Move;
        m_drag.region = region;
        m_drag.rect = *rect;
        // Of a small region the outer half of the edge's reach, so that the inside can be held too.
        const double reachX = std::min(kEdge, rect->width() / 4),
                     reachY = std::min(kEdge, rect->height() / 4);
        m_drag.left = at.x() < rect->left() + reachX;
        m_drag.right = !m_drag.left && at.x() > rect->right() - reachX;
        m_drag.top = at.y() < rect->top() + reachY;
        m_drag.bottom = !m_drag.top && at.y() > rect->bottom() - reachY;
        if (m_kind == Kind::Parallel) m_drag.left = m_drag.right = false;
        if (m_kind == Kind::Scatter && m_drag.place.part == SamplePlace::Part::Axis)
            m_drag.top = m_drag.bottom = false;
        return true;
    }
    return false;
}

void SamplePlot::mouseMoveEvent(QMouseEvent* event) {
    if (m_drag.kind == Drag::Kind::None) {
        updateCursor(toContent(event->position()));
        return;
    }
    dragTo(toContent(event->position()), event->modifiers());
}

void SamplePlot::dragTo(const QPointF& at, Qt::KeyboardModifiers modifiers) {
    m_drag.to = at;
    const QPointF distance = at - m_drag.from;
    m_drag.moved = m_drag.moved || std::max(std::abs(distance.x()), std::abs(distance.y())) >= kLeastDrag;
    if (!m_drag.moved) return;
    if (m_drag.kind == Drag::Kind::Move) {
        dragRegion(at);
    } else if (m_drag.kind == Drag::Kind::Brush) {
        const QRectF& area = m_drag.place.area;
        const auto inside = [&](const QPointF& point) {
            return QPointF(std::clamp(point.x(), area.left(), area.right()),
                           std::clamp(point.y(), area.top(), area.bottom()));
        };
        BrushRegion region =
            m_figure->regionOf(m_scene, m_drag.place, QRectF(inside(m_drag.from), inside(at)).normalized());
        RowBrush brush = m_drag.before;
        if (modifiers & Qt::ShiftModifier) {
            brush.add(std::move(region));
        } else {
            brush.replace(std::move(region));
        }
        edit(std::move(brush));
    } else if (m_drag.kind == Drag::Kind::Title) {
        viewport()->update();
    }
}

void SamplePlot::dragRegion(const QPointF& at) {
    const QRectF& area = m_drag.place.area;
    const QPointF distance = at - m_drag.from;
    QRectF rect = m_drag.rect;
    if (m_drag.left || m_drag.right || m_drag.top || m_drag.bottom) {
        if (m_drag.left) rect.setLeft(std::clamp(rect.left() + distance.x(), area.left(), rect.right()));
        if (m_drag.right) rect.setRight(std::clamp(rect.right() + distance.x(), rect.left(), area.right()));
        if (m_drag.top) rect.setTop(std::clamp(rect.top() + distance.y(), area.top(), rect.bottom()));
        if (m_drag.bottom)
            rect.setBottom(std::clamp(rect.bottom() + distance.y(), rect.top(), area.bottom()));
    } else {
        rect.translate(distance);
        rect.moveLeft(
            std::clamp(rect.left(), area.left(), std::max(area.left(), area.right() - rect.width())));
        rect.moveTop(std::clamp(rect.top(), area.top(), std::max(area.top(), area.bottom() - rect.height())));
    }
    RowBrush brush = m_drag.before;
    brush.set(m_drag.region, m_figure->regionOf(m_scene, m_drag.place, rect));
    edit(std::move(brush));
}

void SamplePlot::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_drag.kind == Drag::Kind::None) return;
    m_drag.to = toContent(event->position());
    release(event->modifiers());
    m_drag = {};
    viewport()->update();
}

void SamplePlot::release(Qt::KeyboardModifiers modifiers) {
    if (m_drag.kind == Drag::Kind::Remove) {
        const QRectF touched = QRectF(m_drag.from, m_drag.to).normalized().adjusted(-1, -1, 1, 1);
        RowBrush brush = m_drag.before;
        for (std::size_t region = brush.regions().size(); region-- > 0;) {
            const auto rect = m_figure->rectOf(m_scene, brush.regions()[region]);
            if (rect && rect->adjusted(-1, -1, 1, 1).intersects(touched)) brush.remove(region);
        }
        edit(std::move(brush));
        return;
    }
    if (m_drag.kind == Drag::Kind::Title) {
        if (!m_drag.moved) return;
        const int position = m_figure->positionAt(m_scene, m_drag.to);
        if (position == m_drag.place.axis) return;
        moveColumn(m_scene.column(static_cast<std::size_t>(m_drag.place.axis)).key, position);
        columnsEdited();
        return;
    }
    if (m_drag.moved || m_drag.kind == Drag::Kind::Move) return;
    const int row = m_figure->rowAt(m_scene, m_drag.to);
    if (row >= 0) {
        emit rowChosen(row);
    } else if (m_drag.kind == Drag::Kind::Brush && !(modifiers & Qt::ShiftModifier)) {
        RowBrush brush = m_drag.before; // a click beside everything ends the brush of this axis or cell
        brush.removeOver(m_figure->regionOf(m_scene, m_drag.place, QRectF(m_drag.to, m_drag.to)));
        edit(std::move(brush));
    }
}

void SamplePlot::mouseDoubleClickEvent(QMouseEvent* event) {
    const SamplePlace place = m_figure->placeAt(m_scene, toContent(event->position()));
    m_drag = {};
    if (event->button() != Qt::LeftButton || place.part != SamplePlace::Part::Title) return;
    const QString key = m_scene.column(static_cast<std::size_t>(place.axis)).key;
    setInverted(key, !m_inverted.contains(key));
    columnsEdited();
}

void SamplePlot::updateCursor(const QPointF& at) {
    using Part = SamplePlace::Part;
    const Part part = m_figure->placeAt(m_scene, at).part;
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (part == Part::Title) shape = Qt::OpenHandCursor;
    if (part == Part::Axis) shape = m_kind == Kind::Parallel ? Qt::SizeVerCursor : Qt::SizeHorCursor;
    if (part == Part::Cell) shape = Qt::CrossCursor;
    viewport()->setCursor(shape);
}

void SamplePlot::wheelEvent(QWheelEvent* event) {
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const double before = m_zoom;
    m_zoom = std::clamp(m_zoom * std::pow(1.2, event->angleDelta().y() / 120.0), 1.0, kMostZoom);
    if (m_zoom == before) return;
    // What is under the mouse stays there.
    const QPointF at = event->position();
    const QPointF content = toContent(at) * (m_zoom / before);
    layOut();
    horizontalScrollBar()->setValue(static_cast<int>(content.x() - at.x()));
    verticalScrollBar()->setValue(static_cast<int>(content.y() - at.y()));
    event->accept();
}

void SamplePlot::focusAxis(int axis) {
    m_scene.focused =
        m_scene.axes.empty() ? -1 : std::clamp(axis, 0, static_cast<int>(m_scene.axes.size()) - 1);
    if (m_scene.focused < 0) return;
    const QRectF title = titleOf(m_scene.focused);
    if (title.left() < 0 || title.right() > viewport()->width())
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(title.left()) - 10);
    viewport()->update();
}

/// Moves the interval on the axis that has the focus, or its upper end.
void SamplePlot::brushByKey(double step, bool grow) {
    const SampleAxis& axis = m_scene.axes[static_cast<std::size_t>(m_scene.focused)];
    const QString key = m_scene.column(static_cast<std::size_t>(m_scene.focused)).key;
    double from = step > 0 ? 0.75 - step : -step;
    double to = from + 0.25;
    RowBrush brush = m_scene.brush;
    for (const BrushRegion& region : brush.regions()) {
        if (region.sides.size() != 1 || region.sides.front().column != key) continue;
        from = axis.scale.shareOf(region.sides.front().low);
        to = axis.scale.shareOf(region.sides.front().high);
        if (from > to) std::swap(from, to);
        break;
    }
    if (grow) {
        to = std::clamp(to + step, from, 1.0);
    } else {
        const double moved = std::clamp(step, -from, 1 - to);
        from += moved;
        to += moved;
    }
    const double first = axis.scale.valueAt(std::clamp(from, 0.0, 1.0));
    const double second = axis.scale.valueAt(std::clamp(to, 0.0, 1.0));
    brush.replace({{{key, std::min(first, second), std::max(first, second)}}});
    edit(std::move(brush));
}

/// Keys that act on the column that has the focus.
bool SamplePlot::columnKey(int key, Qt::KeyboardModifiers modifiers) {
    if (m_scene.focused < 0) return false;
    const auto focused = static_cast<std::size_t>(m_scene.focused);
    const QString column = m_scene.column(focused).key;
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        brushByKey(key == Qt::Key_Up ? kKeyStep : -kKeyStep, modifiers & Qt::ShiftModifier);
        return true;
    case Qt::Key_I:
        setInverted(column, !m_inverted.contains(column));
        break;
    case Qt::Key_L:
        setLogarithmic(column, !m_scene.axes[focused].scale.isLogarithmic());
        break;
    case Qt::Key_Delete:
        setColumnShown(column, false);
        break;
    default:
        return false;
    }
    columnsEdited();
    return true;
}

void SamplePlot::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (key == Qt::Key_Left || key == Qt::Key_Right) {
        const int to = m_scene.focused + (key == Qt::Key_Right ? 1 : -1);
        if (event->modifiers() & Qt::ControlModifier && m_scene.focused >= 0) {
            moveColumn(m_scene.column(static_cast<std::size_t>(m_scene.focused)).key, std::max(0, to));
            columnsEdited();
        } else {
            focusAxis(to);
        }
        return;
    }
    if (key == Qt::Key_Escape && !m_scene.brush.isEmpty()) {
        edit({});
        return;
    }
    if (key == Qt::Key_Home) {
        m_zoom = 1;
        layOut();
        return;
    }
    if (!columnKey(key, event->modifiers())) QAbstractScrollArea::keyPressEvent(event);
}

void SamplePlot::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        focusAxis(std::max(0, m_scene.focused));
}

void SamplePlot::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void SamplePlot::fillAxisMenu(QMenu& menu, int axis) {
    const SampleColumn& column = m_scene.column(static_cast<std::size_t>(axis));
    menu.addSection(column.title);
    QAction* inverted = menu.addAction(tr("Inverted"));
    inverted->setCheckable(true);
    inverted->setChecked(m_inverted.contains(column.key));
    const auto connectKey = [this, key = column.key](QAction* action, auto change) {
        connect(action, &QAction::triggered, this, [this, key, change](bool on) {
            change(key, on);
            columnsEdited();
        });
    };
    connectKey(inverted, [this](const QString& key, bool on) { setInverted(key, on); });
    QAction* logarithmic = menu.addAction(tr("Logarithmic"));
    logarithmic->setCheckable(true);
    logarithmic->setChecked(m_scene.axes[static_cast<std::size_t>(axis)].scale.isLogarithmic());
    logarithmic->setEnabled(column.extent().first > 0);
    connectKey(logarithmic, [this](const QString& key, bool on) { setLogarithmic(key, on); });
    connectKey(menu.addAction(tr("Hide")), [this](const QString& key, bool) { setColumnShown(key, false); });
}

void SamplePlot::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    const int axis = m_figure->placeAt(m_scene, toContent(event->pos())).axis;
    if (axis >= 0) fillAxisMenu(menu, axis);
    QMenu* columns = menu.addMenu(icon(QStringLiteral("columns")), tr("Columns"));
    fillColumnMenu(*columns);
    QAction* end =
        menu.addAction(icon(QStringLiteral("clear")), tr("End the Brush"), this, [this] { edit({}); });
    end->setEnabled(!m_scene.brush.isEmpty());
    menu.addSeparator();
    fillExportMenu(menu);
    menu.exec(event->globalPos());
}

bool SamplePlot::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) return showToolTip(static_cast<QHelpEvent*>(event));
    return QAbstractScrollArea::viewportEvent(event);
}

bool SamplePlot::showToolTip(QHelpEvent* event) {
    const QPointF at = toContent(event->pos());
    const SamplePlace place = m_figure->placeAt(m_scene, at);
    QString text;
    if (place.part == SamplePlace::Part::Title) {
        const SampleColumn& column = m_scene.column(static_cast<std::size_t>(place.axis));
        text = column.definition.isEmpty() ? column.title : column.definition;
        text += QLatin1Char('\n') + rangeText(column);
    } else if (const int row = m_figure->rowAt(m_scene, at); row >= 0) {
        std::vector<int> columns;
        for (const SampleAxis& axis : m_scene.axes)
            columns.push_back(axis.column);
        text = sampleText(*m_scene.table, row, columns);
    }
    QToolTip::showText(event->globalPos(), text, viewport());
    return true;
}

} // namespace headroom::widgets
