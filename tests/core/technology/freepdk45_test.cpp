#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/technology/technology.h"

namespace headroom::technology {
namespace {

/// The figures of a published card, read by the rules of SPICE: '*' begins a comment line, the last of two
/// equal names counts.
std::map<std::string, double> publishedFigures(const std::string& text) {
    std::map<std::string, double> figures;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line[0] == '*') continue;
        for (std::size_t equals = line.find('='); equals != std::string::npos;
             equals = line.find('=', equals + 1)) {
            const std::size_t nameEnd = line.find_last_not_of(" \t", equals - 1) + 1;
            const std::size_t nameBegin = line.find_last_of(" \t+", nameEnd - 1) + 1;
            figures[line.substr(nameBegin, nameEnd - nameBegin)] =
                std::strtod(line.c_str() + equals + 1, nullptr);
        }
    }
    return figures;
}

TEST(FreePdk45, StatesSourceAndLicence) {
    const auto technology = loadTechnology("freepdk45");
    ASSERT_TRUE(technology) << technology.error().describe();
    EXPECT_EQ(technology->licence, "Apache-2.0");
    EXPECT_NE(technology->source.find("OpenRAM"), std::string::npos);
    EXPECT_DOUBLE_EQ(technology->supplyVoltage, 1.1);
    EXPECT_EQ(technology->cards.size(), 8U);
}

TEST(FreePdk45, PlainNamesMeanTheStandardThreshold) {
    const auto technology = loadTechnology("freepdk45");
    ASSERT_TRUE(technology);
    netlist::Device device;
    for (const auto& [name, card] :
         {std::pair("nmos", "NMOS_VTG"), std::pair("PMOS4", "PMOS_VTG"), std::pair("pch", "PMOS_VTG"),
          std::pair("n", "NMOS_VTG"), std::pair("nmos_vtl", "NMOS_VTL")}) {
        device.model = name;
        ASSERT_NE(technology->rulesFor(device), nullptr) << name;
        EXPECT_EQ(technology->rulesFor(device)->model, card);
    }
}

TEST(FreePdk45, EveryFigureOfEveryCornerIsThePublishedOne) {
    const char* data = std::getenv("HEADROOM_TEST_DATA");
    const std::filesystem::path folder =
        std::filesystem::path(data == nullptr ? "" : data) / "technologies/freepdk45";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "HEADROOM_TEST_DATA has no technologies/freepdk45";
    const auto technology = loadTechnology("freepdk45");
    ASSERT_TRUE(technology);
    int compared = 0;
    for (const auto& [name, card] : technology->cards) {
        for (const std::string& corner : technology->corners) {
            const auto text = readFile(folder / (corner + "_" + name + ".inc"));
            ASSERT_TRUE(text) << text.error().describe();
            auto expected = publishedFigures(*text);
            EXPECT_EQ(card.level, static_cast<int>(expected.at("level")));
            EXPECT_EQ(std::stod(card.version), expected.at("version"));
            expected.erase("level");
            expected.erase("version");
            auto figures = card.figures;
            if (card.cornerFigures.contains(corner))
                for (const auto& [figure, value] : card.cornerFigures.at(corner))
                    figures[figure] = value;
            EXPECT_EQ(figures, expected) << corner << " " << name;
            compared += static_cast<int>(expected.size());
        }
    }
    EXPECT_GT(compared, 24 * 200);
}

} // namespace
} // namespace headroom::technology
