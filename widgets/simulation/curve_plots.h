#pragma once

#include <QWidget>

#include <vector>

#include "widgets/common/plot_view.h"

class QLabel;
class QSplitter;

namespace headroom::widgets {

/// Plots above each other over one axis, with a pair of cursors through all of them and what the curves are
/// there in words below.
class CurvePlots final : public QWidget {
    Q_OBJECT

public:
    /// A curve that cursors are read at.
    struct Reading {
        PlotView* plot = nullptr;
        QString curve;  ///< its name in the plot
        QString symbol; ///< in the readout: "gain"
        QString unit;
    };

    /// Where many plots find no room: squeeze them, or let the user scroll.
    enum class Overflow { Squeeze, Scroll };

    /// @param names of the plots, for their object names
    explicit CurvePlots(const QStringList& names, Overflow overflow = Overflow::Squeeze);

    PlotView* plot(int index) const { return m_plots[static_cast<std::size_t>(index)]; }
    /// Shows or hides a plot; the lowest shown one has the axis' title and figures.
    void setPlotVisible(int index, bool visible);

    /// What the horizontal axis is: title, unit, scale. Call before the plots' own setAxes().
    void setHorizontalAxis(const PlotAxis& axis, const QString& symbol);
    /// The horizontal axis as plot @p index is to show it.
    PlotAxis axisFor(int index) const;

    void setReadings(std::vector<Reading> readings);
    /// Whether the readout has slopes between the cursors.
    void setSlopes(bool on) { m_slopes = on; }
    void setCursorsVisible(bool on);
    /// The readout's plain text.
    QString readout() const;
    /// After data changed.
    void refresh();

signals:
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateReadout();
    QString differences(double a, double b) const;
    QString at(double x) const;

    std::vector<PlotView*> m_plots;
    std::vector<Reading> m_readings;
    PlotAxis m_axis;
    QString m_axisSymbol;
    QSplitter* m_splitter;
    QLabel* m_readout;
    bool m_cursors = false;
    bool m_slopes = false;
};

} // namespace headroom::widgets
