#pragma once

#include <QFrame>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

#include "core/base/statistics.h"
#include "widgets/common/row_brush.h"

class QLabel;

namespace headroom::widgets {

class PlotView;

/// One quantity of all candidates, SI units.
struct HistogramData {
    QString key; ///< of the quantity, for brushes
    QString title;
    QString symbol;
    QString definition; ///< tool tip
    QString unit;
    std::vector<double> values;  ///< by candidate; NaN where it does not exist or the candidate is left out
    std::vector<bool> predicted; ///< by candidate: of the second kind, not measured by the simulator
    /// Names of the two kinds; empty: simulated, and proposed but not simulated.
    QString firstKind, secondKind;
    std::optional<double> minimum, maximum; ///< that the specification asks for

    bool isMet(double value) const {
        return (!minimum || value >= *minimum) && (!maximum || value <= *maximum);
    }
    std::optional<double> truth;
    std::optional<std::pair<double, double>> range; ///< what the technology allows
    /// Bins that are equal in logarithms, on a logarithmic axis; linear where not all values are positive.
    bool logarithmic = false;
};

/// The brush after bars of a histogram were clicked or dragged over: an interval of their quantity, from the
/// least to the largest value of what is in them. Alone it takes the place of that quantity's intervals, with
/// Shift it comes to them, with Ctrl it takes away those that it touches; no rows: the quantity has none.
RowBrush brushOfBins(RowBrush brush, const SampleTable& table, const QString& key,
                     const std::vector<int>& rows, Qt::KeyboardModifiers modifiers);

/// A histogram with what designers expect around it: title, target and how many reach it, or how much of what
/// the technology allows is covered; ground truth; below n, mean, sigma, minimum, median, maximum, the
/// percentiles 5 and 95, and with a target the process capability.
class HistogramCell final : public QFrame {
    Q_OBJECT

public:
    explicit HistogramCell(QWidget* parent = nullptr);

    void setData(HistogramData data);
    /// @param candidates indices; empty: nothing is brushed
    void setBrushed(const std::vector<int>& candidates);
    void setChosen(int candidate); ///< -1: none

    const HistogramData& data() const { return m_data; }
    /// Over logarithms (base 10) where the axis is logarithmic.
    const Histogram& histogram() const { return m_histogram; }
    /// Edges of the bins, SI units, ascending.
    std::vector<double> edges() const;
    PlotView* plot() const { return m_plot; }

    /// Candidates whose value falls into these bins.
    std::vector<int> candidatesIn(int firstBin, int lastBin) const;

signals:
    /// Bins were brushed: these candidates; empty where the user clicked beside all bars.
    void brushed(const QString& key, const std::vector<int>& candidates, Qt::KeyboardModifiers modifiers);

private:
    void build();
    void countBins();
    double placeOf(double value) const;
    bool finiteAt(std::size_t candidate) const;
    void showLimits();
    void showCoverage();
    void plotAll();
    void showHeader();
    void showFigures();

    HistogramData m_data;
    Histogram m_histogram;
    bool m_isLogarithmic = false;
    std::vector<double> m_firstHeights, m_secondHeights; ///< by bin; the second empty where there are none
    std::vector<int> m_brushed;
    int m_chosen = -1;
    QLabel* m_title = nullptr;
    QLabel* m_target = nullptr;
    std::vector<QLabel*> m_figures;
    PlotView* m_plot = nullptr;
};

} // namespace headroom::widgets
