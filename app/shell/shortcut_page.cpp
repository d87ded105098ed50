#include "app/shell/shortcut_page.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "app/settings/settings.h"
#include "app/shell/command_set.h"
#include "app/shell/command_table.h"

namespace headroom::app {
namespace {

QKeySequence ownKeys(const Command& command) {
    return QKeySequence(QString::fromLatin1(command.keys), QKeySequence::PortableText);
}

} // namespace

ShortcutPage::ShortcutPage(const Settings& settings, QWidget* parent)
    : QWidget(parent)
    , m_filter(new QLineEdit(this))
    , m_list(new QTreeWidget(this))
    , m_edit(new QKeySequenceEdit(this))
    , m_default(new QPushButton(tr("Default"), this))
    , m_problem(new QLabel(this)) {
    setObjectName("shortcutPage");
    m_list->setObjectName("shortcutList");
    m_edit->setObjectName("shortcutEdit");
    m_problem->setObjectName("shortcutProblem");
    m_filter->setPlaceholderText(tr("Search commands"));
    m_filter->setClearButtonEnabled(true);
    m_list->setColumnCount(2);
    m_list->setHeaderLabels({tr("Command"), tr("Keys")});
    m_list->setRootIsDecorated(false);
    m_list->setAlternatingRowColors(true);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(false);
    m_problem->setWordWrap(true);
    for (const Command& command : commandTable()) {
        const QString id = QString::fromLatin1(command.id);
        m_keys[id] = settings.shortcut(id).value_or(ownKeys(command));
        auto* item = new QTreeWidgetItem(m_list, {CommandSet::plainText(command), QString()});
        item->setData(0, Qt::UserRole, id);
    }
    auto* row = new QHBoxLayout;
    row->addWidget(new QLabel(tr("Keys:"), this));
    row->addWidget(m_edit, 1);
    row->addWidget(m_default);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    column->addLayout(row);
    column->addWidget(m_problem);
    connect(m_filter, &QLineEdit::textChanged, this, &ShortcutPage::filter);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutPage::select);
    connect(m_edit, &QKeySequenceEdit::editingFinished, this, [this] { assign(m_edit->keySequence()); });
    connect(m_default, &QPushButton::clicked, this, [this] {
        for (const Command& command : commandTable()) {
            const auto* item = m_list->currentItem();
            if (item != nullptr && item->data(0, Qt::UserRole) == QString::fromLatin1(command.id))
                assign(ownKeys(command));
        }
    });
    refresh();
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

void ShortcutPage::refresh() {
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        auto* item = m_list->topLevelItem(i);
        item->setText(1, m_keys[item->data(0, Qt::UserRole).toString()].toString(QKeySequence::NativeText));
    }
}

void ShortcutPage::filter(const QString& text) {
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        auto* item = m_list->topLevelItem(i);
        const bool matches = item->text(0).contains(text, Qt::CaseInsensitive) ||
                             item->text(1).contains(text, Qt::CaseInsensitive);
        item->setHidden(!matches);
    }
}

void ShortcutPage::select() {
    const auto* item = m_list->currentItem();
    m_edit->setEnabled(item != nullptr);
    m_default->setEnabled(item != nullptr);
    m_problem->clear();
    if (item != nullptr) m_edit->setKeySequence(m_keys[item->data(0, Qt::UserRole).toString()]);
}

QString ShortcutPage::conflict(const QString& command, const QKeySequence& keys) const {
    if (keys.isEmpty()) return {};
    for (const auto& [other, taken] : m_keys) {
        if (other != command && taken == keys) return other;
    }
    return {};
}

void ShortcutPage::assign(const QKeySequence& keys) {
    const auto* item = m_list->currentItem();
    if (item == nullptr) return;
    const QString id = item->data(0, Qt::UserRole).toString();
    const QString taken = conflict(id, keys);
    if (!taken.isEmpty()) {
        for (const Command& command : commandTable()) {
            if (taken != QString::fromLatin1(command.id)) continue;
            m_problem->setText(
                tr("%1 is taken by \"%2\".")
                    .arg(keys.toString(QKeySequence::NativeText), CommandSet::plainText(command)));
        }
        m_edit->setKeySequence(m_keys[id]);
        return;
    }
    m_problem->clear();
    m_keys[id] = keys;
    m_edit->setKeySequence(keys);
    refresh();
}

void ShortcutPage::save(Settings& settings) const {
    for (const Command& command : commandTable()) {
        const QString id = QString::fromLatin1(command.id);
        const QKeySequence& keys = m_keys.at(id);
        const auto wanted = keys == ownKeys(command) ? std::nullopt : std::optional(keys);
        if (settings.shortcut(id) != wanted) settings.setShortcut(id, wanted);
    }
}

} // namespace headroom::app
