#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// Collects shapes and writes them as one SVG 1.1 document. Lengths are user units (CSS pixels), y down.
class SvgDocument {
public:
    SvgDocument(double width, double height);

    enum class Anchor { Start, Middle, End };
    struct Point {
        double x = 0, y = 0;
    };

    void rectangle(double x, double y, double width, double height, std::string_view fill,
                   std::string_view stroke = "none");
    void line(double x1, double y1, double x2, double y2, std::string_view stroke, double strokeWidth = 1,
              bool dashed = false);
    void polygon(const std::vector<Point>& points, std::string_view fill, std::string_view stroke = "none");
    void text(double x, double y, std::string_view text, double size, Anchor anchor = Anchor::Start,
              std::string_view fill = "#222222", bool bold = false);
    /// A five-pointed star around (x, y).
    void star(double x, double y, double radius, std::string_view fill);

    std::string toString() const;

private:
    double m_width, m_height;
    std::string m_body;
};

} // namespace headroom
