#pragma once

#include <cstdint>

#include "core/schematic/annotation.h"
#include "core/schematic/drawing.h"

namespace headroom::schematic {

using Colour = std::uint32_t; ///< 0xRRGGBB

/// Colours and line widths (grid units) of a drawing.
struct Palette {
    Colour background = 0xffffff;
    Colour symbol = 0x1f2d3d;
    Colour wire = 0x2f6f4f;
    Colour name = 0x1f2d3d;
    Colour value = 0x5b6770;
    Colour label = 0x8a4b08;
    Colour port = 0x1b4f9c;
    Colour rail = 0x7a1f2b;
    Colour note = 0x7a8288;
    Colour annotation = 0x1b4f9c;
    Colour saturation = 0x1b7f4b;
    Colour triode = 0xb3261e;
    Colour subthreshold = 0x8a6d00;
    Colour off = 0x7a8288;
    Colour toleranceAlone = 0x2f6fb0;
    Colour toleranceTogether = 0xc46a1b;
    double symbolWidth = 0.14;
    double wireWidth = 0.11;
    double dotRadius = 0.22;

    Colour of(Region region) const;
};

/// What a drawing is painted on. Coordinates and sizes are grid units.
class Canvas {
public:
    virtual ~Canvas() = default;
    virtual void shape(const netlist::Shape& shape, Colour colour, double width) = 0;
    virtual void line(Point from, Point to, Colour colour, double width) = 0;
    virtual void dot(Point centre, double radius, Colour colour) = 0;
    virtual void text(const Text& text, Colour colour, bool bold) = 0;
    /// Around everything that belongs to one symbol.
    virtual void beginSymbol(const Symbol& symbol) { static_cast<void>(symbol); }
    virtual void endSymbol() {}
};

/// Paints a drawing, wires first.
void paint(const Drawing& drawing, const Palette& palette, Canvas& canvas);
void paint(const std::vector<PlacedAnnotation>& annotation, const Palette& palette, Canvas& canvas);

/// A tolerance bar: a thick line for what is allowed alone, a thin one for what is allowed together, a tick
/// at 1.
void paintBar(const PlacedBar& bar, const Palette& palette, Canvas& canvas);

/// The parts of a drawing, for views that highlight some of them.
void paintSymbol(const Symbol& symbol, const Palette& palette, Canvas& canvas);
void paintRail(const RailSymbol& rail, const Palette& palette, Canvas& canvas);
void paintPort(const PortFlag& port, const Palette& palette, Canvas& canvas);

} // namespace headroom::schematic
