#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

/// What objects are made with.
struct ObjectSettings {
    double padVolts = 0;
    double strapWidthUm = 2;
    double macroAmperes = 0.01;
    QSizeF stampUm = QSizeF(24, 16); ///< of a macro that is clicked and not dragged

    bool operator==(const ObjectSettings&) const = default;
};

/// Selects, adds, moves, stretches and deletes objects. Knows no widget: places and reaches are in
/// micrometres. Each change comes out as what undo needs, and is taken over at once.
class ObjectEditor {
public:
    enum class Action { Select, AddPad, AddStrap, AddMacro };

    // Getters
    /// With the drag of the moment.
    const GridObjects& objects() const { return m_dragged ? *m_dragged : *m_objects; }
    const std::set<int>& selection() const { return m_selection; }
    /// The objects that are selected.
    GridObjects selected() const;
    bool isDragging() const { return m_drag != Drag::None; }
    QRectF band() const; ///< the selection's rectangle; null where none is drawn
    const ObjectSettings& settings() const { return m_settings; }
    /// Grows with everything that changes how objects look.
    unsigned version() const { return m_version; }
    /// The topmost object that a place touches; null for none.
    const GridObject* objectAt(QPointF um, double reach) const;

    // Setters
    void setObjects(std::shared_ptr<const GridObjects> objects);
    void setSheet(QSizeF um, double cellUm);
    void setSettings(const ObjectSettings& settings) { m_settings = settings; }
    void setVisible(GridObjectKind kind, bool visible); ///< what is hidden cannot be hit
    void select(const std::set<int>& ids);

    // Methods
    /// @param add to the selection, or take from it
    void press(QPointF um, Action action, bool add, double reach);
    /// @param constrained along x or y, or square
    void moveTo(QPointF um, bool constrained);
    ObjectChange release();
    /// Gives the drag up.
    void cancel();
    ObjectChange remove();
    ObjectChange nudge(QPointF um);
    ObjectChange duplicate();
    /// Alters all selected objects.
    ObjectChange alter(const std::function<void(GridObject&)>& how, const QString& text);

private:
    enum class Drag { None, Press, Move, Stretch, Band, Strap, Macro };

    QPointF snapped(QPointF um) const;
    QPointF allowedMove(QPointF by) const;
    bool grip(QPointF um, double reach);
    void stretch(GridObject& object, QPointF to, bool constrained) const;
    int nextId() const;
    GridObject made(GridObjectKind kind, QPointF at) const;
    ObjectChange finished(GridObjects after, const QString& text);

    std::shared_ptr<const GridObjects> m_objects = std::make_shared<const GridObjects>();
    std::optional<GridObjects> m_dragged;
    unsigned m_version = 0;
    std::set<int> m_selection, m_selectionBefore;
    std::set<GridObjectKind> m_hidden;
    ObjectSettings m_settings;
    QSizeF m_sheet = QSizeF(1, 1);
    double m_cellUm = 1;
    Drag m_drag = Drag::None;
    QPointF m_pressed, m_at;
    GridObject m_new;
    int m_stretched = 0; ///< id
    bool m_gripFromX = false, m_gripFromY = false;
};

} // namespace headroom::widgets
