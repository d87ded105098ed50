#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "widgets/common/marker_path.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/sample_figure.h"

// A scatter matrix: below the diagonal one cloud per pair of quantities, on it their histograms, above it
// their rank correlations.

namespace headroom::widgets {
namespace {

constexpr double kLeastCell = 58;
constexpr double kBorder = 3;
constexpr int kBins = 24;
constexpr double kHitDistance = 7;

/// Discs of few rows are large enough to be pointed at.
int discRadius(std::size_t rows) {
    if (rows <= 2000) return 2;
    return rows <= 20000 ? 1 : 0;
}

class ScatterFigure final : public SampleFigure {
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
    struct Cloud {
        std::size_t x = 0, y = 0; ///< axes
        DensityLayer all, marked;
    };
    struct Bars {
        DensityLayer all, marked;
    };
    struct Counts;

    QRectF cell(std::size_t row, std::size_t column) const {
        return {m_left + m_cell.width() * static_cast<double>(column),
                m_cell.height() * static_cast<double>(row), m_cell.width(), m_cell.height()};
    }
    /// Where points are.
    QRectF inside(std::size_t row, std::size_t column) const {
        return cell(row, column).adjusted(kBorder, kBorder, -kBorder, -kBorder);
    }
    void drawPoint(const SampleScene& scene, const Cloud& cloud, DensityLayer& layer, std::size_t ofClass,
                   std::size_t row, int sign) const;
    template <class Layers, class Draw>
    bool advanceLayers(const SampleScene& scene, Layers& layers, const Draw& draw, Deadline deadline);
    void correlate(const SampleScene& scene, Deadline deadline, bool& complete);
    void paintCloud(QPainter& painter, const SampleScene& scene, Cloud& cloud, const DensityColors& all,
                    const DensityColors& marked) const;
    void paintSigns(QPainter& painter, const SampleScene& scene, const Cloud& cloud) const;
    void paintDiagonal(QPainter& painter, const SampleScene& scene, std::size_t axis) const;
    void paintCorrelation(QPainter& painter, const SampleScene& scene, std::size_t row,
                          std::size_t column) const;
    void paintTicks(QPainter& painter, const SampleScene& scene, std::size_t axis) const;

    double m_left = 0;
    QSizeF m_cell;
    std::vector<Cloud> m_clouds;
    std::vector<Bars> m_bars;
    std::vector<std::uint8_t> m_everyRow;
    std::shared_ptr<const SampleTable> m_correlated;      ///< that m_correlations are of
    std::map<std::pair<int, int>, double> m_correlations; ///< by columns, the smaller first
};

QSizeF ScatterFigure::doLayOut(const SampleScene& scene, const QSizeF& room) {
    const double count = std::max(1.0, static_cast<double>(scene.axes.size()));
    const QFontMetricsF small(smallFont());
    m_left = small.horizontalAdvance(QStringLiteral("-888.8 "));
    const double bottom = 2.3 * small.height();
    m_cell = {std::max(kLeastCell, std::floor((room.width() - m_left - 2) / count)),
              std::max(kLeastCell, std::floor((room.height() - bottom) / count))};
    const std::size_t rows = scene.table->rowCount();
    const std::size_t classes = scene.table->classes.size();
    m_everyRow.assign(rows, 1);
    if (m_correlated != scene.table) m_correlations.clear();
    m_correlated = scene.table;
    const QSize pixels(static_cast<int>((m_cell.width() - 2 * kBorder) * scale()),
                       static_cast<int>((m_cell.height() - 2 * kBorder) * scale()));
    m_clouds.clear();
    m_bars.clear();
    m_bars.resize(scene.axes.size());
    for (std::size_t y = 0; y < scene.axes.size(); ++y) {
        m_bars[y].all.reset({kBins, 1}, rows, classes);
        m_bars[y].marked.reset({kBins, 1}, rows, 1);
        for (std::size_t x = 0; x < y; ++x) {
            Cloud& cloud = m_clouds.emplace_back();
            cloud.x = x;
            cloud.y = y;
            cloud.all.reset(pixels, rows, classes);
            cloud.marked.reset(pixels, rows, 1);
        }
    }
    return {m_left + m_cell.width() * count + 2, m_cell.height() * count + bottom};
}

void ScatterFigure::drawPoint(const SampleScene& scene, const Cloud& cloud, DensityLayer& layer,
                              std::size_t ofClass, std::size_t row, int sign) const {
    const double x = scene.share(cloud.x, row), y = scene.share(cloud.y, row);
    if (!(std::isfinite(x) && std::isfinite(y))) return;
    const auto pixel = [](double share, int length) { return static_cast<int>(share * (length - 1) + 0.5); };
    const int radius = static_cast<int>(std::lround(discRadius(m_everyRow.size()) * scale()));
    addDisc(layer, ofClass, pixel(x, layer.size().width()), pixel(1 - y, layer.size().height()), radius,
            sign);
}

template <class Layers, class Draw>
bool ScatterFigure::advanceLayers(const SampleScene& scene, Layers& layers, const Draw& draw,
                                  Deadline deadline) {
    // What the user just marked comes first.
    for (auto& layer : layers) {
        const auto one = [&](std::size_t row, int sign) { draw(layer, layer.marked, 0, row, sign); };
        if (!layer.marked.advance(scene.marked, one, deadline)) return false;
    }
    for (auto& layer : layers) {
        const auto one = [&](std::size_t row, int sign) {
            draw(layer, layer.all, scene.table->classOf[row], row, sign);
        };
        if (!layer.all.advance(m_everyRow, one, deadline)) return false;
    }
    return true;
}

void ScatterFigure::correlate(const SampleScene& scene, Deadline deadline, bool& complete) {
    for (const Cloud& cloud : m_clouds) {
        const int first = scene.axes[cloud.x].column, second = scene.axes[cloud.y].column;
        const auto pair = std::minmax(first, second);
        if (m_correlations.contains(pair)) continue;
        if (std::chrono::steady_clock::now() > deadline) {
            complete = false;
            return;
        }
        m_correlations[pair] = rankCorrelation(scene.table->columns[static_cast<std::size_t>(first)],
                                               scene.table->columns[static_cast<std::size_t>(second)]);
    }
}

bool ScatterFigure::advance(const SampleScene& scene, Deadline deadline) {
    const auto drawBar = [&](const Bars& bars, DensityLayer& layer, std::size_t ofClass, std::size_t row,
                             int sign) {
        const double share = scene.share(static_cast<std::size_t>(&bars - m_bars.data()), row);
        if (std::isfinite(share))
            layer.add(ofClass, std::min(static_cast<int>(share * kBins), kBins - 1), 0, sign);
    };
    const auto drawCloud = [&](const Cloud& cloud, DensityLayer& layer, std::size_t ofClass, std::size_t row,
                               int sign) { drawPoint(scene, cloud, layer, ofClass, row, sign); };
    bool complete = advanceLayers(scene, m_clouds, drawCloud, deadline) &&
                    advanceLayers(scene, m_bars, drawBar, deadline);
    if (complete) correlate(scene, deadline, complete);
    return complete;
}

void ScatterFigure::restart() {
    for (Cloud& cloud : m_clouds)
        cloud.marked.restart();
    for (Bars& bars : m_bars)
        bars.marked.restart();
}

void ScatterFigure::recolor() {
    for (Cloud& cloud : m_clouds) {
        cloud.all.recolor();
        cloud.marked.recolor();
    }
}

void ScatterFigure::paintCloud(QPainter& painter, const SampleScene& scene, Cloud& cloud,
                               const DensityColors& all, const DensityColors& marked) const {
    const QRectF area = inside(cloud.y, cloud.x);
    painter.drawImage(area, cloud.all.image(all));
    if (scene.anyMarked) painter.drawImage(area, cloud.marked.image(marked));
    paintSigns(painter, scene, cloud);
}

/// Limits as lines, the truth as a star, the chosen row as a diamond.
void ScatterFigure::paintSigns(QPainter& painter, const SampleScene& scene, const Cloud& cloud) const {
    const QRectF area = inside(cloud.y, cloud.x);
    const auto xOf = [&](double share) { return area.left() + share * area.width(); };
    const auto yOf = [&](double share) { return area.bottom() - share * area.height(); };
    const SampleColumn& across = scene.column(cloud.x);
    const SampleColumn& up = scene.column(cloud.y);
    painter.setPen(QPen(Theme::color(ColorRole::Target, scene.dark), 1, Qt::DashLine));
    for (const auto& limit : {across.minimum, across.maximum}) {
        if (!limit) continue;
        const double x = xOf(scene.axes[cloud.x].scale.shareOf(*limit));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    for (const auto& limit : {up.minimum, up.maximum}) {
        if (!limit) continue;
        const double y = yOf(scene.axes[cloud.y].scale.shareOf(*limit));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
    const auto mark = [&](double x, double y, MarkerShape shape, ColorRole role) {
        if (!std::isfinite(x) || !std::isfinite(y)) return;
        painter.setPen(QPen(Theme::color(ColorRole::PlotBackground, scene.dark), 1));
        painter.setBrush(Theme::color(role, scene.dark));
        painter.drawPath(markerPath(shape, lineHeight() * 0.4).translated(xOf(x), yOf(y)));
        painter.setBrush(Qt::NoBrush);
    };
    if (across.truth && up.truth) {
        mark(scene.axes[cloud.x].scale.shareOf(*across.truth), scene.axes[cloud.y].scale.shareOf(*up.truth),
             MarkerShape::Star, ColorRole::GroundTruth);
    }
    if (scene.chosen >= 0) {
        const auto row = static_cast<std::size_t>(scene.chosen);
        mark(scene.share(cloud.x, row), scene.share(cloud.y, row), MarkerShape::Diamond, ColorRole::Chosen);
    }
}

QRectF ScatterFigure::titleOf(int axis) const {
    const auto index = static_cast<std::size_t>(axis);
    QRectF title = cell(index, index).adjusted(2, 1, -2, 0);
    title.setHeight(lineHeight() * 1.1);
    return title;
}

QRectF ScatterFigure::areaOf(int axis, int second) const {
    const auto across = static_cast<std::size_t>(axis);
    if (second >= 0) return inside(static_cast<std::size_t>(second), across);
    QRectF area = inside(across, across);
    area.setTop(titleOf(axis).bottom());
    return area;
}

void ScatterFigure::paintDiagonal(QPainter& painter, const SampleScene& scene, std::size_t axis) const {
    const Bars& bars = m_bars[axis];
    const std::size_t classes = scene.table->classes.size();
    const auto total = [&](int bin) {
        int count = 0;
        for (std::size_t ofClass = 0; ofClass < classes; ++ofClass)
            count += bars.all.count(ofClass, bin, 0);
        return count;
    };
    int most = 1;
    for (int bin = 0; bin < kBins; ++bin)
        most = std::max(most, total(bin));
    const QRectF area = areaOf(static_cast<int>(axis), -1);
    const double width = area.width() / kBins;
    const auto bar = [&](int bin, double from, double to, const QColor& color) {
        painter.fillRect(QRectF(area.left() + bin * width, area.bottom() - to / most * area.height(), width,
                                (to - from) / most * area.height()),
                         color);
    };
    for (int bin = 0; bin < kBins; ++bin) {
        double below = 0;
        for (std::size_t ofClass = 0; ofClass < classes; ++ofClass) {
            const int count = bars.all.count(ofClass, bin, 0);
            bar(bin, below, below + count, Theme::color(scene.table->classes[ofClass].color, scene.dark));
            below += count;
        }
        if (scene.anyMarked)
            bar(bin, 0, bars.marked.count(0, bin, 0), Theme::color(ColorRole::Brushed, scene.dark));
    }
    const SampleColumn& column = scene.column(axis);
    painter.setPen(QPen(Theme::color(ColorRole::Target, scene.dark), 1, Qt::DashLine));
    for (const auto& limit : {column.minimum, column.maximum}) {
        if (!limit) continue;
        const double x = area.left() + scene.axes[axis].scale.shareOf(*limit) * area.width();
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    const bool focused = static_cast<int>(axis) == scene.focused;
    painter.setPen(Theme::color(focused ? ColorRole::Note : ColorRole::PlotAxis, scene.dark));
    const QRectF title = titleOf(static_cast<int>(axis));
    painter.drawText(title, Qt::AlignHCenter | Qt::AlignVCenter,
                     fittedTitle(column, QFontMetricsF(bold), title.width()));
    if (focused) painter.drawLine(title.bottomLeft(), title.bottomRight());
}

void ScatterFigure::paintCorrelation(QPainter& painter, const SampleScene& scene, std::size_t row,
                                     std::size_t column) const {
    const auto found = m_correlations.find(std::minmax(scene.axes[row].column, scene.axes[column].column));
    if (found == m_correlations.end() || !std::isfinite(found->second)) return;
    QColor tint = Theme::color(found->second < 0 ? ColorRole::Failed : ColorRole::Simulated, scene.dark);
    tint.setAlphaF(static_cast<float>(0.7 * std::abs(found->second)));
    painter.fillRect(inside(row, column), tint);
    painter.setFont(font());
    painter.setPen(Theme::color(ColorRole::PlotAxis, scene.dark));
    painter.drawText(cell(row, column), Qt::AlignCenter, fixedText(found->second, 2));
}

/// Figures of one quantity: below its column of cells and left of its row.
void ScatterFigure::paintTicks(QPainter& painter, const SampleScene& scene, std::size_t axis) const {
    const AxisScale& along = scene.axes[axis].scale;
    const SampleColumn& column = scene.column(axis);
    const QFontMetricsF metrics(smallFont());
    painter.setFont(smallFont());
    painter.setPen(Theme::color(ColorRole::PlotAxis, scene.dark));
    const QRectF last = inside(scene.axes.size() - 1, axis);
    const double widest = metrics.horizontalAdvance(QStringLiteral("88.88 "));
    double free = m_left;
    const int across = std::clamp(static_cast<int>(last.width() / (1.6 * widest)), 1, 5);
    for (const AxisTick& tick : along.ticks(column.unit, across)) {
        const double width = metrics.horizontalAdvance(tick.label);
        const double x = last.left() + along.shareOf(tick.value) * last.width();
        const double left = std::clamp(x - width / 2, last.left() - kBorder, last.right() + kBorder - width);
        painter.drawLine(QPointF(x, last.bottom() + kBorder), QPointF(x, last.bottom() + kBorder + 3));
        if (left < free) continue;
        painter.drawText(QPointF(left, last.bottom() + kBorder + 3 + metrics.ascent()), tick.label);
        free = left + width + 3;
    }
    const QString unit = along.tickUnit(column.unit);
    painter.drawText(
        QRectF(last.left(), last.bottom() + kBorder + 3 + metrics.height(), last.width(), metrics.height()),
        Qt::AlignCenter, unit);
    if (axis == 0) return; // its row has only the histogram
    const QRectF first = inside(axis, 0);
    double bottom = first.bottom() + metrics.height();
    const int up = std::clamp(static_cast<int>(first.height() / (2.2 * metrics.height())), 1, 5);
    std::vector<AxisTick> ticks = along.ticks(column.unit, up);
    if (along.shareOf(along.low()) > 0.5) std::reverse(ticks.begin(), ticks.end());
    for (const AxisTick& tick : ticks) {
        const double y = first.bottom() - along.shareOf(tick.value) * first.height();
        painter.drawLine(QPointF(m_left - 3, y), QPointF(m_left, y));
        if (y + metrics.height() / 2 > bottom) continue;
        painter.drawText(QRectF(0, y - metrics.height() / 2, m_left - 5, metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, tick.label);
        bottom = y - metrics.height() / 2;
    }
}

void ScatterFigure::paint(QPainter& painter, const SampleScene& scene, const QRectF& visible) {
    painter.fillRect(visible, Theme::color(ColorRole::PlotBackground, scene.dark));
    if (scene.axes.empty()) return;
    const DensityColors all = colorsOfAll(scene), marked = colorsOfMarked(scene);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t row = 0; row < scene.axes.size(); ++row) {
        for (std::size_t column = 0; column < scene.axes.size(); ++column) {
            const QRectF area = cell(row, column);
            if (!area.intersects(visible)) continue;
            if (row == column) paintDiagonal(painter, scene, row);
            if (row < column) paintCorrelation(painter, scene, row, column);
            painter.setPen(QPen(Theme::color(ColorRole::PlotGrid, scene.dark), 1));
            painter.drawRect(area);
        }
        paintTicks(painter, scene, row);
    }
    for (Cloud& cloud : m_clouds) {
        if (inside(cloud.y, cloud.x).intersects(visible)) paintCloud(painter, scene, cloud, all, marked);
    }
    paintRegions(painter, scene);
}

SamplePlace ScatterFigure::placeAt(const SampleScene& scene, const QPointF& at) const {
    using Part = SamplePlace::Part;
    const auto count = static_cast<int>(scene.axes.size());
    const auto column = static_cast<int>(std::floor((at.x() - m_left) / m_cell.width()));
    const auto row = static_cast<int>(std::floor(at.y() / m_cell.height()));
    if (column < 0 || column >= count) return {};
    if (row >= count) return {Part::Title, column, -1, titleOf(column)};
    if (row == column) {
        if (titleOf(column).contains(at)) return {Part::Title, column, -1, titleOf(column)};
        return {Part::Axis, column, -1, areaOf(column, -1)};
    }
    if (row < column) return {};
    return {Part::Cell, column, row, areaOf(column, row)};
}

BrushRegion ScatterFigure::regionOf(const SampleScene& scene, const SamplePlace& place,
                                    const QRectF& rect) const {
    const auto interval = [&](int axis, double from, double to) -> BrushInterval {
        const AxisScale& along = scene.axes[static_cast<std::size_t>(axis)].scale;
        const double first = along.valueAt(std::clamp(from, 0.0, 1.0));
        const double second = along.valueAt(std::clamp(to, 0.0, 1.0));
        return {scene.column(static_cast<std::size_t>(axis)).key, std::min(first, second),
                std::max(first, second)};
    };
    const QRectF& area = place.area;
    BrushRegion region;
    region.sides.push_back(interval(place.axis, (rect.left() - area.left()) / area.width(),
                                    (rect.right() - area.left()) / area.width()));
    if (place.part == SamplePlace::Part::Cell) {
        region.sides.push_back(interval(place.second, (area.bottom() - rect.bottom()) / area.height(),
                                        (area.bottom() - rect.top()) / area.height()));
    }
    return region;
}

std::optional<QRectF> ScatterFigure::rectOf(const SampleScene& scene, const BrushRegion& region) const {
    const int across = region.sides.empty() ? -1 : scene.axisOf(region.sides.front().column);
    if (across < 0) return std::nullopt;
    const auto shares = [&](const BrushInterval& side, int axis) {
        const AxisScale& along = scene.axes[static_cast<std::size_t>(axis)].scale;
        const double first = along.shareOf(std::clamp(side.low, along.low(), along.high()));
        const double second = along.shareOf(std::clamp(side.high, along.low(), along.high()));
        return std::pair(std::min(first, second), std::max(first, second));
    };
    const auto x = shares(region.sides.front(), across);
    if (region.sides.size() == 1) {
        const QRectF area = areaOf(across, -1);
        return QRectF(area.left() + x.first * area.width(), area.top(), (x.second - x.first) * area.width(),
                      area.height());
    }
    const int up = scene.axisOf(region.sides.back().column);
    if (up < 0) return std::nullopt;
    const auto y = shares(region.sides.back(), up);
    // Below the diagonal, whichever of the two comes first in the order of the moment.
    const bool swapped = up < across;
    const QRectF area = areaOf(std::min(up, across), std::max(up, across));
    const auto& horizontal = swapped ? y : x;
    const auto& vertical = swapped ? x : y;
    return QRectF(area.left() + horizontal.first * area.width(),
                  area.bottom() - vertical.second * area.height(),
                  (horizontal.second - horizontal.first) * area.width(),
                  (vertical.second - vertical.first) * area.height());
}

int ScatterFigure::rowAt(const SampleScene& scene, const QPointF& at) const {
    const SamplePlace place = placeAt(scene, at);
    if (place.part != SamplePlace::Part::Cell) return -1;
    const auto across = static_cast<std::size_t>(place.axis), up = static_cast<std::size_t>(place.second);
    int nearest = -1;
    double least = kHitDistance;
    for (std::size_t row = 0; row < m_everyRow.size(); ++row) {
        if (scene.anyMarked && scene.marked[row] == 0) continue;
        const double dx = place.area.left() + scene.share(across, row) * place.area.width() - at.x();
        const double dy = place.area.bottom() - scene.share(up, row) * place.area.height() - at.y();
        const double distance = std::hypot(dx, dy);
        if (distance < least) { // false for NaN
            least = distance;
            nearest = static_cast<int>(row);
        }
    }
    return nearest;
}

int ScatterFigure::positionAt(const SampleScene& scene, const QPointF& at) const {
    const auto last = static_cast<int>(scene.axes.size()) - 1;
    return std::clamp(static_cast<int>(std::floor((at.x() - m_left) / m_cell.width())), 0, std::max(0, last));
}

} // namespace

std::unique_ptr<SampleFigure> makeScatterFigure() {
    return std::make_unique<ScatterFigure>();
}

} // namespace headroom::widgets
