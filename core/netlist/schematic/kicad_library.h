#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/netlist/schematic/s_expression.h"
#include "core/netlist/sheet.h"

namespace headroom::netlist {

/// Sheet coordinates (y down) of a library symbol's (y up): turned, then mirrored on the sheet, then moved.
struct KiCadPlacement {
    Point origin;
    int turns = 0; ///< counter-clockwise
    bool mirrorX = false;
    bool mirrorY = false;

    Point of(Point p) const {
        p.y = -p.y;
        for (int i = 0; i < turns; ++i)
            p = {p.y, -p.x};
        if (mirrorX) p.y = -p.y;
        if (mirrorY) p.x = -p.x;
        return {p.x + origin.x, p.y + origin.y};
    }

    Shape of(Shape shape) const;
};

struct KiCadLibraryPin {
    std::string number;
    std::string name;
    Point at;
    bool hiddenPower = false;
    int unit = 0;
    int style = 0;
};

struct KiCadLibraryShape {
    Shape shape; ///< y up
    int unit = 0;
    int style = 0;
};

/// A symbol of a file's embedded library.
struct KiCadLibrarySymbol {
    std::string name;
    std::string description;
    bool power = false;
    std::vector<KiCadLibraryPin> pins;
    std::vector<KiCadLibraryShape> shapes;
    std::string parent; ///< that it extends
};

/// "(name x y ...)" as a point.
std::optional<Point> kiCadPoint(const SExpressions& tree, SExpressions::Node list);
/// The points of "(name (pts (xy ...) ...))".
std::vector<Point> kiCadPoints(const SExpressions& tree, SExpressions::Node list);

/// The symbols of a lib_symbols list, by name; derived ones have their parents' pins.
std::map<std::string, KiCadLibrarySymbol> readKiCadLibrary(const SExpressions& tree,
                                                           SExpressions::Node library);

} // namespace headroom::netlist
