#pragma once

#include <QPoint>
#include <QWidget>

#include <optional>

#include "widgets/powergrid/power_grid_data.h"

class QSplitter;

namespace headroom::widgets {

class PlotView;

/// Cross-sections through the probe, along x and along y. Their cursors are the probe.
class SectionPlots final : public QWidget {
    Q_OBJECT

public:
    struct Contents {
        HeatMapData now;
        HeatMapData before; ///< drawn dashed; absent: none
        QString title;      ///< of the layer
        QString beforeName;
        double cellUm = 1;
        std::optional<double> limit;
        QPoint probe;
    };

    explicit SectionPlots(QWidget* parent = nullptr);

    /// Emits nothing.
    void setData(const Contents& contents);
    void clear();
    PlotView& alongX() { return *m_alongX; }
    PlotView& alongY() { return *m_alongY; }

signals:
    void probeMoved(QPoint cell);
    void exportRequested(const QByteArray& contents, const QString& suggestedFileName);

private:
    void fill(PlotView& plot, const Contents& contents, bool alongX);
    void moveProbe(bool alongX, double metres);

    PlotView* m_alongX;
    PlotView* m_alongY;
    std::optional<Contents> m_contents;
};

} // namespace headroom::widgets
