#include "widgets/powergrid/section_plots.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

#include "widgets/common/plot_view.h"

namespace headroom::widgets {

SectionPlots::SectionPlots(QWidget* parent)
    : QWidget(parent)
    , m_alongX(new PlotView(this))
    , m_alongY(new PlotView(this)) {
    m_alongX->setObjectName(QStringLiteral("powergridAlongX"));
    m_alongY->setObjectName(QStringLiteral("powergridAlongY"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    for (PlotView* plot : {m_alongX, m_alongY}) {
        plot->setLegendVisible(false);
        plot->setMinimumSize(120, 90);
        plot->setTitle(plot == m_alongX ? tr("section along x") : tr("section along y"));
        row->addWidget(plot, 1);
        connect(plot, &PlotView::exportRequested, this, &SectionPlots::exportRequested);
        connect(plot, &PlotView::cursorMoved, this, [this, plot](PlotCursor cursor, double metres) {
            if (cursor == PlotCursor::A) moveProbe(plot == m_alongX, metres);
        });
    }
    clear();
}

void SectionPlots::clear() {
    m_contents.reset();
    for (PlotView* plot : {m_alongX, m_alongY}) {
        plot->clear();
        plot->setAxes({plot == m_alongX ? tr("x") : tr("y"), QStringLiteral("m")}, {});
        plot->refresh();
    }
}

void SectionPlots::setData(const Contents& contents) {
    const bool sameSheet = m_contents && m_contents->now.cells() == contents.now.cells() &&
                           m_contents->title == contents.title && m_contents->cellUm == contents.cellUm;
    m_contents = contents;
    for (PlotView* plot : {m_alongX, m_alongY}) {
        if (sameSheet)
            plot->clearData();
        else
            plot->clear();
        fill(*plot, contents, plot == m_alongX);
    }
}

void SectionPlots::fill(PlotView& plot, const Contents& contents, bool alongX) {
    // Showing cursors brings them into view, which would move the probe.
    const QSignalBlocker quiet(plot);
    const HeatMapData& now = contents.now;
    const double metresPerCell = contents.cellUm * 1e-6;
    const int count = alongX ? now.width : now.height;
    const auto series = [&](const HeatMapData& map, const QString& name, ColorRole color, bool dashed) {
        PlotPoints points;
        points.name = name;
        points.connected = true;
        points.color = color;
        points.dashed = dashed;
        for (int i = 0; i < count; ++i) {
            points.x.push_back((i + 0.5) * metresPerCell);
            points.y.push_back(
                static_cast<double>(alongX ? map.at(i, contents.probe.y()) : map.at(contents.probe.x(), i)));
        }
        plot.addPoints(points);
    };
    const double across = ((alongX ? contents.probe.y() : contents.probe.x()) + 0.5) * contents.cellUm;
    PlotAxis along{alongX ? tr("x at y = %1 \u00b5m").arg(across, 0, 'f', 1)
                          : tr("y at x = %1 \u00b5m").arg(across, 0, 'f', 1),
                   QStringLiteral("m")};
    along.extent = std::pair(0.0, count * metresPerCell);
    plot.setAxes(along, {contents.title, now.unit});
    if (contents.before.isPresent() && contents.before.cells() == now.cells())
        series(contents.before, contents.beforeName, ColorRole::Muted, true);
    series(now, contents.title, ColorRole::Curve, false);
    if (contents.limit) {
        PlotLine line;
        line.position = *contents.limit;
        line.orientation = Qt::Horizontal;
        line.color = ColorRole::Failed;
        line.name = tr("limit");
        plot.addLine(line);
    }
    const double at = ((alongX ? contents.probe.x() : contents.probe.y()) + 0.5) * metresPerCell;
    plot.setCursorsVisible(true);
    plot.setCursorPosition(PlotCursor::A, at);
    plot.setCursorPosition(PlotCursor::B, -1); // out of sight: one probe is enough
    plot.setActiveCursor(PlotCursor::A);
    plot.refresh();
}

void SectionPlots::moveProbe(bool alongX, double metres) {
    if (!m_contents) return;
    const int count = alongX ? m_contents->now.width : m_contents->now.height;
    const int cell =
        std::clamp(static_cast<int>(std::floor(metres / (m_contents->cellUm * 1e-6))), 0, count - 1);
    QPoint probe = m_contents->probe;
    (alongX ? probe.rx() : probe.ry()) = cell;
    if (probe != m_contents->probe) emit probeMoved(probe);
}

} // namespace headroom::widgets
