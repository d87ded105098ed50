#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

EvaluationSettings everything() {
    EvaluationSettings settings;
    settings.performances = allPerformances();
    return settings;
}

TEST(FullyDifferential, GainIsThatOfTheHalfCircuit) {
    const auto amplifier = sizedAmplifier("differential_two_stage.sp");
    const Evaluation evaluation = simulate(*makePool(amplifier, everything()));
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    const auto& d = evaluation.operatingPoint.devices;
    const double sense = 1 / 100e3;
    const double gain = d.at("M1").gm / (d.at("M1").gds + d.at("M4").gds) * d.at("M6").gm /
                        (d.at("M6").gds + d.at("M8").gds + sense);
    EXPECT_NEAR(evaluation.performances.at(Performance::GainDb), 20 * std::log10(gain), 0.2);
    EXPECT_NEAR(evaluation.performances.at(Performance::Offset), 0, 1e-9) << "both halves are alike";
    EXPECT_NEAR(evaluation.performances.at(Performance::SlewRateRising),
                evaluation.performances.at(Performance::SlewRateFalling),
                1e-3 * evaluation.performances.at(Performance::SlewRateRising));
    const auto& nets = evaluation.operatingPoint.nets;
    EXPECT_NEAR(nets.at("outp"), 0.55, 0.02) << "the common-mode feedback's reference is the output level";
    EXPECT_NEAR(nets.at("outn"), nets.at("outp"), 1e-6);
    EXPECT_LT(evaluation.performances.at(Performance::VoutMin), 0.2);
    EXPECT_GT(evaluation.performances.at(Performance::VoutMax), 0.9);
}

TEST(FullyDifferential, EveryKindOfCommonModeFeedbackBiasesUp) {
    for (const char* file : {"differential_folded_two_pairs.sp", "differential_resistive_sense.sp",
                             "differential_resistor_load.sp", "gain_boosted_telescopic.sp"}) {
        const Evaluation evaluation = simulate(*makePool(sizedAmplifier(file), everything()));
        ASSERT_TRUE(evaluation.ok()) << file << ": " << evaluation.error->describe();
        EXPECT_TRUE(evaluation.performances.contains(Performance::GainDb)) << file;
        EXPECT_TRUE(evaluation.performances.contains(Performance::Power)) << file;
    }
}

TEST(FullyDifferential, WithoutCommonModeFeedbackTheBenchHoldsTheOutputs) {
    const Evaluation evaluation =
        simulate(*makePool(sizedAmplifier("gain_boosted_telescopic.sp"), everything()));
    ASSERT_TRUE(evaluation.ok());
    EXPECT_NEAR(evaluation.operatingPoint.nets.at("outp"), 0.55, 0.05);
    bool isSaid = false;
    for (const std::string& note : evaluation.notes)
        isSaid = isSaid || note.find("the bench holds the outputs' common mode") != std::string::npos;
    EXPECT_TRUE(isSaid);
}

TEST(FullyDifferential, OutputsAtARailAreSaid) {
    // The common-mode feedback's tail is off: the loads draw nothing, the outputs rise.
    std::string text =
        "* stuck\n.subckt stuck inp inn outp outn vcm ibias vdd vss\n"
        "M1 outn inp tail vss nmos W=10u L=0.2u\nM2 outp inn tail vss nmos W=10u L=0.2u\n"
        "M3 outn cmc vdd vdd pmos W=900u L=0.1u\nM4 outp cmc vdd vdd pmos W=900u L=0.1u\n"
        "M5 tail ibias vss vss nmos W=1u L=1u\nM6 ibias ibias vss vss nmos W=10u L=0.2u\n"
        "R1 outp cms 100k\nR2 outn cms 100k\nM7 fm cms ft vss nmos W=10u L=0.2u\n"
        "M8 cmc vcm ft vss nmos W=10u L=0.2u\nM9 fm fm vdd vdd pmos W=1u L=0.2u\n"
        "M10 cmc cmc vdd vdd pmos W=1u L=0.2u\nM11 ft ibias vss vss nmos W=10u L=0.2u\n.ends\n";
    const Evaluation evaluation = simulate(*makePool(amplifierFromText(text), everything()));
    ASSERT_FALSE(evaluation.ok());
    EXPECT_EQ(evaluation.error->code, ErrorCode::Infeasible);
    EXPECT_NE(evaluation.error->message.find("rest at a rail"), std::string::npos)
        << evaluation.error->message;
}

TEST(VoltageBias, CascodesGetTheirGatesFromLiftedCopies) {
    for (const char* file :
         {"recycling_folded_cascode.sp", "symmetrical_cascoded.sp", "folded_cascode_wilson.sp"}) {
        const Evaluation evaluation = simulate(*makePool(sizedAmplifier(file), everything()));
        ASSERT_TRUE(evaluation.ok()) << file << ": " << evaluation.error->describe();
        EXPECT_GT(evaluation.performances.at(Performance::GainDb), 30) << file;
    }
}

TEST(PowerDown, ItsControlIsTiedToTheLevelAtWhichTheAmplifierWorks) {
    const auto amplifier = sizedAmplifier("power_down.sp");
    const Evaluation evaluation = simulate(*makePool(amplifier, everything()));
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    EXPECT_GT(evaluation.performances.at(Performance::GainDb), 30);
}

} // namespace
} // namespace headroom::simulation
