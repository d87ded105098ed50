#pragma once

#include <QVariantMap>

#include <memory>
#include <vector>

#include "core/simulation/simulator.h"
#include "widgets/common/panel.h"
#include "widgets/common/row_brush.h"
#include "widgets/sizing/exploration_data.h"

class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;

namespace headroom::widgets {

class CandidateTable;
class ComparisonModel;
class HistogramGrid;
class LegendBar;
class OperatingPointTable;
class PlotView;
class SamplePlotPage;
class SampleTableView;
class StatisticsModel;

/// Panel "Sizing": histograms of performances and device widths with target and ground truth, scatter matrix
/// and parallel coordinates of all quantities; the candidates as a table, the operating point of the chosen
/// one, some candidates side by side, and statistics. There is one brush: what is marked in one of them is
/// marked in all.
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

    /// Two to four candidates side by side.
    void compare(const std::vector<int>& candidates);

    /// How the plots were left: columns, order and direction of axes.
    QVariantMap viewState() const;
    void restoreViewState(const QVariantMap& state);

    /// The operating point of a candidate, after candidateChosen(); null: none.
    void setOperatingPoint(int candidate, std::shared_ptr<const simulation::OperatingPoint> point);

signals:
    /// The user chose a candidate; -1: none. The application answers with setOperatingPoint().
    void candidateChosen(int candidate);
    void candidatesBrushed(const std::vector<int>& candidates);
    /// The user keeps or excludes candidates; the application answers with setData().
    void exclusionRequested(const std::vector<int>& candidates, bool excluded);
    /// The user pins candidates, lets them go, or writes about one; answered likewise.
    void pinRequested(const std::vector<int>& candidates, bool pinned);
    void noteEdited(int candidate, const QString& note);
    void viewStateChanged();
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
    void buildPlots();
    void setBrush(const RowBrush& brush);
    void userBrushed(const RowBrush& brush);
    void binsBrushed(const QString& key, const std::vector<int>& candidates, Qt::KeyboardModifiers modifiers);
    void showStatistics();
    void updateSummary();
    void updateLegend();

    std::shared_ptr<const ExplorationData> m_data;
    int m_chosen = -1;
    bool m_placed = false;
    std::shared_ptr<const SampleTable> m_samples;
    RowBrush m_brush;
    BrushedRows m_rows;
    std::vector<int> m_brushed;
    std::vector<int> m_compared;
    QSplitter* m_splitter = nullptr;
    QTabWidget* m_histogramTabs = nullptr;
    QTabWidget* m_tableTabs = nullptr;
    HistogramGrid* m_performances = nullptr;
    HistogramGrid* m_widths = nullptr;
    SamplePlotPage* m_scatter = nullptr;
    SamplePlotPage* m_parallel = nullptr;
    PlotView* m_convergence = nullptr;
    ComparisonModel* m_comparison = nullptr;
    SampleTableView* m_comparisonTable = nullptr;
    StatisticsModel* m_statistics = nullptr;
    SampleTableView* m_statisticsTable = nullptr;
    QLabel* m_statisticsOf = nullptr;
    CandidateTable* m_candidates = nullptr;
    OperatingPointTable* m_operatingPoint = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_useAsTargets = nullptr;
    LegendBar* m_legend = nullptr;
};

} // namespace headroom::widgets
