#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "widgets/sizing/candidate_model.h"

class QAction;
class QComboBox;
class QTableView;

namespace headroom::widgets {

/// The candidates as a table with its filter and actions.
class CandidateTable final : public QWidget {
    Q_OBJECT

public:
    explicit CandidateTable(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const ExplorationData> data);
    void setBrushed(const std::vector<int>& candidates);
    void choose(int candidate); ///< -1: none; emits nothing

    CandidateModel* model() const { return m_model; }
    QTableView* view() const { return m_view; }

signals:
    void chosen(int candidate);
    /// Several rows were selected.
    void selected(const std::vector<int>& candidates);
    void exclusionRequested(const std::vector<int>& candidates, bool excluded);
    void pinRequested(const std::vector<int>& candidates, bool pinned);
    void noteEdited(int candidate, const QString& note);
    /// Two to four of them are to be shown side by side.
    void comparisonRequested(const std::vector<int>& candidates);
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildBar();
    void buildView();
    void buildActions();
    void pinSelected();
    void editNote();
    void updateActions();
    void selectionChanged();
    std::vector<int> selectedCandidates() const;

    CandidateModel* m_model;
    QTableView* m_view;
    QComboBox* m_filter = nullptr;
    QAction* m_exclude = nullptr;
    QAction* m_keep = nullptr;
    QAction* m_pin = nullptr;
    QAction* m_note = nullptr;
    QAction* m_compare = nullptr;
    bool m_choosing = false;
    bool m_fitted = false;
    bool m_fittedToResults = false; ///< columns were fitted when all candidates had been simulated
    bool m_shown = false;
    bool m_predictionsShown = true;
};

} // namespace headroom::widgets
