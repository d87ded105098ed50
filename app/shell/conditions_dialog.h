#pragma once

#include <QDialog>

#include <optional>
#include <vector>

#include "core/project/project.h"
#include "core/technology/technology.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace headroom::app {

/// Asks for technology and simulation conditions. Empty fields stand for the technology's own values, which
/// are shown in them.
class ConditionsDialog final : public QDialog {
    Q_OBJECT

public:
    /// @param present the technology that is loaded; null where none is
    ConditionsDialog(const project::Project& project, const technology::Technology* present, QWidget* parent);

    /// The project with what was entered.
    project::Project project() const;

private:
    struct Field {
        QLineEdit* edit;
        std::optional<double> project::Conditions::*member;
        const char* unit;
    };
    void addField(QFormLayout* form, const QString& name, const QString& label, const char* unit,
                  std::optional<double> project::Conditions::*member, std::optional<double> own);
    void chooseFile();
    void validate();

    project::Project m_project;
    QComboBox* m_technology;
    QComboBox* m_corner;
    std::vector<Field> m_fields;
    QLabel* m_problem;
    QPushButton* m_apply = nullptr;
};

} // namespace headroom::app
