#include "core/schematic/fitted_figure.h"

#include <algorithm>
#include <cmath>

#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

using netlist::Arc;
using netlist::Polyline;
using netlist::Rectangle;
using netlist::Shape;

constexpr double kClose = 1e-6;
constexpr double kLeastLength = 1;
constexpr double kLeastHeight = 0.5;
/// Of our two-terminal figures, from pin to pin.
constexpr double kFigureLength = 6;
constexpr double kLargestScale = 1.2;

Point operator+(Point a, Point b) {
    return {a.x + b.x, a.y + b.y};
}
Point operator-(Point a, Point b) {
    return {a.x - b.x, a.y - b.y};
}
Point operator*(double factor, Point a) {
    return {factor * a.x, factor * a.y};
}
double dot(Point a, Point b) {
    return a.x * b.x + a.y * b.y;
}
double length(Point a) {
    return std::hypot(a.x, a.y);
}

/// An affine map of the figure's plane.
struct Map {
    Point origin, alongX, alongY;

    Point of(Point p) const { return origin + p.x * alongX + p.y * alongY; }
    Shape of(const Shape& shape) const {
        if (const auto* polyline = std::get_if<Polyline>(&shape)) {
            Polyline result{{}, polyline->filled};
            for (const Point& point : polyline->points)
                result.points.push_back(of(point));
            return result;
        }
        if (const auto* box = std::get_if<Rectangle>(&shape)) {
            // Turned by any angle it is no rectangle of the sheet's axes any more.
            return Polyline{{of(box->from), of({box->to.x, box->from.y}), of(box->to),
                             of({box->from.x, box->to.y}), of(box->from)},
                            box->filled};
        }
        Arc arc = std::get<Arc>(shape);
        arc.centre = of(arc.centre);
        arc.radius *= std::sqrt(length(alongX) * length(alongY));
        const bool mirrored = alongX.x * alongY.y - alongX.y * alongY.x < 0;
        const double turn = std::atan2(-alongX.y, alongX.x) * 180 / 3.14159265358979323846;
        arc.startAngle = mirrored ? turn - arc.startAngle - arc.spanAngle : turn + arc.startAngle;
        return arc;
    }
};

void lead(std::vector<Shape>& shapes, std::vector<Point> points) {
    points.erase(
        std::unique(points.begin(), points.end(), [](Point a, Point b) { return length(a - b) < kClose; }),
        points.end());
    if (points.size() > 1) shapes.emplace_back(Polyline{std::move(points), false});
}

std::vector<Shape> twoTerminal(SymbolKind kind, Point from, Point to) {
    const double distance = length(to - from);
    if (distance < kLeastLength) return {};
    const auto places = pinPlaces(kind, 2);
    const Point axis = (1 / distance) * (to - from);
    const Point figureAxis = (1 / length(places[1] - places[0])) * (places[1] - places[0]);
    const double scale = std::min(kLargestScale, distance / kFigureLength);
    // Turns the figure's axis onto the author's.
    const double c = scale * dot(axis, figureAxis);
    const double s = scale * (figureAxis.x * axis.y - figureAxis.y * axis.x);
    Map map{{0, 0}, {c, s}, {-s, c}};
    map.origin = 0.5 * (from + to) - map.of(0.5 * (places[0] + places[1]));
    std::vector<Shape> shapes;
    for (const Shape& shape : figureOf(kind, BulkStyle::Hidden, 2))
        shapes.push_back(map.of(shape));
    lead(shapes, {from, map.of(places[0])});
    lead(shapes, {map.of(places[1]), to});
    return shapes;
}

/// Two pins at the ends of a channel and one, the control, beside it.
std::vector<Shape> transistor(SymbolKind kind, const std::vector<Pin>& pins) {
    const auto places = pinPlaces(kind, pins.size());
    const Point first = pins[0].at, control = pins[1].at, last = pins[2].at;
    const double span = length(last - first);
    if (span < kLeastLength) return {};
    const Point axis = (1 / span) * (last - first);
    const double along = dot(control - first, axis);
    const Point beside = control - (first + along * axis);
    if (length(beside) < kLeastHeight) return {};

    Map map;
    map.alongY = (span / (places[2].y - places[0].y)) * axis;
    map.alongX = (1 / (places[1].x - places[0].x)) * beside;
    map.origin = first - (places[0].x * map.alongX + places[0].y * map.alongY);
    const bool hasBulk = pins.size() > 3 && places.size() > 3;
    std::vector<Shape> shapes;
    for (const Shape& shape : figureOf(kind, hasBulk ? BulkStyle::Pin : BulkStyle::Hidden, pins.size()))
        shapes.push_back(map.of(shape));
    lead(shapes, {control, map.of(places[1])});
    if (hasBulk) lead(shapes, {pins[3].at, map.of(places[3])});
    return shapes;
}

} // namespace

std::vector<Shape> fittedFigure(SymbolKind kind, const std::vector<Pin>& pins) {
    switch (kind) {
    case SymbolKind::Box:
        return {};
    case SymbolKind::Nmos:
    case SymbolKind::Pmos:
    case SymbolKind::Npn:
    case SymbolKind::Pnp:
        return pins.size() < 3 ? std::vector<Shape>{} : transistor(kind, pins);
    default:
        break;
    }
    if (pins.size() < 2 || pins.size() > 3) return {};
    std::vector<Shape> shapes = twoTerminal(kind, pins[0].at, pins[1].at);
    if (pins.size() == 3 && !shapes.empty()) {
        // The bulk's lead ends beside the body.
        constexpr double kBody = 0.9;
        const Point middle = 0.5 * (pins[0].at + pins[1].at);
        const Point out = pins[2].at - middle;
        if (length(out) > kBody) lead(shapes, {pins[2].at, middle + (kBody / length(out)) * out});
    }
    return shapes;
}

} // namespace headroom::schematic
