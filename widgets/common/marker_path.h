#pragma once

#include <QPainterPath>

namespace headroom::widgets {

enum class MarkerShape { Star, Diamond, Disc };

/// A marker around the origin.
QPainterPath markerPath(MarkerShape shape, double radius);

} // namespace headroom::widgets
