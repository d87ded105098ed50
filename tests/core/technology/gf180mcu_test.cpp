#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/core/technology/plain_ngspice.h"

namespace headroom::technology {
namespace {

using Figures = std::map<std::string, double>;

/// What the published library says: section -> model (or subcircuit) -> figures.
class PublishedLibrary {
public:
    explicit PublishedLibrary(const std::string& text) {
        std::istringstream lines(text);
        std::string section;
        std::string model;
        for (std::string line; std::getline(lines, line);) {
            std::transform(line.begin(), line.end(), line.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            std::istringstream words(line);
            std::string first;
            std::string second;
            words >> first >> second;
            if (first.empty() || first[0] == '*') continue;
            if (first == ".lib") section = second;
            if (first == ".model" || first == ".subckt") model = second;
            if (first[0] == '+') addFigures(m_figures[section][model], line);
        }
    }

    const Figures& of(const std::string& section, const std::string& model) const {
        return m_figures.at(section).at(model);
    }

private:
    /// "name = figure" pairs. The figure may be a name of the noise section, which stands before the cards
    /// and gives "(fnoicor==0)*figure + ..." for each.
    void addFigures(Figures& figures, const std::string& line) {
        for (std::size_t equals = line.find('='); equals != std::string::npos;
             equals = line.find('=', equals + 1)) {
            const std::size_t nameEnd = line.find_last_not_of(" \t", equals - 1) + 1;
            const std::size_t nameBegin = line.find_last_of(" \t+", nameEnd - 1) + 1;
            const std::string name = line.substr(nameBegin, nameEnd - nameBegin);
            std::string value = line.substr(line.find_first_not_of(" \t", equals + 1));
            value = value.substr(0, value.find_first_of(" \t\r"));
            constexpr const char* extracted = "'(fnoicor==0)*";
            if (value.starts_with(extracted)) {
                m_noise[name] = std::strtod(value.c_str() + std::string(extracted).size(), nullptr);
                return;
            }
            const auto noise = m_noise.find(value);
            figures[name] = noise != m_noise.end() ? noise->second : std::strtod(value.c_str(), nullptr);
        }
    }

    std::map<std::string, std::map<std::string, Figures>> m_figures;
    Figures m_noise;
};

class Gf180Mcu : public testing::Test {
protected:
    void SetUp() override {
        const std::string folder = dataFolder("gf180mcu");
        if (folder.empty()) GTEST_SKIP() << "HEADROOM_TEST_DATA has no technologies/gf180mcu";
        const auto text = readFile(folder + "/sm141064.ngspice");
        ASSERT_TRUE(text) << text.error().describe();
        library = std::make_unique<PublishedLibrary>(*text);
        auto loaded = loadTechnology("gf180mcu");
        ASSERT_TRUE(loaded) << loaded.error().describe();
        technology = std::move(*loaded);
    }

    std::unique_ptr<PublishedLibrary> library;
    Technology technology;
};

TEST_F(Gf180Mcu, EveryFigureOfEveryBinAndCornerIsThePublishedOne) {
    const std::map<std::string, std::string> suffixes = {
        {"typical", "_t"}, {"ss", "_s"}, {"ff", "_f"}, {"sf", "_sf"}, {"fs", "_fs"}};
    std::size_t compared = 0;
    for (const auto& [name, card] : technology.cards) {
        ASSERT_EQ(card.bins.size(), 16U);
        for (const std::string& corner : technology.corners) {
            for (int bin = 0; bin < 16; ++bin) {
                const Technology::Bin& ours = card.bins[static_cast<std::size_t>(bin)];
                Figures expected = library->of(name + suffixes.at(corner), name + '.' + std::to_string(bin));
                EXPECT_EQ(expected.at("level"), card.level);
                EXPECT_EQ(expected.at("version"), std::stod(card.version));
                EXPECT_EQ(expected.at("lmin"), ours.minLength);
                EXPECT_EQ(expected.at("lmax"), ours.maxLength);
                EXPECT_EQ(expected.at("wmin"), ours.minWidth);
                EXPECT_EQ(expected.at("wmax"), ours.maxWidth);
                for (const char* key : {"level", "version", "lmin", "lmax", "wmin", "wmax"})
                    expected.erase(key);
                for (const auto& [figure, value] : expected)
                    EXPECT_EQ(technology.figure(name, figure, bin, corner), value)
                        << name << ' ' << corner << ' ' << bin << ' ' << figure;
                // What the file adds are binning coefficients that other bins have: zero here.
                Figures added = card.figures;
                added.insert(ours.figures.begin(), ours.figures.end());
                for (const auto& [figure, value] : added) {
                    if (expected.contains(figure)) continue;
                    EXPECT_EQ(technology.figure(name, figure, bin, corner), 0) << figure;
                }
                compared += expected.size();
            }
        }
    }
    EXPECT_GT(compared, 2U * 5 * 16 * 180);
}

TEST_F(Gf180Mcu, TheFlickerNoiseIsTheExtractedOne) {
    EXPECT_EQ(technology.figure("nmos_3p3", "noia"), 3.2e41);
    EXPECT_EQ(technology.figure("pmos_3p3", "noic"), 3e9);
}

TEST_F(Gf180Mcu, MismatchIsThatOfTheLibrary) {
    for (const MosfetRules& rules : technology.mosfets) {
        const Figures& published = library->of("fets_mm", rules.model);
        EXPECT_DOUBLE_EQ(rules.thresholdMismatch, published.at("par_vth") * 1e-6);
        EXPECT_DOUBLE_EQ(rules.currentFactorMismatch, published.at("par_k") * 1e-6);
        EXPECT_DOUBLE_EQ(rules.mismatchWidthOffset, -published.at("par_w"));
        EXPECT_DOUBLE_EQ(rules.mismatchLengthOffset, -published.at("par_l"));
    }
}

TEST_F(Gf180Mcu, IsFoundByTheNamesThatKitsUse) {
    netlist::Device device;
    for (const auto& [name, model] :
         {std::pair("nfet_03v3", "nmos_3p3"), std::pair("PMOS", "pmos_3p3"),
          std::pair("pfet_03v3", "pmos_3p3"), std::pair("nmos_3p3", "nmos_3p3")}) {
        device.model = name;
        ASSERT_NE(technology.rulesFor(device), nullptr) << name;
        EXPECT_EQ(technology.rulesFor(device)->model, model);
    }
}

} // namespace
} // namespace headroom::technology
