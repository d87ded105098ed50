#include "widgets/delay/table_import_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace headroom::widgets {

using delay::MissingValues;

TableImportDialog::TableImportDialog(const QString& fileName, QWidget* parent)
    : QDialog(parent)
    , m_missing(new QComboBox(this))
    , m_heading(new QCheckBox(tr("The first &line names the columns"), this))
    , m_copies(new QCheckBox(tr("Leave &copies of rows out"), this))
    , m_categories(new QLineEdit(this))
    , m_target(new QComboBox(this))
    , m_outcome(new QLabel(this)) {
    setObjectName(QStringLiteral("delayImportDialog"));
    setWindowTitle(tr("Import %1").arg(fileName));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(440);
    m_missing->setObjectName(QStringLiteral("delayImportMissing"));
    m_missing->addItem(tr("Refuse the table"), static_cast<int>(MissingValues::Refuse));
    m_missing->addItem(tr("Leave the row out"), static_cast<int>(MissingValues::DropRows));
    m_missing->addItem(tr("Take the column's median"), static_cast<int>(MissingValues::Median));
    m_missing->setToolTip(tr("Empty cells, and those that say NA, NaN, null, ? or -"));
    m_heading->setObjectName(QStringLiteral("delayImportHeading"));
    m_heading->setChecked(true);
    m_copies->setObjectName(QStringLiteral("delayImportCopies"));
    m_copies->setChecked(true);
    m_categories->setObjectName(QStringLiteral("delayImportCategories"));
    m_categories->setPlaceholderText(tr("none"));
    m_categories->setToolTip(tr("Columns whose numbers are names, separated by commas"));
    m_target->setObjectName(QStringLiteral("delayImportTarget"));
    m_outcome->setObjectName(QStringLiteral("delayImportOutcome"));
    m_outcome->setWordWrap(true);
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* form = new QFormLayout;
    form->addRow(tr("&Missing values"), m_missing);
    form->addRow(tr("C&ategories"), m_categories);
    form->addRow(m_heading);
    form->addRow(m_copies);
    form->addRow(tr("&Target"), m_target);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_import = buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_outcome);
    column->addStretch();
    column->addWidget(buttons);
    connect(m_missing, &QComboBox::currentIndexChanged, this, &TableImportDialog::settingsChanged);
    connect(m_heading, &QCheckBox::toggled, this, &TableImportDialog::settingsChanged);
    connect(m_copies, &QCheckBox::toggled, this, &TableImportDialog::settingsChanged);
    connect(m_categories, &QLineEdit::editingFinished, this, &TableImportDialog::settingsChanged);
    setOutcome(tr("The table is being read."), false, {});
}

delay::TableImport TableImportDialog::settings() const {
    delay::TableImport settings;
    settings.missing = static_cast<MissingValues>(m_missing->currentData().toInt());
    settings.hasHeading = m_heading->isChecked();
    settings.dropsDuplicates = m_copies->isChecked();
    for (const QString& name : m_categories->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        settings.categories.push_back(name.trimmed().toStdString());
    return settings;
}

void TableImportDialog::setOutcome(const QString& text, bool isUsable, const QStringList& columns) {
    m_outcome->setText(text);
    m_import->setEnabled(isUsable);
    const QString before = m_target->currentText();
    m_target->clear();
    m_target->addItems(columns);
    // The last column, as long as nobody chose another.
    const auto index = columns.indexOf(before);
    m_target->setCurrentIndex(static_cast<int>(index >= 0 ? index : columns.size() - 1));
    m_target->setEnabled(!columns.isEmpty());
}

QString TableImportDialog::target() const {
    return m_target->currentText();
}

} // namespace headroom::widgets
