#pragma once

#include <QDialog>

#include "core/delay/table_import.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace headroom::widgets {

/// Asks how a table is to be read, and shows what comes of it while the answer changes.
class TableImportDialog final : public QDialog {
    Q_OBJECT

public:
    explicit TableImportDialog(const QString& fileName, QWidget* parent = nullptr);

    delay::TableImport settings() const;
    /// What the present settings lead to. @param columns of numbers, of which one is the target
    void setOutcome(const QString& text, bool isUsable, const QStringList& columns);
    QString target() const;

signals:
    /// The table is to be read again.
    void settingsChanged();

private:
    QComboBox* m_missing;
    QCheckBox *m_heading, *m_copies;
    QLineEdit* m_categories;
    QComboBox* m_target;
    QLabel* m_outcome;
    QPushButton* m_import;
};

} // namespace headroom::widgets
