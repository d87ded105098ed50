#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "widgets/simulation/simulation_data.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace headroom::widgets {

class CurvePlots;
class SweepForm;

/// Performances over one size or condition; the points fill in as they arrive. A point that is clicked can be
/// taken over.
class SweepPage final : public QWidget {
    Q_OBJECT

public:
    explicit SweepPage(QWidget* parent = nullptr);

    SweepForm& form() const { return *m_form; }
    void setTargets(const Targets& targets);
    /// Null: none yet.
    void setSweep(std::shared_ptr<const SweepData> data);
    std::shared_ptr<const SweepData> sweep() const { return m_data; }
    void setRunning(bool running);
    void setProgress(double fraction, const QString& activity);
    /// What went wrong with the whole sweep; empty: nothing.
    void setProblem(const QString& sentence);
    void setCursorsVisible(bool on);

    /// Chooses a point; -1: none.
    void choosePoint(int point);
    int chosenPoint() const { return m_chosen; }
    void exportCsv();

signals:
    void sweepRequested(const headroom::widgets::SweepSettings& settings);
    void sweepCancelRequested();
    /// "Use this value".
    void valueChosen(const headroom::widgets::SweepVariable& variable, double value);
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);
    void settingsChanged();

private:
    QWidget* buildBottom();
    void start();
    void rebuildPlots();
    void fillPlots();
    void fillPlot(int index, simulation::Performance performance);
    void describe();

    std::shared_ptr<const SweepData> m_data;
    Targets m_targets;
    std::vector<simulation::Performance> m_drawn; ///< by plot
    int m_chosen = -1;
    bool m_cursors = false;
    QString m_problem;
    SweepForm* m_form;
    CurvePlots* m_plots = nullptr;
    QLabel* m_empty;
    QLabel* m_status = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_use = nullptr;
    QPushButton* m_export = nullptr;
};

} // namespace headroom::widgets
