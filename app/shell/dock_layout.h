#pragma once

#include <QObject>
#include <QString>

#include <vector>

class QDockWidget;
class QMainWindow;
class QMenu;
class QWidget;

namespace headroom::app {

class Settings;

/// The window's dock panels: where they stand, by which names arrangements are kept, and how to get back.
class DockLayout final : public QObject {
    Q_OBJECT

public:
    enum class Place { Left, LeftBelow, Centre, CentreBelow };

    DockLayout(QMainWindow& window, Settings& settings);

    /// @param panel its object name names the dock too
    QDockWidget* add(QWidget* panel, const QString& title, Place place, const QString& icon);

    /// The arrangement of a first start. Call once all panels are there.
    void reset();

    /// What was saved when the window was closed; panels that are newer than it appear where they belong.
    void restore();
    void save() const;

    /// Panels, and named arrangements to switch to, keep and remove.
    void fillPanelMenu(QMenu* menu) const;
    void fillLayoutMenu(QMenu* menu);

    /// Shows a panel and brings it to the front.
    void raise(const QString& panel);

    /// Keeps the present arrangement under a name.
    void keepAs(const QString& name);
    bool apply(const QString& name);

signals:
    /// A panel came into sight or went out of it, be it by its tab, its menu entry or its frame.
    void visibilityChanged(const QString& panel, bool visible);

private:
    struct Entry {
        QDockWidget* dock;
        Place place;
    };
    void askForName();
    void updateTitleBars();

    QMainWindow& m_window;
    Settings& m_settings;
    std::vector<Entry> m_entries;
};

} // namespace headroom::app
