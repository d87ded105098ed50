#include "widgets/powergrid/object_editor.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace headroom::widgets {
namespace {

QString translated(const char* text, int count = -1) {
    return QCoreApplication::translate("ObjectEditor", text, nullptr, count);
}

QString kindText(GridObjectKind kind) {
    if (kind == GridObjectKind::Strap) return translated("strap");
    return kind == GridObjectKind::Macro ? translated("macro") : translated("pad");
}

QString counted(const char* verb, const GridObjects& objects) {
    const QString what =
        objects.size() == 1 ? kindText(objects.front().kind) : translated("%1 objects").arg(objects.size());
    return QStringLiteral("%1 %2").arg(translated(verb), what);
}

double distanceToLine(QPointF point, QPointF from, QPointF to) {
    const QPointF by = to - from;
    const double length = QPointF::dotProduct(by, by);
    const double t = length > 0 ? std::clamp(QPointF::dotProduct(point - from, by) / length, 0.0, 1.0) : 0;
    const QPointF off = point - (from + t * by);
    return std::hypot(off.x(), off.y());
}

QRectF boxOf(const GridObject& object) {
    return QRectF(object.from, object.to).normalized();
}

bool touches(const GridObject& object, QPointF um, double reach) {
    switch (object.kind) {
    case GridObjectKind::Pad:
        return std::hypot(um.x() - object.from.x(), um.y() - object.from.y()) <= reach;
    case GridObjectKind::Strap:
        return distanceToLine(um, object.from, object.to) <= std::max(object.width / 2, reach);
    case GridObjectKind::Macro:
        return boxOf(object).contains(um);
    }
    return false;
}

} // namespace

GridObjects ObjectEditor::selected() const {
    GridObjects found;
    std::copy_if(objects().begin(), objects().end(), std::back_inserter(found),
                 [&](const GridObject& object) { return m_selection.contains(object.id); });
    return found;
}

QRectF ObjectEditor::band() const {
    return m_drag == Drag::Band ? QRectF(m_pressed, m_at).normalized() : QRectF();
}

// Small things first, so that a pad on a macro can be reached.
const GridObject* ObjectEditor::objectAt(QPointF um, double reach) const {
    for (const auto kind : {GridObjectKind::Pad, GridObjectKind::Strap, GridObjectKind::Macro}) {
        if (m_hidden.contains(kind)) continue;
        for (auto object = m_objects->rbegin(); object != m_objects->rend(); ++object)
            if (object->kind == kind && touches(*object, um, reach)) return &*object;
    }
    return nullptr;
}

void ObjectEditor::setObjects(std::shared_ptr<const GridObjects> objects) {
    ++m_version;
    m_objects = objects ? std::move(objects) : std::make_shared<const GridObjects>();
    cancel();
    std::erase_if(m_selection, [&](int id) {
        return std::none_of(m_objects->begin(), m_objects->end(),
                            [id](const GridObject& object) { return object.id == id; });
    });
}

void ObjectEditor::setSheet(QSizeF um, double cellUm) {
    ++m_version;
    m_sheet = um;
    m_cellUm = cellUm;
}

void ObjectEditor::setVisible(GridObjectKind kind, bool visible) {
    ++m_version;
    if (visible)
        m_hidden.erase(kind);
    else
        m_hidden.insert(kind);
}

void ObjectEditor::select(const std::set<int>& ids) {
    ++m_version;
    m_selection = ids;
}

QPointF ObjectEditor::snapped(QPointF um) const {
    const double step = m_cellUm / 2;
    return {std::clamp(std::round(um.x() / step) * step, 0.0, m_sheet.width()),
            std::clamp(std::round(um.y() / step) * step, 0.0, m_sheet.height())};
}

int ObjectEditor::nextId() const {
    int id = 0;
    for (const GridObject& object : *m_objects)
        id = std::max(id, object.id);
    return id + 1;
}

GridObject ObjectEditor::made(GridObjectKind kind, QPointF at) const {
    GridObject object{nextId(), kind, at, at};
    if (kind == GridObjectKind::Pad) object.value = m_settings.padVolts;
    if (kind == GridObjectKind::Strap) object.width = m_settings.strapWidthUm;
    if (kind == GridObjectKind::Macro) {
        object.value = m_settings.macroAmperes;
        object.name = QStringLiteral("U%1").arg(object.id);
    }
    return object;
}

/// Takes hold of a strap's end or a macro's corner, if the one selected object has one there.
bool ObjectEditor::grip(QPointF um, double reach) {
    const GridObjects chosen = selected();
    if (chosen.size() != 1 || chosen.front().kind == GridObjectKind::Pad) return false;
    const GridObject& object = chosen.front();
    const bool isMacro = object.kind == GridObjectKind::Macro;
    for (const bool fromX : {true, false}) {
        for (const bool fromY : {true, false}) {
            if (!isMacro && fromX != fromY) continue;
            const QPointF corner((fromX ? object.from : object.to).x(),
                                 (fromY ? object.from : object.to).y());
            if (std::hypot(um.x() - corner.x(), um.y() - corner.y()) > reach) continue;
            m_stretched = object.id;
            m_gripFromX = fromX;
            m_gripFromY = fromY;
            return true;
        }
    }
    return false;
}

void ObjectEditor::press(QPointF um, Action action, bool add, double reach) {
    ++m_version;
    m_pressed = m_at = um;
    m_selectionBefore = m_selection;
    if (action != Action::Select) {
        const auto kind = action == Action::AddPad     ? GridObjectKind::Pad
                          : action == Action::AddStrap ? GridObjectKind::Strap
                                                       : GridObjectKind::Macro;
        m_new = made(kind, snapped(um));
        m_drag = kind == GridObjectKind::Macro ? Drag::Macro : Drag::Strap;
        m_dragged = *m_objects;
        m_dragged->push_back(m_new);
        m_selection = {m_new.id};
        return;
    }
    if (!add && grip(um, reach)) {
        m_drag = Drag::Stretch;
        return;
    }
    const GridObject* hit = objectAt(um, reach);
    if (hit == nullptr) {
        if (!add) m_selection.clear();
        m_drag = Drag::Band;
        return;
    }
    if (add && m_selection.contains(hit->id)) {
        m_selection.erase(hit->id);
        m_drag = Drag::None;
        return;
    }
    if (!add && !m_selection.contains(hit->id)) m_selection.clear();
    m_selection.insert(hit->id);
    m_drag = Drag::Press;
}

/// As much of a move as keeps the selected objects on the sheet, in steps of the grid.
QPointF ObjectEditor::allowedMove(QPointF by) const {
    double left = 1e300, low = 1e300, right = -1e300, high = -1e300;
    for (const GridObject& object : *m_objects) {
        if (!m_selection.contains(object.id)) continue;
        const QRectF box = boxOf(object);
        left = std::min(left, box.left());
        low = std::min(low, box.top());
        right = std::max(right, box.right());
        high = std::max(high, box.bottom());
    }
    if (left > right) return {};
    const double step = m_cellUm / 2;
    const auto held = [step](double move, double least, double most) {
        const double rounded = std::round(move / step) * step;
        return least > most ? 0.0 : std::clamp(rounded, least, most);
    };
    return {held(by.x(), -left, m_sheet.width() - right), held(by.y(), -low, m_sheet.height() - high)};
}

void ObjectEditor::stretch(GridObject& object, QPointF to, bool constrained) const {
    QPointF place = snapped(to);
    if (object.kind == GridObjectKind::Strap && constrained) {
        const QPointF other = m_gripFromX ? object.to : object.from;
        if (std::abs(place.x() - other.x()) >= std::abs(place.y() - other.y()))
            place.setY(other.y());
        else
            place.setX(other.x());
    }
    (m_gripFromX ? object.from : object.to).setX(place.x());
    (m_gripFromY ? object.from : object.to).setY(place.y());
}

void ObjectEditor::moveTo(QPointF um, bool constrained) {
    ++m_version;
    m_at = um;
    if (m_drag == Drag::Press) m_drag = Drag::Move;
    if (m_drag == Drag::Move) {
        QPointF by = um - m_pressed;
        if (constrained) (std::abs(by.x()) >= std::abs(by.y()) ? by.ry() : by.rx()) = 0;
        by = allowedMove(by);
        m_dragged = *m_objects;
        for (GridObject& object : *m_dragged) {
            if (!m_selection.contains(object.id)) continue;
            object.from += by;
            object.to += by;
        }
    } else if (m_drag == Drag::Stretch) {
        m_dragged = *m_objects;
        for (GridObject& object : *m_dragged)
            if (object.id == m_stretched) stretch(object, um, constrained);
    } else if (m_drag == Drag::Band) {
        const QRectF box = band();
        m_selection = m_selectionBefore;
        for (const GridObject& object : *m_objects)
            if (!m_hidden.contains(object.kind) && box.contains(object.from) && box.contains(object.to))
                m_selection.insert(object.id);
    } else if (m_drag == Drag::Strap || m_drag == Drag::Macro) {
        GridObject& object = m_dragged->back();
        QPointF to = snapped(um);
        const QPointF by = to - m_new.from;
        if (object.kind == GridObjectKind::Pad) object.from = to;
        if (object.kind == GridObjectKind::Strap && constrained)
            to = std::abs(by.x()) >= std::abs(by.y()) ? QPointF(to.x(), m_new.from.y())
                                                      : QPointF(m_new.from.x(), to.y());
        if (object.kind == GridObjectKind::Macro && constrained) {
            const double side = std::min(std::abs(by.x()), std::abs(by.y()));
            to = m_new.from + QPointF(std::copysign(side, by.x()), std::copysign(side, by.y()));
        }
        object.to = to;
    }
}

ObjectChange ObjectEditor::finished(GridObjects after, const QString& text) {
    ++m_version;
    ObjectChange change{{}, {}, text};
    const auto find = [](const GridObjects& among, int id) {
        return std::find_if(among.begin(), among.end(),
                            [id](const GridObject& object) { return object.id == id; });
    };
    for (const GridObject& object : *m_objects) {
        const auto now = find(after, object.id);
        if (now != after.end() && *now == object) continue;
        change.before.push_back(object);
        if (now != after.end()) change.after.push_back(*now);
    }
    for (const GridObject& object : after)
        if (find(*m_objects, object.id) == m_objects->end()) change.after.push_back(object);
    m_objects = std::make_shared<const GridObjects>(std::move(after));
    return change;
}

ObjectChange ObjectEditor::release() {
    ++m_version;
    const Drag drag = std::exchange(m_drag, Drag::None);
    if (!m_dragged) return {};
    GridObjects after = std::move(*m_dragged);
    m_dragged.reset();
    if (drag == Drag::Move) return finished(std::move(after), counted("Move", selected()));
    for (GridObject& object : after) {
        if (object.kind != GridObjectKind::Macro) continue;
        const QRectF box = boxOf(object);
        object.from = box.topLeft();
        object.to = box.bottomRight();
    }
    if (drag == Drag::Stretch) return finished(std::move(after), counted("Stretch", selected()));
    GridObject& added = after.back();
    const QPointF by = added.to - added.from;
    if (added.kind == GridObjectKind::Strap && by.isNull()) { // a click is no strap
        m_selection = m_selectionBefore;
        return {};
    }
    if (added.kind == GridObjectKind::Macro) {
        if (std::min(std::abs(by.x()), std::abs(by.y())) < m_cellUm) {
            added.from =
                snapped(m_pressed - QPointF(m_settings.stampUm.width(), m_settings.stampUm.height()) / 2);
            added.to = snapped(added.from + QPointF(m_settings.stampUm.width(), m_settings.stampUm.height()));
        } else {
            m_settings.stampUm = QSizeF(by.x(), by.y());
        }
    }
    const GridObjects one{added};
    return finished(std::move(after), counted("Add", one));
}

void ObjectEditor::cancel() {
    ++m_version;
    if (m_drag != Drag::None) {
        m_selection = m_selectionBefore;
        m_drag = Drag::None;
    }
    m_dragged.reset();
}

ObjectChange ObjectEditor::remove() {
    ++m_version;
    if (m_selection.empty()) return {};
    const QString text = counted("Delete", selected());
    GridObjects after = *m_objects;
    std::erase_if(after, [&](const GridObject& object) { return m_selection.contains(object.id); });
    m_selection.clear();
    return finished(std::move(after), text);
}

ObjectChange ObjectEditor::nudge(QPointF um) {
    const QPointF by = allowedMove(um);
    if (by.isNull()) return {};
    return alter(
        [by](GridObject& object) {
            object.from += by;
            object.to += by;
        },
        counted("Move", selected()));
}

ObjectChange ObjectEditor::duplicate() {
    ++m_version;
    if (m_selection.empty()) return {};
    const GridObjects originals = selected();
    GridObjects after = *m_objects;
    int id = nextId();
    std::set<int> copies;
    QPointF by = allowedMove(QPointF(4, -4) * m_cellUm);
    if (by.isNull()) by = allowedMove(QPointF(-4, 4) * m_cellUm);
    for (GridObject object : originals) {
        object.id = id++;
        object.from += by;
        object.to += by;
        if (object.kind == GridObjectKind::Macro) object.name = QStringLiteral("U%1").arg(object.id);
        copies.insert(object.id);
        after.push_back(std::move(object));
    }
    m_selection = copies;
    return finished(std::move(after), counted("Duplicate", originals));
}

ObjectChange ObjectEditor::alter(const std::function<void(GridObject&)>& how, const QString& text) {
    GridObjects after = *m_objects;
    for (GridObject& object : after)
        if (m_selection.contains(object.id)) how(object);
    return finished(std::move(after), text);
}

} // namespace headroom::widgets
