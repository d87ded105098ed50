#pragma once

#include <QImage>
#include <QRect>

#include "widgets/powergrid/colour_scale.h"
#include "widgets/powergrid/map_digest.h"

namespace headroom::widgets {

/// A map with its picture, which is coloured anew only where values have changed, and only where it is seen.
class HeatLayer {
public:
    explicit HeatLayer(bool isSigned = false);

    const HeatMapData& data() const { return m_data; }
    const DisplaySettings& display() const { return m_display; }
    const ColourScale& scale() const { return m_scale; }
    const ValueRange& range() const { return m_range; }
    bool isPresent() const { return m_data.isPresent(); }
    /// The map with so many cells as one that these are about a pixel of the screen; the map itself where it
    /// is magnified, or has no digest. @param scale pixels of the screen per cell
    struct Detail {
        const HeatMapData* map;
        int step; ///< cells along the side of one of the map's
    };
    Detail detailFor(double scale) const;

    /// detailFor() with one pixel per cell, the highest y on top. Colours what is out of date.
    /// @param seen cells whose colours are needed; null: all
    const QImage& image(double scale = 1, const QRect& seen = {});

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
    ValueRange wholeRange() const;
    void makeStale(const QRect& cells);

    HeatMapData m_data;
    DisplaySettings m_display;
    ColourScale m_scale;
    ValueRange m_range, m_others;
    QImage m_image;
    int m_step = 1; ///< of m_image
    QRect m_stale;  ///< cells of m_image's map whose colours may be old ...
    QRect m_done;   ///< ... but for these
    bool m_isSigned;
    bool m_isLive = false, m_changedLive = false;
};

} // namespace headroom::widgets
