#include "core/base/svg.h"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace headroom {
namespace {

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

const char* anchorName(SvgDocument::Anchor anchor) {
    switch (anchor) {
    case SvgDocument::Anchor::Start:
        return "start";
    case SvgDocument::Anchor::Middle:
        return "middle";
    case SvgDocument::Anchor::End:
        return "end";
    }
    return "start";
}

} // namespace

SvgDocument::SvgDocument(double width, double height, std::string background)
    : m_width(width)
    , m_height(height)
    , m_background(std::move(background)) {}

void SvgDocument::rectangle(double x, double y, double width, double height, std::string_view fill,
                            std::string_view stroke) {
    m_body += fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\" "
                          "stroke=\"{}\"/>\n",
                          x, y, width, height, fill, stroke);
}

void SvgDocument::line(double x1, double y1, double x2, double y2, std::string_view stroke,
                       double strokeWidth, bool dashed) {
    m_body += fmt::format("<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" stroke=\"{}\" "
                          "stroke-width=\"{:.2f}\"{}/>\n",
                          x1, y1, x2, y2, stroke, strokeWidth, dashed ? " stroke-dasharray=\"4 3\"" : "");
}

void SvgDocument::polygon(const std::vector<Point>& points, std::string_view fill, std::string_view stroke) {
    m_body += "<polygon points=\"";
    for (const Point& point : points)
        m_body += fmt::format("{:.2f},{:.2f} ", point.x, point.y);
    m_body += fmt::format("\" fill=\"{}\" stroke=\"{}\"/>\n", fill, stroke);
}

void SvgDocument::polyline(const std::vector<Point>& points, std::string_view fill, std::string_view stroke,
                           double strokeWidth) {
    m_body += fill == "none" ? "<polyline points=\"" : "<polygon points=\"";
    for (const Point& point : points)
        m_body += fmt::format("{:.2f},{:.2f} ", point.x, point.y);
    m_body += fmt::format("\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{:.2f}\" stroke-linejoin=\"round\" "
                          "stroke-linecap=\"round\"/>\n",
                          fill, stroke, strokeWidth);
}

void SvgDocument::arc(Point centre, double radius, double startAngle, double spanAngle, std::string_view fill,
                      std::string_view stroke, double strokeWidth) {
    if (std::abs(spanAngle) >= 360) {
        m_body += fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"{}\" stroke=\"{}\" "
                              "stroke-width=\"{:.2f}\"/>\n",
                              centre.x, centre.y, radius, fill, stroke, strokeWidth);
        return;
    }
    const auto at = [&](double degrees) {
        const double angle = degrees * std::numbers::pi / 180;
        return Point{centre.x + radius * std::cos(angle), centre.y - radius * std::sin(angle)};
    };
    const Point from = at(startAngle), to = at(startAngle + spanAngle);
    m_body += fmt::format("<path d=\"M{:.2f},{:.2f} A{:.2f},{:.2f} 0 {} {} {:.2f},{:.2f}\" fill=\"{}\" "
                          "stroke=\"{}\" stroke-width=\"{:.2f}\"/>\n",
                          from.x, from.y, radius, radius, std::abs(spanAngle) > 180 ? 1 : 0,
                          spanAngle > 0 ? 0 : 1, to.x, to.y, fill, stroke, strokeWidth);
}

void SvgDocument::beginGroup(std::string_view cssClass, std::string_view title) {
    m_body += fmt::format("<g class=\"{}\"><title>{}</title>\n", escaped(cssClass), escaped(title));
}

void SvgDocument::endGroup() {
    m_body += "</g>\n";
}

void SvgDocument::text(double x, double y, std::string_view text, double size, Anchor anchor,
                       std::string_view fill, bool bold) {
    m_body +=
        fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.1f}\" text-anchor=\"{}\" fill=\"{}\"{}>{}"
                    "</text>\n",
                    x, y, size, anchorName(anchor), fill, bold ? " font-weight=\"bold\"" : "", escaped(text));
}

void SvgDocument::star(double x, double y, double radius, std::string_view fill) {
    std::vector<Point> points;
    for (int i = 0; i < 10; ++i) {
        const double r = i % 2 == 0 ? radius : 0.4 * radius;
        const double angle = -std::numbers::pi / 2 + i * std::numbers::pi / 5;
        points.push_back({x + r * std::cos(angle), y + r * std::sin(angle)});
    }
    polygon(points, fill);
}

std::string SvgDocument::toString() const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"{3}\"/>\n{2}</svg>\n",
        m_width, m_height, m_body, m_background);
}

} // namespace headroom
