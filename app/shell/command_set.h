#pragma once

#include <QHash>
#include <QObject>
#include <QString>

#include <functional>

#include "app/shell/command_table.h"

class QAction;
class QMenu;
class QToolBar;

namespace headroom::app {

class Settings;

/// The commands as actions, with the user's shortcuts.
class CommandSet final : public QObject {
    Q_OBJECT

public:
    CommandSet(Settings& settings, QObject* parent);

    /// Null for an id that the table does not have.
    QAction* action(const QString& id) const { return m_actions.value(id); }

    void bind(const char* id, const std::function<void()>& work);
    void setEnabled(const char* id, bool enabled);

    /// Adds the commands of a menu, in the table's order.
    void fill(QMenu* menu, Menu which) const;
    void fill(QToolBar* toolbar) const;

    /// The name of a command without mnemonic and ellipsis.
    static QString plainText(const Command& command);

private:
    void applyShortcuts();

    Settings& m_settings;
    QHash<QString, QAction*> m_actions;
};

} // namespace headroom::app
