#include "widgets/common/sample_figure.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace headroom::widgets {
namespace {

constexpr double kRegionOpacity = 0.18;
/// Of all rows, where some are marked.
constexpr double kFadedShare = 0.65;

double leastOpacity(std::size_t rows) {
    if (rows <= 300) return 0.55;
    return rows <= 3000 ? 0.35 : 0.22;
}

double densityScale(std::size_t rows) {
    return std::max(1.5, static_cast<double>(rows) / 400);
}

} // namespace

int SampleScene::axisOf(const QString& key) const {
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        if (column(axis).key == key) return static_cast<int>(axis);
    }
    return -1;
}

void SampleFigure::layOut(const SampleScene& scene, const QSizeF& room, const QFont& font, double scale) {
    m_font = font;
    m_scale = scale;
    m_size = doLayOut(scene, room);
}

DensityColors SampleFigure::colorsOfAll(const SampleScene& scene) const {
    DensityColors colors;
    const QColor background = Theme::color(ColorRole::PlotBackground, scene.dark);
    for (const SampleClass& ofClass : scene.table->classes) {
        const QColor color = Theme::color(ofClass.color, scene.dark);
        colors.classes.push_back(scene.anyMarked ? Theme::mixed(color, background, kFadedShare) : color);
    }
    colors.least = leastOpacity(scene.table->rowCount());
    colors.scale = densityScale(scene.table->rowCount());
    return colors;
}

DensityColors SampleFigure::colorsOfMarked(const SampleScene& scene) const {
    const auto marked = static_cast<std::size_t>(std::count(scene.marked.begin(), scene.marked.end(), 1));
    return {{Theme::color(ColorRole::Brushed, scene.dark)}, leastOpacity(marked) + 0.2, densityScale(marked)};
}

QFont SampleFigure::smallFont() const {
    QFont small = m_font;
    if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.85);
    return small;
}

void SampleFigure::paintRegions(QPainter& painter, const SampleScene& scene) const {
    QColor color = Theme::color(ColorRole::Brushed, scene.dark);
    for (const BrushRegion& region : scene.brush.regions()) {
        const auto rect = rectOf(scene, region);
        if (!rect) continue;
        QColor fill = color;
        fill.setAlphaF(kRegionOpacity);
        painter.setPen(QPen(color, 1.2));
        painter.setBrush(fill);
        painter.drawRect(*rect);
    }
    painter.setBrush(Qt::NoBrush);
}

QString fittedTitle(const SampleColumn& column, const QFontMetricsF& metrics, double width) {
    if (column.symbol.isEmpty() || metrics.horizontalAdvance(column.title) <= width)
        return metrics.elidedText(column.title, Qt::ElideRight, width);
    return metrics.elidedText(column.symbol, Qt::ElideRight, width);
}

} // namespace headroom::widgets
