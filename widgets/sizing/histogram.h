#pragma once

#include <QFrame>
#include <QString>

#include <optional>
#include <vector>

#include "core/base/statistics.h"

class QLabel;

namespace headroom::widgets {

class PlotView;

/// One quantity of all candidates, SI units.
struct HistogramData {
    QString title;
    QString symbol;
    QString definition; ///< tool tip
    QString unit;
    std::vector<double> values;  ///< by candidate; NaN where it does not exist or the candidate is left out
    std::vector<bool> predicted; ///< by candidate: not measured by the simulator
    std::optional<double> minimum, maximum; ///< that the specification asks for

    bool isMet(double value) const {
        return (!minimum || value >= *minimum) && (!maximum || value <= *maximum);
    }
    std::optional<double> truth;
};

/// A histogram with what designers expect around it: title, target and how many reach it, ground truth,
/// and below n, mean, sigma, minimum, median, maximum.
class HistogramCell final : public QFrame {
    Q_OBJECT

public:
    explicit HistogramCell(QWidget* parent = nullptr);

    void setData(HistogramData data);
    /// @param candidates indices; empty: nothing is brushed
    void setBrushed(const std::vector<int>& candidates);
    void setChosen(int candidate); ///< -1: none

    const HistogramData& data() const { return m_data; }
    const Histogram& histogram() const { return m_histogram; }
    PlotView* plot() const { return m_plot; }

    /// Candidates whose value falls into these bins.
    std::vector<int> candidatesIn(int firstBin, int lastBin) const;

signals:
    /// Bins were brushed: these candidates; empty where the user clicked beside all bars.
    void brushed(const std::vector<int>& candidates, Qt::KeyboardModifiers modifiers);

private:
    void build();
    void plotAll();
    void showHeader();
    void showFigures();

    HistogramData m_data;
    Histogram m_histogram;
    std::vector<int> m_brushed;
    int m_chosen = -1;
    QLabel* m_title = nullptr;
    QLabel* m_target = nullptr;
    std::vector<QLabel*> m_figures;
    PlotView* m_plot = nullptr;
};

} // namespace headroom::widgets
