#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/technology/library_excerpt.h"
#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

struct ThirdParty {
    const char* file;
    const char* technology;
    Sizing exceptions; ///< from 10 um / 0.2 um
};

class ThirdPartyAmplifier : public testing::TestWithParam<ThirdParty> {};

TEST_P(ThirdPartyAmplifier, BiasesUpAndAmplifies) {
    const char* data = std::getenv("HEADROOM_TEST_DATA");
    const std::filesystem::path file =
        std::filesystem::path(data == nullptr ? "" : data) / "netlists/acst" / GetParam().file;
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "HEADROOM_TEST_DATA has no netlists/acst";
    const auto amplifier = amplifierFromFile(file, GetParam().technology);
    ASSERT_TRUE(amplifier->structure.ports) << amplifier->structure.portsProblem;
    EvaluationSettings settings;
    settings.performances = allPerformances();
    const auto pool = makePool(amplifier, settings);
    EXPECT_NEAR(pool->conditions().temperature, 25, 1e-9) << "the netlist's own .TEMP card";

    const Evaluation unsized = simulate(*pool);
    ASSERT_FALSE(unsized.ok());
    EXPECT_EQ(unsized.error->code, ErrorCode::BadInput);

    Sizing sizing;
    for (const netlist::Device& device : amplifier->netlist.circuit.devices) {
        if (device.type != netlist::DeviceType::Mosfet) continue;
        sizing.push_back({device.name, "w", 10e-6});
        sizing.push_back({device.name, "l", 0.2e-6});
    }
    sizing.insert(sizing.end(), GetParam().exceptions.begin(), GetParam().exceptions.end());
    const Evaluation sized = simulate(*pool, sizing);
    ASSERT_TRUE(sized.ok()) << sized.error->describe();
    EXPECT_EQ(sized.performances.size(), allPerformances().size());
    EXPECT_GT(sized.operatingPoint.worstSaturationMargin, 0.05) << sized.operatingPoint.worstDevice;
    EXPECT_GT(sized.performances.at(Performance::GainDb), 60);
    EXPECT_GT(sized.performances.at(Performance::PhaseMargin), 45);
}

/// A design kit by path, whose devices are subcircuits: sizes want a new deck, mismatch does not.
TEST(DesignKit, AnAmplifierOfSky130IsSimulatedResizedAndSpread) {
    const char* data = std::getenv("HEADROOM_TEST_DATA");
    const std::filesystem::path kit =
        std::filesystem::path(data == nullptr ? "" : data) / "technologies/sky130";
    if (!std::filesystem::exists(kit)) GTEST_SKIP() << "HEADROOM_TEST_DATA has no technologies/sky130";
    const auto root = std::filesystem::path(testing::TempDir()) /
                      ("headroom_sky130_amplifier_" + std::to_string(::getpid()));
    std::string library = ".lib tt\n";
    for (const char* name :
         {"models/parameters/invariant", "cells/nfet_01v8/sky130_fd_pr__nfet_01v8__mismatch.corner",
          "cells/pfet_01v8/sky130_fd_pr__pfet_01v8__mismatch.corner",
          "cells/nfet_01v8/sky130_fd_pr__nfet_01v8__tt.corner",
          "cells/pfet_01v8/sky130_fd_pr__pfet_01v8__tt.corner"})
        library += ".include \"" + (kit / name).string() + ".spice\"\n";
    ASSERT_TRUE(writeFileAtomically(root / "sky130.lib.spice", library + ".endl tt\n"));
    const std::string device = "    width: [0.42e-6, 100e-6]\n    length: [0.15e-6, 20e-6]\n"
                               "    mismatch: {threshold: 5e-9}\n";
    const std::string yaml = "name: kit\nsupply_voltage: 1.8\ncorners: [tt]\nlibrary:\n  file: " +
                             (root / "sky130.lib.spice").string() +
                             "\n  before: [.option scale=1.0u, .param mc_mm_switch=0 mc_pr_switch=0]\n"
                             "  commands: [set ngbehavior=hsa]\n  length_unit: 1e-6\nmosfets:\n"
                             "  - model: sky130_fd_pr__nfet_01v8\n    polarity: n\n    aliases: [nmos]\n" +
                             device + "    inner_device: msky130_fd_pr__nfet_01v8\n" +
                             "  - model: sky130_fd_pr__pfet_01v8\n    polarity: p\n    aliases: [pmos]\n" +
                             device + "    inner_device: msky130_fd_pr__pfet_01v8\n";
    const auto technology = technology::parseTechnology(yaml, (root / "kit.yaml").string());
    ASSERT_TRUE(technology) << technology.error().describe();
    auto amplifier = std::make_shared<AmplifierUnderTest>(
        *amplifierFromText(".subckt ota inp inn out ibias vdd vss\nM1 x inp tail vss nmos W=10u L=0.5u\n"
                           "M2 out inn tail vss nmos W=10u L=0.5u\nM3 x x vdd vdd pmos W=10u L=0.5u\n"
                           "M4 out x vdd vdd pmos W=10u L=0.5u\nM5 tail ibias vss vss nmos W=20u L=0.5u\n"
                           "M6 ibias ibias vss vss nmos W=10u L=0.5u\nCL out vss 1p\n.ends\n"));
    amplifier->technology = *technology;
    EvaluationSettings settings;
    settings.performances = {Performance::GainDb, Performance::TransitFrequency, Performance::Power,
                             Performance::Offset};
    PoolOptions one;
    one.workers = 1;
    one.timeoutSeconds = 120;
    const auto pool = makePool(amplifier, settings, one);
    std::vector<EvaluationRequest> requests(5);
    requests[1].variation.mismatch = MismatchDraw{1, 0};
    requests[2].variation.mismatch = MismatchDraw{1, 1};
    requests[3].sizing = {{"M1", "w", 20e-6}, {"M2", "w", 20e-6}};
    SilentContext context;
    const auto evaluations = pool->evaluate(requests, context);
    ASSERT_TRUE(evaluations);
    for (const Evaluation& evaluation : *evaluations)
        ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    const auto value = [&](std::size_t index, Performance performance) {
        return (*evaluations)[index].performances.at(performance);
    };
    EXPECT_NEAR((*evaluations)[0].operatingPoint.devices.at("M5").id, 20e-6, 2e-6)
        << "twice the bias current";
    EXPECT_GT(value(0, Performance::GainDb), 25);
    EXPECT_NE(value(1, Performance::Offset), value(2, Performance::Offset));
    EXPECT_LT(std::abs(value(1, Performance::Offset) - value(0, Performance::Offset)), 10e-3);
    EXPECT_GT((*evaluations)[3].operatingPoint.devices.at("M1").gm,
              1.05 * (*evaluations)[0].operatingPoint.devices.at("M1").gm);
    EXPECT_NEAR(value(4, Performance::GainDb), value(0, Performance::GainDb), 1e-6) << "and back again";

    // What ngspice reads whole, since there is a control block in it, gives what the excerpt gave.
    ASSERT_TRUE(technology::LibraryExcerpt::of(*technology, "tt"));
    ASSERT_TRUE(writeFileAtomically(root / "sky130.lib.spice", library + ".control\n.endc\n.endl tt\n"));
    const auto whole = technology::parseTechnology(yaml, (root / "kit.yaml").string());
    ASSERT_TRUE(whole) << whole.error().describe();
    EXPECT_FALSE(technology::LibraryExcerpt::of(*whole, "tt"));
    auto again = std::make_shared<AmplifierUnderTest>(*amplifier);
    again->technology = *whole;
    const Evaluation read = simulate(*makePool(again, settings, one));
    ASSERT_TRUE(read.ok()) << read.error->describe();
    EXPECT_EQ(read.performances, (*evaluations)[0].performances);
}

INSTANTIATE_TEST_SUITE_P(
    Acst, ThirdPartyAmplifier,
    testing::Values(ThirdParty{"focaOpAmp/input.ckt", "freepdk45_vtl", {}},
                    ThirdParty{"focaOpAmp/input.ckt",
                               "freepdk45",
                               {{"mplsm", "w", 30e-6},
                                {"mplssn", "w", 5e-6},
                                {"mplssp", "w", 5e-6},
                                {"mncmm", "w", 20e-6},
                                {"mncms", "w", 20e-6},
                                {"mnlsm", "w", 20e-6},
                                {"mnlss", "w", 20e-6}}},
                    ThirdParty{"miller/input.ckt", "freepdk45", {{"m0", "w", 40e-6}, {"m3", "w", 40e-6}}}),
    [](const auto& test) {
        std::string name = std::string(test.param.file) + "_" + test.param.technology;
        std::replace_if(
            name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; },
            '_');
        return name;
    });

} // namespace
} // namespace headroom::simulation
