#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/common/marker_path.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/sample_figure.h"

// Parallel coordinates (Inselberg 1985): one vertical axis per quantity, one line per row.

namespace headroom::widgets {
namespace {

constexpr double kLeastSpacing = 62;
constexpr double kRegionWidth = 14;
constexpr double kLimitWidth = 6;
/// How far from an axis the mouse still means it.
constexpr double kReach = 11;
constexpr double kHitDistance = 5;
/// Of more rows than these, steep lines are single pixels per column: they make up the same density.
constexpr std::size_t kMostFilled = 5000;

class ParallelFigure final : public SampleFigure {
public:
    bool advance(const SampleScene& scene, Deadline deadline) override;
    void restart() override;
    void recolor() override;
    void paint(QPainter& painter, const SampleScene& scene, const QRectF& visible) override;
    QRectF areaOf(int axis, int second) const override;
    QRectF titleOf(int axis) const override;
    SamplePlace placeAt(const SampleScene& scene, const QPointF& at) const override;
    BrushRegion regionOf(const SampleScene& scene, const SamplePlace& place,
                         const QRectF& rect) const override;
    std::optional<QRectF> rectOf(const SampleScene& scene, const BrushRegion& region) const override;
    int rowAt(const SampleScene& scene, const QPointF& at) const override;
    int positionAt(const SampleScene& scene, const QPointF& at) const override;

protected:
    QSizeF doLayOut(const SampleScene& scene, const QSizeF& room) override;

private:
    struct Gap {
        DensityLayer all, marked;
    };
    double axisX(std::size_t axis) const { return m_left + m_spacing * static_cast<double>(axis); }
    double yOf(double share) const { return m_top + (1 - share) * m_height; }
    double shareAt(double y) const { return std::clamp(1 - (y - m_top) / m_height, 0.0, 1.0); }
    void drawRow(const SampleScene& scene, std::size_t gap, DensityLayer& layer, std::size_t ofClass,
                 std::size_t row, int sign) const;
    void paintGaps(QPainter& painter, const SampleScene& scene, const QRectF& visible);
    void paintLine(QPainter& painter, const std::vector<double>& shares, const QPen& pen) const;
    void paintSpecial(QPainter& painter, const SampleScene& scene) const;
    void paintAxis(QPainter& painter, const SampleScene& scene, std::size_t axis) const;
    void paintLimits(QPainter& painter, const SampleScene& scene, std::size_t axis) const;

    double m_left = 0, m_top = 0, m_height = 0, m_spacing = 0;
    std::vector<Gap> m_gaps;
    std::vector<std::uint8_t> m_everyRow;
};

QSizeF ParallelFigure::doLayOut(const SampleScene& scene, const QSizeF& room) {
    const auto count = static_cast<double>(scene.axes.size());
    m_top = 2.4 * lineHeight();
    m_height = std::max(60.0, room.height() - m_top - 0.8 * lineHeight());
    m_spacing = std::max(kLeastSpacing, std::floor(room.width() / std::max(1.0, count)));
    m_left = std::floor(m_spacing / 2);
    const QSize pixels(static_cast<int>(std::lround(m_spacing * scale())),
                       static_cast<int>(std::lround(m_height * scale())));
    const std::size_t rows = scene.table->rowCount();
    m_everyRow.assign(rows, 1);
    m_gaps.clear();
    m_gaps.resize(scene.axes.empty() ? 0 : scene.axes.size() - 1);
    for (Gap& gap : m_gaps) {
        gap.all.reset(pixels, rows, scene.table->classes.size());
        gap.marked.reset(pixels, rows, 1);
    }
    return {m_spacing * std::max(1.0, count), m_top + m_height + 0.8 * lineHeight()};
}

void ParallelFigure::drawRow(const SampleScene& scene, std::size_t gap, DensityLayer& layer,
                             std::size_t ofClass, std::size_t row, int sign) const {
    const double from = scene.share(gap, row), to = scene.share(gap + 1, row);
    if (!(std::isfinite(from) && std::isfinite(to))) return;
    const double height = layer.size().height() - 1;
    addLine(layer, ofClass, (1 - from) * height + 0.5, (1 - to) * height + 0.5,
            m_everyRow.size() <= kMostFilled, sign);
}

bool ParallelFigure::advance(const SampleScene& scene, Deadline deadline) {
    bool complete = true;
    // What the user just marked comes first.
    for (std::size_t gap = 0; gap < m_gaps.size() && complete; ++gap) {
        complete = m_gaps[gap].marked.advance(
            scene.marked,
            [&](std::size_t row, int sign) { drawRow(scene, gap, m_gaps[gap].marked, 0, row, sign); },
            deadline);
    }
    for (std::size_t gap = 0; gap < m_gaps.size() && complete; ++gap) {
        complete = m_gaps[gap].all.advance(
            m_everyRow,
            [&](std::size_t row, int sign) {
                drawRow(scene, gap, m_gaps[gap].all, scene.table->classOf[row], row, sign);
            },
            deadline);
    }
    return complete;
}

void ParallelFigure::restart() {
    for (Gap& gap : m_gaps)
        gap.marked.restart();
}

void ParallelFigure::recolor() {
    for (Gap& gap : m_gaps) {
        gap.all.recolor();
        gap.marked.recolor();
    }
}

void ParallelFigure::paintGaps(QPainter& painter, const SampleScene& scene, const QRectF& visible) {
    const DensityColors all = colorsOfAll(scene), marked = colorsOfMarked(scene);
    for (std::size_t gap = 0; gap < m_gaps.size(); ++gap) {
        const QRectF area(axisX(gap), m_top, m_spacing, m_height);
        if (!area.intersects(visible)) continue;
        painter.drawImage(area, m_gaps[gap].all.image(all));
        if (scene.anyMarked) painter.drawImage(area, m_gaps[gap].marked.image(marked));
    }
}

void ParallelFigure::paintLine(QPainter& painter, const std::vector<double>& shares, const QPen& pen) const {
    painter.setPen(pen);
    for (std::size_t axis = 0; axis + 1 < shares.size(); ++axis) {
        if (!std::isfinite(shares[axis]) || !std::isfinite(shares[axis + 1])) continue;
        painter.drawLine(QPointF(axisX(axis), yOf(shares[axis])),
                         QPointF(axisX(axis + 1), yOf(shares[axis + 1])));
    }
}

/// The truth and the chosen row, over all others.
void ParallelFigure::paintSpecial(QPainter& painter, const SampleScene& scene) const {
    std::vector<double> truth, chosen;
    for (std::size_t axis = 0; axis < scene.axes.size(); ++axis) {
        const auto& known = scene.column(axis).truth;
        truth.push_back(known ? scene.axes[axis].scale.shareOf(*known) : std::nan(""));
        chosen.push_back(scene.chosen < 0 ? std::nan("")
                                          : scene.share(axis, static_cast<std::size_t>(scene.chosen)));
    }
    const QColor red = Theme::color(ColorRole::GroundTruth, scene.dark);
    const QColor ink = Theme::color(ColorRole::Chosen, scene.dark);
    paintLine(painter, truth, QPen(red, 1.4, Qt::DashLine));
    paintLine(painter, chosen, QPen(ink, 2.2));
    const auto mark = [&](const std::vector<double>& shares, MarkerShape shape, const QColor& color) {
        painter.setPen(QPen(Theme::color(ColorRole::PlotBackground, scene.dark), 1));
        painter.setBrush(color);
        for (std::size_t axis = 0; axis < shares.size(); ++axis) {
            if (!std::isfinite(shares[axis])) continue;
            painter.drawPath(
                markerPath(shape, lineHeight() * 0.35).translated(axisX(axis), yOf(shares[axis])));
        }
        painter.setBrush(Qt::NoBrush);
    };
    mark(truth, MarkerShape::Star, red);
    mark(chosen, MarkerShape::Diamond, ink);
}

void ParallelFigure::paintLimits(QPainter& painter, const SampleScene& scene, std::size_t axis) const {
    const SampleColumn& column = scene.column(axis);
    if (!column.minimum && !column.maximum) return;
    const AxisScale& along = scene.axes[axis].scale;
    const double from = column.minimum ? along.shareOf(*column.minimum) : along.shareOf(along.low());
    const double to = column.maximum ? along.shareOf(*column.maximum) : along.shareOf(along.high());
    if (!std::isfinite(from) || !std::isfinite(to)) return;
    const QColor color = Theme::color(ColorRole::Target, scene.dark);
    QColor tint = color;
    tint.setAlphaF(0.35F);
    painter.fillRect(QRectF(QPointF(axisX(axis) - kLimitWidth / 2, yOf(from)),
                            QPointF(axisX(axis) + kLimitWidth / 2, yOf(to)))
                         .normalized(),
                     tint);
    painter.setPen(QPen(color, 2));
    for (const auto& limit : {column.minimum, column.maximum}) {
        if (!limit) continue;
        const double y = yOf(along.shareOf(*limit));
        painter.drawLine(QPointF(axisX(axis) - kLimitWidth, y), QPointF(axisX(axis) + kLimitWidth, y));
    }
}

void ParallelFigure::paintAxis(QPainter& painter, const SampleScene& scene, std::size_t axis) const {
    const QColor ink = Theme::color(ColorRole::PlotAxis, scene.dark);
    const SampleColumn& column = scene.column(axis);
    const AxisScale& along = scene.axes[axis].scale;
    painter.setPen(QPen(ink, 1.2));
    painter.drawLine(QPointF(axisX(axis), m_top), QPointF(axisX(axis), m_top + m_height));
    paintLimits(painter, scene, axis);

    const QFont small = smallFont();
    const QFontMetricsF smallMetrics(small);
    painter.setFont(small);
    QColor veil = Theme::color(ColorRole::PlotBackground, scene.dark);
    veil.setAlphaF(0.72F);
    const int wanted = std::clamp(static_cast<int>(m_height / (3 * smallMetrics.height())), 2, 6);
    for (const AxisTick& tick : along.ticks(column.unit, wanted)) {
        const double y = yOf(along.shareOf(tick.value));
        painter.setPen(QPen(ink, 1));
        painter.drawLine(QPointF(axisX(axis) - 3, y), QPointF(axisX(axis), y));
        const double width = smallMetrics.horizontalAdvance(tick.label);
        if (width + 8 > m_spacing) continue;
        const QRectF box(axisX(axis) + 4, y - smallMetrics.height() / 2, width + 2, smallMetrics.height());
        painter.fillRect(box, veil);
        painter.drawText(box, Qt::AlignVCenter | Qt::AlignLeft, tick.label);
    }

    const QRectF head(axisX(axis) - m_spacing / 2 + 2, 0, m_spacing - 4, lineHeight() * 1.15);
    QFont bold = font();
    bold.setBold(static_cast<int>(axis) == scene.focused);
    painter.setFont(bold);
    painter.drawText(head, Qt::AlignHCenter | Qt::AlignVCenter,
                     fittedTitle(column, QFontMetricsF(bold), head.width()));
    painter.setFont(small);
    QString unit = along.tickUnit(column.unit);
    const bool inverted = along.shareOf(along.low()) > 0.5;
    if (inverted) unit += unit.isEmpty() ? QStringLiteral("\u2193") : QStringLiteral(" \u2193");
    painter.drawText(head.translated(0, lineHeight() * 1.1), Qt::AlignHCenter | Qt::AlignVCenter, unit);
    if (static_cast<int>(axis) == scene.focused) {
        painter.setPen(QPen(Theme::color(ColorRole::Note, scene.dark), 2));
        painter.drawLine(head.bottomLeft(), head.bottomRight());
    }
}

void ParallelFigure::paint(QPainter& painter, const SampleScene& scene, const QRectF& visible) {
    painter.fillRect(visible, Theme::color(ColorRole::PlotBackground, scene.dark));
    painter.setRenderHint(QPainter::Antialiasing);
    paintGaps(painter, scene, visible);
    for (std::size_t axis = 0; axis < scene.axes.size(); ++axis)
        paintAxis(painter, scene, axis);
    paintSpecial(painter, scene);
    paintRegions(painter, scene);
}

QRectF ParallelFigure::areaOf(int axis, int) const {
    return {axisX(static_cast<std::size_t>(axis)) - kRegionWidth / 2, m_top, kRegionWidth, m_height};
}

QRectF ParallelFigure::titleOf(int axis) const {
    return {axisX(static_cast<std::size_t>(axis)) - m_spacing / 2, 0, m_spacing, m_top};
}

SamplePlace ParallelFigure::placeAt(const SampleScene& scene, const QPointF& at) const {
    if (scene.axes.empty()) return {};
    const int axis = positionAt(scene, at);
    using Part = SamplePlace::Part;
    if (at.y() < m_top - 4) return {Part::Title, axis, -1, titleOf(axis)};
    const QRectF area = areaOf(axis, -1);
    if (std::abs(at.x() - area.center().x()) > kReach || at.y() > area.bottom() + kReach) return {};
    return {Part::Axis, axis, -1, area};
}

BrushRegion ParallelFigure::regionOf(const SampleScene& scene, const SamplePlace& place,
                                     const QRectF& rect) const {
    const auto axis = static_cast<std::size_t>(place.axis);
    const AxisScale& along = scene.axes[axis].scale;
    const double first = along.valueAt(shareAt(rect.top())), second = along.valueAt(shareAt(rect.bottom()));
    return {{{scene.column(axis).key, std::min(first, second), std::max(first, second)}}};
}

std::optional<QRectF> ParallelFigure::rectOf(const SampleScene& scene, const BrushRegion& region) const {
    if (region.sides.size() != 1) return std::nullopt;
    const int axis = scene.axisOf(region.sides.front().column);
    if (axis < 0) return std::nullopt;
    const AxisScale& along = scene.axes[static_cast<std::size_t>(axis)].scale;
    const auto yOfValue = [&](double value) {
        const double share = along.shareOf(std::clamp(value, along.low(), along.high()));
        return yOf(std::clamp(share, 0.0, 1.0));
    };
    const double first = yOfValue(region.sides.front().low), second = yOfValue(region.sides.front().high);
    return QRectF(axisX(static_cast<std::size_t>(axis)) - kRegionWidth / 2, std::min(first, second),
                  kRegionWidth, std::abs(first - second));
}

int ParallelFigure::rowAt(const SampleScene& scene, const QPointF& at) const {
    if (m_gaps.empty() || at.y() < m_top) return -1;
    const double along =
        std::clamp((at.x() - m_left) / m_spacing, 0.0, static_cast<double>(m_gaps.size()) - 1e-9);
    const auto gap = static_cast<std::size_t>(along);
    const double t = along - static_cast<double>(gap);
    int nearest = -1;
    double least = kHitDistance;
    for (std::size_t row = 0; row < m_everyRow.size(); ++row) {
        if (scene.anyMarked && scene.marked[row] == 0) continue;
        const double from = scene.share(gap, row), to = scene.share(gap + 1, row);
        // Steep lines are near where the mouse is near them, not where it is at their height.
        const double slope = (to - from) * m_height / m_spacing;
        const double distance = std::abs(yOf(from + (to - from) * t) - at.y()) / std::hypot(1.0, slope);
        if (distance < least) { // false for NaN
            least = distance;
            nearest = static_cast<int>(row);
        }
    }
    return nearest;
}

int ParallelFigure::positionAt(const SampleScene& scene, const QPointF& at) const {
    const auto last = static_cast<int>(scene.axes.size()) - 1;
    return std::clamp(static_cast<int>(std::lround((at.x() - m_left) / m_spacing)), 0, std::max(0, last));
}

} // namespace

std::unique_ptr<SampleFigure> makeParallelFigure() {
    return std::make_unique<ParallelFigure>();
}

} // namespace headroom::widgets
