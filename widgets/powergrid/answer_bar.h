#pragma once

#include <QSize>
#include <QStringList>
#include <QWidget>

#include <optional>
#include <utility>
#include <vector>

#include "widgets/powergrid/power_grid_data.h"

class QComboBox;
class QLabel;
class QAction;
class QActionGroup;
class QMenu;
class QPushButton;
class QToolButton;

namespace headroom::widgets {

class ElidedLabel;

/// What a badge says, in one line: "Exact solver, residual 3e-10, 12 ms".
QString badgeText(const AnswerNote& note);

/// Who answers, a badge that says whose answer is on show, and what brings and takes sheets.
class AnswerBar final : public QWidget {
    Q_OBJECT

public:
    explicit AnswerBar(QWidget* parent = nullptr);

    // Nothing of this emits.
    void setAnswer(GridAnswer answer);
    GridAnswer answer() const;
    /// @param whyNot empty where there is a network
    void setNetworkAvailable(const QString& whyNot);
    void setNote(const std::optional<AnswerNote>& note);
    QString badge() const;
    /// Identifiers and titles of examples.
    void setExamples(const std::vector<std::pair<QString, QString>>& examples);
    void setPropertiesAvailable(bool available);
    void setIslandChoice(IslandChoice choice);
    IslandChoice islandChoice() const;
    void setSheetCost(SheetCostOf costOf) { m_costOf = std::move(costOf); }
    void askForSize();
    QMenu* examplesMenu() { return m_examples; }
    QMenu* exportMenu() { return m_exportMenu; }
    QToolButton* sectionsButton() { return m_sections; }

signals:
    void answerChosen(headroom::widgets::GridAnswer answer);
    /// The network's answer is to be compared with the solver's.
    void checkRequested();
    void newSheetRequested(const QSize& cells);
    void propertiesRequested();
    void importRequested(headroom::widgets::GridFiles files);
    void islandChoiceChanged();
    void exampleRequested(const QString& id);
    void fitRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildNewMenu(QToolButton* button);
    void buildImportMenu(QToolButton* button);
    void showBadge();

    QComboBox* m_answer;
    QLabel* m_icon;
    ElidedLabel* m_badge;
    QPushButton* m_check;
    QToolButton* m_example = nullptr;
    QToolButton* m_sections = nullptr;
    QAction* m_properties = nullptr;
    QActionGroup* m_islands = nullptr; ///< in the order of IslandChoice
    QMenu* m_examples;
    QMenu* m_exportMenu;
    std::optional<AnswerNote> m_note;
    SheetCostOf m_costOf;
};

} // namespace headroom::widgets
