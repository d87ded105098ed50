#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "core/simulation/ngspice_program.h"
#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

struct Subject {
    const char* name;
    std::shared_ptr<const AmplifierUnderTest> (*make)();
};

void PrintTo(const Subject& subject, std::ostream* stream) {
    *stream << subject.name;
}

class EngineAgreement : public testing::TestWithParam<Subject> {};

/// The workers alter what is loaded; the program reads a new deck for every analysis. All performances at all
/// corners, of the netlist as it is and of a sizing that the workers come to from another one.
TEST_P(EngineAgreement, WorkersAndTheProgramAgreeToOnePartInAMillion) {
    if (!findNgspiceProgram()) GTEST_SKIP() << "there is no ngspice program";
    const auto amplifier = GetParam().make();
    EvaluationSettings settings;
    settings.performances = allPerformances();
    PoolOptions workers;
    workers.workers = 1;
    PoolOptions program;
    program.workers = 2;
    program.engine = EngineKind::Program;
    program.timeoutSeconds = 120;
    const auto quick = makePool(amplifier, settings, workers);
    const auto plain = makePool(amplifier, settings, program);
    std::vector<EvaluationRequest> requests;
    for (const std::string& corner : amplifier->technology.corners)
        for (const bool scattered : {false, true}) {
            EvaluationRequest request;
            if (scattered) request.sizing = scatteredSizing(*amplifier, 0.05, requests.size() + 1);
            request.variation.corner = corner;
            requests.push_back(request);
        }
    SilentContext context;
    const auto fast = quick->evaluate(requests, context);
    const auto slow = plain->evaluate(requests, context);
    ASSERT_TRUE(fast && slow);
    for (std::size_t index = 0; index < requests.size(); ++index) {
        const std::string where =
            requests[index].variation.corner.value() + (index % 2 == 1 ? ", resized" : "");
        const Evaluation& ours = (*fast)[index];
        const Evaluation& judge = (*slow)[index];
        ASSERT_EQ(ours.ok(), judge.ok()) << where << (ours.ok() ? judge : ours).error->describe();
        if (!ours.ok()) continue;
        EXPECT_GE(judge.performances.size(), settings.performances.size() - 5) << where;
        ASSERT_EQ(ours.performances.size(), judge.performances.size()) << where;
        for (const auto& [performance, value] : judge.performances) {
            // A systematic offset is what is left of volts.
            const double floor = performance == Performance::Offset ? 1e-9 : 0;
            EXPECT_NEAR(ours.performances.at(performance), value, 1e-6 * std::abs(value) + floor)
                << where << ' ' << info(performance).name;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Examples, EngineAgreement,
    testing::Values(Subject{"foldedCascode", [] { return exampleAmplifier("folded_cascode.sp"); }},
                    Subject{"miller", [] { return exampleAmplifier("miller.sp"); }},
                    Subject{"fiveTransistor", [] { return exampleAmplifier("five_transistor.sp"); }},
                    Subject{"symmetrical", [] { return exampleAmplifier("symmetrical.sp"); }},
                    Subject{"telescopic", [] { return exampleAmplifier("telescopic.sp"); }},
                    Subject{"threeStage", [] { return exampleAmplifier("three_stage.sp"); }},
                    Subject{"differentialTwoStage",
                            [] { return sizedAmplifier("differential_two_stage.sp"); }},
                    // No size leaves its bin here, and M5 belongs into that of its fingers, not into M6's.
                    Subject{"gf180Fingers",
                            [] {
                                return amplifierFromText(".subckt ota inp inn out ibias vdd vss\n"
                                                         "M1 x inp tail vss nmos_3p3 W=9u L=0.55u\n"
                                                         "M2 out inn tail vss nmos_3p3 W=9u L=0.55u\n"
                                                         "M3 x x vdd vdd pmos_3p3 W=9u L=1.1u\n"
                                                         "M4 out x vdd vdd pmos_3p3 W=9u L=1.1u\n"
                                                         "M5 tail ibias vss vss nmos_3p3 W=12u L=1.3u nf=2\n"
                                                         "M6 ibias ibias vss vss nmos_3p3 W=12u L=1.3u\n"
                                                         "CL out vss 1p\n.ends\n",
                                                         "gf180mcu");
                            }},
                    Subject{"gf180FiveTransistor",
                            [] {
                                return amplifierFromText(".subckt ota inp inn out ibias vdd vss\n"
                                                         "M1 x inp tail vss nmos_3p3 W=10u L=0.5u\n"
                                                         "M2 out inn tail vss nmos_3p3 W=10u L=0.5u\n"
                                                         "M3 x x vdd vdd pmos_3p3 W=10u L=1u\n"
                                                         "M4 out x vdd vdd pmos_3p3 W=10u L=1u\n"
                                                         "M5 tail ibias vss vss nmos_3p3 W=20u L=1u nf=2\n"
                                                         "M6 ibias ibias vss vss nmos_3p3 W=10u L=1u\n"
                                                         "CL out vss 1p\n.ends\n",
                                                         "gf180mcu");
                            }}),
    [](const auto& test) { return std::string(test.param.name); });

} // namespace
} // namespace headroom::simulation
