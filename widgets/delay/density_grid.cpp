#include "widgets/delay/density_grid.h"

#include <QGridLayout>

#include <algorithm>

#include "widgets/common/plot_view.h"

namespace headroom::widgets {
namespace {

constexpr int kLeastWidth = 230, kPlotHeight = 165;

void fill(PlotView& plot, const DensityData& data) {
    const auto real = DensityGrid::tr("real"), synthetic = DensityGrid::tr("synthetic");
    plot.clearData();
    plot.setTitle(DensityGrid::tr("Density of %1").arg(data.title));
    PlotAxis across{data.title, data.unit};
    PlotAxis up{DensityGrid::tr("Density"), {}};
    up.labelled = false; // the area is one, whatever the figures
    if (data.categories.isEmpty()) {
        plot.setAxes(across, up);
        PlotPoints curve{real, data.density.at, data.density.real, ColorRole::Simulated, true};
        plot.addPoints(curve);
        curve.name = synthetic;
        curve.y = data.density.synthetic;
        curve.color = ColorRole::Predicted;
        curve.dashed = true;
        plot.addPoints(curve);
    } else {
        across.categories = data.categories;
        across.unit.clear();
        plot.setAxes(across, up);
        PlotBars bars{real, {}, {}, ColorRole::Simulated};
        for (std::size_t i = 0; i < data.density.real.size(); ++i) {
            bars.edges.push_back(static_cast<double>(i) - 0.5);
            bars.heights.push_back(data.density.real[i]);
        }
        bars.edges.push_back(static_cast<double>(data.density.real.size()) - 0.5);
        if (!bars.heights.empty()) plot.addBars(bars);
        PlotPoints points{synthetic, data.density.at, data.density.synthetic, ColorRole::Predicted};
        plot.addPoints(points);
    }
    plot.refresh();
}

} // namespace

DensityGrid::DensityGrid(QWidget* parent)
    : QScrollArea(parent)
    , m_content(new QWidget)
    , m_grid(new QGridLayout(m_content)) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Densities of the columns"));
    m_grid->setContentsMargins(4, 4, 4, 4);
    m_grid->setSpacing(4);
    setWidget(m_content);
}

void DensityGrid::setDensities(const std::vector<DensityData>& densities) {
    while (m_plots.size() < densities.size()) {
        auto* plot = new PlotView(m_content);
        plot->setObjectName(QStringLiteral("density%1").arg(m_plots.size()));
        connect(plot, &PlotView::exportRequested, this, &DensityGrid::exportRequested);
        m_plots.push_back(plot);
    }
    for (std::size_t i = 0; i < densities.size(); ++i)
        fill(*m_plots[i], densities[i]);
    if (m_shown != densities.size()) {
        m_shown = densities.size();
        m_columns = 0;
        arrange();
    }
}

void DensityGrid::arrange() {
    const int columns = std::max(1, viewport()->width() / kLeastWidth);
    if (columns == m_columns) return;
    m_columns = columns;
    for (std::size_t i = 0; i < m_plots.size(); ++i) {
        PlotView* plot = m_plots[i];
        m_grid->removeWidget(plot);
        plot->setVisible(i < m_shown);
        if (i >= m_shown) continue;
        plot->setFixedHeight(kPlotHeight);
        m_grid->addWidget(plot, static_cast<int>(i) / columns, static_cast<int>(i) % columns);
    }
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    m_grid->setRowStretch(static_cast<int>(m_plots.size()), 1);
}

void DensityGrid::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    arrange();
}

} // namespace headroom::widgets
