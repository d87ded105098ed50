#include <cmath>
#include <cstdlib>
#include <cstring>

#include <gtest/gtest.h>

#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

class Examples : public testing::TestWithParam<const char*> {};

TEST_P(Examples, AreSaturatedAmplifiersWithEveryPerformance) {
    EvaluationSettings settings;
    settings.performances = allPerformances();
    const auto pool = makePool(exampleAmplifier(GetParam()), settings);
    const Evaluation evaluation = simulate(*pool);
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    EXPECT_EQ(evaluation.performances.size(), allPerformances().size());
    EXPECT_GE(evaluation.performances.at(Performance::GainDb), 60);
    EXPECT_GE(evaluation.performances.at(Performance::PhaseMargin), 60);
    EXPECT_GE(evaluation.operatingPoint.worstSaturationMargin, 0.05);
    EXPECT_LT(evaluation.performances.at(Performance::VoutMin), 0.3);
    EXPECT_GT(evaluation.performances.at(Performance::VoutMax), 0.7);
    EXPECT_LT(evaluation.performances.at(Performance::IcmrMin), pool->conditions().commonModeVoltage);
    EXPECT_GT(evaluation.performances.at(Performance::IcmrMax), pool->conditions().commonModeVoltage);
}

INSTANTIATE_TEST_SUITE_P(All, Examples, testing::Values("folded_cascode.sp", "miller.sp"),
                         [](const auto& test) {
                             return std::string(test.param, std::strchr(test.param, '.'));
                         });

class FurtherExamples : public testing::TestWithParam<const char*> {};

TEST_P(FurtherExamples, AreSaturatedAmplifiersWithWhatTheirKindHas) {
    EvaluationSettings settings;
    settings.performances = allPerformances();
    const Evaluation evaluation = simulate(*makePool(exampleAmplifier(GetParam()), settings));
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    for (const Performance performance : allPerformances())
        // One pole alone does not turn the phase by 180 degrees.
        EXPECT_TRUE(performance == Performance::GainMargin || evaluation.performances.contains(performance))
            << info(performance).name;
    EXPECT_GE(evaluation.performances.at(Performance::GainDb), 40);
    EXPECT_GE(evaluation.performances.at(Performance::PhaseMargin), 60);
    EXPECT_GE(evaluation.operatingPoint.worstSaturationMargin, 0.03);
}

INSTANTIATE_TEST_SUITE_P(All, FurtherExamples,
                         testing::Values("five_transistor.sp", "symmetrical.sp", "telescopic.sp",
                                         "three_stage.sp"),
                         [](const auto& test) {
                             return std::string(test.param, std::strchr(test.param, '.'));
                         });

/// With nested Miller compensation the inner loop leaves the left half-plane where the third stage's
/// transconductance is below the second one's (Eschauzier and Huijsing, Frequency compensation techniques for
/// low-power operational amplifiers, 1995). The phase at the transit frequency does not show it.
TEST(EvaluationPool, AnAmplifierWhoseInnerLoopOscillatesHasNoPhaseMargin) {
    EvaluationSettings settings;
    settings.performances = {Performance::TransitFrequency, Performance::PhaseMargin, Performance::SlewRate,
                             Performance::SettlingTime, Performance::VoutMax};
    const auto amplifier = exampleAmplifier("three_stage.sp");
    const auto pool = makePool(amplifier, settings);
    EvaluationRequest weak;
    weak.sizing = {{"M10", "w", 0.5e-6}, {"M11", "w", 1.5e-6}};
    SilentContext context;
    const std::vector<EvaluationRequest> requests{{}, weak, {}};
    const auto found = pool->evaluate(requests, context);
    ASSERT_TRUE(found && found->at(0).ok() && found->at(1).ok() && found->at(2).ok());
    const auto transconductance = [&](std::size_t index, const char* device) {
        return found->at(index).operatingPoint.devices.at(device).gm;
    };
    EXPECT_GT(transconductance(0, "M10"), 3 * transconductance(0, "M8"));
    EXPECT_EQ(found->at(0).performances.size(), settings.performances.size());

    EXPECT_LT(transconductance(1, "M10"), transconductance(1, "M8"));
    const auto& left = found->at(1).performances;
    EXPECT_EQ(left.size(), 2U);
    EXPECT_TRUE(left.contains(Performance::TransitFrequency) && left.contains(Performance::VoutMax));
    ASSERT_FALSE(found->at(1).notes.empty());
    EXPECT_NE(found->at(1).notes.back().find("oscillates in unity-gain feedback (2 poles in the right"),
              std::string::npos)
        << found->at(1).notes.back();

    EXPECT_EQ(found->at(2).performances, found->at(0).performances);
}

TEST(EvaluationPool, AnOutputThatFollowsNoHighStepIsGivenALowerOne) {
    EvaluationSettings settings;
    settings.performances = {Performance::SlewRate, Performance::SlewRateRising, Performance::SlewRateFalling,
                             Performance::SettlingTime, Performance::VoutMin};
    const auto pool = makePool(exampleAmplifier("telescopic.sp"), settings);
    const Evaluation evaluation = simulate(*pool);
    ASSERT_TRUE(evaluation.ok());
    // The output cannot fall by 0.4 VDD.
    EXPECT_GT(evaluation.performances.at(Performance::VoutMin), pool->conditions().outputVoltage - 0.44);
    const auto tells = [&](std::string_view what) {
        return std::any_of(evaluation.notes.begin(), evaluation.notes.end(),
                           [&](const std::string& note) { return note.starts_with(what); });
    };
    EXPECT_TRUE(tells("The slew rate is that of a falling step of 0."));
    EXPECT_TRUE(tells("The settling time is that of a falling step of 0."));
    EXPECT_FALSE(tells("The slew rate is that of a rising step"));
    // The tail's current over the load, less where the lower step does not turn the pair all the way.
    const double ideal = std::abs(evaluation.operatingPoint.devices.at("M3").id) / 2e-12;
    EXPECT_NEAR(evaluation.performances.at(Performance::SlewRateRising) / ideal, 1, 0.15);
    EXPECT_LT(evaluation.performances.at(Performance::SlewRateFalling), ideal);
    EXPECT_GT(evaluation.performances.at(Performance::SlewRateFalling), 0.5 * ideal);
    EXPECT_EQ(evaluation.performances.at(Performance::SlewRate),
              evaluation.performances.at(Performance::SlewRateFalling));
}

TEST(EvaluationPool, FiguresAgreeWithHandCalculation) {
    EvaluationSettings settings;
    settings.performances = allPerformances();
    const auto amplifier = exampleAmplifier("folded_cascode.sp");
    const auto pool = makePool(amplifier, settings);
    const Evaluation evaluation = simulate(*pool);
    ASSERT_TRUE(evaluation.ok());
    const OperatingPoint& point = evaluation.operatingPoint;
    EXPECT_NEAR(point.nets.at("out"), 0.55, 1e-3);
    EXPECT_NEAR(point.nets.at("inp"), 0.65 * 1.1, 1e-9);
    EXPECT_NEAR(point.nets.at("vdd"), 1.1, 1e-9);
    EXPECT_NEAR(point.nets.at("vss"), 0, 1e-9);
    // Voltages of PMOS devices are those of the equivalent NMOS.
    const DeviceOperatingPoint& load = point.devices.at("M8");
    EXPECT_NEAR(load.vds, 1.1 - point.nets.at("fold1"), 1e-9);
    EXPECT_NEAR(load.vgs, 1.1 - point.nets.at("vbps"), 1e-9);
    EXPECT_GT(load.id, 0);
    EXPECT_EQ(load.region, Region::Saturation);
    // Power: bias current, its copy for the bias stack and the two halves of the amplifier.
    const double drawn = 10e-6 + point.devices.at("M5").id + 2 * load.id;
    EXPECT_NEAR(evaluation.performances.at(Performance::Power) / (1.1 * drawn), 1, 1e-3);
    // f_t = gm / (2 pi C_L); slew rate = tail current / C_L; both lose a little to the device capacitances.
    const double ideal = point.devices.at("M1").gm / (2 * 3.14159265 * 2e-12);
    EXPECT_NEAR(evaluation.performances.at(Performance::TransitFrequency) / ideal, 0.98, 0.02);
    EXPECT_NEAR(evaluation.performances.at(Performance::SlewRate) / (point.devices.at("M3").id / 2e-12), 0.96,
                0.04);
    double area = 0;
    for (const netlist::Device& device : amplifier->netlist.circuit.devices)
        if (device.type == netlist::DeviceType::Mosfet) area += *device.number("w") * *device.number("l");
    EXPECT_NEAR(evaluation.performances.at(Performance::Area), area, 1e-18);
}

TEST(EvaluationPool, ChangedValuesEqualAFreshLoad) {
    for (const char* file : {"folded_cascode.sp", "miller.sp"}) {
        const auto amplifier = exampleAmplifier(file);
        EvaluationSettings settings;
        settings.performances = allPerformances();
        PoolOptions one;
        one.workers = 1;
        const auto used = makePool(amplifier, settings, one);
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const Sizing sizing = scatteredSizing(*amplifier, 0.1, seed);
            const Evaluation altered = simulate(*used, sizing);
            const Evaluation fresh = simulate(*makePool(amplifier, settings, one), sizing);
            ASSERT_TRUE(altered.ok() && fresh.ok());
            for (const auto& [performance, value] : fresh.performances)
                EXPECT_NEAR(altered.performances.at(performance), value, 1e-6 * std::abs(value))
                    << file << " " << info(performance).name;
            for (const auto& [net, volts] : fresh.operatingPoint.nets)
                EXPECT_NEAR(altered.operatingPoint.nets.at(net), volts, 1e-8) << net;
        }
    }
}

TEST(EvaluationPool, MultiplicityScalesLikeWidth) {
    const auto pool = makePool(exampleAmplifier("miller.sp"));
    const Evaluation wide = simulate(*pool, {{"M6", "w", 32e-6}, {"M7", "w", 48e-6}});
    const Evaluation many = simulate(*pool, {{"M6", "m", 2}, {"M7", "m", 2}});
    ASSERT_TRUE(wide.ok() && many.ok());
    const double ratio = many.performances.at(Performance::Power) / wide.performances.at(Performance::Power);
    EXPECT_NEAR(ratio, 1, 0.01);
    EXPECT_GT(many.performances.at(Performance::Power),
              1.5 * simulate(*pool).performances.at(Performance::Power));
}

TEST(EvaluationPool, ResultsComeInOrderAndAreReportedOnce) {
    const auto amplifier = exampleAmplifier("miller.sp");
    EvaluationSettings settings;
    settings.performances = {Performance::GainDb, Performance::Area};
    const auto pool = makePool(amplifier, settings);
    std::vector<Sizing> sizings;
    for (int index = 0; index < 40; ++index)
        sizings.push_back({{"M6", "w", (16 + index) * 1e-6}});
    std::vector<int> reported(sizings.size(), 0);
    SilentContext context;
    const auto evaluations =
        pool->evaluate(sizings, context, [&](std::size_t index, const Evaluation&) { ++reported[index]; });
    ASSERT_TRUE(evaluations);
    for (std::size_t index = 0; index < sizings.size(); ++index) {
        EXPECT_EQ(reported[index], 1);
        const double grown = (*evaluations)[index].performances.at(Performance::Area) -
                             (*evaluations)[0].performances.at(Performance::Area);
        EXPECT_NEAR(grown, static_cast<double>(index) * 1e-6 * 0.5e-6, 1e-18);
    }
    EXPECT_EQ(pool->statistics().evaluations, 40);
    EXPECT_EQ(pool->statistics().retries, 0);
}

TEST(EvaluationPool, OnlyWhatIsAskedForIsSimulated) {
    EvaluationSettings settings;
    settings.performances = {Performance::Power};
    const auto pool = makePool(exampleAmplifier("miller.sp"), settings);
    const Evaluation evaluation = simulate(*pool);
    EXPECT_EQ(evaluation.simulations, 1);
    EXPECT_EQ(evaluation.performances.size(), 1U);
}

TEST(EvaluationPool, CornerTemperatureAndSupplyChangeTheResult) {
    const auto amplifier = exampleAmplifier("miller.sp");
    EvaluationSettings nominal;
    nominal.performances = {Performance::GainDb, Performance::TransitFrequency, Performance::Power};
    EvaluationSettings slow = nominal;
    slow.corner = "ss";
    EvaluationSettings hot = nominal;
    hot.temperature = 125;
    EvaluationSettings high = nominal;
    high.supplyVoltage = 1.2;
    EvaluationSettings rich = nominal;
    rich.biasCurrent = 20e-6;
    const PerformanceMap reference = simulate(*makePool(amplifier, nominal)).performances;
    for (const EvaluationSettings& settings : {slow, hot, high, rich}) {
        const Evaluation other = simulate(*makePool(amplifier, settings));
        ASSERT_TRUE(other.ok());
        EXPECT_NE(other.performances.at(Performance::GainDb), reference.at(Performance::GainDb));
    }
    EXPECT_NEAR(simulate(*makePool(amplifier, rich)).performances.at(Performance::Power) /
                    reference.at(Performance::Power),
                2, 0.1);
    EvaluationSettings unknown = nominal;
    unknown.corner = "sf";
    const auto pool = EvaluationPool::create(amplifier, unknown);
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code, ErrorCode::NotFound);
}

TEST(EvaluationPool, RequiredSaturationMarginStopsAfterTheOperatingPoint) {
    EvaluationSettings settings;
    settings.requiredSaturationMargin = 0.5;
    const auto pool = makePool(exampleAmplifier("miller.sp"), settings);
    const Evaluation evaluation = simulate(*pool);
    ASSERT_FALSE(evaluation.ok());
    EXPECT_EQ(evaluation.error->code, ErrorCode::Infeasible);
    EXPECT_EQ(evaluation.simulations, 1);
    EXPECT_EQ(evaluation.operatingPoint.devices.size(), 8U);
    EXPECT_NE(evaluation.error->message.find(evaluation.operatingPoint.worstDevice), std::string::npos);
    EXPECT_TRUE(evaluation.performances.empty());
}

TEST(EvaluationPool, AnAmplifierThatDoesNotBiasUpSaysWhichDeviceIsToBlame) {
    const auto pool = makePool(exampleAmplifier("folded_cascode.sp"));
    // The upper current sources carry far less than the tail takes.
    const Evaluation evaluation = simulate(*pool, {{"M8", "w", 1e-6}, {"M9", "w", 1e-6}});
    ASSERT_FALSE(evaluation.ok());
    EXPECT_EQ(evaluation.error->code, ErrorCode::Infeasible);
    EXPECT_NE(evaluation.error->message.find("does not bias up"), std::string::npos)
        << evaluation.error->message;
    EXPECT_NE(evaluation.error->message.find("M1 is in its triode region, M10 is off"), std::string::npos)
        << evaluation.error->message;
}

TEST(EvaluationPool, MissingTransitFrequencyIsANoteNotAnError) {
    EvaluationSettings settings;
    settings.performances = {Performance::GainDb, Performance::TransitFrequency};
    const auto amplifier = amplifierFromText("M1 out inp tail vss NMOS_VTG W=1u L=0.1u\n"
                                             "M2 vdd inn tail vss NMOS_VTG W=1u L=0.1u\n"
                                             "M3 tail ibias vss vss NMOS_VTG W=1u L=0.1u\n"
                                             "M4 ibias ibias vss vss NMOS_VTG W=1u L=0.1u\n"
                                             "R1 vdd out 2k\n.end\n");
    if (!amplifier->structure.ports) GTEST_SKIP() << amplifier->structure.portsProblem;
    settings.outputVoltage = 1.09;
    const Evaluation evaluation = simulate(*makePool(amplifier, settings));
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    EXPECT_FALSE(evaluation.performances.contains(Performance::TransitFrequency));
    EXPECT_FALSE(evaluation.notes.empty());
}

struct BadSizing {
    Sizing sizing;
    const char* message;
};

TEST(EvaluationPool, BadSizingsAreRefusedOneByOne) {
    const auto pool = makePool(exampleAmplifier("miller.sp"));
    for (const auto& [sizing, message] :
         {BadSizing{{{"M99", "w", 1e-6}}, "The sizing sets w of M99, which the circuit does not have."},
          BadSizing{{{"M1", "length", 1e-6}}, "The sizing sets length of M1"},
          BadSizing{{{"M1", "w", -1e-6}}, "w of device M1 must be a positive number."},
          BadSizing{{{"CC", "value", std::nan("")}}, "value of device CC must be a positive number."}}) {
        const Evaluation evaluation = simulate(*pool, sizing);
        ASSERT_FALSE(evaluation.ok());
        EXPECT_EQ(evaluation.error->code, ErrorCode::BadInput);
        EXPECT_NE(evaluation.error->message.find(message), std::string::npos) << evaluation.error->message;
    }
    EXPECT_TRUE(simulate(*pool).ok());
}

TEST(EvaluationPool, SizesOutsideOfTheTechnologysLimitsAreNoted) {
    const auto pool = makePool(exampleAmplifier("miller.sp"), {});
    EXPECT_TRUE(simulate(*pool).notes.empty());
    const Evaluation evaluation = simulate(*pool, {{"M1", "l", 45e-9}, {"M2", "w", 300e-6}});
    ASSERT_FALSE(evaluation.notes.empty());
    const std::string& note = evaluation.notes.back();
    EXPECT_NE(note.find("limits of technology freepdk45"), std::string::npos) << note;
    EXPECT_NE(note.find("L of M1 is 45 nm"), std::string::npos) << note;
    EXPECT_NE(note.find("W of M2 is 300 \u00b5m"), std::string::npos) << note;
}

TEST(EvaluationPool, NoSolutionSaysWhyInNgspicesWords) {
    for (const EngineKind engine : {EngineKind::Workers, EngineKind::Program}) {
        if (engine == EngineKind::Program && std::system("command -v ngspice >/dev/null") != 0) continue;
        PoolOptions options;
        options.engine = engine;
        const Evaluation evaluation =
            simulate(*makePool(exampleAmplifier("miller.sp"), {}, options), {{"M1", "l", 1e-9}});
        ASSERT_FALSE(evaluation.ok());
        EXPECT_EQ(evaluation.error->code, ErrorCode::Convergence);
        EXPECT_NE(evaluation.error->message.find("no solution: BSIM4: "), std::string::npos)
            << evaluation.error->message;
        EXPECT_NE(evaluation.error->message.find("channel length"), std::string::npos);
        EXPECT_FALSE(evaluation.error->detail.ends_with('\n'));
    }
}

TEST(EvaluationPool, AnUnsizedDeviceIsNamed) {
    std::string text = *readFile(resourcePath("examples/miller.sp"));
    text.replace(text.find(" W=16u L=0.5u"), 13, "");
    const auto pool = makePool(amplifierFromText(text));
    const Evaluation unsized = simulate(*pool);
    ASSERT_FALSE(unsized.ok());
    EXPECT_EQ(unsized.error->message, "Device M6 has no w: neither netlist nor sizing gives one.");
    EXPECT_TRUE(simulate(*pool, {{"M6", "w", 16e-6}, {"M6", "l", 0.5e-6}}).ok());
}

TEST(EvaluationPool, AnUnknownModelNamesDeviceModelAndTechnology) {
    auto amplifier = std::make_shared<AmplifierUnderTest>(*exampleAmplifier("miller.sp"));
    netlist::Device& device =
        amplifier->netlist.circuit.devices[*amplifier->netlist.circuit.findDevice("M6")];
    device.model = "quantum7";
    device.polarity.reset();
    const auto pool = EvaluationPool::create(amplifier, {});
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code, ErrorCode::NotFound);
    EXPECT_EQ(pool.error().message,
              "Device M6 has the model \"quantum7\", which technology freepdk45 does not know.");
    EXPECT_GT(pool.error().line, 0);
}

TEST(EvaluationPool, AModelKnownByPolarityOnlyIsNoted) {
    auto amplifier = std::make_shared<AmplifierUnderTest>(*exampleAmplifier("miller.sp"));
    for (const char* name : {"M3", "M4", "M6"})
        amplifier->netlist.circuit.devices[*amplifier->netlist.circuit.findDevice(name)].model =
            "nmos_of_another_process";
    const Evaluation evaluation = simulate(*makePool(amplifier));
    ASSERT_TRUE(evaluation.ok());
    ASSERT_EQ(evaluation.notes.size(), 1U);
    EXPECT_NE(evaluation.notes.front().find("nmos_of_another_process\" of M3, M4 and M6, which"),
              std::string::npos)
        << evaluation.notes.front();
}

TEST(EvaluationPool, AFloatingNetIsNamed) {
    auto amplifier = std::make_shared<AmplifierUnderTest>(*exampleAmplifier("miller.sp"));
    netlist::Circuit& circuit = amplifier->netlist.circuit;
    circuit.nets.emplace_back("lost");
    circuit.globalNets.push_back(false);
    circuit.devices[*circuit.findDevice("M7")].nets[netlist::Gate] =
        static_cast<int>(circuit.nets.size()) - 1;
    const auto pool = EvaluationPool::create(amplifier, {});
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code, ErrorCode::BadInput);
    EXPECT_EQ(pool.error().message,
              "Net lost at M7 floats: no direct current can reach it from a supply or an input.");
    EXPECT_EQ(pool.error().line, 17); // of M7 in miller.sp
}

TEST(EvaluationPool, AGateThatWantsAVoltageGetsTheReplicasOrTheGivenOne) {
    const auto amplifier = amplifierFromText(".subckt ota vbias inp inn out vdd vss\n"
                                             "M1 tail vbias vss vss nmos W=4u L=0.2u\n"
                                             "M2 mirr inp tail vss nmos W=10u L=0.2u\n"
                                             "M3 out inn tail vss nmos W=10u L=0.2u\n"
                                             "M4 mirr mirr vdd vdd pmos W=4u L=0.2u\n"
                                             "M5 out mirr vdd vdd pmos W=4u L=0.2u\n"
                                             ".ends\n");
    ASSERT_TRUE(amplifier->structure.ports) << amplifier->structure.portsProblem;
    ASSERT_EQ(amplifier->structure.ports->voltageBiases.size(), 1U);
    const auto pool = makePool(amplifier);
    for (const double width : {4e-6, 8e-6}) {
        const Evaluation evaluation = simulate(*pool, {{"M1", "w", width}});
        ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
        EXPECT_NEAR(evaluation.operatingPoint.devices.at("M1").id, 10e-6, 0.5e-6);
        EXPECT_NE(evaluation.notes.front().find("diode-connected copy of M1"), std::string::npos);
    }
    EvaluationSettings settings;
    settings.biasVoltages["vbias"] = 0.5;
    const Evaluation given = simulate(*makePool(amplifier, settings));
    ASSERT_TRUE(given.ok()) << given.error->describe();
    EXPECT_NEAR(given.operatingPoint.nets.at("vbias"), 0.5, 1e-12);
}

TEST(EvaluationPool, ACircuitWithoutPortsIsUnsupported) {
    auto amplifier = std::make_shared<AmplifierUnderTest>(*exampleAmplifier("miller.sp"));
    amplifier->structure.ports.reset();
    amplifier->structure.portsProblem = "There is no input pair.";
    const auto pool = EvaluationPool::create(amplifier, {});
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code, ErrorCode::Unsupported);
    EXPECT_EQ(pool.error().message, "There is no input pair.");
}

TEST(EvaluationPool, SwappedInputsAreInfeasible) {
    auto amplifier = std::make_shared<AmplifierUnderTest>(*exampleAmplifier("miller.sp"));
    std::swap(amplifier->structure.ports->inputPlus, amplifier->structure.ports->inputMinus);
    const Evaluation evaluation = simulate(*makePool(amplifier));
    ASSERT_FALSE(evaluation.ok());
    EXPECT_TRUE(evaluation.error->code == ErrorCode::Infeasible ||
                evaluation.error->code == ErrorCode::Convergence);
}

} // namespace
} // namespace headroom::simulation
