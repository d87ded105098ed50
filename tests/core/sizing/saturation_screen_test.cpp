#include "core/sizing/saturation_screen.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/sizing/electrical_drawing.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

/// Drawings of the telescopic amplifier whose margins follow the model of the screen, but for noise.
class SaturationScreenTest : public testing::Test {
protected:
    SaturationScreenTest()
        : m_amplifier(exampleAmplifier("telescopic"))
        , m_space(spaceOf(*m_amplifier))
        , m_drawing(*m_amplifier, m_space, 1e-5)
        , m_coordinates(ElectricalCoordinates::create(m_amplifier, m_space, 1e-5)) {}

    std::vector<double> draw() {
        while (true) {
            if (auto values = m_drawing.draw(5, m_index++)) return *values;
        }
    }

    /// Two devices: one has room where the first group works in weak inversion, the other is biased by the
    /// difference of two groups.
    simulation::OperatingPoint pointOf(const std::vector<double>& values, double threshold) {
        const Eigen::VectorXd coordinates = m_coordinates->of(values);
        const auto overdrive = [&](std::size_t group) {
            const auto c = static_cast<Eigen::Index>(m_coordinates->inversions()[group]);
            return std::log(std::expm1(std::exp(coordinates[c] / 2)));
        };
        simulation::OperatingPoint point;
        point.devices["A"].vds = threshold - 0.05 * overdrive(0) + 0.005 * normal(m_engine);
        point.devices["B"].vds = threshold - 0.04 * (overdrive(1) - overdrive(2)) + 0.005 * normal(m_engine);
        return point;
    }
    static bool isSaturated(const simulation::OperatingPoint& point) {
        return point.devices.at("A").vds >= 0.05 && point.devices.at("B").vds >= 0.05;
    }

    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier;
    DesignSpace m_space;
    ElectricalDrawing m_drawing;
    std::shared_ptr<const ElectricalCoordinates> m_coordinates;
    std::uint64_t m_index = 0;
    RandomEngine m_engine{3};
};

TEST_F(SaturationScreenTest, LeavesMostOfWhatFailsUnsimulatedAndLosesFewThatWork) {
    constexpr double threshold = -0.02;
    SaturationScreen screen(m_coordinates, 0.05);
    for (int i = 0; i < 400; ++i) {
        const auto values = draw();
        EXPECT_TRUE(screen.passes(values)); // nothing is known yet
        screen.learn(values, pointOf(values, threshold));
    }
    screen.fit();
    ASSERT_TRUE(screen.isActive());
    int works = 0, lost = 0, fails = 0, spared = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto values = draw();
        const bool passes = screen.passes(values);
        if (isSaturated(pointOf(values, threshold))) {
            ++works;
            lost += passes ? 0 : 1;
        } else {
            ++fails;
            spared += passes ? 0 : 1;
        }
    }
    EXPECT_GT(works, 30);
    EXPECT_LT(works, 300);
    EXPECT_LT(lost, works / 20);
    EXPECT_GT(spared, fails * 9 / 10);
}

TEST_F(SaturationScreenTest, StaysOutOfTheWayWhereMostIsSaturated) {
    SaturationScreen screen(m_coordinates, 0.05);
    for (int i = 0; i < 400; ++i) {
        const auto values = draw();
        screen.learn(values, pointOf(values, 0.2));
    }
    screen.fit();
    EXPECT_FALSE(screen.isActive());
    EXPECT_EQ(screen.chance(draw()), 1);
}

TEST_F(SaturationScreenTest, OperatingPointsThatAreNotThereTeachNothing) {
    SaturationScreen screen(m_coordinates, 0.05);
    screen.fit();
    const auto values = draw();
    screen.learn(values, {});
    auto odd = pointOf(values, 0);
    screen.learn(values, odd);
    odd.devices["A"].vds = NAN;
    screen.learn(values, odd);
    screen.fit();
    EXPECT_FALSE(screen.isActive());
}

} // namespace
} // namespace headroom::sizing
