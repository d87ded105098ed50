#include <gtest/gtest.h>

#include "core/schematic/drawing.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

Symbol nmosAt(Point at, Orientation orientation = {}) {
    Symbol symbol;
    symbol.kind = SymbolKind::Nmos;
    symbol.at = at;
    symbol.orientation = orientation;
    symbol.pins = {{"d", 0, {}}, {"g", 1, {}}, {"s", 2, {}}, {"b", 2, {}}};
    layOut(symbol);
    return symbol;
}

TEST(Orientation, MirrorsFirstAndTurnsClockwiseThen) {
    EXPECT_EQ((Orientation{1, false}.apply({2, -3})), (Point{3, 2}));
    EXPECT_EQ((Orientation{2, false}.apply({2, -3})), (Point{-2, 3}));
    EXPECT_EQ((Orientation{3, false}.apply({2, -3})), (Point{-3, -2}));
    EXPECT_EQ((Orientation{1, true}.apply({2, -3})), (Point{3, -2}));
}

TEST(SymbolShape, PinsStandWhereXschemHasThem) {
    const Symbol symbol = nmosAt({10, 20});
    EXPECT_EQ(symbol.pins[0].at, (Point{12, 17}));
    EXPECT_EQ(symbol.pins[1].at, (Point{8, 20}));
    EXPECT_EQ(symbol.pins[2].at, (Point{12, 23}));
    const Symbol mirrored = nmosAt({10, 20}, {0, true});
    EXPECT_EQ(mirrored.pins[1].at, (Point{12, 20}));
}

TEST(SymbolShape, SwappedDrainAndSourceChangePlaces) {
    Symbol symbol = nmosAt({0, 0});
    symbol.swapped = true;
    layOut(symbol);
    EXPECT_EQ(symbol.pins[0].at, (Point{2, 3}));
    EXPECT_EQ(symbol.pins[2].at, (Point{2, -3}));
}

TEST(SymbolShape, MovingTakesEverythingAlong) {
    Symbol symbol = nmosAt({0, 0});
    symbol.texts.push_back({"M1", {3, 0}});
    const Box before = symbol.box;
    move(symbol, 5, -2);
    EXPECT_EQ(symbol.pins[1].at, (Point{3, -2}));
    EXPECT_EQ(symbol.texts[0].at, (Point{8, -2}));
    EXPECT_DOUBLE_EQ(symbol.box.from.x, before.from.x + 5);
}

TEST(SymbolShape, LongNamesKeepBothEnds) {
    EXPECT_EQ(shortName("M12"), "M12");
    EXPECT_EQ(shortName("Xamp/Xbias/MN_reference_12", 9), "Xamp\u2026e_12");
}

TEST(Assess, CountsCrossingsOfDifferentNetsOnly) {
    Drawing drawing;
    drawing.wires = {{0, {0, 5}, {10, 5}}, {1, {5, 0}, {5, 10}}, {0, {7, 0}, {7, 10}}};
    EXPECT_EQ(assess(drawing).crossings, 1);
    EXPECT_EQ(assess(drawing).overlaps, 0);
}

TEST(Assess, WiresOfDifferentNetsThatTouchAreOverlaps) {
    Drawing drawing;
    drawing.wires = {{0, {0, 5}, {10, 5}}, {1, {5, 5}, {5, 10}}, {2, {8, 5}, {20, 5}}};
    EXPECT_EQ(assess(drawing).overlaps, 2);
    EXPECT_EQ(assess(drawing).crossings, 0);
}

TEST(Assess, SeesSymbolsTextsAndWiresOnEachOther) {
    Drawing drawing;
    drawing.symbols = {nmosAt({0, 0}), nmosAt({3, 0})};
    EXPECT_GE(assess(drawing).overlaps, 1);
    drawing.symbols = {nmosAt({0, 0}), nmosAt({20, 0})};
    EXPECT_EQ(assess(drawing).overlaps, 0);
    drawing.wires = {{9, {-10, 1}, {40, 1}}};
    EXPECT_EQ(assess(drawing).overlaps, 2);
    drawing.wires.clear();
    drawing.labels.push_back({3, {20, 0}, Side::Right, {"label", {19, 0}, Anchor::Start, 1}});
    EXPECT_EQ(assess(drawing).overlaps, 1);
}

TEST(Assess, AWireOnAForeignPinIsAnOverlap) {
    Drawing drawing;
    drawing.symbols = {nmosAt({0, 0})};
    drawing.wires = {{1, {-10, 0}, {-2, 0}}};
    EXPECT_EQ(assess(drawing).overlaps, 0);
    drawing.wires = {{7, {-10, 0}, {-2, 0}}};
    EXPECT_EQ(assess(drawing).overlaps, 1);
}

TEST(Assess, AFlagOrLabelThatTouchesAForeignWireIsAnOverlap) {
    Drawing drawing;
    drawing.ports.push_back(
        {3, {0, 0}, Side::Right, netlist::PortDirection::Output, {"out", {0.7, 0.3}, Anchor::Start, 1}});
    const double edge = drawing.ports.front().box().to.x;
    drawing.wires = {{3, {-5, 0}, {0, 0}}, {7, {edge, -5}, {edge, 5}}};
    EXPECT_EQ(assess(drawing).overlaps, 1);
    drawing.wires.back() = {7, {edge + 0.2, -5}, {edge + 0.2, 5}};
    EXPECT_EQ(assess(drawing).overlaps, 0);
    // Its own net may be as near as it likes.
    drawing.wires.back() = {3, {edge, -5}, {edge, 5}};
    EXPECT_EQ(assess(drawing).overlaps, 0);
}

TEST(Assess, FindsOverlapsFarApartInLargeDrawings) {
    Drawing drawing;
    for (int i = 0; i < 2000; ++i)
        drawing.symbols.push_back(
            nmosAt({static_cast<double>(i % 50 * 10), static_cast<double>(i / 50 * 10)}));
    EXPECT_EQ(assess(drawing).overlaps, 0);
    drawing.wires = {{9, {-10, 11}, {700, 11}}};
    EXPECT_EQ(assess(drawing).overlaps, 50);
}

} // namespace
} // namespace headroom::schematic
