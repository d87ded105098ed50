// What designers draw beside the textbook: cascoded mirrors, bias voltages, units in parallel and in series,
// dummies, ammeters, resistors.
#include "core/sizing/branch_currents.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "core/sizing/electrical_drawing.h"
#include "core/structure/structure.h"
#include "core/technology/technology.h"
#include "tests/core/structure/unit_split.h"

namespace headroom::sizing {
namespace {

constexpr double kBias = 10e-6; // A

struct Subject {
    simulation::AmplifierUnderTest amplifier;
    DesignSpace space;
};

Subject subjectOf(const std::string& text) {
    Subject subject;
    auto read = netlist::parseNetlist(text, "drawn.sp");
    EXPECT_TRUE(read) << (read ? "" : read.error().describe());
    subject.amplifier.netlist = std::move(*read);
    subject.amplifier.structure = structure::recognise(subject.amplifier.netlist.circuit);
    subject.amplifier.technology = technology::loadTechnology("freepdk45").value();
    EXPECT_TRUE(subject.amplifier.structure.ports) << subject.amplifier.structure.portsProblem;
    subject.space = DesignSpace::create(subject.amplifier).value();
    return subject;
}

/// Drain currents in units of the bias current.
class Currents {
public:
    Currents(const Subject& subject, double ratio)
        : m_subject(subject)
        , m_currents(subject.amplifier, subject.space, kBias)
        , m_solved(m_currents.solve(std::vector<double>(m_currents.freeRatios(), ratio))) {
        EXPECT_TRUE(m_solved);
    }
    double operator()(const std::string& device) const {
        const auto id = m_subject.amplifier.netlist.circuit.findDevice(device);
        EXPECT_TRUE(id) << device;
        return m_solved ? (*m_solved)[static_cast<std::size_t>(*id)] / kBias : 0;
    }
    std::size_t freeRatios() const { return m_currents.freeRatios(); }

private:
    const Subject& m_subject;
    BranchCurrents m_currents;
    std::optional<std::vector<double>> m_solved;
};

int drawings(const Subject& subject) {
    const ElectricalDrawing drawing(subject.amplifier, subject.space, kBias);
    int drawn = 0;
    for (std::uint64_t index = 0; index < 300; ++index)
        drawn += drawing.draw(1, index) ? 1 : 0;
    return drawn;
}

/// Input pair and mirror load; the tail is the test's.
std::string fiveTransistors(const std::string& ports, const std::string& rest) {
    return "* drawn\n.subckt drawn " + ports + "\n" +
           "M1 mirr inp tail vss NMOS_VTG W=8u L=0.3u\n"
           "M2 out inn tail vss NMOS_VTG W=8u L=0.3u\n"
           "M4 mirr mirr vdd vdd PMOS_VTG W=6u L=0.5u\n"
           "M5 out mirr vdd vdd PMOS_VTG W=6u L=0.5u\n"
           "CL out vss 2p\n" +
           rest + ".ends\n";
}

TEST(BranchCurrents, MirrorsThatCarryOneCurrentHaveOneRatio) {
    const Subject subject = subjectOf(fiveTransistors("inp inn out ibias vdd vss",
                                                      "MD2 ibias ibias low vss NMOS_VTG W=2u L=0.5u\n"
                                                      "MD1 low low vss vss NMOS_VTG W=2u L=0.5u\n"
                                                      "M6 tail ibias mid vss NMOS_VTG W=4u L=0.5u\n"
                                                      "M3 mid low vss vss NMOS_VTG W=4u L=0.5u\n"));
    const Currents currents(subject, 3);
    EXPECT_EQ(currents.freeRatios(), 1U);
    EXPECT_NEAR(currents("MD1"), 1, 1e-9);
    EXPECT_NEAR(currents("M3"), 3, 1e-9);
    EXPECT_NEAR(currents("M6"), 3, 1e-9);
    EXPECT_NEAR(currents("M1"), 1.5, 1e-9);
    EXPECT_GT(drawings(subject), 3);
}

TEST(BranchCurrents, ABiasVoltageMakesTheBiasCurrent) {
    const Subject subject = subjectOf(
        fiveTransistors("inp inn out vbias vdd vss", "M3 tail vbias vss vss NMOS_VTG W=4u L=0.5u m=2\n"));
    const Currents currents(subject, 3);
    EXPECT_EQ(currents.freeRatios(), 0U);
    EXPECT_NEAR(currents("M3"), 1, 1e-9);
    EXPECT_NEAR(currents("M5"), 0.5, 1e-9);
    EXPECT_GT(drawings(subject), 3);
}

TEST(BranchCurrents, WhatAResistorSetsIsAMultipleOfTheBiasCurrent) {
    const Subject subject = subjectOf(fiveTransistors("inp inn out vdd vss", "RT tail vss 20k\n"));
    const Currents currents(subject, 3);
    EXPECT_EQ(currents.freeRatios(), 1U);
    EXPECT_NEAR(currents("M1"), 3, 1e-9);
    EXPECT_NEAR(currents("M2"), 3, 1e-9);
    EXPECT_GT(drawings(subject), 3);
}

TEST(BranchCurrents, AmmetersJoinNetsAndWhatDoesNotConductStaysAsDrawn) {
    const Subject subject = subjectOf(fiveTransistors("inp inn out ibias vdd vss",
                                                      "M6 ibias ibias vss vss NMOS_VTG W=2u L=0.5u\n"
                                                      "M3 fed ibias vss vss NMOS_VTG W=4u L=0.5u\n"
                                                      "VM tail fed 0\n"
                                                      "MDUMMY tail vss vss vss NMOS_VTG W=1u L=0.5u\n"
                                                      "MDECAP vss ibias vss vss NMOS_VTG W=9u L=0.5u\n"));
    const Currents currents(subject, 4);
    EXPECT_NEAR(currents("M3"), 4, 1e-9);
    EXPECT_NEAR(currents("M2"), 2, 1e-9);
    EXPECT_EQ(currents("MDUMMY"), 0);
    EXPECT_FALSE(subject.space.find("MDUMMY", "w"));
    EXPECT_FALSE(subject.space.find("MDECAP", "l"));
    EXPECT_TRUE(subject.space.find("M3", "w"));
    EXPECT_GT(drawings(subject), 3);
}

std::string inUnits(const std::string& text, int units, bool inSeries) {
    return structure::split(text, units, inSeries ? structure::Split::Series : structure::Split::Parallel);
}

class Units : public testing::TestWithParam<bool> {};

TEST_P(Units, AreSizedAsTheTransistorThatTheyStandFor) {
    constexpr int kUnits = 3;
    const bool inSeries = GetParam();
    const std::string text = readFile(resourcePath("examples/symmetrical.sp")).value();
    const Subject whole = subjectOf(text);
    const Subject units = subjectOf(inUnits(text, kUnits, inSeries));
    EXPECT_EQ(units.space.size(), whole.space.size());
    EXPECT_EQ(units.space.find("M6_1", "w"), units.space.find("M6_3", "w"));
    const Currents before(whole, 2), after(units, 2);
    EXPECT_EQ(after.freeRatios(), before.freeRatios());
    for (const char* name : {"M1", "M3", "M7", "M8"}) {
        double sum = 0;
        for (int unit = 1; unit <= kUnits; ++unit)
            sum += after(std::string(name) + "_" + std::to_string(unit));
        EXPECT_NEAR(sum, before(name) * (inSeries ? kUnits : 1), 1e-9) << name;
    }
    // At one length and inversion, three in series are three times as wide, three in parallel a third.
    const BranchCurrents currents(units.amplifier, units.space, kBias);
    const auto id = *units.amplifier.netlist.circuit.findDevice("M3_2");
    EXPECT_EQ(currents.stretch(id), inSeries ? kUnits : 1);
    EXPECT_GT(drawings(units), 3);
}

TEST_P(Units, CanSaturateAtTheTopOfAStackAlone) {
    const bool inSeries = GetParam();
    const std::string text = readFile(resourcePath("examples/five_transistor.sp")).value();
    const Subject units = subjectOf(inUnits(text, 2, inSeries));
    const auto& devices = units.amplifier.netlist.circuit.devices;
    const auto can = structure::canSaturate(units.amplifier.structure, devices.size());
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (devices[i].type != netlist::DeviceType::Mosfet) continue;
        EXPECT_EQ(can[i], !inSeries || devices[i].name.ends_with("_1")) << devices[i].name;
    }
}

INSTANTIATE_TEST_SUITE_P(InParallelAndInSeries, Units, testing::Bool());

TEST(BranchCurrents, FingersWidenTheLegalRange) {
    const Subject subject = subjectOf(fiveTransistors("inp inn out ibias vdd vss",
                                                      "M6 ibias ibias vss vss NMOS_VTG W=2u L=0.5u\n"
                                                      "M3 tail ibias vss vss NMOS_VTG W=8u L=0.5u nf=4\n"));
    const auto& one = subject.space.variables()[*subject.space.find("M6", "w")];
    const auto& four = subject.space.variables()[*subject.space.find("M3", "w")];
    EXPECT_DOUBLE_EQ(four.low, 4 * one.low);
    EXPECT_DOUBLE_EQ(four.high, 4 * one.high);
    EXPECT_DOUBLE_EQ(four.grid, 4 * one.grid);
}

TEST(BranchCurrents, WhyNothingCanBeDrawnIsToldWithTheDevice) {
    const Subject subject = subjectOf(fiveTransistors("inp inn out ibias vdd vss",
                                                      "M6 ibias ibias vss vss NMOS_VTG W=2u L=0.5u\n"
                                                      "M3 tail ibias vss vss NMOS_VTG W=4u L=0.5u\n"));
    const ElectricalDrawing drawing(subject.amplifier, subject.space, 1e-3);
    const std::string why = drawing.whyNone(1, 0);
    EXPECT_NE(why.find("does not fit into"), std::string::npos) << why;
}

} // namespace
} // namespace headroom::sizing
