#include "widgets/powergrid/brush_stroke.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace headroom::widgets {
namespace {

double along(QPointF point, QPointF from, QPointF to) {
    const QPointF by = to - from;
    const double length = QPointF::dotProduct(by, by);
    return length > 0 ? std::clamp(QPointF::dotProduct(point - from, by) / length, 0.0, 1.0) : 0;
}

double roundDistance(QPointF point, QPointF from, QPointF to) {
    const QPointF nearest = from + along(point, from, to) * (to - from);
    return std::hypot(point.x() - nearest.x(), point.y() - nearest.y());
}

/// In the larger of the two coordinates: from the nearest square that is swept from one place to the other.
double squareDistance(QPointF point, QPointF from, QPointF to) {
    const QPointF by = to - from, off = point - from;
    // The distance is convex and linear in pieces along the path, whose ends lie where it is looked at.
    const auto at = [](double a, double b) { return b != 0 ? std::clamp(a / b, 0.0, 1.0) : 0; };
    const std::array places{0.0,
                            1.0,
                            at(off.x(), by.x()),
                            at(off.y(), by.y()),
                            at(off.x() - off.y(), by.x() - by.y()),
                            at(off.x() + off.y(), by.x() + by.y())};
    double nearest = 1e300;
    for (const double t : places)
        nearest = std::min(nearest, std::max(std::abs(off.x() - t * by.x()), std::abs(off.y() - t * by.y())));
    return nearest;
}

QString strokeText(GridLayer layer, BrushShape shape) {
    const char* format = "Paint %1";
    if (shape == BrushShape::Fill || shape == BrushShape::Rectangle) format = "Fill %1";
    if (shape == BrushShape::Gradient) format = "Gradient on %1";
    return QCoreApplication::translate("BrushStroke", format).arg(gridLayerTitle(layer).toLower());
}

} // namespace

BrushStroke::BrushStroke(GridLayer layer, const HeatMapData& map, BrushShape shape,
                         const BrushSettings& settings, const ValueBounds& bounds, double fillRange)
    : m_layer(layer)
    , m_before(map)
    , m_shape(shape)
    , m_settings(settings)
    , m_bounds(bounds)
    , m_fillRange(fillRange)
    , m_now(std::make_shared<std::vector<float>>(*map.values)) {}

HeatMapData BrushStroke::map() const {
    return {m_now, m_before.width, m_before.height, m_before.unit};
}

QRect BrushStroke::begin(QPointF at) {
    m_start = m_last = at;
    QRect changed;
    if (m_shape == BrushShape::Fill) {
        changed = fill(at);
    } else if (m_shape == BrushShape::Round || m_shape == BrushShape::Square) {
        m_coverage.assign(m_now->size(), 0.0F);
        changed = sweep(at, at);
    } else {
        changed = m_shape == BrushShape::Line ? drawAnew(at) : QRect();
    }
    m_touched |= changed;
    return changed;
}

QPointF BrushStroke::constrainedTo(QPointF at) const {
    const QPointF by = at - m_start;
    const double wide = std::abs(by.x()), high = std::abs(by.y());
    switch (m_shape) {
    case BrushShape::Rectangle: {
        const double side = std::max(wide, high);
        return m_start + QPointF(std::copysign(side, by.x()), std::copysign(side, by.y()));
    }
    case BrushShape::Line:
    case BrushShape::Gradient:
        if (std::min(wide, high) > std::tan(M_PI / 8) * std::max(wide, high)) {
            const double side = (wide + high) / 2;
            return m_start + QPointF(std::copysign(side, by.x()), std::copysign(side, by.y()));
        }
        [[fallthrough]];
    default:
        return wide >= high ? QPointF(at.x(), m_start.y()) : QPointF(m_start.x(), at.y());
    }
}

QRect BrushStroke::moveTo(QPointF at, bool constrained) {
    if (m_shape == BrushShape::Fill) return {};
    const QPointF to = constrained ? constrainedTo(at) : at;
    const bool freehand = m_shape == BrushShape::Round || m_shape == BrushShape::Square;
    const QRect changed = freehand ? sweep(m_last, to) : drawAnew(to);
    m_last = to;
    m_touched |= changed;
    return changed;
}

float BrushStroke::blended(float before, float coverage) const {
    const double weight = static_cast<double>(coverage) * m_settings.strength;
    if (!(weight > 0)) return before;
    const double base = std::isnan(before) ? 0 : static_cast<double>(before);
    double result = m_settings.value;
    if (m_settings.mode == PaintMode::Add) result = base + weight * m_settings.value;
    if (m_settings.mode == PaintMode::Subtract) result = base - weight * m_settings.value;
    if (m_settings.mode == PaintMode::Set && weight < 1) result = base + weight * (m_settings.value - base);
    return static_cast<float>(std::clamp(result, m_bounds.low, m_bounds.high));
}

double BrushStroke::coverageOf(QPointF cell, QPointF from, QPointF to) const {
    // The smallest brush is a pencil: it paints the cells that it is in, and borders belong to the upper one.
    constexpr QPointF kUpwards(1e-7, 1e-7);
    if (m_settings.size <= 1) return squareDistance(cell, from + kUpwards, to + kUpwards) < 0.5 ? 1 : 0;
    const double radius = m_settings.size / 2;
    const double distance =
        m_shape == BrushShape::Square ? squareDistance(cell, from, to) : roundDistance(cell, from, to);
    if (distance >= radius) return 0;
    const double soft = radius * (1 - m_settings.hardness);
    if (distance <= radius - soft) return 1;
    const double share = (radius - distance) / soft;
    return share * share * (3 - 2 * share);
}

QRect BrushStroke::reach(QPointF from, QPointF to) const {
    const double radius = std::max(m_settings.size / 2, 0.5) + 0.5;
    const QRectF box = QRectF(from, to).normalized().adjusted(-radius, -radius, radius, radius);
    return box.toAlignedRect() & m_before.cells();
}

// Of a long slanting stroke most of the box around it is empty: only the part of the path near a column
// counts.
std::pair<int, int> BrushStroke::span(int column, QPointF from, QPointF to, const QRect& area) const {
    const double radius = std::max(m_settings.size / 2, 0.5) + 0.5, x = column + 0.5;
    double low = 0, high = 1;
    const double by = to.x() - from.x();
    if (std::abs(by) > 1e-12) {
        const double a = (x - radius - from.x()) / by, b = (x + radius - from.x()) / by;
        low = std::clamp(std::min(a, b), 0.0, 1.0);
        high = std::clamp(std::max(a, b), 0.0, 1.0);
    }
    const double y1 = from.y() + low * (to.y() - from.y()), y2 = from.y() + high * (to.y() - from.y());
    return {std::max(area.top(), static_cast<int>(std::floor(std::min(y1, y2) - radius))),
            std::min(area.bottom(), static_cast<int>(std::floor(std::max(y1, y2) + radius)))};
}

QRect BrushStroke::sweep(QPointF from, QPointF to) {
    const QRect area = reach(from, to);
    for (int x = area.left(); x <= area.right(); ++x) {
        const auto [lowest, highest] = span(x, from, to, area);
        for (int y = lowest; y <= highest; ++y) {
            const auto coverage = static_cast<float>(coverageOf({x + 0.5, y + 0.5}, from, to));
            const std::size_t index = m_before.indexOf(x, y);
            if (coverage <= m_coverage[index]) continue;
            m_coverage[index] = coverage;
            (*m_now)[index] = blended((*m_before.values)[index], coverage);
        }
    }
    return area;
}

QRect BrushStroke::restore() {
    for (int x = m_touched.left(); x <= m_touched.right(); ++x) {
        const std::size_t first = m_before.indexOf(x, m_touched.top());
        std::copy_n(m_before.values->begin() + static_cast<std::ptrdiff_t>(first), m_touched.height(),
                    m_now->begin() + static_cast<std::ptrdiff_t>(first));
    }
    return std::exchange(m_touched, QRect());
}

// Lines, rectangles and gradients are rubber: what the last event drew goes before the new is drawn.
QRect BrushStroke::drawAnew(QPointF to) {
    const QRect old = restore();
    QRect area = m_before.cells();
    if (m_shape == BrushShape::Line) area = reach(m_start, to);
    const QRectF box = QRectF(m_start, to).normalized();
    if (m_shape == BrushShape::Rectangle) {
        const QPoint low(static_cast<int>(std::floor(box.left())), static_cast<int>(std::floor(box.top())));
        const QPoint high(static_cast<int>(std::floor(box.right())),
                          static_cast<int>(std::floor(box.bottom())));
        area = QRect(low, high) & m_before.cells();
    }
    if (m_shape == BrushShape::Gradient && to == m_start) area = {};
    for (int x = area.left(); x <= area.right(); ++x) {
        const auto [lowest, highest] =
            m_shape == BrushShape::Line ? span(x, m_start, to, area) : std::pair(area.top(), area.bottom());
        for (int y = lowest; y <= highest; ++y) {
            const QPointF centre(x + 0.5, y + 0.5);
            double coverage = 1;
            if (m_shape == BrushShape::Line) coverage = coverageOf(centre, m_start, to);
            if (m_shape == BrushShape::Gradient) coverage = 1 - along(centre, m_start, to);
            const std::size_t index = m_before.indexOf(x, y);
            (*m_now)[index] = blended((*m_before.values)[index], static_cast<float>(coverage));
        }
    }
    m_touched = area;
    return old | area;
}

// Cells that hang together by their sides and are as the first one within the tolerance, run by run along y.
QRect BrushStroke::fill(QPointF at) {
    const QPoint start(static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y())));
    if (!m_before.cells().contains(start)) return {};
    const float wanted = m_before.at(start.x(), start.y());
    const auto slack = static_cast<float>(m_settings.tolerance * m_fillRange);
    std::vector<unsigned char> open(m_now->size());
    std::transform(m_before.values->begin(), m_before.values->end(), open.begin(), [&](float value) {
        return std::isnan(wanted) ? std::isnan(value) : value == wanted || std::abs(value - wanted) <= slack;
    });
    std::vector<QPoint> seeds{start};
    QRect area;
    while (!seeds.empty()) {
        const QPoint seed = seeds.back();
        seeds.pop_back();
        const std::size_t column = m_before.indexOf(seed.x(), 0);
        const auto isOpen = [&](int y) { return open[column + static_cast<std::size_t>(y)] != 0; };
        if (!isOpen(seed.y())) continue;
        int low = seed.y(), high = seed.y();
        while (low > 0 && isOpen(low - 1))
            --low;
        while (high + 1 < m_before.height && isOpen(high + 1))
            ++high;
        for (int y = low; y <= high; ++y) {
            const std::size_t index = column + static_cast<std::size_t>(y);
            open[index] = 0;
            (*m_now)[index] = blended((*m_before.values)[index], 1);
        }
        area |= QRect(seed.x(), low, 1, high - low + 1);
        for (const int x : {seed.x() - 1, seed.x() + 1}) {
            if (x < 0 || x >= m_before.width) continue;
            const std::size_t beside = m_before.indexOf(x, 0);
            bool inRun = false;
            for (int y = low; y <= high; ++y) {
                const bool now = open[beside + static_cast<std::size_t>(y)] != 0;
                if (now && !inRun) seeds.emplace_back(x, y);
                inRun = now;
            }
        }
    }
    return area;
}

std::vector<float> BrushStroke::cut(const std::vector<float>& values, const QRect& area) const {
    std::vector<float> part;
    part.reserve(static_cast<std::size_t>(area.width()) * static_cast<std::size_t>(area.height()));
    for (int x = area.left(); x <= area.right(); ++x) {
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(m_before.indexOf(x, area.top()));
        part.insert(part.end(), first, first + area.height());
    }
    return part;
}

MapPatch BrushStroke::patch() const {
    QRect differing;
    for (int x = m_touched.left(); x <= m_touched.right(); ++x) {
        for (int y = m_touched.top(); y <= m_touched.bottom(); ++y) {
            const std::size_t index = m_before.indexOf(x, y);
            // Bit for bit, since NaN differs from itself.
            if (std::memcmp(&(*m_before.values)[index], &(*m_now)[index], sizeof(float)) != 0)
                differing |= QRect(x, y, 1, 1);
        }
    }
    if (differing.isEmpty()) return {m_layer, {}, {}, {}, {}};
    return {m_layer, differing, cut(*m_before.values, differing), cut(*m_now, differing),
            strokeText(m_layer, m_shape)};
}

HeatMapData patched(const HeatMapData& map, const MapPatch& patch) {
    const auto cells = static_cast<std::size_t>(std::max(0, patch.area.width())) *
                       static_cast<std::size_t>(std::max(0, patch.area.height()));
    if (!map.isPresent() || cells == 0 || patch.after.size() != cells || !map.cells().contains(patch.area))
        return map;
    auto values = std::make_shared<std::vector<float>>(*map.values);
    auto from = patch.after.begin();
    for (int x = patch.area.left(); x <= patch.area.right(); ++x, from += patch.area.height()) {
        const auto to = values->begin() + static_cast<std::ptrdiff_t>(map.indexOf(x, patch.area.top()));
        std::copy_n(from, patch.area.height(), to);
    }
    return {std::move(values), map.width, map.height, map.unit};
}

} // namespace headroom::widgets
