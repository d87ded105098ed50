#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/core/technology/plain_ngspice.h"

namespace headroom::technology {
namespace {

constexpr std::size_t quantitiesPerDevice = 45; // five biases, nine quantities

/// A size from the middle of every bin, the sizes where bins meet, and one with fingers.
std::vector<TestDevice> devicesOfEveryBin(const Technology& technology) {
    std::vector<TestDevice> devices;
    for (const MosfetRules& rules : technology.mosfets) {
        for (const Technology::Bin& bin : technology.cards.at(rules.model).bins) {
            devices.push_back({&rules, std::sqrt(bin.minWidth * bin.maxWidth),
                               std::sqrt(bin.minLength * bin.maxLength), 1});
            devices.push_back({&rules, bin.minWidth, bin.minLength, 1});
        }
        devices.push_back({&rules, 40e-6, 1e-6, 8});
        devices.push_back({&rules, rules.maxWidth, rules.maxLength, 1});
    }
    return devices;
}

std::vector<TestDevice> devicesOfSomeSizes(const Technology& technology) {
    std::vector<TestDevice> devices;
    for (const MosfetRules& rules : technology.mosfets) {
        devices.push_back({&rules, rules.minWidth, rules.minLength, 1});
        devices.push_back({&rules, 2e-6, 3 * rules.minLength, 1});
        devices.push_back({&rules, 40e-6, rules.maxLength, 8});
    }
    return devices;
}

TEST(OriginalLibrary, FreePdk45SimulatesAlikeInEveryCorner) {
    const std::string folder = dataFolder("freepdk45");
    if (folder.empty()) GTEST_SKIP() << "HEADROOM_TEST_DATA has no technologies/freepdk45";
    if (!hasNgspice()) GTEST_SKIP() << "there is no ngspice program";
    const auto technology = loadTechnology("freepdk45");
    ASSERT_TRUE(technology) << technology.error().describe();
    const std::vector<TestDevice> devices = devicesOfSomeSizes(*technology);
    for (const std::string& corner : technology->corners) {
        std::string original;
        for (const auto& [name, card] : technology->cards)
            original += fmt::format(".include \"{}/{}_{}.inc\"\n", folder, corner, name);
        const auto ours = operatingPoints(*technology, *technology->modelText(corner), devices);
        EXPECT_EQ(ours.size(), devices.size() * quantitiesPerDevice);
        expectEqual(ours, operatingPoints(*technology, original, devices), corner);
    }
}

std::string gf180Library(const std::string& folder, const std::string& corner) {
    return fmt::format(".include \"{0}/design.ngspice\"\n.param sw_stat_global=0 sw_stat_mismatch=0\n"
                       ".lib \"{0}/sm141064.ngspice\" {1}\n",
                       folder, corner);
}

TEST(OriginalLibrary, Gf180SimulatesAlikeInEveryBinAndCorner) {
    const std::string folder = dataFolder("gf180mcu");
    if (folder.empty()) GTEST_SKIP() << "HEADROOM_TEST_DATA has no technologies/gf180mcu";
    if (!hasNgspice()) GTEST_SKIP() << "there is no ngspice program";
    const auto technology = loadTechnology("gf180mcu");
    ASSERT_TRUE(technology) << technology.error().describe();
    const std::vector<TestDevice> devices = devicesOfEveryBin(*technology);
    std::vector<ModelUse> uses;
    for (const TestDevice& device : devices) {
        const auto bin = technology->requireBin(*device.rules, device.width / device.fingers, device.length);
        ASSERT_TRUE(bin) << bin.error().describe();
        uses.push_back({device.rules->model, *bin});
    }
    for (const std::string& corner : technology->corners) {
        const auto ours = operatingPoints(*technology, *technology->modelText(corner), devices);
        EXPECT_EQ(ours.size(), devices.size() * quantitiesPerDevice);
        expectEqual(ours, operatingPoints(*technology, gf180Library(folder, corner), devices), corner);
        EXPECT_EQ(*technology->modelText(corner, uses), *technology->modelText(corner));
    }
}

/// A common-source stage's output noise: flicker noise below, thermal noise above.
std::map<std::string, double> noise(const Technology& technology, const std::string& models,
                                    const MosfetRules& rules) {
    const double sign = rules.polarity == netlist::Polarity::N ? 1 : -1;
    const std::string deck = fmt::format("* noise\n{}m0 d g 0 0 {} w=10u l=1u\nvg g 0 dc {} ac 1\n"
                                         "vd s 0 {}\nr0 s d 10k\n.options temp={}\n.end\n",
                                         models, rules.model, sign * 0.35 * technology.supplyVoltage,
                                         sign * technology.supplyVoltage, technology.temperature);
    return valuesIn(runNgspice(technology.commandsBeforeDeck(), deck,
                               "noise v(d) vg dec 1 1 1meg\nsetplot noise1\nlet low = onoise_spectrum[0]\n"
                               "let high = onoise_spectrum[6]\nprint low high\n"));
}

TEST(OriginalLibrary, Gf180GivesTheSameNoise) {
    const std::string folder = dataFolder("gf180mcu");
    if (folder.empty()) GTEST_SKIP() << "HEADROOM_TEST_DATA has no technologies/gf180mcu";
    if (!hasNgspice()) GTEST_SKIP() << "there is no ngspice program";
    const auto technology = loadTechnology("gf180mcu");
    ASSERT_TRUE(technology) << technology.error().describe();
    for (const MosfetRules& rules : technology->mosfets) {
        const auto ours = noise(*technology, *technology->modelText("typical"), rules);
        ASSERT_EQ(ours.size(), 2U);
        EXPECT_GT(ours.at("low"), 10 * ours.at("high"));
        expectEqual(ours, noise(*technology, gf180Library(folder, "typical"), rules), rules.model);
    }
}

/// The block of the manual that holds @p word, without its fences.
std::string manualBlock(const std::string& word) {
    const auto page = readFile(resourcePath("manual/technologies.md"));
    const std::string text = page.value_or(std::string());
    for (std::size_t begin = text.find("```\n"); begin != std::string::npos;) {
        const std::size_t end = text.find("```", begin + 4);
        if (end == std::string::npos) return {};
        const std::string block = text.substr(begin + 4, end - begin - 4);
        if (block.find(word) != std::string::npos) return block;
        begin = text.find("```\n", end + 3);
    }
    return {};
}

TEST(OriginalLibrary, TheManualsMappingOfSky130SimulatesAlike) {
    const std::string data = dataFolder("sky130");
    if (data.empty()) GTEST_SKIP() << "HEADROOM_TEST_DATA has no technologies/sky130";
    if (!hasNgspice()) GTEST_SKIP() << "there is no ngspice program";
    std::string parts;
    for (const char* part :
         {"models/parameters/invariant", "cells/nfet_01v8/sky130_fd_pr__nfet_01v8__mismatch.corner",
          "cells/pfet_01v8/sky130_fd_pr__pfet_01v8__mismatch.corner",
          "cells/nfet_01v8/sky130_fd_pr__nfet_01v8__tt.corner",
          "cells/pfet_01v8/sky130_fd_pr__pfet_01v8__tt.corner"})
        parts += fmt::format(".include \"{}/{}.spice\"\n", data, part);
    // The kit as it is installed, as far as the test data hold it.
    const auto root =
        std::filesystem::path(testing::TempDir()) / ("headroom_sky130_" + std::to_string(::getpid()));
    std::string library = ".lib tt\n" + parts + ".endl tt\n";
    for (const char* corner : {"ss", "ff", "sf", "fs"})
        library += fmt::format(".lib {0}\n.endl {0}\n", corner);
    ASSERT_TRUE(writeFileAtomically(root / "sky130A/libs.tech/ngspice/sky130.lib.spice", library));
    ::setenv("PDK_ROOT", root.c_str(), 1);
    const auto technology = parseTechnology(manualBlock("library:"), "sky130.yaml");
    ::unsetenv("PDK_ROOT");
    ASSERT_TRUE(technology) << technology.error().describe();
    ASSERT_EQ(technology->mosfets.size(), 2U);
    EXPECT_TRUE(technology->reloadsOnResize(technology->mosfets[0]));

    std::vector<TestDevice> devices;
    for (const MosfetRules& rules : technology->mosfets) {
        devices.push_back({&rules, 5e-6, 0.15e-6, 1});
        devices.push_back({&rules, 1e-6, 1e-6, 1});
        devices.push_back({&rules, 20e-6, 0.5e-6, 4});
        EXPECT_EQ(technology->binOf(rules, 5e-6, 0.15e-6), 0);
    }
    const auto ours = operatingPoints(*technology, *technology->modelText("tt"), devices);
    EXPECT_EQ(ours.size(), devices.size() * quantitiesPerDevice);
    EXPECT_GT(ours.at("4 @m.x0.msky130_fd_pr__nfet_01v8[id]"), 1e-4);
    const std::string original = ".option scale=1.0u\n.param mc_mm_switch=0 mc_pr_switch=0\n" + parts;
    expectEqual(ours, operatingPoints(*technology, original, devices), "tt");
}

} // namespace
} // namespace headroom::technology
