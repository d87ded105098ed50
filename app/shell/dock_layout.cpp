#include "app/shell/dock_layout.h"

#include <QAction>
#include <QDockWidget>
#include <QInputDialog>
#include <QMainWindow>
#include <QMenu>

#include "app/settings/settings.h"
#include "widgets/common/icons.h"

namespace headroom::app {
namespace {

/// Of saved arrangements: raised when docks change so that old ones no longer make sense.
constexpr int kStateVersion = 1;

} // namespace

DockLayout::DockLayout(QMainWindow& window, Settings& settings)
    : QObject(&window)
    , m_window(window)
    , m_settings(settings) {
    window.setDockNestingEnabled(true);
    window.setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks |
                          QMainWindow::AllowTabbedDocks | QMainWindow::GroupedDragging);
    window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    window.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
}

QDockWidget* DockLayout::add(QWidget* panel, const QString& title, Place place, const QString& icon) {
    auto* dock = new QDockWidget(title, &m_window);
    dock->setObjectName(panel->objectName() + "Dock");
    dock->setWidget(panel);
    dock->toggleViewAction()->setIcon(widgets::icon(icon));
    m_entries.push_back({dock, place});
    for (const auto signal : {&QDockWidget::topLevelChanged, &QDockWidget::visibilityChanged}) {
        connect(dock, signal, this, &DockLayout::updateTitleBars, Qt::QueuedConnection);
    }
    connect(
        dock, &QDockWidget::visibilityChanged, this,
        [this, name = panel->objectName()](bool visible) { emit visibilityChanged(name, visible); },
        Qt::QueuedConnection);
    connect(dock, &QDockWidget::dockLocationChanged, this, &DockLayout::updateTitleBars,
            Qt::QueuedConnection);
    return dock;
}

void DockLayout::updateTitleBars() {
    for (const Entry& entry : m_entries) {
        const bool tabbed = !entry.dock->isFloating() && !m_window.tabifiedDockWidgets(entry.dock).isEmpty();
        const bool hidden = entry.dock->titleBarWidget() != nullptr;
        if (tabbed == hidden) continue;
        // The tab says the same, and can be dragged likewise.
        QWidget* old = entry.dock->titleBarWidget();
        entry.dock->setTitleBarWidget(tabbed ? new QWidget(entry.dock) : nullptr);
        if (old != nullptr) old->deleteLater();
    }
}

void DockLayout::reset() {
    for (const Entry& entry : m_entries) {
        entry.dock->setFloating(false);
        m_window.removeDockWidget(entry.dock);
    }
    const auto first = [&](Place place) -> QDockWidget* {
        for (const Entry& entry : m_entries) {
            if (entry.place == place) return entry.dock;
        }
        return nullptr;
    };
    // Places first: a dock that is split off from tabs would become a tab among them.
    m_window.addDockWidget(Qt::LeftDockWidgetArea, first(Place::Left));
    m_window.addDockWidget(Qt::RightDockWidgetArea, first(Place::Centre));
    m_window.splitDockWidget(first(Place::Left), first(Place::LeftBelow), Qt::Vertical);
    m_window.splitDockWidget(first(Place::Centre), first(Place::CentreBelow), Qt::Vertical);
    for (const Entry& entry : m_entries) {
        QDockWidget* leader = first(entry.place);
        if (entry.dock != leader) m_window.tabifyDockWidget(leader, entry.dock);
        entry.dock->show();
    }
    for (const Entry& entry : m_entries) {
        if (entry.dock == first(entry.place)) entry.dock->raise();
    }
    const int width = m_window.width(), height = m_window.height();
    m_window.resizeDocks({first(Place::Left), first(Place::Centre)}, {width * 36 / 100, width * 64 / 100},
                         Qt::Horizontal);
    m_window.resizeDocks({first(Place::Left), first(Place::LeftBelow)},
                         {height * 45 / 100, height * 55 / 100}, Qt::Vertical);
    m_window.resizeDocks({first(Place::Centre), first(Place::CentreBelow)},
                         {height * 82 / 100, height * 18 / 100}, Qt::Vertical);
}

void DockLayout::restore() {
    reset();
    const QByteArray state = m_settings.windowState();
    if (!state.isEmpty() && !m_window.restoreState(state, kStateVersion)) reset();
}

void DockLayout::save() const {
    m_settings.saveWindow(m_window.saveGeometry(), m_window.saveState(kStateVersion));
}

void DockLayout::raise(const QString& panel) {
    for (const Entry& entry : m_entries) {
        if (entry.dock->widget()->objectName() != panel) continue;
        entry.dock->show();
        entry.dock->raise();
    }
}

void DockLayout::keepAs(const QString& name) {
    m_settings.saveLayout(name, m_window.saveState(kStateVersion));
}

bool DockLayout::apply(const QString& name) {
    const QByteArray state = m_settings.layout(name);
    return !state.isEmpty() && m_window.restoreState(state, kStateVersion);
}

void DockLayout::fillPanelMenu(QMenu* menu) const {
    for (const Entry& entry : m_entries)
        menu->addAction(entry.dock->toggleViewAction());
}

void DockLayout::askForName() {
    auto* dialog = new QInputDialog(&m_window);
    dialog->setObjectName("layoutNameDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keep Layout"));
    dialog->setLabelText(tr("Name of the layout:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        if (!name.trimmed().isEmpty()) keepAs(name.trimmed());
    });
    dialog->open();
}

void DockLayout::fillLayoutMenu(QMenu* menu) {
    menu->clear();
    const QStringList names = m_settings.layoutNames();
    for (const QString& name : names) {
        connect(menu->addAction(name), &QAction::triggered, this, [this, name] { apply(name); });
    }
    if (!names.isEmpty()) menu->addSeparator();
    connect(menu->addAction(tr("Keep This Layout…")), &QAction::triggered, this, &DockLayout::askForName);
    if (names.isEmpty()) return;
    QMenu* remove = menu->addMenu(tr("Remove Layout"));
    for (const QString& name : names) {
        connect(remove->addAction(name), &QAction::triggered, this,
                [this, name] { m_settings.removeLayout(name); });
    }
}

} // namespace headroom::app
