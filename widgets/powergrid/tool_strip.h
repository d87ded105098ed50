#pragma once

#include <QWidget>

#include <map>

#include "widgets/powergrid/heat_map_view.h"

class QActionGroup;

namespace headroom::widgets {

/// The tools as buttons. Their letters work where the canvas has the keyboard.
class ToolStrip final : public QWidget {
    Q_OBJECT

public:
    /// @param canvas that the letters belong to
    explicit ToolStrip(QWidget* canvas, QWidget* parent = nullptr);

    /// Emits nothing.
    void setTool(CanvasTool tool);
    /// Whether there is a sheet to paint on; else only the probe can be taken.
    void setPaintable(bool paintable);

signals:
    void toolChosen(headroom::widgets::CanvasTool tool);

private:
    QActionGroup* m_group;
    std::map<CanvasTool, QAction*> m_actions;
};

} // namespace headroom::widgets
