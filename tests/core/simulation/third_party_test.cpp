#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

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
