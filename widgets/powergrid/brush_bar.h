#pragma once

#include <QWidget>

#include "widgets/powergrid/heat_map_view.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QStackedWidget;

namespace headroom::widgets {

/// What a tool does with mouse and keys, in one sentence.
QString toolHint(CanvasTool tool);

/// What the tool in hand works with: a brush's value, size, hardness, strength and mode, or what new objects
/// are made with.
class BrushBar final : public QWidget {
    Q_OBJECT

public:
    explicit BrushBar(QWidget* parent = nullptr);

    /// Whether the bar has nothing to set for a tool, and shows its hint instead.
    static bool showsHint(CanvasTool tool);

    // Nothing of this emits.
    void setTool(CanvasTool tool, GridLayer painted);
    /// @param unit of the painted layer
    void setBrush(const BrushSettings& brush, const QString& unit);
    const BrushSettings& brush() const { return m_brush; }
    void setObjects(const ObjectSettings& settings);
    const ObjectSettings& objects() const { return m_objects; }
    /// What is selected: its value is shown and altered.
    void setSelected(const GridObjects& selected);

signals:
    void brushChanged(const headroom::widgets::BrushSettings& brush);
    void objectsChanged(const headroom::widgets::ObjectSettings& settings);
    /// The selected objects of a kind are to have this value: A, V, or a strap's width in micrometres.
    void selectedEdited(headroom::widgets::GridObjectKind kind, double value);

private:
    QWidget* buildBrush();
    QWidget* buildObject();
    void takeValue();
    void takeObject();
    void showObject(GridObjectKind kind, double value);

    BrushSettings m_brush;
    QString m_unit;
    ObjectSettings m_objects;
    GridObjectKind m_kind = GridObjectKind::Pad;
    bool m_editsSelected = false;
    QStackedWidget* m_pages;
    QLabel* m_hint = nullptr;
    QLabel* m_layer = nullptr;
    QLineEdit* m_value = nullptr;
    QDoubleSpinBox* m_size = nullptr;
    QSpinBox* m_hardness = nullptr;
    QSpinBox* m_strength = nullptr;
    QSpinBox* m_tolerance = nullptr;
    QComboBox* m_mode = nullptr;
    QLabel* m_objectText = nullptr;
    QLineEdit* m_object = nullptr;
};

} // namespace headroom::widgets
