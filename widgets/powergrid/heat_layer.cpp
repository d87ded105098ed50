#include "widgets/powergrid/heat_layer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headroom::widgets {

HeatLayer::HeatLayer(bool isSigned)
    : m_isSigned(isSigned) {
    if (isSigned) m_display.map = ColourMap::BlueRed;
    m_scale = scaleFor(m_display, m_range, m_isSigned);
}

ValueRange HeatLayer::wholeRange() const {
    return m_data.digest ? m_data.digest->range : rangeOf(m_data);
}

bool HeatLayer::setData(HeatMapData data, const QRect& changed) {
    const bool sameSize = data.isPresent() && data.width == m_data.width && data.height == m_data.height;
    m_data = std::move(data);
    if (!m_data.isPresent()) m_data = {};
    const bool hadHoles = m_range.hasHoles;
    if (m_isLive && sameSize && !m_range.isEmpty) {
        // What only grows needs to look at what is new; setLive() looks at everything in the end.
        m_changedLive = true;
        const ValueRange now = changed.isNull() ? wholeRange() : rangeOf(m_data, changed);
        m_range.hasHoles = now.hasHoles || (!changed.isNull() && hadHoles);
        if (!now.isEmpty) {
            m_range.low = std::min(m_range.low, now.low);
            m_range.high = std::max(m_range.high, now.high);
            if (now.smallestPositive > 0 &&
                (m_range.smallestPositive == 0 || now.smallestPositive < m_range.smallestPositive))
                m_range.smallestPositive = now.smallestPositive;
        }
    } else {
        m_range = wholeRange();
    }
    const bool scaled = fitScale();
    const bool all = changed.isNull() || !sameSize || scaled || hadHoles != m_range.hasHoles;
    makeStale(all ? m_data.cells() : changed & m_data.cells());
    return scaled || !sameSize;
}

void HeatLayer::makeStale(const QRect& cells) {
    if (cells.isEmpty()) return;
    // Whole cells of a coarser picture.
    const QPoint low(cells.left() / m_step, cells.top() / m_step),
        high(cells.right() / m_step, cells.bottom() / m_step);
    m_stale |= QRect(low, high);
    m_done = {};
}

void HeatLayer::setDisplay(const DisplaySettings& display) {
    m_display = display;
    if (fitScale()) makeStale(m_data.cells());
}

void HeatLayer::setScale(const ColourScale& scale) {
    if (scale == m_scale) return;
    m_scale = scale;
    makeStale(m_data.cells());
}

void HeatLayer::setLive(bool live) {
    if (m_isLive == live) return;
    m_isLive = live;
    if (live || !std::exchange(m_changedLive, false)) return;
    m_range = wholeRange();
    if (fitScale()) makeStale(m_data.cells());
}

void HeatLayer::fitWith(const ValueRange& others) {
    m_others = others;
    if (fitScale()) makeStale(m_data.cells());
}

bool HeatLayer::fitScale() {
    const ColourScale before = m_scale;
    ValueRange range = m_range;
    if (range.isEmpty) {
        range = m_others;
    } else if (!m_others.isEmpty) {
        range.low = std::min(range.low, m_others.low);
        range.high = std::max(range.high, m_others.high);
        if (m_others.smallestPositive > 0 && range.smallestPositive > 0)
            range.smallestPositive = std::min(range.smallestPositive, m_others.smallestPositive);
    }
    m_scale = scaleFor(m_display, range, m_isSigned);
    return before != m_scale;
}

HeatLayer::Detail HeatLayer::detailFor(double scale) const {
    if (!m_data.digest || !(scale > 0) || scale >= 1) return {&m_data, 1};
    const auto& coarser = m_data.digest->coarser;
    const auto halvings = std::min<std::size_t>(
        coarser.size(), static_cast<std::size_t>(std::lround(std::log2(1 / std::max(scale, 1e-6)))));
    return halvings == 0 ? Detail{&m_data, 1} : Detail{&coarser[halvings - 1], 1 << halvings};
}

const QImage& HeatLayer::image(double scale, const QRect& seen) {
    if (!m_data.isPresent()) {
        m_image = {};
        return m_image;
    }
    const auto [map, step] = detailFor(scale);
    // Opaque pictures are drawn faster.
    const QImage::Format format =
        m_range.hasHoles ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32;
    if (m_image.size() != QSize(map->width, map->height) || m_image.format() != format || m_step != step) {
        m_image = QImage(map->width, map->height, format);
        m_step = step;
        m_stale = map->cells();
        m_done = {};
    }
    const QRect wanted = seen.isNull() ? map->cells()
                                       : QRect(QPoint(seen.left() / step, seen.top() / step),
                                               QPoint(seen.right() / step, seen.bottom() / step));
    const QRect part = m_stale & wanted;
    if (!part.isEmpty() && !m_done.contains(part)) {
        m_scale.paint(*map, part, m_image);
        m_done = part;
    }
    if (wanted.contains(m_stale)) m_stale = m_done = {};
    return m_image;
}

} // namespace headroom::widgets
