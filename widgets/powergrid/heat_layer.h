#pragma once

#include <QImage>
#include <QRect>

#include "widgets/powergrid/colour_scale.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

/// A map with its picture, which is coloured anew only where values have changed.
class HeatLayer {
public:
    explicit HeatLayer(bool isSigned = false);

    const HeatMapData& data() const { return m_data; }
    const DisplaySettings& display() const { return m_display; }
    const ColourScale& scale() const { return m_scale; }
    const ValueRange& range() const { return m_range; }
    bool isPresent() const { return m_data.isPresent(); }
    /// One pixel per cell, the highest y on top. Colours what is out of date.
    const QImage& image();

    /// @param changed cells that differ from the map before; null: all  @return whether the scale has
    /// changed, so that all looks different
    bool setData(HeatMapData data, const QRect& changed = {});
    void setDisplay(const DisplaySettings& display);
    /// Colours by another layer's scale; see setDisplay() for the way back.
    void setScale(const ColourScale& scale);
    /// A fitted range covers these values too: of what is shown beside the layer in its colours.
    void fitWith(const ValueRange& others);
    /// While live, a fitted range only grows, so that colours stand still under the brush.
    void setLive(bool live);

private:
    bool fitScale();

    HeatMapData m_data;
    DisplaySettings m_display;
    ColourScale m_scale;
    ValueRange m_range, m_others;
    QImage m_image;
    QRect m_stale;
    bool m_isSigned;
    bool m_isLive = false;
};

} // namespace headroom::widgets
