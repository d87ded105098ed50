#include "app/shell/conditions_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/common/quantity_text.h"

namespace headroom::app {

using project::Conditions;

ConditionsDialog::ConditionsDialog(const project::Project& project, const technology::Technology* present,
                                   QWidget* parent)
    : QDialog(parent)
    , m_project(project)
    , m_technology(new QComboBox(this))
    , m_corner(new QComboBox(this))
    , m_problem(new QLabel(this)) {
    setObjectName("conditionsDialog");
    setWindowTitle(tr("Technology and Conditions"));
    setMinimumWidth(420);
    m_technology->setObjectName("technologyChoice");
    for (const std::string& name : technology::shippedTechnologies()) {
        m_technology->addItem(QString::fromStdString(name));
    }
    const QString current = QString::fromStdString(project.technology);
    if (m_technology->findText(current) < 0) m_technology->addItem(current);
    m_technology->setCurrentText(current);
    auto* file = new QPushButton(tr("File…"), this);
    connect(file, &QPushButton::clicked, this, &ConditionsDialog::chooseFile);
    auto* technologyRow = new QHBoxLayout;
    technologyRow->addWidget(m_technology, 1);
    technologyRow->addWidget(file);

    m_corner->setObjectName("cornerChoice");
    m_corner->addItem(tr("nominal"), QString());
    if (present != nullptr) {
        for (std::size_t i = 1; i < present->corners.size(); ++i) {
            const QString corner = QString::fromStdString(present->corners[i]);
            m_corner->addItem(corner, corner);
        }
    }
    m_corner->setCurrentIndex(
        std::max(0, m_corner->findData(QString::fromStdString(project.conditions.corner))));
    // Another technology has other corners, which are not known before it is loaded.
    connect(m_technology, &QComboBox::currentTextChanged, this, [this, current](const QString& name) {
        m_corner->setEnabled(name == current);
        if (name != current) m_corner->setCurrentIndex(0);
    });

    auto* form = new QFormLayout;
    form->addRow(tr("Technology:"), technologyRow);
    form->addRow(tr("Corner:"), m_corner);
    const auto own = [&](double technology::Technology::*member) {
        return present != nullptr ? std::optional(present->*member) : std::nullopt;
    };
    addField(form, "supplyVoltage", tr("Supply voltage:"), "V", &Conditions::supplyVoltage,
             own(&technology::Technology::supplyVoltage));
    addField(form, "temperature", tr("Temperature (°C):"), "", &Conditions::temperature,
             own(&technology::Technology::temperature));
    addField(form, "commonModeVoltage", tr("Common-mode voltage:"), "V", &Conditions::commonModeVoltage,
             std::nullopt);
    addField(form, "biasCurrent", tr("Bias current:"), "A", &Conditions::biasCurrent,
             own(&technology::Technology::biasCurrent));

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_apply = buttons->addButton(tr("Apply"), QDialogButtonBox::AcceptRole);
    m_apply->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_problem->setObjectName("conditionsProblem");
    m_problem->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addStretch();
    column->addWidget(buttons);
    validate();
}

void ConditionsDialog::addField(QFormLayout* form, const QString& name, const QString& label,
                                const char* unit, std::optional<double> Conditions::*member,
                                std::optional<double> own) {
    auto* edit = new QLineEdit(this);
    edit->setObjectName(name);
    const std::optional<double>& value = m_project.conditions.*member;
    if (value) edit->setText(widgets::quantityText(*value, unit, 6));
    edit->setPlaceholderText(own ? widgets::quantityText(*own, unit) : tr("automatic"));
    connect(edit, &QLineEdit::textChanged, this, &ConditionsDialog::validate);
    form->addRow(label, edit);
    m_fields.push_back({edit, member, unit});
}

void ConditionsDialog::chooseFile() {
    auto* dialog = new QFileDialog(this, tr("Technology File"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Technologies (*.yaml *.yml)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_technology->addItem(file);
        m_technology->setCurrentText(file);
    });
    dialog->open();
}

void ConditionsDialog::validate() {
    QString problem;
    for (const Field& field : m_fields) {
        const QString text = field.edit->text().trimmed();
        if (!text.isEmpty() && problem.isEmpty()) widgets::parsedQuantity(text, field.unit, &problem);
    }
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (m_apply != nullptr) m_apply->setEnabled(problem.isEmpty());
}

project::Project ConditionsDialog::project() const {
    project::Project project = m_project;
    project.technology = m_technology->currentText().toStdString();
    project.conditions.corner = m_corner->currentData().toString().toStdString();
    for (const Field& field : m_fields) {
        const QString text = field.edit->text().trimmed();
        std::optional<double>& value = project.conditions.*field.member;
        // What was not touched keeps its full precision.
        if (value && text == widgets::quantityText(*value, field.unit, 6)) continue;
        value = text.isEmpty() ? std::nullopt : widgets::parsedQuantity(text, field.unit, nullptr);
    }
    return project;
}

} // namespace headroom::app
