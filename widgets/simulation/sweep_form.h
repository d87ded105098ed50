#pragma once

#include <QWidget>

#include <set>
#include <vector>

#include "widgets/simulation/simulation_data.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace headroom::widgets {

/// What a sweep varies, from where to where, and which performances are drawn.
class SweepForm final : public QWidget {
    Q_OBJECT

public:
    explicit SweepForm(QWidget* parent = nullptr);

    /// Keeps the chosen one where it still exists.
    void setVariables(std::vector<SweepVariable> variables);
    /// Those that the user may draw. Keeps what is chosen.
    void setShownPerformances(const std::set<simulation::Performance>& shown);
    const std::set<simulation::Performance>& shownPerformances() const { return m_shown; }

    /// Chooses the variable that moves a device; does nothing where there is none.
    void chooseDevice(const QString& device);
    /// Null where there is no variable at all.
    const SweepVariable* variable() const;

    /// Absent where the figures are no sweep; then the sentence is on show.
    std::optional<SweepSettings> settings(QString* problem = nullptr) const;
    /// What to remember: settings(), or those of a variable that this circuit does not have.
    std::optional<SweepSettings> remembered() const { return m_wanted ? m_wanted : settings(); }
    /// A variable that does not exist is kept in mind until setVariables() brings it.
    void setSettings(const SweepSettings& settings);

    void setRunning(bool running);

signals:
    void startRequested();
    void stopRequested();
    void performancesChanged();
    void settingsChanged();

private:
    void build();
    void buildPerformanceMenu();
    void buildButtons();
    void ownerChosen();
    void variableChosen();
    void suggestRange();
    void check();
    int indexOf(const QString& id) const;
    void choose(int index);

    std::vector<SweepVariable> m_variables;
    std::set<simulation::Performance> m_shown;
    std::optional<SweepSettings> m_wanted; ///< of a variable that is not there yet
    QString m_ranged;                      ///< the variable that the range belongs to
    bool m_filling = false;
    bool m_running = false;
    QComboBox* m_owner = nullptr;
    QComboBox* m_parameter = nullptr;
    QLineEdit* m_from = nullptr;
    QLineEdit* m_to = nullptr;
    QSpinBox* m_points = nullptr;
    QCheckBox* m_logarithmic = nullptr;
    QToolButton* m_performances = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace headroom::widgets
