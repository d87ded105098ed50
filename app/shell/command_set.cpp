#include "app/shell/command_set.h"

#include <QAction>
#include <QCoreApplication>
#include <QMenu>
#include <QToolBar>

#include "app/settings/settings.h"
#include "widgets/common/icons.h"

namespace headroom::app {
namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("Command", text);
}

} // namespace

CommandSet::CommandSet(Settings& settings, QObject* parent)
    : QObject(parent)
    , m_settings(settings) {
    for (const Command& command : commandTable()) {
        auto* action = new QAction(translated(command.text), this);
        action->setObjectName(QString::fromLatin1(command.id));
        action->setStatusTip(translated(command.tip));
        if (*command.icon != '\0') action->setIcon(widgets::icon(QString::fromLatin1(command.icon)));
        m_actions.insert(action->objectName(), action);
    }
    m_actions["file.quit"]->setMenuRole(QAction::QuitRole);
    m_actions["edit.preferences"]->setMenuRole(QAction::PreferencesRole);
    m_actions["help.about"]->setMenuRole(QAction::AboutRole);
    m_actions["help.about_qt"]->setMenuRole(QAction::AboutQtRole);
    connect(&settings, &Settings::changed, this, &CommandSet::applyShortcuts);
    applyShortcuts();
}

void CommandSet::applyShortcuts() {
    for (const Command& command : commandTable()) {
        QAction* action = m_actions[QString::fromLatin1(command.id)];
        const QKeySequence own(QString::fromLatin1(command.keys), QKeySequence::PortableText);
        const QKeySequence keys = m_settings.shortcut(action->objectName()).value_or(own);
        action->setShortcut(keys);
        const QString hint =
            keys.isEmpty() ? QString() : " (" + keys.toString(QKeySequence::NativeText) + ')';
        action->setToolTip(translated(command.tip) + hint);
    }
}

void CommandSet::bind(const char* id, const std::function<void()>& work) {
    connect(m_actions.value(QString::fromLatin1(id)), &QAction::triggered, this, work);
}

void CommandSet::setEnabled(const char* id, bool enabled) {
    m_actions.value(QString::fromLatin1(id))->setEnabled(enabled);
}

void CommandSet::fill(QMenu* menu, Menu which) const {
    for (const Command& command : commandTable()) {
        if (command.menu != which) continue;
        if (command.separatorBefore) menu->addSeparator();
        menu->addAction(m_actions.value(QString::fromLatin1(command.id)));
    }
}

void CommandSet::fill(QToolBar* toolbar) const {
    for (const Command& command : commandTable()) {
        if (!command.toolbar) continue;
        if (command.separatorBefore) toolbar->addSeparator();
        toolbar->addAction(m_actions.value(QString::fromLatin1(command.id)));
    }
}

QString CommandSet::plainText(const Command& command) {
    return translated(command.text).remove('&').remove(QChar(0x2026));
}

} // namespace headroom::app
