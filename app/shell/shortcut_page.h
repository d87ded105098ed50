#pragma once

#include <QWidget>

#include <map>
#include <optional>

#include <QKeySequence>
#include <QString>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace headroom::app {

class Settings;

/// The preferences' page of shortcuts: every command with its keys, editable, with conflicts told.
class ShortcutPage final : public QWidget {
    Q_OBJECT

public:
    explicit ShortcutPage(const Settings& settings, QWidget* parent = nullptr);

    /// Gives the shortcuts that differ from their commands' own to the settings.
    void save(Settings& settings) const;

private:
    void refresh();
    void filter(const QString& text);
    void select();
    void assign(const QKeySequence& keys);
    QString conflict(const QString& command, const QKeySequence& keys) const;

    std::map<QString, QKeySequence> m_keys;
    QLineEdit* m_filter;
    QTreeWidget* m_list;
    QKeySequenceEdit* m_edit;
    QPushButton* m_default;
    QLabel* m_problem;
};

} // namespace headroom::app
