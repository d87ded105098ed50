#include <gtest/gtest.h>

#include "core/netlist/netlist.h"
#include "core/schematic/export.h"
#include "core/schematic/placer.h"
#include "tests/core/structure/amplifiers.h"

namespace headroom::schematic {
namespace {

struct Example {
    netlist::Circuit circuit = test::miller();
    Drawing drawing = placeDrawing(circuit, structure::recognise(circuit));
};

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++found;
    return found;
}

TEST(SvgExport, NamesEveryDeviceOnce) {
    const Example example;
    const std::string svg = writeSvg(example.drawing);
    EXPECT_TRUE(svg.starts_with("<svg "));
    for (const auto& device : example.circuit.devices)
        EXPECT_EQ(count(svg, "<title>" + device.name + "</title>"), 1U) << device.name;
    EXPECT_EQ(count(svg, "<g "), count(svg, "</g>"));
}

TEST(SvgExport, WritesTheOperatingPointWhereThereIsRoom) {
    const Example example;
    Annotation annotation;
    annotation.devices[0] = {{"10 uA", "gm 120 uS"}, Region::Saturation};
    annotation.nets[*example.circuit.findNet("out")] = "0.55 V";
    const std::string svg = writeSvg(example.drawing, annotation);
    EXPECT_EQ(count(svg, "10 uA"), 1U);
    EXPECT_EQ(count(svg, "0.55 V"), 1U);
    EXPECT_EQ(count(writeSvg(example.drawing), "10 uA"), 0U);
    Drawing layered = example.drawing;
    for (const PlacedAnnotation& placed : placeAnnotation(example.drawing, annotation))
        layered.notes.push_back({placed.text, false});
    EXPECT_EQ(assess(layered).overlaps, 0);
}

TEST(SvgExport, WritesToleranceBarsWhereThereIsRoom) {
    const Example example;
    Annotation annotation;
    ToleranceBar bar{"Wbar", 0.5, 2, 0.25, 16, "W: alone 1 um to 4 um"};
    annotation.devices[0].bars = {bar};
    const auto placed = placeAnnotation(example.drawing, annotation);
    ASSERT_EQ(placed.size(), 1U);
    ASSERT_TRUE(placed.front().bar);
    const PlacedBar& at = *placed.front().bar;
    // Logarithmic from 1/4 to 4; what is beyond ends there.
    EXPECT_DOUBLE_EQ(at.at(1).x, at.from.x + at.length / 2);
    EXPECT_DOUBLE_EQ(at.at(2).x - at.at(1).x, at.length / 4);
    EXPECT_DOUBLE_EQ(at.at(0.25).x, at.from.x);
    EXPECT_DOUBLE_EQ(at.at(16).x, at.from.x + at.length);
    const std::string svg = writeSvg(example.drawing, annotation);
    EXPECT_EQ(count(svg, "Wbar"), 1U);
    EXPECT_GT(count(svg, "#2f6fb0"), 0U); // alone
    EXPECT_GT(count(svg, "#c46a1b"), 0U); // together
    Drawing layered = example.drawing;
    layered.notes.push_back({placed.front().text, false});
    EXPECT_EQ(assess(layered).overlaps, 0);
}

TEST(PdfExport, IsOnePageOfPdf) {
    const Example example;
    const auto pdf = writePdf(example.drawing);
    ASSERT_TRUE(pdf) << pdf.error().describe();
    EXPECT_TRUE(pdf->starts_with("%PDF-"));
    EXPECT_NE(pdf->find("%%EOF"), std::string::npos);
    EXPECT_TRUE(writePdf(Drawing{}));
}

TEST(XschemExport, WritesOneComponentForEachDeviceOnTheGrid) {
    const Example example;
    const std::string sch = writeXschem(example.drawing, example.circuit);
    EXPECT_TRUE(sch.starts_with("v {xschem version="));
    EXPECT_EQ(count(sch, "C {devices/nmos4.sym}"), 3U);
    EXPECT_EQ(count(sch, "C {devices/pmos4.sym}"), 5U);
    EXPECT_EQ(count(sch, "C {devices/capa.sym}"), 2U);
    EXPECT_EQ(count(sch, "name=M6 "), 1U);
    EXPECT_EQ(count(sch, "\nN "), example.drawing.wires.size());
}

// What is written as an xschem schematic connects, read again, the same terminals as before.
TEST(XschemExport, ReadsBackWithTheSameConnections) {
    for (const netlist::Circuit& circuit : {test::miller(), test::foldedCascode()}) {
        const Drawing drawing = placeDrawing(circuit, structure::recognise(circuit));
        const auto back = netlist::parseNetlist(writeXschem(drawing, circuit), "back.sch");
        ASSERT_TRUE(back) << back.error().describe();
        ASSERT_EQ(back->circuit.devices.size(), circuit.devices.size());
        for (const netlist::Device& device : circuit.devices) {
            const auto id = back->circuit.findDevice(device.name);
            ASSERT_TRUE(id) << device.name;
            const netlist::Device& other = back->circuit.devices[static_cast<std::size_t>(*id)];
            EXPECT_EQ(other.type, device.type) << device.name;
            ASSERT_EQ(other.nets.size(), device.nets.size()) << device.name;
            for (std::size_t i = 0; i < device.nets.size(); ++i)
                EXPECT_EQ(back->circuit.nets[static_cast<std::size_t>(other.nets[i])],
                          circuit.nets[static_cast<std::size_t>(device.nets[i])])
                    << device.name << " terminal " << i;
        }
    }
}

TEST(WriteDrawing, RefusesOtherSuffixes) {
    const Example example;
    const auto written = writeDrawing("picture.bmp", example.drawing, netlist::Netlist{});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::Unsupported);
}

} // namespace
} // namespace headroom::schematic
