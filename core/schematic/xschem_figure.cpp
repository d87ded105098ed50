#include "core/schematic/xschem_figure.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace headroom::schematic {
namespace {

/// Takes places of a sheet back to the symbol's own plane.
class LocalPlane {
public:
    LocalPlane(const Symbol& symbol, bool inSymbol)
        : m_origin(inSymbol ? symbol.at : Point{})
        , m_orientation(inSymbol ? symbol.orientation : Orientation{}) {}

    Point of(Point p) const {
        p = {p.x - m_origin.x, p.y - m_origin.y};
        for (int i = 0; i < (m_orientation.quarterTurns & 3); ++i)
            p = {p.y, -p.x};
        if (m_orientation.mirrored) p.x = -p.x;
        return p;
    }
    double angle(const netlist::Arc& arc) const {
        double start = arc.startAngle + 90.0 * m_orientation.quarterTurns;
        if (m_orientation.mirrored) start = 180 - start - arc.spanAngle;
        start = std::fmod(start, 360);
        return start < 0 ? start + 360 : start;
    }

private:
    Point m_origin;
    Orientation m_orientation;
};

std::string numbers(std::initializer_list<double> values) {
    std::string text;
    for (const double value : values)
        text += fmt::format(" {}", std::round(value * 100) / 100 + 0.0);
    return text;
}

std::string record(const netlist::Shape& shape, const LocalPlane& plane) {
    const auto unit = [&](Point p) {
        const Point local = plane.of(p);
        return Point{xschemUnit(local.x), xschemUnit(local.y)};
    };
    if (const auto* box = std::get_if<netlist::Rectangle>(&shape)) {
        const Point a = unit(box->from), b = unit(box->to);
        return "B 4" +
               numbers({std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)}) +
               (box->filled ? " {fill=true}\n" : " {fill=false}\n");
    }
    if (const auto* arc = std::get_if<netlist::Arc>(&shape)) {
        const Point centre = unit(arc->centre);
        return "A 4" +
               numbers({centre.x, centre.y, arc->radius * kXschemUnits, plane.angle(*arc), arc->spanAngle}) +
               (arc->filled ? " {fill=true}\n" : " {}\n");
    }
    const auto& line = std::get<netlist::Polyline>(shape);
    std::string text;
    if (line.filled) {
        text = fmt::format("P 4 {}", line.points.size() + 1);
        for (std::size_t i = 0; i <= line.points.size(); ++i) {
            const Point p = unit(line.points[i % line.points.size()]);
            text += numbers({p.x, p.y});
        }
        return text + " {fill=true}\n";
    }
    for (std::size_t i = 1; i < line.points.size(); ++i) {
        const Point a = unit(line.points[i - 1]), b = unit(line.points[i]);
        text += "L 4" + numbers({a.x, a.y, b.x, b.y}) + " {}\n";
    }
    return text;
}

} // namespace

double xschemUnit(double coordinate) {
    return std::round(coordinate * kXschemUnits * 100) / 100 + 0.0;
}

std::string xschemValue(const std::string& value) {
    std::string escaped;
    bool quoted = value.empty();
    for (const char c : value) {
        if (c == '{' || c == '}' || c == '\\') escaped += '\\';
        if (c == '"') {
            escaped += "\\\\";
            quoted = true;
        }
        if (c == ' ' || c == '=' || c == '\'' || c == '\t' || c == '\n') quoted = true;
        escaped += c;
    }
    return quoted ? "\"" + escaped + "\"" : escaped;
}

std::string xschemFigure(const Symbol& symbol, bool inSymbol) {
    const LocalPlane plane(symbol, inSymbol);
    std::string text;
    for (const netlist::Shape& shape : symbol.shapes)
        text += record(shape, plane);
    return text;
}

std::string xschemPin(const Symbol& symbol, const std::string& name, Point at) {
    const Point local = LocalPlane(symbol, true).of(at);
    const double x = xschemUnit(local.x), y = xschemUnit(local.y);
    return "B 5" + numbers({x - 2.5, y - 2.5, x + 2.5, y + 2.5}) +
           fmt::format(" {{name={} dir=inout}}\n", name);
}

} // namespace headroom::schematic
