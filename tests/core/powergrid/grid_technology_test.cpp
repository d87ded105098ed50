#include "core/powergrid/grid_technology.h"

#include <gtest/gtest.h>

namespace headroom::powergrid {
namespace {

const char* const kHead = "name: t\nsupply_voltage: 1\npads: m2\nlayers:\n";
const char* const kLow = "  - {name: m1, direction: x, resistance: 1, pitch: 2}\n";
const char* const kHigh = "  - {name: m2, direction: y, resistance: 1, pitch: 4, via: 2}\n";

TEST(GridTechnology, ReadsLayersFromTheCellsUpwards) {
    const auto read = parseGridTechnology(
        "name: t\ntitle: T\nsource: S\nlicence: L\nsupply_voltage: 0.9\nunits_per_um: 1000\ntaps: 0.5\n"
        "regions: 40\npads: metal3\nlayers:\n"
        "  - {name: metal1, direction: y, sheet_resistance: 0.4, width: 0.2, pitch: 1.4}\n"
        "  - {name: metal3, direction: x, resistance: 0.5, pitch: [20, 10], offset: 1.5, via: 3}\n",
        "t.yaml");
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->name, "t");
    EXPECT_EQ(read->supplyVolts, 0.9);
    EXPECT_EQ(read->unitsPerUm, 1000);
    EXPECT_EQ(read->tapPitchUm, 0.5);
    EXPECT_EQ(read->regionUm, 40);
    EXPECT_EQ(read->padLayer, 1U);
    EXPECT_EQ(read->templateCount(), 2U);
    ASSERT_EQ(read->layers.size(), 2U);
    EXPECT_FALSE(read->layers[0].isAlongX);
    EXPECT_NEAR(read->layers[0].ohmsPerUm, 2, 1e-15);
    EXPECT_EQ(read->layers[0].viaOhms, 0);
    EXPECT_TRUE(read->layers[1].isAlongX);
    EXPECT_EQ(read->layers[1].offsetUm, 1.5);
    EXPECT_EQ(read->layers[1].viaOhms, 3);
    EXPECT_EQ(read->layers[1].finestPitchUm(), 10);
}

TEST(GridTechnology, SaysWhatDoesNotFitAndWhere) {
    const std::string head = kHead, low = kLow, high = kHigh;
    const struct {
        std::string yaml;
        int line;
        const char* message;
    } cases[] = {
        {"supply_voltage: 1\npads: m2\nlayers:\n" + low + high, 1, "\"name\" is missing"},
        {"name: t\npads: m2\nlayers:\n" + low + high, 1, "\"supply_voltage\" is missing"},
        {"name: t\nsupply_voltage: 1\nlayers:\n" + low + high, 1, "\"pads\" is missing"},
        {"name: t\nsupply_voltage: 1\npads: m2\n", 1, "\"layers\" is missing"},
        {"name: t\nsupply_voltage: 1\npads: m5\nlayers:\n" + low + high, 3, "no layer \"m5\""},
        {"name: t\nsupply_voltage: -1\npads: m2\nlayers:\n" + low + high, 2, "greater than zero"},
        {"name: t\nsuply_voltage: 1\npads: m2\nlayers:\n" + low + high, 2, "\"suply_voltage\" is no key"},
        {head + low, 5, "two layers"},
        {head + low + "  - {name: m1, direction: y, resistance: 1, pitch: 4, via: 2}\n", 6,
         "m1 is there twice"},
        {head + low + "  - {name: m2, direction: x, resistance: 1, pitch: 4, via: 2}\n", 6, "same direction"},
        {head + low + "  - {name: m2, direction: y, resistance: 1, pitch: 4}\n", 6, "\"via\" is missing"},
        {head + low + "  - {name: m2, direction: y, pitch: 4, via: 1}\n", 6, "\"resistance\" is missing"},
        {head + low + "  - {name: m2, direction: y, sheet_resistance: 4, pitch: 4, via: 1}\n", 6,
         "\"width\" is missing"},
        {head + low + "  - {name: m2, direction: y, resistance: 1, width: 1, pitch: 4, via: 1}\n", 6, "both"},
        {head + low + "  - {name: m2, direction: up, resistance: 1, pitch: 4, via: 2}\n", 6, "x or y"},
        {head + low + "  - {name: top, direction: y, resistance: 1, pitch: 4, via: 2}\n", 6,
         "\"top\" is not"},
        {head + low + "  - {name: m2, direction: y, resistance: 1, pitch: [4, 6], via: 2}\n", 6,
         "no multiple"},
        {head + low + "  - {name: m2, direction: y, resistance: 1, pitch: [], via: 2}\n", 6, "empty"},
        {head + low + "  - {name: m2, direction: y, resistance: 1, pitch: 4, offset: -1, via: 2}\n", 6,
         "0 or more"},
        {head + low + "  - {name: m2, direction: y, resistance: 1, pitch: .inf, via: 2}\n", 6,
         "must lie between"},
        {head + low + "  - {name: m2, direction: y, resistance: 1e-30, pitch: 4, via: 2}\n", 6,
         "must lie between"},
        {head + "  - {name: m1, direction: x, resistance: 1, pitch: [2, 4]}\n" + high, 5, "lowest layer"},
        {head + "  - {name: m1, direction: x, resistance: 1, pitch: 2, via: 1}\n" + high, 5, "lowest"},
        {head + low + "  - {name: m2, direction: y, resistance: 1, pitch: [4, 8], via: 2}\n" +
             "  - {name: m3, direction: x, resistance: 1, pitch: [4, 8, 12], via: 2}\n",
         7, "3 templates"},
        {"name: [t\n", 2, "no valid YAML"},
    };
    for (const auto& each : cases) {
        const auto read = parseGridTechnology(each.yaml, "t.yaml");
        ASSERT_FALSE(read) << each.yaml;
        EXPECT_EQ(read.error().code, ErrorCode::BadInput) << each.yaml;
        EXPECT_EQ(read.error().file, "t.yaml");
        EXPECT_EQ(read.error().line, each.line) << read.error().describe() << "\n" << each.yaml;
        EXPECT_NE(read.error().message.find(each.message), std::string::npos) << read.error().describe();
    }
}

TEST(GridTechnology, LoadsShippedOnesByName) {
    const auto shipped = loadGridTechnology("iccad2023");
    ASSERT_TRUE(shipped) << shipped.error().describe();
    EXPECT_EQ(shipped->layers.size(), 5U);
    EXPECT_EQ(shipped->templateCount(), 4U);
    const auto unknown = loadGridTechnology("elsewhere");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
    EXPECT_NE(unknown.error().message.find("iccad2023"), std::string::npos);
    EXPECT_EQ(loadGridTechnology("nowhere/t.yaml").error().code, ErrorCode::NotFound);
}

} // namespace
} // namespace headroom::powergrid
