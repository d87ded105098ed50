#include "core/powergrid/rail_surface.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headroom::powergrid {
namespace {

using Diagonal = RailSurface::Diagonal;

/// Rails whose nodes stand at places of their own, with the values of a function.
template <class Function>
RailLines scattered(Function function) {
    RandomEngine engine(3);
    RailLines rails;
    for (int line = 0; line < 12; ++line) {
        RailLines::Line own;
        own.across = 2.5 * line;
        for (int node = 0; node < 10; ++node) {
            const double place = node == 0 ? 0 : node == 9 ? 40 : 4.5 * node + uniform(engine, -1.5, 1.5);
            own.places.push_back(place);
            own.values.push_back(function(place, own.across));
        }
        rails.lines.push_back(std::move(own));
    }
    return rails;
}

/// The same on a regular grid, where every rectangle may be cut either way.
template <class Function>
RailLines regular(Function function) {
    RailLines rails;
    for (int line = 0; line < 9; ++line) {
        RailLines::Line own;
        own.across = 2 * line;
        for (int node = 0; node < 11; ++node) {
            own.places.push_back(3 * node);
            own.values.push_back(function(3.0 * node, own.across));
        }
        rails.lines.push_back(std::move(own));
    }
    return rails;
}

std::vector<double> lineOf(const RailSurface& surface, std::size_t count, double across) {
    std::vector<double> values(count, 0);
    surface.addTo(values, across, 1);
    return values;
}

double plane(double along, double across) {
    return 0.3 - 0.02 * along + 0.07 * across;
}

double wave(double along, double across) {
    return std::sin(0.21 * along) * std::cos(0.17 * across);
}

TEST(RailSurface, GoesThroughItsNodesAndAlongPlanes) {
    for (const Diagonal diagonal : {Diagonal::Rising, Diagonal::Falling}) {
        const RailSurface flat(scattered(plane), diagonal);
        for (const double across : {0.0, 1.3, 12.4, 27.5}) {
            const auto values = lineOf(flat, 41, across);
            for (std::size_t along = 0; along <= 40; ++along)
                EXPECT_NEAR(values[along], plane(static_cast<double>(along), across),
                            1e-7); // slopes to a millionth
        }
        const RailLines rails = regular(wave);
        const RailSurface waves(rails, diagonal);
        for (const RailLines::Line& line : rails.lines) {
            const auto values = lineOf(waves, 31, line.across);
            for (std::size_t node = 0; node < line.places.size(); ++node)
                EXPECT_NEAR(values[3 * node], line.values[node], 1e-12);
        }
    }
}

TEST(RailSurface, FollowsWhatIsSmoothCloserThanStraightLines) {
    const RailSurface surface(regular(wave), Diagonal::Rising);
    double worst = 0, straight = 0;
    for (double across = 4; across < 12; across += 0.5) {
        const auto values = lineOf(surface, 31, across);
        for (std::size_t along = 6; along < 24; ++along) {
            const double place = static_cast<double>(along), before = std::floor(place / 3) * 3;
            const double part = (place - before) / 3;
            worst = std::max(worst, std::abs(values[along] - wave(place, across)));
            straight = std::max(straight, std::abs((1 - part) * wave(before, across) +
                                                   part * wave(before + 3, across) - wave(place, across)));
        }
    }
    EXPECT_GT(straight, 0.03);
    EXPECT_LT(worst, 0.1 * straight);
}

TEST(RailSurface, HasNoKinks) {
    // Slopes to both sides of everything that an edge may cross, at steps of a thousandth.
    const RailSurface surface(scattered(wave), Diagonal::Falling);
    constexpr double step = 1e-3;
    double worst = 0;
    std::vector<double> before = lineOf(surface, 41, 4), now = lineOf(surface, 41, 4 + step);
    for (int i = 2; i < 6000; ++i) {
        const std::vector<double> next = lineOf(surface, 41, 4 + step * i);
        for (std::size_t along = 0; along < next.size(); ++along)
            worst = std::max(worst, std::abs(next[along] - 2 * now[along] + before[along]) / step);
        before = now;
        now = next;
    }
    EXPECT_LT(worst, 1e-3); // a kink between linear pieces would be some 0.05
}

TEST(RailSurface, EitherDiagonalIsTheOthersMirrorImage) {
    const auto mirrored = [](double along, double across) { return wave(30 - along, across); };
    const RailSurface rising(regular(wave), Diagonal::Rising), falling(regular(mirrored), Diagonal::Falling);
    double apart = 0;
    for (const double across : {0.5, 3.3, 9.0, 15.7}) {
        const auto one = lineOf(rising, 31, across), other = lineOf(falling, 31, across);
        const auto same = lineOf(RailSurface(regular(wave), Diagonal::Falling), 31, across);
        for (std::size_t along = 0; along <= 30; ++along) {
            EXPECT_NEAR(one[along], other[30 - along], 1e-6);
            apart = std::max(apart, std::abs(one[along] - same[along]));
        }
    }
    EXPECT_GT(apart, 1e-4) << "the diagonals make no difference";
}

TEST(RailSurface, GoesOnBeyondItsEnds) {
    RailLines rails = regular(plane);
    for (RailLines::Line& line : rails.lines)
        for (double& place : line.places)
            place += 5;
    const RailSurface surface(rails, Diagonal::Rising);
    const auto values = lineOf(surface, 60, 4);
    EXPECT_NEAR(values[0], values[5], 1e-12);
    EXPECT_NEAR(values[59], values[35], 1e-12);
    EXPECT_EQ(lineOf(surface, 60, 16), lineOf(surface, 60, 99));
    EXPECT_EQ(lineOf(surface, 60, 0), lineOf(surface, 60, -3));
}

TEST(RailSurface, NeedsTwoRailsOfTwoNodes) {
    RailLines rails = regular(plane);
    EXPECT_TRUE(RailSurface::canCover(rails));
    rails.lines[3].places.resize(1);
    EXPECT_FALSE(RailSurface::canCover(rails));
    rails.lines.resize(1);
    EXPECT_FALSE(RailSurface::canCover(rails));
}

} // namespace
} // namespace headroom::powergrid
