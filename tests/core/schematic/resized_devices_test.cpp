#include <gtest/gtest.h>

#include "core/schematic/placer.h"
#include "core/schematic/resized_devices.h"
#include "tests/core/structure/amplifiers.h"

namespace headroom::schematic {
namespace {

TEST(ResizedDevices, ShowTheSizesOfTheSizing) {
    const netlist::Circuit circuit = test::foldedCascode();
    const Drawing drawing = placeDrawing(circuit, structure::recognise(circuit));
    const Drawing resized =
        withSizes(drawing, circuit,
                  {{"M1", "w", 3.5e-6}, {"M1", "l", 0.25e-6}, {"CL", "value", 4e-12}, {"nobody", "w", 1e-6}});
    const auto textsOf = [&](const Drawing& shown, const char* device) {
        std::vector<std::string> texts;
        for (const Text& text : shown.symbolOf(*circuit.findDevice(device))->texts)
            texts.push_back(text.text);
        return texts;
    };
    using Texts = std::vector<std::string>;
    EXPECT_EQ(textsOf(drawing, "M1"), (Texts{"M1"})); // the netlist gives no size
    EXPECT_EQ(textsOf(resized, "M1"), (Texts{"M1", "3.5u/0.25u"}));
    EXPECT_EQ(textsOf(drawing, "CL"), (Texts{"CL", "2"}));
    EXPECT_EQ(textsOf(resized, "CL"), (Texts{"CL", "4p"}));
    EXPECT_EQ(textsOf(resized, "M2"), (Texts{"M2"}));
    const Drawing longer = withSizes(drawing, circuit, {{"CL", "value", 1.234e-12}});
    const auto boxOfSize = [&](const Drawing& shown) {
        return shown.symbolOf(*circuit.findDevice("CL"))->texts.at(1);
    };
    EXPECT_LT(boxOfSize(longer).size, boxOfSize(drawing).size); // it keeps to the room that it has
    EXPECT_EQ(resized.wires.size(), drawing.wires.size());
}

} // namespace
} // namespace headroom::schematic
