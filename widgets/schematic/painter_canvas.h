#pragma once

#include <QFont>

#include "core/schematic/canvas.h"

class QPainter;

namespace headroom::widgets {

/// Paints drawings with a QPainter whose transformation maps grid units to the device.
class PainterCanvas final : public schematic::Canvas {
public:
    /// @param scale pixels for each grid unit; text smaller than a few pixels is left out
    PainterCanvas(QPainter& painter, double scale);

    void shape(const netlist::Shape& shape, schematic::Colour colour, double width) override;
    void line(schematic::Point from, schematic::Point to, schematic::Colour colour, double width) override;
    void dot(schematic::Point centre, double radius, schematic::Colour colour) override;
    void text(const schematic::Text& text, schematic::Colour colour, bool bold) override;

private:
    QPainter& m_painter;
    double m_scale;
    QFont m_font;
};

/// The current theme's colours of a drawing.
schematic::Palette themePalette();

} // namespace headroom::widgets
