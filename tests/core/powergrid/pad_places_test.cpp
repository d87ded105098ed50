#include "core/powergrid/pad_places.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace headroom::powergrid {
namespace {

/// How far the farthest of some pads is from the nearest of others.
double worstMiss(const std::vector<PadPlace>& pads, const std::vector<PadPlace>& found) {
    double worst = 0;
    for (const PadPlace& pad : pads) {
        double nearest = 1e300;
        for (const PadPlace& each : found)
            nearest = std::min(nearest, std::hypot(each.x - pad.x, each.y - pad.y));
        worst = std::max(worst, nearest);
    }
    return worst;
}

const std::vector<PadPlace> kPads{{0, 0}, {30.3, 20.8}, {60.5, 15.5}, {34.1, 21.4}, {99, 40}, {12, 77}};

TEST(PadPlaces, AreRecoveredBetweenPixels) {
    SilentContext context;
    const auto found = recoverPads(effectiveDistances(100, 80, kPads), context);
    ASSERT_TRUE(found) << found.error().describe();
    EXPECT_EQ(found->size(), kPads.size());
    EXPECT_LT(worstMiss(kPads, *found), 1e-6);
}

TEST(PadPlaces, AreRecoveredFromSixDigits) {
    SilentContext context;
    Map distances = effectiveDistances(100, 80, kPads);
    for (double& each : distances.values)
        each = std::round(each * 1e5) / 1e5;
    const auto found = recoverPads(distances, context);
    ASSERT_TRUE(found) << found.error().describe();
    EXPECT_EQ(found->size(), kPads.size());
    EXPECT_LT(worstMiss(kPads, *found), 1e-3);
}

TEST(PadPlaces, AreRecoveredFromADenseArray) {
    SilentContext context;
    std::vector<PadPlace> pads;
    for (int i = 0; i < 12; ++i)
        for (int j = 0; j < 12; ++j)
            pads.push_back({3.3 + 5.2 * i, 2.9 + 5.4 * j});
    const auto found = recoverPads(effectiveDistances(70, 70, pads), context);
    ASSERT_TRUE(found) << found.error().describe();
    EXPECT_EQ(found->size(), pads.size());
    EXPECT_LT(worstMiss(pads, *found), 1e-5);
}

TEST(PadPlaces, ASinglePadIsFoundByItsDistancesAlone) {
    SilentContext context;
    const auto found = recoverPads(effectiveDistances(40, 40, {{7.25, 31.5}}), context);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 1U);
    EXPECT_LT(worstMiss({{7.25, 31.5}}, *found), 1e-9);
}

TEST(PadPlaces, RefuseMapsThatAreNoEffectiveDistances) {
    SilentContext context;
    const auto messageOf = [&](const Map& map) {
        const auto found = recoverPads(map, context);
        EXPECT_FALSE(found);
        EXPECT_TRUE(found || found.error().code == ErrorCode::BadInput);
        return found ? std::string() : found.error().message;
    };
    EXPECT_NE(messageOf(Map{2, 2, {3, 4, 5, 6}}).find("no place nearer"), std::string::npos);
    EXPECT_NE(messageOf(Map{1, 3, {0, -1, 2}}).find("holds -1 at row 1, column 2"), std::string::npos);
    EXPECT_NE(messageOf(Map{1, 2, {0, std::nan("")}}).find("holds nan"), std::string::npos);
    // The distance to the nearest pad, which is another thing than the effective one.
    Map nearest = effectiveDistances(60, 60, {{10, 10}});
    const Map other = effectiveDistances(60, 60, {{50, 45}});
    for (std::size_t i = 0; i < nearest.values.size(); ++i)
        nearest.values[i] = std::min(nearest.values[i], other.values[i]);
    EXPECT_NE(messageOf(nearest).find("a CSV of pads is needed"), std::string::npos);
    // Another map by mistake: small values with minima everywhere.
    Map currents{90, 90, std::vector<double>(8'100)};
    for (std::size_t i = 0; i < currents.values.size(); ++i)
        currents.values[i] = 1e-8 * static_cast<double>(i * 7919 % 101);
    EXPECT_NE(messageOf(currents).find("a CSV of pads is needed"), std::string::npos);
    context.cancel();
    EXPECT_EQ(recoverPads(effectiveDistances(9, 9, {{3, 3}}), context).error().code, ErrorCode::Cancelled);
}

TEST(PadPlaces, AreReadFromATable) {
    const auto pads = parsePads("name,y,x\na,2.5,1\nb,4,3\n", "pads.csv");
    ASSERT_TRUE(pads) << pads.error().describe();
    ASSERT_EQ(pads->size(), 2U);
    EXPECT_EQ((*pads)[0].x, 1);
    EXPECT_EQ((*pads)[0].y, 2.5);
    const struct {
        const char* text;
        int line;
    } cases[] = {
        {"a,b\n1,2\n", 1}, {"x,y\n", 1}, {"x,y\n1,2\n3,four\n", 3}, {"x,y\nnan,2\n", 2}, {"x,y\n1\n", 2}};
    for (const auto& each : cases) {
        const auto refused = parsePads(each.text, "pads.csv");
        ASSERT_FALSE(refused) << each.text;
        EXPECT_EQ(refused.error().file, "pads.csv");
        EXPECT_EQ(refused.error().line, each.line) << refused.error().describe();
    }
    EXPECT_EQ(readPads("nowhere.csv").error().code, ErrorCode::NotFound);
}

} // namespace
} // namespace headroom::powergrid
