#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// Collects shapes and writes them as one SVG 1.1 document. Lengths are user units (CSS pixels), y down.
class SvgDocument {
public:
    SvgDocument(double width, double height, std::string background = "#ffffff");

    enum class Anchor { Start, Middle, End };
    struct Point {
        double x = 0, y = 0;
    };

    void rectangle(double x, double y, double width, double height, std::string_view fill,
                   std::string_view stroke = "none");
    void line(double x1, double y1, double x2, double y2, std::string_view stroke, double strokeWidth = 1,
              bool dashed = false);
    void polygon(const std::vector<Point>& points, std::string_view fill, std::string_view stroke = "none");
    /// Straight pieces with round joints; filled as a closed polygon unless @p fill is "none".
    void polyline(const std::vector<Point>& points, std::string_view fill, std::string_view stroke,
                  double strokeWidth);
    /// Part of a circle from @p startAngle over @p spanAngle, degrees, counter-clockwise as seen, 0 to the
    /// right. A span of 360 is the whole circle.
    void arc(Point centre, double radius, double startAngle, double spanAngle, std::string_view fill,
             std::string_view stroke, double strokeWidth);
    /// What follows up to endGroup() is one group with a class and a title, which viewers show as a tool
    /// tip.
    void beginGroup(std::string_view cssClass, std::string_view title);
    void endGroup();
    void text(double x, double y, std::string_view text, double size, Anchor anchor = Anchor::Start,
              std::string_view fill = "#222222", bool bold = false);
    /// A five-pointed star around (x, y).
    void star(double x, double y, double radius, std::string_view fill);

    std::string toString() const;

private:
    double m_width, m_height;
    std::string m_background;
    std::string m_body;
};

} // namespace headroom
