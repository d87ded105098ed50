#include "widgets/common/marker_path.h"

#include <QPolygonF>

#include <cmath>
#include <numbers>

namespace headroom::widgets {

QPainterPath markerPath(MarkerShape shape, double radius) {
    QPainterPath path;
    switch (shape) {
    case MarkerShape::Disc:
        path.addEllipse(QPointF(0, 0), radius * 0.75, radius * 0.75);
        break;
    case MarkerShape::Diamond:
        path.addPolygon(
            QPolygonF{{0, -radius}, {radius * 0.8, 0}, {0, radius}, {-radius * 0.8, 0}, {0, -radius}});
        break;
    case MarkerShape::Star:
        QPolygonF star;
        for (int point = 0; point <= 10; ++point) {
            const double angle = std::numbers::pi * (point / 5.0 - 0.5);
            const double r = point % 2 == 0 ? radius : radius * 0.45;
            star << QPointF(r * std::cos(angle), r * std::sin(angle));
        }
        path.addPolygon(star);
        break;
    }
    return path;
}

} // namespace headroom::widgets
