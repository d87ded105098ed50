#include "core/sizing/specification.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/sizing/free_performances.h"
#include "core/sizing/specification_text.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

const std::vector<Performance> kKnown{Performance::GainDb, Performance::Power, Performance::PhaseMargin,
                                      Performance::TransitFrequency};

Requirement requirementOf(const std::string& text) {
    const auto read = parseRequirement(text);
    EXPECT_TRUE(read) << text << ": " << read.error().describe();
    return read ? *read : Requirement();
}

TEST(SpecificationText, ReadsLimitsOnEitherSideAndOnBoth) {
    EXPECT_EQ(requirementOf("gain_db=60"), Requirement::reaching(Performance::GainDb, 60));
    EXPECT_DOUBLE_EQ(requirementOf("power=100u").maximum, 100e-6);
    EXPECT_FALSE(requirementOf("power=100u").hasMinimum());
    EXPECT_DOUBLE_EQ(requirementOf("power>=100uW").minimum, 100e-6);
    EXPECT_FALSE(requirementOf("power>=100u").hasMaximum());
    EXPECT_EQ(requirementOf("gain_db<=60 dB").maximum, 60);
    EXPECT_EQ(requirementOf("transit_frequency>=10meg").minimum, 10e6);
    const Requirement range = requirementOf("phase_margin=60..80*2.5");
    EXPECT_EQ(range.minimum, 60);
    EXPECT_EQ(range.maximum, 80);
    EXPECT_EQ(range.weight, 2.5);
    const Requirement atCorners = requirementOf("power<=100u*2@ss+ff+ss");
    EXPECT_EQ(atCorners.weight, 2);
    EXPECT_EQ(atCorners.corners, (std::vector<std::string>{"ss", "ff"}));
    EXPECT_TRUE(atCorners.appliesAt("ss"));
    EXPECT_FALSE(atCorners.appliesAt("nom"));
    EXPECT_TRUE(atCorners.appliesAt(std::nullopt));
    EXPECT_TRUE(range.appliesAt("nom"));
    EXPECT_EQ(parseRequirement("power<=100u@").error().code, ErrorCode::BadInput);
    EXPECT_EQ(parseRequirement("power<=100u@ss+").error().code, ErrorCode::BadInput);
}

TEST(SpecificationText, ReadsBackWhatItWrites) {
    for (const char* text : {"gain_db=60", "power<=100u*3", "phase_margin=61.3..82", "power>=1e-7",
                             "gain_db=60@ss", "power<=100u*3@ss+ff"}) {
        const Requirement requirement = requirementOf(text);
        EXPECT_EQ(requirementOf(formatRequirement(requirement)), requirement) << text;
    }
    EXPECT_EQ(formatRequirement(Requirement::free(Performance::Power)), "");
}

TEST(SpecificationText, PutsSeveralWordsTogetherAndLeavesTheRestFree) {
    const auto specification = parseSpecification({"gain_db>=60", "power<=1m", "gain_db<=80"}, kKnown);
    ASSERT_TRUE(specification) << specification.error().describe();
    EXPECT_EQ(specification->performances(), kKnown);
    EXPECT_EQ(specification->find(Performance::GainDb)->minimum, 60);
    EXPECT_EQ(specification->find(Performance::GainDb)->maximum, 80);
    EXPECT_TRUE(specification->find(Performance::PhaseMargin)->isFree());
    EXPECT_TRUE(specification->asksForAnything());
    EXPECT_FALSE(parseSpecification({}, kKnown)->asksForAnything());
}

TEST(SpecificationText, SaysWhatIsWrong) {
    const auto problemOf = [](std::vector<std::string> words) {
        const auto read = parseSpecification(words, kKnown);
        EXPECT_FALSE(read) << words.front();
        return read ? std::string() : read.error().message;
    };
    EXPECT_EQ(problemOf({"beauty=3"}), "\"beauty\" is no performance.");
    EXPECT_EQ(problemOf({"gain_db"}), "\"gain_db\" is not of the form PERFORMANCE=VALUE, PERFORMANCE>=VALUE, "
                                      "PERFORMANCE<=VALUE or PERFORMANCE=LOW..HIGH.");
    EXPECT_EQ(problemOf({"offset=1m"}),
              "\"offset\" is no performance of this model; it knows gain_db, power, "
              "phase_margin, transit_frequency.");
    EXPECT_EQ(problemOf({"gain_db=80..60"}),
              "The specification contradicts itself: Gain should be at least 80 dB and at most 60 dB.");
    EXPECT_EQ(problemOf({"gain_db>=80", "gain_db<=60"}),
              "The specification contradicts itself: Gain should be at least 80 dB and at most 60 dB.");
    EXPECT_EQ(problemOf({"gain_db=60", "gain_db=80"}), "Gain gets two values for the same limit.");
    EXPECT_EQ(problemOf({"power<=0"}),
              "The specification cannot be met: Power is above zero in every circuit and "
              "should be at most 0 W.");
    EXPECT_EQ(problemOf({"gain_db="}), "\"gain_db=\" says no value behind its sign.");
    EXPECT_EQ(problemOf({"power<=1m*0"}), "The weight of Power should be a positive number.");
    for (const char* word :
         {"=", ">=3", "gain_db=", "gain_db=..", "gain_db=60..", "gain_db=60*", "gain_db=60 V"})
        EXPECT_FALSE(parseSpecification({word}, kKnown)) << word;
}

TEST(SpecificationText, PinsSizesOfDevices) {
    const auto amplifier = exampleAmplifier("miller");
    const DesignSpace space = spaceOf(*amplifier);
    const auto pinned = parsePinnedSizes({"M1.w=12u", "m2.W=12u"}, space);
    ASSERT_TRUE(pinned) << pinned.error().describe();
    ASSERT_EQ(pinned->size(), 1U); // M1 and M2 are matched
    EXPECT_EQ((*pinned)[0].variable, *space.find("M2", "w"));
    EXPECT_EQ((*pinned)[0].value, 12e-6);
    EXPECT_EQ(parsePinnedSizes({"M1.w=12u", "M2.w=13u"}, space).error().message,
              space.variables()[*space.find("M1", "w")].name + " is pinned to two values.");
    EXPECT_EQ(parsePinnedSize("M99.w=1u", space).error().message,
              "M99 has no size \"w\" that could be pinned.");
    EXPECT_EQ(parsePinnedSize("M1=1u", space).error().message,
              "\"M1=1u\" is not of the form DEVICE.PARAMETER=VALUE.");
    EXPECT_FALSE(parsePinnedSize("M1.w=1", space)); // a metre
    EXPECT_FALSE(parsePinnedSize("M1.w=wide", space));
}

TEST(Specification, WhatLiesOutsideOfTheDataIsExtrapolated) {
    const auto specification =
        parseSpecification({"gain_db>=90", "power=1u..1m", "phase_margin>=60"}, kKnown);
    ASSERT_TRUE(specification) << specification.error().describe();
    EXPECT_EQ(extrapolated(*specification, {{50, 80}, {1e-5, 1e-4}, {60, 90}, {1e6, 1e7}}),
              std::vector{Performance::GainDb});
    EXPECT_TRUE(extrapolated(*specification, {{50, 95}, {1e-5, 1e-4}, {60, 90}, {1e6, 1e7}}).empty());
}

TEST(Specification, GuidesToTheLimitOrToTheMiddleOfARange) {
    EXPECT_EQ(Requirement::reaching(Performance::Power, 1e-4).target(), 1e-4);
    EXPECT_EQ((Requirement{Performance::GainDb, 60, 80, 1}.target()), 70);
    EXPECT_NEAR((Requirement{Performance::TransitFrequency, 1e6, 4e6, 1}.target()), 2e6, 1);
    EXPECT_TRUE(std::isnan(Requirement::free(Performance::Power).target()));
}

TEST(Specification, CountsWhatLiesOutsideARangeAndWeighsIt) {
    Specification specification;
    specification.requirements = {{Performance::GainDb, 50, 60, 1},
                                  {Performance::Power, -INFINITY, 1e-3, 3},
                                  Requirement::free(Performance::PhaseMargin)};
    EXPECT_EQ(shortfallOf(specification, {55, 1e-3, 10}, 1.1).worst, 0);
    EXPECT_NEAR(shortfallOf(specification, {66, 0, 10}, 1.1).worst, 0.1, 1e-12);
    EXPECT_NEAR(shortfallOf(specification, {45, 0, 10}, 1.1).worst, 0.1, 1e-12);
    const Shortfall both = shortfallOf(specification, {45, 1.05e-3, 10}, 1.1);
    EXPECT_NEAR(both.worst, 0.1, 1e-12);
    EXPECT_NEAR(both.weighted, 0.15, 1e-12);
    EXPECT_EQ(shortfallOf(specification, {55, 1e-3, std::nan("")}, 1.1).worst, 0); // free
    EXPECT_TRUE(std::isnan(shortfallOf(specification, {std::nan(""), 1e-3, 10}, 1.1).worst));
}

TEST(Specification, LoosenedByItsShortfallIsMetExactly) {
    for (const Requirement& requirement :
         {Requirement{Performance::GainDb, 50, 60, 1}, Requirement::reaching(Performance::IcmrMin, 0.01),
          Requirement::reaching(Performance::VoutMax, 0.9)}) {
        for (const double value : {0.3, 40.0, 70.0}) {
            const double missed = requirement.shortfall(value, 1.1);
            const Requirement loose = loosened(requirement, missed, 1.1);
            EXPECT_NEAR(loose.shortfall(value, 1.1), 0, 1e-12);
            if (missed == 0) continue;
            EXPECT_GT(loosened(requirement, 0.9 * missed, 1.1).shortfall(value, 1.1), 0);
        }
    }
}

TEST(Specification, ARangeOfVoltagesThatCannotBeIsToldInWords) {
    Specification swapped;
    swapped.requirements = {{Performance::VoutMin, 0.8, INFINITY, 1},
                            {Performance::VoutMax, -INFINITY, 0.4, 1}};
    EXPECT_EQ(checkSpecification(swapped).error().message,
              "The specification contradicts itself: the output swing would end at 400 mV or below and begin "
              "at 800 mV or above.");
    swapped.requirements[1] = Requirement::reaching(Performance::VoutMax, 0.4);
    EXPECT_TRUE(checkSpecification(swapped));
}

/// Rows in which the second performance is ten times the first, and the third is anything.
class FreePerformancesTest : public testing::Test {
protected:
    FreePerformancesTest() {
        m_normalisation.performances = {{false, 0, 1}, {false, 0, 1}, {false, 0, 1}};
        for (Eigen::Index row = 0; row < m_rows.rows(); ++row) {
            const double first = static_cast<double>(row) / 100;
            m_rows.row(row) << first, 10 * first, static_cast<double>(row % 7);
        }
    }

    Eigen::MatrixXd m_rows = Eigen::MatrixXd(300, 3);
    Normalisation m_normalisation;
    std::vector<Performance> m_performances{Performance::GainDb, Performance::PhaseMargin,
                                            Performance::CmrrDb};
};

TEST_F(FreePerformancesTest, TakeWhatGoesWithTheTargets) {
    const FreePerformances together(m_rows, m_performances, m_normalisation);
    const Specification half = Specification::reaching({Performance::GainDb}, {1.5});
    const Eigen::MatrixXd conditions = together.complete(half, 64, 1);
    EXPECT_TRUE((conditions.col(0).array() == 1.5).all());
    EXPECT_LT((conditions.col(1).array() - 15).abs().maxCoeff(), 0.9); // sixteen rows, a tenth apart
    EXPECT_GT(conditions.col(2).maxCoeff() - conditions.col(2).minCoeff(), 3);
    // Equal seeds, equal values, however many there are.
    EXPECT_EQ(together.complete(half, 64, 1), conditions);
    EXPECT_EQ(together.complete(half, 8, 1), conditions.topRows(8));
    EXPECT_EQ(together.complete(half, 8, 1, 8), conditions.middleRows(8, 8));
    EXPECT_NE(together.complete(half, 64, 2), conditions);
}

TEST_F(FreePerformancesTest, AreAnyRowsWhereNothingIsAsked) {
    const FreePerformances together(m_rows, m_performances, m_normalisation);
    const Eigen::MatrixXd conditions = together.complete({}, 200, 3);
    EXPECT_LT(conditions.col(0).minCoeff(), 0.3);
    EXPECT_GT(conditions.col(0).maxCoeff(), 2.7);
    EXPECT_LT((conditions.col(1) - 10 * conditions.col(0)).cwiseAbs().maxCoeff(), 1e-9);
}

TEST_F(FreePerformancesTest, StayUnknownWithoutRows) {
    const FreePerformances alone({}, m_performances, m_normalisation);
    const Eigen::MatrixXd conditions =
        alone.complete(Specification::reaching({Performance::GainDb}, {1.5}), 1, 1);
    EXPECT_EQ(conditions(0, 0), 1.5);
    EXPECT_TRUE(std::isnan(conditions(0, 1)));
}

} // namespace
} // namespace headroom::sizing
