#pragma once

#include <QStringList>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace headroom::widgets {

/// Answers that were kept, one of which the present one is compared with.
class ComparePage final : public QWidget {
    Q_OBJECT

public:
    explicit ComparePage(QWidget* parent = nullptr);

    // Nothing of this emits.
    /// @param chosen -1: none
    void setScenarios(const QStringList& names, int chosen);
    void setKeepable(bool keepable);
    void setSplit(bool on);
    void setDifference(bool on);
    void setSummary(const QString& text);
    QString summary() const;

signals:
    void keepRequested();
    void scenarioChosen(int scenario); ///< -1: none
    void removeRequested(int scenario);
    void splitToggled(bool on);
    void differenceToggled(bool on);

private:
    void enable();

    QPushButton* m_keep;
    QComboBox* m_scenarios;
    QToolButton* m_remove;
    QCheckBox* m_split;
    QCheckBox* m_difference;
    QLabel* m_summary;
};

} // namespace headroom::widgets
