#include "widgets/powergrid/heat_layer.h"

#include <algorithm>

namespace headroom::widgets {

HeatLayer::HeatLayer(bool isSigned)
    : m_isSigned(isSigned) {
    if (isSigned) m_display.map = ColourMap::BlueRed;
    m_scale = scaleFor(m_display, m_range, m_isSigned);
}

bool HeatLayer::setData(HeatMapData data, const QRect& changed) {
    const bool sameSize = data.isPresent() && data.width == m_data.width && data.height == m_data.height;
    m_data = std::move(data);
    if (!m_data.isPresent()) m_data.values.reset();
    const bool hadHoles = m_range.hasHoles;
    if (m_isLive && sameSize && !m_range.isEmpty) {
        // What only grows needs to look at what is new; setLive() looks at everything in the end.
        const ValueRange now = rangeOf(m_data, changed.isNull() ? m_data.cells() : changed);
        m_range.hasHoles = now.hasHoles || (!changed.isNull() && hadHoles);
        if (!now.isEmpty) {
            m_range.low = std::min(m_range.low, now.low);
            m_range.high = std::max(m_range.high, now.high);
            if (now.smallestPositive > 0 &&
                (m_range.smallestPositive == 0 || now.smallestPositive < m_range.smallestPositive))
                m_range.smallestPositive = now.smallestPositive;
        }
    } else {
        m_range = rangeOf(m_data);
    }
    const bool scaled = fitScale();
    const bool all = changed.isNull() || !sameSize || scaled || hadHoles != m_range.hasHoles;
    m_stale = all ? m_data.cells() : m_stale | (changed & m_data.cells());
    return scaled || !sameSize;
}

void HeatLayer::setDisplay(const DisplaySettings& display) {
    m_display = display;
    if (fitScale()) m_stale = m_data.cells();
}

void HeatLayer::setScale(const ColourScale& scale) {
    if (scale == m_scale) return;
    m_scale = scale;
    m_stale = m_data.cells();
}

void HeatLayer::setLive(bool live) {
    if (m_isLive == live) return;
    m_isLive = live;
    if (live) return;
    m_range = rangeOf(m_data);
    if (fitScale()) m_stale = m_data.cells();
}

void HeatLayer::fitWith(const ValueRange& others) {
    m_others = others;
    if (fitScale()) m_stale = m_data.cells();
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

const QImage& HeatLayer::image() {
    if (!m_data.isPresent()) {
        m_image = {};
        return m_image;
    }
    // Opaque pictures are drawn faster.
    const QImage::Format format =
        m_range.hasHoles ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32;
    if (m_image.size() != QSize(m_data.width, m_data.height) || m_image.format() != format) {
        m_image = QImage(m_data.width, m_data.height, format);
        m_stale = m_data.cells();
    }
    if (!m_stale.isEmpty()) m_scale.paint(m_data, m_stale, m_image);
    m_stale = {};
    return m_image;
}

} // namespace headroom::widgets
