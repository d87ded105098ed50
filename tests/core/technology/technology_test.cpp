#include "core/technology/technology.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"

namespace headroom::technology {
namespace {

const std::string minimal = R"(name: tiny
supply_voltage: 1.8
corners: [typical, slow]
mosfets:
  - {model: NX, polarity: n, aliases: [nmos], width: [1e-6, 1e-4], length: [1e-7, 1e-5]}
  - {model: PX, polarity: p, aliases: [pmos], width: [1e-6, 1e-4], length: [1e-7, 1e-5]}
cards:
  NX: {type: nmos, level: 1, figures: {vto: 0.5, kp: 1e-4}, corners: {slow: {vto: 0.6}}}
  PX: {type: pmos, level: 1, figures: {vto: -0.5, kp: 4e-5}}
)";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    text.replace(text.find(what), what.size(), with);
    return text;
}

netlist::Device mosfet(const std::string& model, std::optional<netlist::Polarity> polarity) {
    netlist::Device device;
    device.type = netlist::DeviceType::Mosfet;
    device.model = model;
    device.polarity = polarity;
    return device;
}

TEST(Technology, ReadsConditionsRulesAndCards) {
    const auto technology = parseTechnology(minimal, "tiny.yaml");
    ASSERT_TRUE(technology) << technology.error().describe();
    EXPECT_EQ(technology->name, "tiny");
    EXPECT_DOUBLE_EQ(technology->supplyVoltage, 1.8);
    ASSERT_EQ(technology->mosfets.size(), 2U);
    EXPECT_DOUBLE_EQ(technology->mosfets[0].maxWidth, 1e-4);
    EXPECT_EQ(technology->corners, (std::vector<std::string>{"typical", "slow"}));
    EXPECT_DOUBLE_EQ(technology->cards.at("NX").figures.at("vto"), 0.5);
}

TEST(Technology, ModelTextCarriesTheCornersDifferences) {
    const auto technology = parseTechnology(minimal, "tiny.yaml");
    ASSERT_TRUE(technology);
    const auto nominal = technology->modelText("");
    const auto slow = technology->modelText("slow");
    ASSERT_TRUE(nominal && slow);
    EXPECT_NE(nominal->find(".model NX nmos level=1\n+ kp=1e-04 vto=0.5\n"), std::string::npos) << *nominal;
    EXPECT_NE(slow->find("+ kp=1e-04 vto=0.6\n"), std::string::npos) << *slow;
    EXPECT_NE(slow->find("vto=-0.5"), std::string::npos);
}

TEST(Technology, UnknownCornerIsNamedWithTheKnownOnes) {
    const auto technology = parseTechnology(minimal, "tiny.yaml");
    ASSERT_TRUE(technology);
    const auto text = technology->modelText("fast");
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::NotFound);
    EXPECT_EQ(text.error().message, "Technology tiny has no corner \"fast\"; it has typical, slow.");
}

TEST(Technology, FindsRulesByModelAliasAndPolarity) {
    const auto technology = parseTechnology(minimal, "tiny.yaml");
    ASSERT_TRUE(technology);
    EXPECT_EQ(technology->rulesFor(mosfet("px", {}))->model, "PX");
    EXPECT_EQ(technology->rulesFor(mosfet("NMOS", {}))->model, "NX");
    EXPECT_EQ(technology->rulesFor(mosfet("strange", netlist::Polarity::P))->model, "PX");
    EXPECT_EQ(technology->rulesFor(mosfet("strange", {})), nullptr);
    EXPECT_TRUE(technology->knowsModel("Pmos"));
    EXPECT_FALSE(technology->knowsModel("strange"));
}

struct BadFile {
    const char* what;
    const char* with;
    int line;
    const char* message;
};

class BadTechnology : public testing::TestWithParam<BadFile> {};

TEST_P(BadTechnology, ErrorNamesFileLineAndKey) {
    const auto technology = parseTechnology(replaced(minimal, GetParam().what, GetParam().with), "tiny.yaml");
    ASSERT_FALSE(technology);
    EXPECT_EQ(technology.error().code, ErrorCode::BadInput);
    EXPECT_EQ(technology.error().file, "tiny.yaml");
    EXPECT_EQ(technology.error().line, GetParam().line) << technology.error().describe();
    EXPECT_NE(technology.error().message.find(GetParam().message), std::string::npos)
        << technology.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadTechnology,
    testing::Values(
        BadFile{"supply_voltage: 1.8", "supply_voltage: much", 2, "\"supply_voltage\" must be a number"},
        BadFile{"supply_voltage: 1.8", "supply_voltage: -1", 2, "\"supply_voltage\" must be greater"},
        BadFile{"supply_voltage", "suply_voltage", 2, "\"suply_voltage\" is no key"},
        BadFile{"width: [1e-6, 1e-4]", "width: [1e-6]", 5, "\"width\" must be a pair"},
        BadFile{"width: [1e-6, 1e-4]", "width: [1e-4, 1e-6]", 5, "\"width\" must rise"},
        BadFile{"polarity: p", "polarity: x", 6, "\"polarity\" must be n or p"},
        BadFile{"{vto: 0.6}", "{vto: high}", 8, "\"vto\" must be a number"},
        BadFile{"corners: {slow", "corners: {sluggish", 8, "unknown corner \"sluggish\""},
        BadFile{"PX: {type: pmos", "PX: {type: nmos", 6, "differ in polarity"},
        BadFile{"PX: {type", "PZ: {type", 6, "model PX has no card"},
        BadFile{"cards:", "cards: [", 9, "no valid YAML"}));

TEST(Technology, TakesFromItsBaseWhatItDoesNotSay) {
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / ("headroom_based_on_" + std::to_string(::getpid()));
    ASSERT_TRUE(writeFileAtomically(folder / "tiny.yaml", minimal));
    const std::string child = "based_on: tiny.yaml\nname: child\nsupply_voltage: 2.5\n";
    ASSERT_TRUE(writeFileAtomically(folder / "child.yaml", child));
    const auto technology = loadTechnology((folder / "child.yaml").string());
    ASSERT_TRUE(technology) << technology.error().describe();
    EXPECT_EQ(technology->name, "child");
    EXPECT_DOUBLE_EQ(technology->supplyVoltage, 2.5);
    EXPECT_EQ(technology->cards.size(), 2U);

    ASSERT_TRUE(writeFileAtomically(folder / "tiny.yaml", "based_on: child.yaml\n"));
    const auto circular = loadTechnology((folder / "child.yaml").string());
    ASSERT_FALSE(circular);
    const std::string& message = circular.error().message;
    EXPECT_NE(message.find("in circles: child.yaml is based on itself"), std::string::npos) << message;
    EXPECT_EQ(message.find("based_on"), message.rfind("based_on")) << message;
    EXPECT_EQ(circular.error().line, 1);
}

TEST(Technology, FingerprintFollowsEveryFigure) {
    const auto technology = parseTechnology(minimal, "tiny.yaml");
    ASSERT_TRUE(technology);
    for (const auto& [what, with] :
         {std::pair("vto: -0.5", "vto: -0.51"), std::pair("slow: {vto: 0.6}", "slow: {vto: 0.7}"),
          std::pair("aliases: [nmos]", "aliases: [nch]"),
          std::pair("supply_voltage: 1.8", "supply_voltage: 1.7")}) {
        const auto other = parseTechnology(replaced(minimal, what, with), "tiny.yaml");
        ASSERT_TRUE(other);
        EXPECT_NE(other->fingerprint(), technology->fingerprint()) << with;
    }
    const auto sameFigures = parseTechnology(replaced(minimal, "1.8", "1.80"), "other.yaml");
    ASSERT_TRUE(sameFigures);
    EXPECT_EQ(sameFigures->fingerprint(), technology->fingerprint());
}

TEST(Technology, MissingOnesAreNamedWithWhatIsShipped) {
    const auto missing = loadTechnology("unobtainium");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
    EXPECT_NE(missing.error().message.find("freepdk45"), std::string::npos);
    EXPECT_FALSE(loadTechnology("/nonexistent/tech.yaml"));
}

TEST(Technology, EveryShippedOneLoadsUnderItsName) {
    const auto names = shippedTechnologies();
    EXPECT_GE(names.size(), 2U);
    for (const std::string& name : names) {
        const auto technology = loadTechnology(name);
        ASSERT_TRUE(technology) << technology.error().describe();
        EXPECT_EQ(technology->name, name);
        EXPECT_FALSE(technology->title.empty() || technology->source.empty() || technology->licence.empty());
        for (const std::string& corner : technology->corners)
            EXPECT_TRUE(technology->modelText(corner));
    }
}

TEST(Technology, TheLowThresholdVariantTurnsTheDefaultOnly) {
    const auto standard = loadTechnology("freepdk45");
    const auto low = loadTechnology("freepdk45_vtl");
    ASSERT_TRUE(standard && low);
    EXPECT_EQ(low->rulesFor(mosfet("nmos", {}))->model, "NMOS_VTL");
    EXPECT_EQ(low->rulesFor(mosfet("pmos4", {}))->model, "PMOS_VTL");
    EXPECT_EQ(low->rulesFor(mosfet("PMOS_VTG", {}))->model, "PMOS_VTG");
    EXPECT_EQ(*low->modelText("ff"), *standard->modelText("ff"));
    EXPECT_NE(low->fingerprint(), standard->fingerprint());
}

TEST(SnapToGrid, RoundsWithinTheLimits) {
    EXPECT_DOUBLE_EQ(snapToGrid(1.003e-6, 5e-9, 90e-9, 2e-4), 1.005e-6);
    EXPECT_DOUBLE_EQ(snapToGrid(10e-9, 5e-9, 90e-9, 2e-4), 90e-9);
    EXPECT_DOUBLE_EQ(snapToGrid(1, 5e-9, 90e-9, 2e-4), 2e-4);
}

} // namespace
} // namespace headroom::technology
