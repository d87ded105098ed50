#pragma once

#include <QVariantMap>

#include <cstddef>
#include <memory>
#include <vector>

#include "widgets/common/panel.h"
#include "widgets/common/row_brush.h"
#include "widgets/sizing/exploration_data.h"

class QLabel;
class QPushButton;
class QTabWidget;

namespace headroom::sizing {
struct Dataset;
}

namespace headroom::widgets {

class CorrelationModel;
class HistogramGrid;
class LegendBar;
class SamplePlotPage;
class SampleRowsModel;
class SampleTableView;
class StatisticsModel;

/// A data set as the panel shows it. Immutable once handed over.
struct DatasetData {
    /// Its rows in three classes: trained on, held out, and drawn but turned down because some MOSFET was not
    /// saturated. The latter have sizes alone.
    std::shared_ptr<const SampleTable> samples;
    std::size_t rows = 0; ///< of the data set itself; they come first among the samples
    QString caption;      ///< "1000 rows, 111 held out; 889 drawings that were not saturated; seed 1"
};

/// @param heldOut Dataset::heldOutRows()
std::shared_ptr<const DatasetData> datasetData(const sizing::Dataset& dataset,
                                               const std::vector<std::size_t>& heldOut,
                                               const std::vector<VariableInfo>& variables);

/// Panel "Data Set": what models are trained on. Histograms with how much of the technology's range is
/// covered, scatter matrix, parallel coordinates, correlations, statistics and the rows themselves, with one
/// brush for all of them.
class DatasetView final : public Panel {
    Q_OBJECT

public:
    enum class Page { Coverage, Scatter, Parallel, Correlation, Statistics, Rows };

    explicit DatasetView(QWidget* parent = nullptr);

    /// Null shows the empty state.
    void setData(std::shared_ptr<const DatasetData> data);

    void showPage(Page page);
    /// Chooses a sample; -1: none. Emits nothing.
    void chooseSample(int sample);
    int chosenSample() const { return m_chosen; }
    /// Marks samples; emits nothing.
    void setBrush(const RowBrush& brush);
    const std::vector<int>& brushed() const { return m_brushed; }

    QVariantMap viewState() const;
    void restoreViewState(const QVariantMap& state);

signals:
    /// The performances of this row are to be the specification. @param row of the data set, 0-based
    void specificationRequested(int row);
    /// More rows, or a table that was simulated elsewhere instead.
    void extensionRequested();
    void importRequested();
    void viewStateChanged();

private:
    void buildContent();
    QWidget* buildBar();
    void buildPlots();
    void buildTables();
    void showTables();
    void binsBrushed(const QString& key, const std::vector<int>& samples, Qt::KeyboardModifiers modifiers);
    void updateSummary();

    std::shared_ptr<const DatasetData> m_data;
    RowBrush m_brush;
    BrushedRows m_rows;
    std::vector<int> m_brushed;
    int m_chosen = -1;
    bool m_following = false; ///< the table follows a choice made elsewhere
    QTabWidget* m_tabs = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_use = nullptr;
    HistogramGrid* m_coverage = nullptr;
    SamplePlotPage* m_scatter = nullptr;
    SamplePlotPage* m_parallel = nullptr;
    CorrelationModel* m_correlation = nullptr;
    SampleTableView* m_correlationTable = nullptr;
    StatisticsModel* m_statistics = nullptr;
    SampleTableView* m_statisticsTable = nullptr;
    SampleRowsModel* m_rowsModel = nullptr;
    SampleTableView* m_rowsTable = nullptr;
    LegendBar* m_legend = nullptr;
};

} // namespace headroom::widgets
