#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/base/svg.h"
#include "core/schematic/export.h"

namespace headroom::schematic {
namespace {

constexpr double kPixels = 10; // for each grid unit
constexpr double kMargin = 2;

std::string colourText(Colour colour) {
    return fmt::format("#{:06x}", colour & 0xffffffU);
}

class SvgCanvas final : public Canvas {
public:
    explicit SvgCanvas(const Box& bounds, Colour background)
        : m_origin(bounds.from)
        , m_document(bounds.width() * kPixels, bounds.height() * kPixels, colourText(background)) {}

    std::string toString() const { return m_document.toString(); }

    void shape(const netlist::Shape& shape, Colour colour, double width) override {
        const std::string ink = colourText(colour);
        if (const auto* polyline = std::get_if<netlist::Polyline>(&shape)) {
            std::vector<SvgDocument::Point> points;
            for (const Point& point : polyline->points)
                points.push_back(at(point));
            m_document.polyline(points, polyline->filled ? ink : "none", ink, width * kPixels);
        } else if (const auto* rectangle = std::get_if<netlist::Rectangle>(&shape)) {
            const auto from = at(rectangle->from), to = at(rectangle->to);
            m_document.polyline({from, {to.x, from.y}, to, {from.x, to.y}, from},
                                rectangle->filled ? ink : "none", ink, width * kPixels);
        } else {
            const auto& arc = std::get<netlist::Arc>(shape);
            m_document.arc(at(arc.centre), arc.radius * kPixels, arc.startAngle, arc.spanAngle,
                           arc.filled ? ink : "none", ink, width * kPixels);
        }
    }

    void line(Point from, Point to, Colour colour, double width) override {
        m_document.polyline({at(from), at(to)}, "none", colourText(colour), width * kPixels);
    }

    void dot(Point centre, double radius, Colour colour) override {
        m_document.arc(at(centre), radius * kPixels, 0, 360, colourText(colour), "none", 0);
    }

    void text(const Text& text, Colour colour, bool bold) override {
        const auto anchor = text.anchor == Anchor::Start    ? SvgDocument::Anchor::Start
                            : text.anchor == Anchor::Middle ? SvgDocument::Anchor::Middle
                                                            : SvgDocument::Anchor::End;
        const auto place = at(text.at);
        m_document.text(place.x, place.y, text.text, text.size * kPixels, anchor, colourText(colour), bold);
    }

    void beginSymbol(const Symbol& symbol) override {
        m_document.beginGroup(std::string("device ") + schematic::toString(symbol.kind), symbol.name);
    }
    void endSymbol() override { m_document.endGroup(); }

private:
    SvgDocument::Point at(Point point) const {
        return {(point.x - m_origin.x) * kPixels, (point.y - m_origin.y) * kPixels};
    }

    Point m_origin;
    SvgDocument m_document;
};

} // namespace

std::string writeSvg(const Drawing& drawing, const Annotation& annotation, const Palette& palette,
                     const FunctionShading& shading) {
    const auto placed = placeAnnotation(drawing, annotation);
    Box bounds = drawing.bounds();
    if (!shading.empty()) bounds = bounds.united(shading.bounds());
    SvgCanvas canvas(bounds.grown(kMargin), palette.background);
    paint(shading, palette, canvas);
    paint(drawing, palette, canvas);
    paint(placed, palette, canvas);
    return canvas.toString();
}

} // namespace headroom::schematic
