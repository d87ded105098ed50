#pragma once

#include <string>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/netlist/sheet.h"

namespace headroom::schematic {

using netlist::DeviceId;
using netlist::NetId;

/// A place on a drawing in grid units (the distance of two pins of a resistor is 6), x to the right, y
/// down. Placed drawings use whole numbers for pins and wires.
using Point = netlist::Point;

/// An upright box, `from` its upper left and `to` its lower right corner.
struct Box {
    Point from, to;

    double width() const { return to.x - from.x; }
    double height() const { return to.y - from.y; }
    Point centre() const { return {(from.x + to.x) / 2, (from.y + to.y) / 2}; }
    bool contains(Point point) const;
    /// The smallest box around both.
    Box united(const Box& other) const;
    Box grown(double margin) const;
    Box moved(double dx, double dy) const;
    /// Whether the inner areas meet; boxes that touch do not overlap.
    bool overlaps(const Box& other) const;
};

enum class SymbolKind {
    Nmos,
    Pmos,
    Npn,
    Pnp,
    Resistor,
    Capacitor,
    Inductor,
    Diode,
    VoltageSource,
    CurrentSource,
    Box, ///< a rectangle with named pins: whatever has no symbol of its own
};
const char* toString(SymbolKind kind); ///< "nmos", "resistor", ...

/// First mirrored left to right where `mirrored`, then turned clockwise, as netlist::SheetSymbol.
struct Orientation {
    int quarterTurns = 0; ///< 0 to 3; each turns (x, y) into (-y, x)
    bool mirrored = false;

    Point apply(Point local) const;
    bool operator==(const Orientation&) const = default;
};

enum class Anchor { Start, Middle, End };

/// One line of text. `at` is on the base line, at the start, middle or end of the text.
struct Text {
    std::string text;
    Point at;
    Anchor anchor = Anchor::Start;
    double size = 1; ///< height of the font in grid units

    /// Estimated from the widths of a common sans-serif font (DejaVu Sans, the widest one in use), so that
    /// what does not overlap here does not on any screen.
    Box box() const;
};
double textWidth(std::string_view text, double size);

/// How the bulk of a MOSFET is shown.
enum class BulkStyle {
    Hidden,       ///< on the rail of its polarity
    TiedToSource, ///< a short line to the source
    Pin,          ///< on a pin of its own
};

struct Pin {
    std::string name; ///< "d", "g", "s", "b", "plus", ...
    NetId net = -1;
    Point at;
};

struct Symbol {
    DeviceId device = -1; ///< -1: a subcircuit or decoration of the author's sheet
    SymbolKind kind = SymbolKind::Box;
    Point at; ///< of the symbol's origin
    Orientation orientation;
    BulkStyle bulk = BulkStyle::Hidden;
    bool swapped = false;  ///< a MOSFET whose netlist calls drain what is drawn as source
    std::vector<Pin> pins; ///< in the order of Device::nets
    /// The first is the device's name, the second, where there is one, its size or value.
    std::vector<Text> texts;
    std::vector<Text> pinTexts;         ///< names of pins, inside the figure of a box
    std::vector<netlist::Shape> shapes; ///< the figure, in drawing coordinates
    Box box;                            ///< around figure and pins
    /// The device's name in full; the text on the sheet may be shortened.
    std::string name;
    std::string sheetSymbol; ///< of the author's sheet: what its file calls the symbol
    std::string hierarchyPrefix;
};

/// A straight piece of wire, horizontal or vertical on placed drawings.
struct Wire {
    NetId net = -1;
    Point from, to;
};

struct Junction {
    NetId net = -1;
    Point at;
};

/// Where something attached to a point lies, as seen from that point.
enum class Side { Left, Right, Up, Down };

/// The bar of a positive supply (above its point) or the sign of a negative one (below it).
struct RailSymbol {
    NetId net = -1;
    Point at;
    bool positive = true;
    Text text;

    Box box() const; ///< of the sign without its text
};

/// A net's name at a wire or pin: all labels of the same net are connected.
struct NetLabel {
    NetId net = -1;
    Point at;
    Side side = Side::Right;
    Text text;
};

inline constexpr double kFlagMargin = 0.25; ///< of a port's flag around its text

/// A port of the circuit.
struct PortFlag {
    NetId net = -1;
    Point at;
    Side side = Side::Left;
    netlist::PortDirection direction = netlist::PortDirection::Unknown;
    Text text;

    Box box() const; ///< of the flag around its text, with its tip
};

/// A free text on the author's sheet.
struct Note {
    Text text;
    bool directive = false;
};

struct Drawing {
    std::vector<Symbol> symbols;
    std::vector<Wire> wires;
    std::vector<Junction> junctions;
    std::vector<RailSymbol> rails;
    std::vector<NetLabel> labels;
    std::vector<PortFlag> ports;
    std::vector<Note> notes;
    std::vector<std::string> nets; ///< names by NetId, for exports and tool tips
    bool fromSheet = false;        ///< the author's own geometry

    Box bounds() const; ///< around everything; a unit square where there is nothing
    const Symbol* symbolOf(DeviceId device) const;
};

/// What a reader of the drawing stumbles over, counted from the geometry alone.
struct DrawingQuality {
    /// Points where wires of different nets cross.
    int crossings = 0;
    /// Pairs of symbols, texts, rail signs, labels and flags that lie on each other, wires that run
    /// through one of them, wires or pins of different nets that touch, and labels and flags that touch
    /// another net's wire.
    int overlaps = 0;
    double wireLength = 0; ///< grid units
    int bends = 0;
};
DrawingQuality assess(const Drawing& drawing);

/// One sentence for each of the first @p most overlaps, for tests and reports.
std::vector<std::string> describeOverlaps(const Drawing& drawing, std::size_t most = 20);

} // namespace headroom::schematic
