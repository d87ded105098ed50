#pragma once

#include <memory>
#include <vector>

#include "core/simulation/simulator.h"
#include "widgets/common/panel.h"
#include "widgets/sizing/exploration_data.h"

class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;

namespace headroom::widgets {

class CandidateModel;
class CandidateTable;
class HistogramGrid;
class LegendBar;
class OperatingPointTable;

/// Panel "Sizing": histograms of performances and device widths with target and ground truth, the
/// candidates as a table, and the operating point of the chosen one. Brushing a bar or choosing a
/// candidate marks the same candidates everywhere.
class SizingView final : public Panel {
    Q_OBJECT

public:
    explicit SizingView(QWidget* parent = nullptr);

    /// Shows an exploration; null or no candidates show the empty state. Keeps the chosen candidate where its
    /// number still exists.
    void setData(std::shared_ptr<const ExplorationData> data);

    /// Chooses a candidate (index into ExplorationData::candidates); -1: none. Emits nothing.
    void chooseCandidate(int candidate);
    int chosenCandidate() const { return m_chosen; }

    /// Marks candidates; empty: none. Emits nothing.
    void brush(const std::vector<int>& candidates);
    const std::vector<int>& brushed() const { return m_brushed; }

    /// The operating point of a candidate, after candidateChosen(); null: none.
    void setOperatingPoint(int candidate, std::shared_ptr<const simulation::OperatingPoint> point);

signals:
    /// The user chose a candidate; -1: none. The application answers with setOperatingPoint().
    void candidateChosen(int candidate);
    void candidatesBrushed(const std::vector<int>& candidates);
    /// The user keeps or excludes candidates; the application answers with setData().
    void exclusionRequested(const std::vector<int>& candidates, bool excluded);
    /// "Export sizing" of the chosen candidate.
    void sizingExportRequested(int candidate);
    /// "Put the figures of this candidate into the specification".
    void targetsFromCandidateRequested(int candidate);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildContent();
    QWidget* buildHistograms();
    QWidget* buildTables();
    QWidget* buildBar();
    void userChose(int candidate);
    void userBrushed(const std::vector<int>& candidates);
    void binsBrushed(const std::vector<int>& candidates, Qt::KeyboardModifiers modifiers);
    void updateSummary();

    std::shared_ptr<const ExplorationData> m_data;
    int m_chosen = -1;
    bool m_placed = false;
    std::vector<int> m_brushed;
    QSplitter* m_splitter = nullptr;
    QTabWidget* m_histogramTabs = nullptr;
    QTabWidget* m_tableTabs = nullptr;
    HistogramGrid* m_performances = nullptr;
    HistogramGrid* m_widths = nullptr;
    CandidateTable* m_candidates = nullptr;
    OperatingPointTable* m_operatingPoint = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_useAsTargets = nullptr;
    LegendBar* m_legend = nullptr;
};

} // namespace headroom::widgets
