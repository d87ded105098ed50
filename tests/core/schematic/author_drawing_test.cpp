#include <algorithm>

#include <gtest/gtest.h>

#include "core/netlist/netlist.h"
#include "core/schematic/placer.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

const std::string kHead = "v {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {}\nV {}\nS {}\nE {}\n";

netlist::Netlist parsed(const std::string& text, const std::string& name) {
    auto netlist = netlist::parseNetlist(text, name);
    EXPECT_TRUE(netlist) << netlist.error().describe();
    return netlist ? std::move(*netlist) : netlist::Netlist{};
}

Drawing drawn(const netlist::Netlist& netlist) {
    return drawingOf(netlist, structure::recognise(netlist.circuit));
}

TEST(AuthorDrawing, GivesAResistorWithABulkItsOwnFigure) {
    const auto netlist = parsed(kHead + "C {sky130_fd_pr/res_high_po_0p35.sym} 0 0 0 0 {name=R2 L=4.5 "
                                        "model=res_high_po_0p35 spiceprefix=X mult=3}\n",
                                "poly.sch");
    ASSERT_EQ(netlist.circuit.devices.size(), 1U);
    ASSERT_EQ(netlist.circuit.devices.front().nets.size(), 3U);
    const Drawing drawing = drawn(netlist);
    const Symbol& symbol = drawing.symbols.front();
    EXPECT_EQ(symbol.kind, SymbolKind::Resistor);
    // The lead of the bulk begins at its pin.
    EXPECT_TRUE(std::any_of(symbol.shapes.begin(), symbol.shapes.end(), [](const netlist::Shape& shape) {
        const auto* line = std::get_if<netlist::Polyline>(&shape);
        return line && line->points.front() == Point{-2, 0};
    }));
    ASSERT_EQ(symbol.texts.size(), 2U);
    EXPECT_EQ(symbol.texts[1].text, "?/4.5u x3");
}

TEST(AuthorDrawing, NamesThePinsOfInstances) {
    const auto netlist =
        parsed("Version 4\nSHEET 1 880 680\nSYMBOL opamp 100 100 R0\nSYMATTR InstName U1\n", "box.asc");
    const Drawing drawing = drawn(netlist);
    ASSERT_EQ(drawing.symbols.size(), 1U);
    const Symbol& symbol = drawing.symbols.front();
    ASSERT_EQ(symbol.pinTexts.size(), 3U);
    EXPECT_EQ(symbol.pinTexts[0].text, "In+");
    for (const Text& text : symbol.pinTexts)
        EXPECT_TRUE(symbol.box.grown(0.01).contains(text.at)) << text.text;
}

TEST(AuthorDrawing, ShowsASheetWithoutItsFileAsABoxWithPins) {
    const auto netlist = parsed(
        "(kicad_sch (version 20230121) (generator eeschema)\n(lib_symbols (symbol \"Device:R\" (symbol "
        "\"R_1_1\" "
        "(pin passive line (at 0 3.81 270) (length 1.27) (name \"~\") (number \"1\")) "
        "(pin passive line (at 0 -3.81 90) (length 1.27) (name \"~\") (number \"2\")))))\n"
        "(symbol (lib_id \"Device:R\") (at 50.8 50.8 0) (unit 1) (property \"Reference\" \"R1\" (at 0 0 0)) "
        "(property \"Value\" \"1k\" (at 0 0 0)))\n"
        "(sheet (at 76.2 50.8) (size 25.4 12.7) (property \"Sheetname\" \"stage\" (at 0 0 0)) "
        "(property \"Sheetfile\" \"missing.kicad_sch\" (at 0 0 0)) (pin \"in\" input (at 76.2 55.88 180)) "
        "(pin \"out\" output (at 101.6 55.88 0))))\n",
        "top.kicad_sch");
    const Drawing drawing = drawn(netlist);
    const auto box = std::find_if(drawing.symbols.begin(), drawing.symbols.end(),
                                  [](const Symbol& symbol) { return symbol.name == "stage"; });
    ASSERT_NE(box, drawing.symbols.end());
    ASSERT_EQ(box->pinTexts.size(), 2U);
    EXPECT_EQ(box->pinTexts[0].text, "in");
    EXPECT_EQ(box->pinTexts[1].text, "out");
}

TEST(SizeText, ShowsSizesAndMultiplesOfResistorsAndCapacitors) {
    const auto netlist =
        parsed("* sizes\nR1 a b rpoly w=1u l=10u m=4\nC1 a b 1p m=2\nR2 a b 1k\n", "sizes.sp");
    ASSERT_EQ(netlist.circuit.devices.size(), 3U);
    EXPECT_EQ(sizeText(netlist.circuit.devices[0]), "1u/10u x4");
    EXPECT_EQ(sizeText(netlist.circuit.devices[1]), "1p x2");
    EXPECT_EQ(sizeText(netlist.circuit.devices[2]), "1k");
}

} // namespace
} // namespace headroom::schematic
