#include <memory>
#include <numbers>

#include <cairo-pdf.h>
#include <cairo.h>

#include "core/schematic/export.h"

namespace headroom::schematic {
namespace {

constexpr double kPoints = 7; // for each grid unit: a line of text is some 2.5 mm high
constexpr double kMargin = 3;
constexpr double kLargestPage = 14400; // points; what PDF readers take

class PdfCanvas final : public Canvas {
public:
    explicit PdfCanvas(cairo_t* cairo)
        : m_cairo(cairo) {
        cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    }

    void shape(const netlist::Shape& shape, Colour colour, double width) override {
        bool filled = false;
        cairo_new_path(m_cairo);
        if (const auto* polyline = std::get_if<netlist::Polyline>(&shape)) {
            filled = polyline->filled;
            for (const Point& point : polyline->points)
                cairo_line_to(m_cairo, point.x, point.y);
            if (filled) cairo_close_path(m_cairo);
        } else if (const auto* rectangle = std::get_if<netlist::Rectangle>(&shape)) {
            filled = rectangle->filled;
            cairo_rectangle(m_cairo, rectangle->from.x, rectangle->from.y,
                            rectangle->to.x - rectangle->from.x, rectangle->to.y - rectangle->from.y);
        } else {
            const auto& arc = std::get<netlist::Arc>(shape);
            filled = arc.filled;
            // Cairo's angles grow clockwise on the page.
            const double radian = std::numbers::pi / 180;
            cairo_arc_negative(m_cairo, arc.centre.x, arc.centre.y, arc.radius, -arc.startAngle * radian,
                               -(arc.startAngle + arc.spanAngle) * radian);
        }
        ink(colour);
        if (filled) cairo_fill_preserve(m_cairo);
        cairo_set_line_width(m_cairo, width);
        cairo_stroke(m_cairo);
    }

    void line(Point from, Point to, Colour colour, double width) override {
        cairo_new_path(m_cairo);
        cairo_move_to(m_cairo, from.x, from.y);
        cairo_line_to(m_cairo, to.x, to.y);
        ink(colour);
        cairo_set_line_width(m_cairo, width);
        cairo_stroke(m_cairo);
    }

    void dot(Point centre, double radius, Colour colour) override {
        cairo_new_path(m_cairo);
        cairo_arc(m_cairo, centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
        ink(colour);
        cairo_fill(m_cairo);
    }

    void text(const Text& text, Colour colour, bool bold) override {
        cairo_select_font_face(m_cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                               bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
        cairo_set_font_size(m_cairo, text.size);
        cairo_text_extents_t extents;
        cairo_text_extents(m_cairo, text.text.c_str(), &extents);
        double x = text.at.x;
        if (text.anchor == Anchor::Middle) x -= extents.x_advance / 2;
        if (text.anchor == Anchor::End) x -= extents.x_advance;
        ink(colour);
        cairo_move_to(m_cairo, x, text.at.y);
        cairo_show_text(m_cairo, text.text.c_str());
    }

private:
    void ink(Colour colour) {
        cairo_set_source_rgb(m_cairo, ((colour >> 16U) & 0xffU) / 255.0, ((colour >> 8U) & 0xffU) / 255.0,
                             (colour & 0xffU) / 255.0);
    }

    cairo_t* m_cairo;
};

cairo_status_t append(void* target, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(target)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

} // namespace

Result<std::string> writePdf(const Drawing& drawing, const Annotation& annotation, const Palette& palette,
                             const FunctionShading& shading) {
    Box bounds = drawing.bounds();
    if (!shading.empty()) bounds = bounds.united(shading.bounds());
    bounds = bounds.grown(kMargin);
    const double scale = std::min(kPoints, kLargestPage / std::max({bounds.width(), bounds.height(), 1.0}));
    std::string pdf;
    const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface(
        cairo_pdf_surface_create_for_stream(append, &pdf, bounds.width() * scale, bounds.height() * scale),
        cairo_surface_destroy);
    const std::unique_ptr<cairo_t, void (*)(cairo_t*)> cairo(cairo_create(surface.get()), cairo_destroy);
    cairo_scale(cairo.get(), scale, scale);
    cairo_translate(cairo.get(), -bounds.from.x, -bounds.from.y);
    PdfCanvas canvas(cairo.get());
    paint(shading, palette, canvas);
    paint(drawing, palette, canvas);
    paint(placeAnnotation(drawing, annotation), palette, canvas);
    cairo_show_page(cairo.get());
    cairo_surface_finish(surface.get());
    if (const auto status = cairo_status(cairo.get()); status != CAIRO_STATUS_SUCCESS)
        return fail(ErrorCode::Internal, "The PDF could not be made.", cairo_status_to_string(status));
    return pdf;
}

} // namespace headroom::schematic
