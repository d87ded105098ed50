#include "core/schematic/canvas.h"

namespace headroom::schematic {

Colour Palette::of(Region region) const {
    switch (region) {
    case Region::Off:
        return off;
    case Region::Triode:
        return triode;
    case Region::Saturation:
        return saturation;
    case Region::Subthreshold:
        return subthreshold;
    case Region::Unknown:
        break;
    }
    return annotation;
}

void paintSymbol(const Symbol& symbol, const Palette& palette, Canvas& canvas) {
    canvas.beginSymbol(symbol);
    for (const netlist::Shape& shape : symbol.shapes)
        canvas.shape(shape, palette.symbol, palette.symbolWidth);
    for (std::size_t i = 0; i < symbol.texts.size(); ++i)
        canvas.text(symbol.texts[i], i == 0 ? palette.name : palette.value, false);
    for (const Text& text : symbol.pinTexts)
        canvas.text(text, palette.value, false);
    canvas.endSymbol();
}

void paintRail(const RailSymbol& rail, const Palette& palette, Canvas& canvas) {
    const auto line = [&](Point from, Point to) {
        canvas.line({rail.at.x + from.x, rail.at.y + from.y}, {rail.at.x + to.x, rail.at.y + to.y},
                    palette.rail, palette.symbolWidth);
    };
    if (rail.positive) {
        line({0, 0}, {0, -1});
        line({-1, -1}, {1, -1});
    } else {
        line({0, 0}, {0, 0.4});
        line({-1, 0.4}, {1, 0.4});
        line({-0.6, 0.7}, {0.6, 0.7});
        line({-0.2, 1}, {0.2, 1});
    }
    canvas.text(rail.text, palette.rail, false);
}

void paintPort(const PortFlag& port, const Palette& palette, Canvas& canvas) {
    const Box box = port.text.box().grown(kFlagMargin);
    netlist::Polyline outline;
    // A flag with its tip where the wire starts.
    switch (port.side) {
    case Side::Right:
        outline.points = {port.at,
                          {box.from.x, box.from.y},
                          {box.to.x, box.from.y},
                          {box.to.x, box.to.y},
                          {box.from.x, box.to.y},
                          port.at};
        break;
    case Side::Left:
        outline.points = {port.at,
                          {box.to.x, box.from.y},
                          {box.from.x, box.from.y},
                          {box.from.x, box.to.y},
                          {box.to.x, box.to.y},
                          port.at};
        break;
    case Side::Up:
    case Side::Down: {
        const double near = port.side == Side::Up ? box.to.y : box.from.y;
        const double far = port.side == Side::Up ? box.from.y : box.to.y;
        outline.points = {port.at,         {box.from.x, near}, {box.from.x, far},
                          {box.to.x, far}, {box.to.x, near},   port.at};
        break;
    }
    }
    canvas.shape(outline, palette.port, palette.wireWidth);
    canvas.text(port.text, palette.port, true);
}

void paint(const Drawing& drawing, const Palette& palette, Canvas& canvas) {
    for (const Wire& wire : drawing.wires)
        canvas.line(wire.from, wire.to, palette.wire, palette.wireWidth);
    for (const Junction& junction : drawing.junctions)
        canvas.dot(junction.at, palette.dotRadius, palette.wire);
    for (const Symbol& symbol : drawing.symbols)
        paintSymbol(symbol, palette, canvas);
    for (const RailSymbol& rail : drawing.rails)
        paintRail(rail, palette, canvas);
    for (const NetLabel& label : drawing.labels)
        canvas.text(label.text, palette.label, false);
    for (const PortFlag& port : drawing.ports)
        paintPort(port, palette, canvas);
    for (const Note& note : drawing.notes)
        canvas.text(note.text, palette.note, false);
}

void paint(const std::vector<PlacedAnnotation>& annotation, const Palette& palette, Canvas& canvas) {
    for (const PlacedAnnotation& placed : annotation) {
        if (placed.bar) {
            canvas.text(placed.text, palette.value, false);
            paintBar(*placed.bar, palette, canvas);
        } else {
            canvas.text(placed.text, palette.of(placed.region), false);
        }
    }
}

void paintBar(const PlacedBar& bar, const Palette& palette, Canvas& canvas) {
    constexpr double kThick = 0.34, kThin = 0.1, kTick = 0.32;
    const auto span = [&](double low, double high, Colour colour, double width) {
        canvas.line(bar.at(low), bar.at(high), colour, width);
    };
    span(1 / toleranceReach, toleranceReach, palette.off, kThin / 2);
    span(bar.bar.low, bar.bar.high, palette.toleranceAlone, kThick);
    // Over the thick one, so that both show where one is within the other.
    span(bar.bar.togetherLow, bar.bar.togetherHigh, palette.toleranceTogether, kThin);
    for (const double end : {bar.bar.togetherLow, bar.bar.togetherHigh}) {
        const Point at = bar.at(end);
        canvas.line({at.x, at.y - kTick}, {at.x, at.y + kTick}, palette.toleranceTogether, kThin);
    }
    const Point one = bar.at(1);
    canvas.line({one.x, one.y - kTick}, {one.x, one.y + kTick}, palette.symbol, kThin);
}

} // namespace headroom::schematic
