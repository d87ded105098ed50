#include <cmath>

#include <gtest/gtest.h>

#include "core/schematic/fitted_figure.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

bool hasEndAt(const std::vector<netlist::Shape>& shapes, Point place) {
    for (const netlist::Shape& shape : shapes) {
        const auto* line = std::get_if<netlist::Polyline>(&shape);
        if (line == nullptr) continue;
        for (const Point end : {line->points.front(), line->points.back()})
            if (std::hypot(end.x - place.x, end.y - place.y) < 1e-9) return true;
    }
    return false;
}

std::vector<Pin> pinsAt(const std::vector<Point>& places) {
    std::vector<Pin> pins;
    for (const Point& place : places)
        pins.push_back({"", 0, place});
    return pins;
}

TEST(FittedFigure, LeadsEndAtThePinsWhereverTheyAre) {
    const std::vector<std::pair<SymbolKind, std::vector<Point>>> cases = {
        {SymbolKind::Resistor, {{0, 0}, {0, 5}}},
        {SymbolKind::Capacitor, {{10, 3}, {2, 3}}},
        {SymbolKind::Diode, {{0, 0}, {3, 4}}},
        {SymbolKind::VoltageSource, {{5, 20}, {5, 0}}},
        {SymbolKind::Nmos, {{3, 0}, {0, 5}, {3, 6}}},               // the gate at the source's height
        {SymbolKind::Pmos, {{0, 6}, {4, 1}, {0, 0}, {0, 3}}},       // with a bulk, mirrored
        {SymbolKind::Nmos, {{0, 0}, {3, -4}, {6, 0}, {3, 0}}},      // lying
        {SymbolKind::Npn, {{64 / 16.0, 0}, {0, 3}, {64 / 16.0, 6}}} // LTspice's
    };
    for (const auto& [kind, places] : cases) {
        const auto shapes = fittedFigure(kind, pinsAt(places));
        ASSERT_FALSE(shapes.empty()) << static_cast<int>(kind);
        for (const Point& place : places)
            EXPECT_TRUE(hasEndAt(shapes, place))
                << static_cast<int>(kind) << ": " << place.x << ", " << place.y;
        for (const netlist::Shape& shape : shapes) {
            const Box box = boxOf(shape);
            EXPECT_TRUE(std::isfinite(box.from.x + box.from.y + box.to.x + box.to.y));
        }
    }
}

TEST(FittedFigure, GivesNoneWherePinsLeaveNoRoom) {
    EXPECT_TRUE(fittedFigure(SymbolKind::Resistor, pinsAt({{0, 0}, {0, 0}})).empty());
    EXPECT_TRUE(fittedFigure(SymbolKind::Resistor, pinsAt({{0, 0}})).empty());
    EXPECT_TRUE(fittedFigure(SymbolKind::Nmos, pinsAt({{0, 0}, {0, 3}, {0, 6}})).empty()); // in a line
    EXPECT_TRUE(fittedFigure(SymbolKind::Nmos, pinsAt({{0, 0}, {0, 3}})).empty());
    EXPECT_TRUE(fittedFigure(SymbolKind::Box, pinsAt({{0, 0}, {0, 9}})).empty());
}

} // namespace
} // namespace headroom::schematic
