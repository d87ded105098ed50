#pragma once

#include <QVariantMap>

#include "widgets/common/panel.h"
#include "widgets/simulation/simulation_data.h"

class QLabel;
class QTabWidget;
class QToolButton;

namespace headroom::widgets {

class FrequencyPage;
class OperatingPointPage;
class PerformancePage;
class RangePage;
class StepPage;
class SweepPage;

/// Panel "Simulation": one evaluation as tables and curves, and sweeps of one size or condition.
class SimulationView final : public Panel {
    Q_OBJECT

public:
    enum class Page { OperatingPoint, Performances, Frequency, Step, Ranges, Sweep };

    explicit SimulationView(QWidget* parent = nullptr);

    /// Shows an evaluation; one without operating point and performances still says why. A null evaluation
    /// shows the empty state.
    void setData(const SimulationData& data);
    const SimulationData& data() const { return m_data; }

    /// Selects devices. Emits nothing.
    void selectDevices(const QStringList& names);

    void showPage(Page page);
    Page page() const;
    void setCursorsVisible(bool on);
    bool cursorsVisible() const;

    SweepPage& sweepPage() const { return *m_sweep; }
    FrequencyPage& frequencyPage() const { return *m_frequency; }
    StepPage& stepPage() const { return *m_step; }

    /// Page, columns, cursors, sweep: what is worth keeping between two runs. Figures and text alone.
    QVariantMap viewState() const;
    /// What cannot be used counts as not there.
    void restoreViewState(const QVariantMap& state);

signals:
    /// The user wants it simulated now.
    void simulationRequested();
    void devicesSelected(const QStringList& names);
    void viewStateChanged();
    /// The panel came into sight.
    void shown();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildContent();
    QWidget* buildHead();
    void connectPages();

    SimulationData m_data;
    bool m_restoring = false;
    QTabWidget* m_tabs = nullptr;
    QLabel* m_caption = nullptr;
    QToolButton* m_cursors = nullptr;
    OperatingPointPage* m_point = nullptr;
    PerformancePage* m_performances = nullptr;
    FrequencyPage* m_frequency = nullptr;
    StepPage* m_step = nullptr;
    RangePage* m_ranges = nullptr;
    SweepPage* m_sweep = nullptr;
};

} // namespace headroom::widgets
