#pragma once

#include <memory>
#include <vector>

#include "core/sizing/training_curve.h"
#include "widgets/common/panel.h"
#include "widgets/sizing/model_report.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableWidget;
class QTabWidget;

namespace headroom::widgets {

class HistogramGrid;
class LegendBar;
class PlotView;

/// Panel "Model": how the networks were trained, also while they are, and the figures and the table of the
/// inverse-sizing paper for the model at hand: box plot over the held-out targets, histograms of many samples
/// for one of them, mean and deviation of each width.
class ModelView final : public Panel {
    Q_OBJECT

public:
    enum class Page { Training, HeldOut, Performances, Widths, Spread };

    explicit ModelView(QWidget* parent = nullptr);

    /// @param summary what the model is; empty: there is none, and @p sentence says what to do
    void setModel(const QString& summary, const QString& sentence = {}, const QString& action = {});
    /// Empty: not known. @param isRunning training goes on
    void setTraining(const std::vector<sizing::TrainingCurve>& curves, bool isRunning);
    /// Null: none yet.
    void setReport(std::shared_ptr<const ModelReport> report);
    void setReportable(bool reportable);

    /// Denoising steps of the report's samples.
    int steps() const;
    void setSteps(int steps); ///< emits nothing

    void showPage(Page page);

signals:
    void reportRequested();
    void stepsChanged(int steps);

private:
    QWidget* buildBar();
    QWidget* buildTraining();
    QWidget* buildReportPage(QWidget* content, QLabel*& caption);
    void buildSpreads();
    void fillSpreads();
    void plotTraining();
    void plotBoxes();

    std::vector<sizing::TrainingCurve> m_curves;
    bool m_isTraining = false;
    std::shared_ptr<const ModelReport> m_report;
    QLabel* m_summary = nullptr;
    QSpinBox* m_steps = nullptr;
    QPushButton* m_reproduce = nullptr;
    QTabWidget* m_tabs = nullptr;
    QLabel* m_trainingCaption = nullptr;
    QComboBox* m_network = nullptr;
    PlotView* m_loss = nullptr;
    PlotView* m_boxes = nullptr;
    HistogramGrid* m_performances = nullptr;
    HistogramGrid* m_widths = nullptr;
    QTableWidget* m_spreads = nullptr;
    QLabel* m_boxCaption = nullptr;
    QLabel* m_performanceCaption = nullptr;
    QLabel* m_widthCaption = nullptr;
    QLabel* m_spreadCaption = nullptr;
};

} // namespace headroom::widgets
