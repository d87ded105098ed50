#include "core/netlist/schematic/connectivity.h"

#include <gtest/gtest.h>

#include "core/netlist/schematic/name_vector.h"

namespace headroom::netlist {
namespace {

TEST(Connectivity, JoinsWiresAtTheirEndsAndAtTs) {
    const auto found = connect({{{{0, 0}, {10, 0}}, {{10, 0}, {10, 10}}, {{5, 0}, {5, -20}}}, {}});
    EXPECT_EQ(found.nodeCount, 1);
    EXPECT_TRUE(found.endInsideWire[2]);
    ASSERT_EQ(found.junctions.size(), 1u);
    EXPECT_EQ(found.junctions[0], (Point{5, 0}));
}

TEST(Connectivity, LeavesCrossingWiresApart) {
    const auto found = connect({{{{0, 0}, {10, 0}}, {{5, -5}, {5, 5}}}, {{5, 0}}});
    // The point at the crossing lies on both and joins them.
    EXPECT_EQ(found.nodeCount, 1);
    EXPECT_EQ(connect({{{{0, 0}, {10, 0}}, {{5, -5}, {5, 5}}}, {}}).nodeCount, 2);
}

TEST(Connectivity, PutsAPointOnACrossingOnTheLastWireWhereTheToolDoes) {
    SheetGeometry geometry{{{{0, 0}, {10, 0}}, {{5, -5}, {5, 5}}}, {{5, 0}, {2, 0}}};
    geometry.pointsJoinCrossings = false;
    const auto found = connect(geometry);
    EXPECT_EQ(found.nodeCount, 2);
    EXPECT_EQ(found.pointNodes[0], found.wireNodes[1]);
    EXPECT_EQ(found.pointNodes[1], found.wireNodes[0]);
    EXPECT_TRUE(found.onCrossing[0]);
    EXPECT_FALSE(found.onCrossing[1]);
    // An end there joins both.
    geometry.wires.push_back({{5, 0}, {9, 4}});
    EXPECT_EQ(connect(geometry).nodeCount, 1);
}

TEST(Connectivity, PutsPointsOnWiresOfAnyDirection) {
    const auto found =
        connect({{{{0, 0}, {30, 10}}, {{0, 50}, {40, 10}}}, {{15, 5}, {20, 30}, {15, 6}, {15, 6}}});
    EXPECT_EQ(found.pointNodes[0], found.wireNodes[0]);
    EXPECT_EQ(found.pointNodes[1], found.wireNodes[1]);
    EXPECT_TRUE(found.insideWire[0]);
    EXPECT_EQ(found.pointNodes[2], found.pointNodes[3]);
    EXPECT_EQ(found.nodeCount, 3);
}

TEST(Connectivity, MergesOverlappingWiresAndKeepsGaps) {
    const auto found =
        connect({{{{0, 0}, {10, 0}}, {{20, 0}, {5, 0}}, {{30, 0}, {40, 0}}, {{7, 0}, {7, 0}}}, {{25, 0}}});
    EXPECT_EQ(found.wireNodes[0], found.wireNodes[1]);
    EXPECT_EQ(found.wireNodes[0], found.wireNodes[3]);
    EXPECT_NE(found.wireNodes[0], found.wireNodes[2]);
    EXPECT_NE(found.pointNodes[0], found.wireNodes[0]);
}

TEST(Connectivity, LeavesOutPlacesThatAreNoPlaces) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto found = connect({{{{0, 0}, {1e300, 0}}}, {{nan, 0}, {nan, 0}}});
    EXPECT_EQ(found.wireNodes[0], -1);
    EXPECT_NE(found.pointNodes[0], found.pointNodes[1]);
}

TEST(Connectivity, StaysFastWithManyOverlappingWires) {
    SheetGeometry geometry;
    for (int i = 0; i < 100'000; ++i) {
        geometry.wires.push_back({{static_cast<double>(i), 0}, {static_cast<double>(i) + 50'000, 0}});
        geometry.points.push_back({static_cast<double>(i), 0});
    }
    EXPECT_EQ(connect(geometry).nodeCount, 1);
}

using Names = std::vector<std::string>;

TEST(NameVector, ExpandsXschemNames) {
    const auto expand = [](const char* text) { return expandVector(text, VectorStyle::Xschem); };
    EXPECT_EQ(expand("A"), (Names{"A"}));
    EXPECT_EQ(expand("A[3]"), (Names{"A[3]"}));
    EXPECT_EQ(expand("A[2:0]"), (Names{"A[2]", "A[1]", "A[0]"}));
    EXPECT_EQ(expand("A[0..2]"), (Names{"A0", "A1", "A2"}));
    EXPECT_EQ(expand("A[1,5]"), (Names{"A[1]", "A[5]"}));
    EXPECT_EQ(expand("a, b[1:0]"), (Names{"a", "b[1]", "b[0]"}));
    EXPECT_EQ(expand("2*a,b"), (Names{"a", "a", "b"}));
    EXPECT_EQ(expand("2*(a,b)"), (Names{"a", "b", "a", "b"}));
    EXPECT_EQ(expand("2*A[1:0]"), (Names{"A[1]", "A[0]", "A[1]", "A[0]"}));
    EXPECT_EQ(expand("A[1:0]*2"), (Names{"A[1]", "A[1]", "A[0]", "A[0]"}));
    EXPECT_EQ(expand("(a,b)*2"), (Names{"a", "a", "b", "b"}));
    EXPECT_FALSE(expand("A[1:1000000]"));
    EXPECT_FALSE(expand("A[x:0]"));
    EXPECT_FALSE(expand("a,(b"));
}

TEST(NameVector, ExpandsKiCadNames) {
    EXPECT_EQ(expandVector("D[0..2]", VectorStyle::KiCad), (Names{"D0", "D1", "D2"}));
    EXPECT_EQ(expandVector("a,b", VectorStyle::KiCad), (Names{"a,b"}));
    EXPECT_EQ(expandVector("D[0:2]", VectorStyle::None), (Names{"D[0:2]"}));
}

} // namespace
} // namespace headroom::netlist
