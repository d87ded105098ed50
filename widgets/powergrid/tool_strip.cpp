#include "widgets/powergrid/tool_strip.h"

#include <QAction>
#include <QActionGroup>
#include <QFrame>
#include <QGridLayout>
#include <QToolButton>

#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

struct Entry {
    CanvasTool tool;
    const char* icon;
    const char* name;
    const char* text;
    Qt::Key key;
};

constexpr Entry kEntries[] = {
    {CanvasTool::Probe, "tool-probe", "Probe", "Probe: read values", Qt::Key_X},
    {CanvasTool::Select, "tool-select", "Select", "Select and move objects", Qt::Key_V},
    {CanvasTool::Round, "brush-round", "Round", "Round brush", Qt::Key_B},
    {CanvasTool::Square, "brush-square", "Square", "Square brush", Qt::Key_Q},
    {CanvasTool::Line, "tool-line", "Line", "Line", Qt::Key_L},
    {CanvasTool::Rectangle, "tool-rectangle", "Rectangle", "Fill a rectangle", Qt::Key_R},
    {CanvasTool::Fill, "tool-fill", "Fill", "Flood fill", Qt::Key_G},
    {CanvasTool::Gradient, "tool-gradient", "Gradient", "Gradient", Qt::Key_D},
    {CanvasTool::Pick, "tool-pick", "Pick", "Take a value from the sheet (Alt+click with a brush)",
     Qt::Key_I},
    {CanvasTool::Pad, "tool-pad", "Pad", "Add pads", Qt::Key_P},
    {CanvasTool::Strap, "tool-strap", "Strap", "Add straps", Qt::Key_T},
    {CanvasTool::Macro, "tool-macro", "Macro", "Add macros: drag, or click to stamp the last size",
     Qt::Key_M}};

} // namespace

ToolStrip::ToolStrip(QWidget* canvas, QWidget* parent)
    : QWidget(parent)
    , m_group(new QActionGroup(this)) {
    setObjectName(QStringLiteral("powergridTools"));
    setAccessibleName(tr("Tools"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(4, 2, 2, 2);
    grid->setSpacing(1);
    int place = 0;
    for (const Entry& entry : kEntries) {
        auto* action = new QAction(icon(QString::fromLatin1(entry.icon)), tr(entry.text), this);
        action->setObjectName(QStringLiteral("powergridTool%1").arg(QLatin1String(entry.name)));
        action->setCheckable(true);
        action->setShortcut(QKeySequence(entry.key));
        action->setShortcutContext(Qt::WidgetShortcut);
        action->setToolTip(QStringLiteral("%1 (%2)").arg(action->text(), action->shortcut().toString()));
        canvas->addAction(action);
        m_group->addAction(action);
        m_actions[entry.tool] = action;
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setAccessibleName(action->text());
        button->setFocusPolicy(Qt::TabFocus);
        grid->addWidget(button, place / 2, place % 2);
        ++place;
        connect(action, &QAction::triggered, this, [this, tool = entry.tool] { emit toolChosen(tool); });
    }
    grid->setRowStretch(place / 2 + 1, 1);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
}

void ToolStrip::setTool(CanvasTool tool) {
    m_actions.at(tool)->setChecked(true);
}

void ToolStrip::setPaintable(bool paintable) {
    for (const auto& [tool, action] : m_actions)
        action->setEnabled(paintable || tool == CanvasTool::Probe);
}

} // namespace headroom::widgets
