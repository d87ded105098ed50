#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/netlist/circuit.h"

namespace headroom::netlist {

/// A place on a sheet, in the file's own units; x to the right, y down (in every format).
struct Point {
    double x = 0;
    double y = 0;

    bool operator==(const Point&) const = default;
};

struct Polyline {
    std::vector<Point> points; ///< at least two
    bool filled = false;       ///< as a closed polygon
};
struct Rectangle {
    Point from;
    Point to;
    bool filled = false;
};
/// A circle, or the part of one from `startAngle` over `spanAngle`: degrees, counter-clockwise as seen on
/// the sheet (y down), 0 to the right. A whole circle spans 360.
struct Arc {
    Point centre;
    double radius = 0;
    double startAngle = 0;
    double spanAngle = 360;
    bool filled = false;
};
using Shape = std::variant<Polyline, Rectangle, Arc>;

/// A symbol as the author placed it.
struct SheetSymbol {
    struct Pin {
        std::string name; ///< as the symbol calls it: "D", "p", "1"
        Point at;
        NetId net = -1; ///< -1: connected to nothing that the circuit knows
    };

    std::string name;   ///< the instance's name: "M1"; empty for decoration
    std::string symbol; ///< as the file refers to it: "sg13g2_pr/sg13_lv_nmos.sym", "Device:R", "nmos4"
    /// The device that it stands for. Absent for labels, supplies, subcircuits and decoration; the first
    /// one where the symbol is an array of instances ("M1[3:0]").
    std::optional<DeviceId> device;
    /// Devices of the circuit whose names begin with this text are inside of it: "X1/"; empty for others.
    std::string hierarchyPrefix;
    Point position; ///< of the symbol's own origin
    /// The orientation: first mirrored left to right where `mirrored`, then turned this many times by 90
    /// degrees clockwise as seen on the sheet: (x, y) becomes (-y, x). 0 to 3.
    int quarterTurns = 0;
    bool mirrored = false;
    std::vector<Pin> pins;
    /// In sheet coordinates (orientation applied), where the symbol's file or the sheet itself gives them
    /// or the symbol is a standard one that we have a figure of; else empty.
    std::vector<Shape> shapes;
};

struct SheetWire {
    Point from;
    Point to;
    NetId net = -1;
};

enum class LabelKind {
    Net,
    PortIn,
    PortOut,
    PortInOut,
    Global,
    Ground, ///< a ground symbol or flag
    Supply, ///< a supply symbol
};

struct SheetLabel {
    Point at;
    std::string text;
    NetId net = -1;
    LabelKind kind = LabelKind::Net;
    /// Where the text runs to, seen from `at`: 0 right, 1 down, 2 left, 3 up.
    int quarterTurns = 0;
};

/// A comment or a directive on the sheet.
struct SheetText {
    Point at;
    std::string text;
    bool directive = false; ///< a card for the simulator
};

/// The drawing that a schematic file holds, as its author made it: the top sheet only. Symbols, wires and
/// labels refer to devices and nets of Netlist::circuit.
struct Sheet {
    double grid = 10; ///< distance of grid points that the author's tool places pins on
    std::vector<SheetSymbol> symbols;
    std::vector<SheetWire> wires;
    std::vector<Point> junctions; ///< dots that the file has or that three or more wire ends make
    std::vector<SheetLabel> labels;
    std::vector<SheetText> texts;
};

} // namespace headroom::netlist
